"""A line says what the case is, not the general case it belongs to: a promotion, an account to be used again."""

from pipelines.phrase import action_text, reason_text
from tests.spec.night import play
from tests.spec.tables import ANNE, ES, LUC, TITULAIRE, account, row


def test_a_promotion_is_no_departure():
    """Refused as « toujours en poste », it left the person with both ranks."""
    held = account(ANNE, ES, TITULAIRE, rank="Remplaçant")
    found = play([held, account(LUC)], [row(ANNE, ES, TITULAIRE), row(LUC)])
    end = found.one("absent_from_workbook")
    told = reason_text(end)
    assert "n’est pas un départ" in told
    assert "CHV-ST titulaire" in told
    assert "CHV-ST remplaçant" in told
    assert "ne figure pas dans le classeur" not in told
    assert "Vérifier le départ" not in end.guidance
    assert "Ne pas désactiver le compte" in end.guidance
    assert action_text(end) == "Changer le rang\u00a0: retirer l’ancien"
    assert found.one("missing_assignment").id in end.linked_to


def test_who_is_in_no_line_of_the_workbook_is_still_said_to_be_missing_there():
    found = play([account(ANNE), account(LUC)], [row(LUC)])
    end = found.one("absent_from_workbook")
    assert "ne figure pas dans le classeur" in reason_text(end)
    assert action_text(end) == "Retirer la fonction"


def test_a_deactivated_account_is_said_to_be_reactivated_before_anything_else():
    found = play([account(ANNE, active="Non"), account(LUC)], [row(ANNE), row(LUC)])
    change = found.one("missing_account")
    assert change.account_id is None
    assert action_text(change) == f"Réactiver le compte {ANNE.account_id}"
    assert "désactivé" in reason_text(change)
    assert "n’a pas de compte" not in reason_text(change)
    assert "plutôt que d’en créer un second" in change.guidance


def test_no_line_says_reporter_of_what_is_to_be_entered():
    """« Reporté » is an answer that silences the line: whoever entered the card must not find the word beside it."""
    found = play([account(ANNE, card_expires_on="2027-05-31")], [row(ANNE)])
    assert "eporter" not in found.one("card_renewed").guidance
