"""What the reader of a line is told: where the fault stands, whose a number is, where else the person is."""

from datetime import date

from pipelines.lifecycle.vanished_accounts import Missing, without_missing
from pipelines.reports.report import build_reports
from pipelines.reports.unable_updaters import unable_of, unable_text
from schemas.changes.change import Change
from schemas.reading.absence import Absence
from schemas.reports.report import ReportLine
from tests.spec.night import DAY, Night, play
from tests.spec.tables import (
    ANNE,
    ES,
    ES_11,
    LUC,
    OTHER_ES,
    PAUL,
    SITE,
    TITULAIRE,
    ZOE,
    Person,
    account,
    card,
    ets,
    registered,
    row,
)

CLAIRE, HOMONYM = Person(71, "GIRARD", "Claire"), Person(72, "GIRARD", "Claire")
ENDED = "2026-11-01"


def line_of(night: Night, change: Change) -> ReportLine:
    made = build_reports(
        night.changes,
        as_of=DAY,
        lot="L",
        structures=night.snapshot.structures,
        rejects=[],
        notices={},
        sign=lambda *_: "",
    )
    return next(
        line for report in made for sheet in report.sheets for line in sheet.lines if line.change_id == change.id
    )


def told(night: Night, reason: str) -> str:
    line = line_of(night, night.one(reason))
    return f"{line.reason} {line.guidance}".replace("\u00a0", " ").replace("’", "'")


def namesakes() -> Night:
    """Her line has the number of somebody of her name at another hospital."""
    return play(
        [account(CLAIRE)],
        [row(CLAIRE, cpx_number=HOMONYM.rpps)],
        register=[registered(CLAIRE), registered(HOMONYM, finess_site=ES_11)],
    )


def test_a_wrong_number_of_a_line_names_the_workbook_and_the_line_to_correct() -> None:
    """The account is right: what must be corrected is the workbook, and it is named."""
    said = told(
        play([account(CLAIRE), account(LUC)], [row(CLAIRE, cpx_number=LUC.rpps), row(LUC)]), "number_of_another"
    )
    assert "Dans le classeur 24, ligne 2 : au registre, le numéro" in said
    assert "corriger la cellule du classeur" in said
    assert "classeur 24)" in said, "the source of the question"


def test_a_namesake_is_said_to_be_another_person_and_where_they_work() -> None:
    """« celui de GIRARD Claire », said of Girard Claire, would read as « right »."""
    said = told(namesakes(), "number_of_another")
    assert "d'une autre personne du même nom, GIRARD Claire, " in said
    assert f"Le sien, d'après le registre : {CLAIRE.rpps}" in said


def test_the_evidence_stands_beside_each_candidate_and_once() -> None:
    night = namesakes()
    line = line_of(night, night.one("number_of_another"))
    assert "Candidats" not in line.guidance
    beside = [text for text in line.details if text.startswith("•")]
    assert len(beside) == len(set(beside)) >= 2
    assert any("même numéro" in text for text in beside)
    assert not any("même prénom" in text for text in beside), "what all of them share tells nobody apart"


def test_somebody_who_stands_elsewhere_in_the_workbook_is_said_to_stand_there() -> None:
    night = play([account(ANNE), account(ANNE, OTHER_ES)], [row(ANNE, OTHER_ES), row(LUC)])
    said = told(night, "absent_from_workbook")
    assert "ne figure pas dans le classeur pour cette structure" in said
    assert "Le classeur la montre ailleurs : Clinique du Modèle." in said


def test_an_account_that_still_has_a_function_will_have_none() -> None:
    assert "n'aura plus aucune fonction" in told(play([account(ANNE)], [row(LUC)]), "no_assignment_left")


def test_two_accounts_of_one_name_and_number_are_one_person() -> None:
    night = play([account(ANNE), account(ANNE, OTHER_ES, account_id="EF9001")], [row(ANNE)])
    assert "sans doute une seule personne" in told(night, "shared_number")


def test_the_only_titulaire_whose_card_has_ended_blocks_the_structure_and_the_line_says_so() -> None:
    mine = account(ANNE, ES, TITULAIRE)
    alone = play([mine], cards=[card(ANNE, ENDED)], kept=False)
    assert "Aucun autre CHV-ST titulaire ne peut se connecter pour CH d'Essai" in told(alone, "card_expired")
    two = play([mine, account(LUC, ES, TITULAIRE)], cards=[card(ANNE, ENDED), card(LUC)], kept=False)
    assert "Aucun autre" not in told(two, "card_expired")


def test_a_silent_structure_is_told_of_by_the_workbook_and_not_by_the_annuaire() -> None:
    mentioned = {"region:24": frozenset({ES})}
    night = play([account(ANNE)], [row(LUC, OTHER_ES)], mentioned_before=mentioned, kept=False)
    line = line_of(night, night.one("structure_not_mentioned"))
    assert "(source : classeurs reçus)" in line.reason.replace("\u00a0", " ")
    assert line.function == "", "« Toute la structure » has no function"


def test_who_is_to_be_created_after_their_account_vanished_is_known_to_have_had_one() -> None:
    night = play([], [row(ANNE)])
    then = play([account(ANNE)]).snapshot.accounts[ANNE.account_id]
    absence = Absence(ANNE.account_id, date(2026, 11, 19), 3)
    missing = Missing({ANNE.account_id: absence}, former={ANNE.account_id: then})
    changes = without_missing(night.snapshot, night.comparison, missing).changes
    (found,) = (one for one in changes if one.kind == "create_account")
    assert f"son compte {ANNE.account_id} a disparu de l’annuaire le 19/11/2026" in found.guidance


def test_an_account_without_a_number_is_named_and_nobody_is_sent_to_a_sheet() -> None:
    """The administrator's report has no such line in « Cartes »."""
    (found,) = (one for one in play([account(PAUL, cpx_number="")]).issues if one.code == "CPX_MISSING")
    assert PAUL.account_id in found.message
    assert "Cartes" not in found.message


def test_a_locked_out_titulaire_of_an_ets_is_not_sent_to_a_remplacant_nor_to_an_empty_sheet() -> None:
    """Procedure §4: the titulaires of an ETS enter, and nobody else; their card is in « Cartes »."""
    lines = [account(LUC, "ETS-CPDL", TITULAIRE, card_expires_on=ENDED)]
    books = [ets("ETS-CPDL", row(LUC, "ETS-CPDL", TITULAIRE), row(ANNE, SITE), row(ZOE, SITE))]
    night = play(lines, books=books, cards=[card(LUC, ENDED), card(ANNE), card(ZOE)])
    (one,) = unable_of(night.changes, night.comparison.routing)
    said = unable_text(one)
    assert "feuille «\u00a0Cartes\u00a0»" in said
    assert "À modifier" not in said
    assert "un remplaçant ne saisit pas" in said
    assert "à l’administrateur e-FIT" in unable_text(one, "engineer")
    answered = [change.model_copy(update={"status": "accepted"}) for change in night.changes]
    assert "confi" not in unable_text(unable_of(answered, night.comparison.routing)[0]), "no line of it is seen"
