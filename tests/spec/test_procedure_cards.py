"""Procedure §2 and §3: what a card is, how long it serves, and how each person gets one."""

from datetime import date
from typing import Any

import pytest

from pipelines.policy import Policy
from schemas.glyphs import typeset
from schemas.nomenclatures import code_of, messages, rows, say
from tests.spec.night import Night, fields_of, play
from tests.spec.tables import (
    ANNE,
    ASSISTANT,
    ES,
    HEMOVIGILANT,
    PAUL,
    Person,
    account,
    adeli,
    card,
    region,
    registered,
    row,
)

F201 = "https://esante.gouv.fr/sites/default/files/media_entity/documents/F201.pdf"
F301 = "https://esante.gouv.fr/sites/default/files/media_entity/documents/F301.pdf"
ENDED = "2026-10-31"

# ── §2: the cards and their validity ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "card_type"),
    [
        ("CPS", "CPS"),
        ("Carte de professionnel de santé", "CPS"),
        ("CPF", "CPF"),
        ("Carte de personnel en formation", "CPF"),
        ("CPE", "CPE"),
        ("Carte de personnel d'établissement", "CPE"),
        ("CPA", "CPA"),
        ("Carte de personnel autorisé", "CPA"),
        ("CDE", "CPE"),
        ("e-CPS", "CPS"),
        ("e-CPF", "CPF"),
        ("e-CPE", "CPE"),
        ("e-CPA", "CPA"),
    ],
)
def test_every_card_of_the_procedure_is_known_by_its_names(written: str, card_type: str):
    assert code_of("card_types", written) == card_type


@pytest.mark.parametrize("electronic", ["e-CPS", "E-CPS", "eCPS"])
def test_an_e_cpx_is_the_card_it_stands_for(electronic: str):
    assert play([account(ANNE, card_type=electronic)], [row(ANNE, card_type=electronic)]).table() == []


def test_the_end_date_on_the_card_is_accepted():
    found = play([account(PAUL, card_expires_on="")], [row(PAUL, card_expires_on="31/05/2028")])
    assert fields_of(found.one("card_renewed")) == {"card_expires_on": ("", "2028-05-31")}


def test_the_issue_date_on_the_card_is_accepted_and_the_end_is_three_years_later():
    line = row(PAUL, card_expires_on="", card_issued_on="01/06/2025")
    found = play([account(PAUL, card_expires_on="")], [line])
    assert fields_of(found.one("card_renewed")) == {"card_expires_on": ("", "2028-06-01")}
    assert found.codes() == ["END_DATE_FROM_ISSUE"]


def test_where_both_dates_are_given_the_end_date_counts():
    line = row(PAUL, card_expires_on="2028-05-31", card_issued_on="2024-01-01")
    found = play([account(PAUL)], [line])
    assert (found.table(), found.codes()) == ([], [])


def test_a_card_issued_on_29_february_ends_on_28_february():
    line = row(PAUL, card_expires_on="", card_issued_on="2024-02-29")
    found = play([account(PAUL, card_expires_on="")], [line], policy=Policy(expiry_warning_days=()))
    assert fields_of(found.one("card_renewed"))["card_expires_on"] == ("", "2027-02-28")


def test_the_validity_in_years_is_a_decision_of_the_deployment():
    line = row(PAUL, card_expires_on="", card_issued_on="2025-06-01")
    found = play([account(PAUL, card_expires_on="")], [line], policy=Policy(card_validity_years=6))
    assert fields_of(found.one("card_renewed"))["card_expires_on"] == ("", "2031-06-01")


def test_the_card_file_knows_better_than_an_issue_date():
    line = row(ANNE, card_expires_on="", card_issued_on="2020-01-01")
    assert play([account(ANNE)], [line]).table() == []


def test_a_card_is_valid_on_its_last_day_and_no_longer():
    for ends_on, reasons in (("2026-11-22", ["card_expiring"]), ("2026-11-21", ["card_expired"])):
        found = play([account(ANNE, card_expires_on=ends_on)], cards=[card(ANNE, ends_on)])
        assert found.reasons() == reasons


def test_the_number_on_the_first_line_of_the_card_is_what_opens_e_fit():
    """Procedure §1: the annuaire has the person's own number, their card another: they cannot get in."""
    old = adeli(1)
    found = play([account(ANNE)], cards=[card(ANNE, content_id=old)], crosswalk={old: ANNE.rpps})
    change = found.one("card_number_differs")
    assert (fields_of(change), change.severity) == ({"cpx_number": (ANNE.rpps, old)}, "access")


def test_who_waits_for_the_first_day_of_a_card_is_not_sent_to_ask_for_one():
    """Lapsed on the 20th, the next begins on the 30th: until then nobody gets in, and nothing is to be asked for."""
    cards = [card(ANNE, "2026-11-20"), card(ANNE, "2029-11-30", starts_on="2026-11-30", serial="9990000099")]
    change = play([account(ANNE, card_expires_on="2026-11-20")], cards=cards).one("card_expired")
    assert "30/11/2026" in change.guidance
    assert "Pour obtenir" not in change.guidance
    assert F201 not in change.guidance


def test_the_number_of_somebody_else_in_a_card_of_the_file_is_entered_nowhere():
    """Account, line and register agree on hers; the file of the cards has an error."""
    other = Person(48, "EXEMPLAIRE", "Zoltan")
    found = play([account(ANNE), account(other)], [row(ANNE), row(other)], cards=[card(ANNE, content_id=other.rpps)])
    assert [one for one in found.changes if one.account_id == ANNE.account_id] == []


# ── §3: how a person gets a card, one test per row of card_cases.csv ─────────────────────────────


def told(found: Night, reason: str, *cases: str) -> str:
    """The guidance of the only alert, which must be these cases of the decision table and no other."""
    guidance = found.one(reason).guidance
    known = dict.fromkeys(row["case"] for row in rows("card_cases"))
    assert {case for case in known if say(f"card_case.{case}") in guidance} == set(cases), guidance
    return guidance


def without_a_number(profession: str, **cells: Any) -> Night:
    """Somebody of a workbook whose number and card nobody knows."""
    who = Person(14, "ÉPREUVE", "Ève", profession)
    blank = {"cpx_number": "", "card_type": "", "card_expires_on": "", **cells}
    return play([], [row(who, **blank)], register=[], cards=[])


def expired(profession: str, *, category: str = "C", card_type: str = "CPS", bills: str = "") -> Night:
    """Somebody of the register whose card has ended."""
    who = Person(11, "ÉPREUVE", "Ève", profession)
    return play(
        [account(who, card_type=card_type, card_expires_on=ENDED)],
        [row(who, card_type=card_type, card_expires_on=ENDED, bills=bills)],
        register=[registered(who, category=category)],
        cards=[card(who, ENDED, card_type=card_type)],
    )


def expired_cpe(profession: str, label: str = "") -> Night:
    """Somebody outside the register whose CPE has ended."""
    who = Person(12, "ÉPREUVE", "Ève", profession, f"3{ES}/HV-EPREUVE")
    said: dict[str, Any] = {"profession": label} if label else {}
    return play([account(who, card_expires_on=ENDED, **said)], [row(who, card_expires_on=ENDED, **said)])


@pytest.mark.parametrize("profession", ["10", "21"])
def test_medecin_pharmacien_asks_the_ordre_and_has_no_step_with_the_ans(profession: str):
    guidance = told(expired(profession), "card_expired", "medecin_pharmacien")
    assert typeset("Carte : CPS. Contact : Ordre professionnel.") in guidance
    assert "aucune démarche auprès de l’ANS" in guidance
    assert "http" not in guidance


def test_en_formation_gets_a_cpf_through_the_ordre():
    guidance = told(expired("10", category="E", card_type="CPF"), "card_expired", "en_formation")
    assert typeset("Carte : CPF. Contact : Ordre professionnel.") in guidance
    assert "RPPS" in guidance


@pytest.mark.parametrize("label", ["Médecin militaire", "Médecin"])
def test_medecin_hors_ordre_orders_a_cpe_as_a_non_professional(label: str):
    guidance = told(expired_cpe("10", label), "card_expired", "medecin_hors_ordre")
    assert typeset("Carte : CPE/CPA.") in guidance
    assert "TOM" in guidance
    assert F301 in guidance


def test_infirmier_facturant_gets_the_card_by_itself():
    guidance = told(expired("60", bills="Oui"), "card_expired", "infirmier_facturant")
    assert "sans démarche" in guidance
    assert "28 octobre 2021" in guidance
    assert typeset("Carte : CPS. Contact : Ordre national des infirmiers.") in guidance


def test_infirmier_non_facturant_asks_the_ans_on_its_portal():
    guidance = told(expired("60", bills="Non"), "card_expired", "infirmier_non_facturant")
    assert "ma-cps.esante.gouv.fr" in guidance
    assert "28 octobre 2021" in guidance
    assert typeset("Contact : ANS") in guidance


def test_infirmier_facturation_inconnue_is_told_both_ways():
    guidance = told(expired("60"), "card_expired", "infirmier_facturation_inconnue")
    assert "sans démarche" in guidance
    assert "ma-cps.esante.gouv.fr" in guidance


def test_infirmier_hors_ordre_orders_a_cpe_as_a_non_professional():
    guidance = told(expired_cpe("60"), "card_expired", "infirmier_hors_ordre")
    assert typeset("Carte : CPE/CPA.") in guidance
    assert "TOM" in guidance
    assert F301 in guidance


def test_auxiliaire_adeli_fills_form_201_which_the_ars_validates():
    old = adeli(2)
    who = Person(13, "ÉPREUVE", "Ève", "86")
    found = play(
        [account(who, cpx_number=old, card_expires_on=ENDED)],
        register=[registered(who, national_id=old)],
        cards=[card(who, ENDED, holder=old)],
    )
    guidance = told(found, "card_expired", "auxiliaire_adeli")
    assert "formulaire 201" in guidance
    assert "ARS" in guidance
    assert typeset("Carte : CPS.") in guidance
    assert F201 in guidance


def test_auxiliaire_without_a_number_fills_form_201():
    guidance = told(without_a_number("86"), "card_missing", "auxiliaire")
    assert "formulaire 201" in guidance
    assert F201 in guidance


@pytest.mark.parametrize("profession", ["86", "91", "98", "38"])
def test_auxiliaire_of_the_rpps_is_not_sent_to_an_ordre_that_does_not_exist(profession: str):
    """Technicians, orthophonistes, manipulateurs, préparateurs are in the RPPS, and none of them has an Ordre."""
    guidance = told(expired(profession), "card_expired", "auxiliaire")
    assert "à l’Ordre" not in guidance
    assert "Ordre professionnel" not in guidance
    assert F201 in guidance


def test_auxiliaire_in_training_is_not_sent_to_an_ordre_either():
    told(expired("86", category="E", card_type="CPF"), "card_expired", "auxiliaire")


@pytest.mark.parametrize("profession", ["40", "50", "70", "80"])
def test_professionnel_rpps_asks_their_ordre(profession: str):
    guidance = told(expired(profession), "card_expired", "professionnel_rpps")
    assert typeset("Carte : CPS. Contact : Ordre professionnel.") in guidance


@pytest.mark.parametrize("profession", ["10", "21"])
def test_medecin_pharmacien_without_a_number_is_told_both_ways(profession: str):
    """Whether they are with the Ordre is not known (procedure §3 lines 1 and 4)."""
    guidance = told(without_a_number(profession), "card_missing", "medecin_pharmacien", "medecin_hors_ordre")
    assert "TOM" in guidance
    assert typeset("Carte : CPE/CPA.") in guidance
    assert guidance.index("Ordre professionnel") < guidance.index("TOM")


@pytest.mark.parametrize(
    ("bills", "case"),
    [("Oui", "infirmier_facturant"), ("Non", "infirmier_non_facturant"), ("", "infirmier_facturation_inconnue")],
)
def test_infirmier_without_a_number_is_told_of_the_cpe_too(bills: str, case: str):
    """Who does not wish to register with the Ordre gets a CPE or CPA (procedure §3 line 6)."""
    guidance = told(without_a_number("60", bills=bills), "card_missing", case, "infirmier_hors_ordre")
    assert typeset("Carte : CPE/CPA.") in guidance
    assert F301 in guidance


def test_a_midwife_without_a_number_is_no_secretary():
    told(without_a_number("50"), "card_missing", "professionnel_rpps", "medecin_hors_ordre")


@pytest.mark.parametrize("profession", ["10", "60"])
def test_whoever_is_with_the_ordre_is_not_told_of_a_cpe(profession: str):
    assert "CPE" not in expired(profession).one("card_expired").guidance


def test_non_professionnel_orders_through_tom_or_form_301():
    guidance = told(expired_cpe("SEC"), "card_expired", "non_professionnel")
    assert "mandataire de l’établissement" in guidance
    assert "TOM" in guidance
    assert "formulaire 301" in guidance
    assert typeset("Carte : CPE/CPA.") in guidance
    assert F301 in guidance


def test_a_military_doctor_with_an_rpps_number_orders_a_cpe_too():
    who = Person(15, "ÉPREUVE", "Ève", "10")
    found = play([account(who, "CTSA", HEMOVIGILANT, profession="Médecin militaire")], cards=[])
    told(found, "card_missing", "medecin_hors_ordre")


def test_a_change_of_contact_of_an_rpps_professional_is_for_the_ordre():
    guidance = play([account(ANNE)], [row(ANNE, email="ailleurs@example.org")]).one("contact_changed").guidance
    assert messages()["todo.contact_rpps"] in guidance
    assert "Ordre" in guidance


def test_a_change_of_contact_of_a_technician_is_for_no_ordre():
    who = Person(17, "ÉPREUVE", "Ève", "86")
    guidance = play([account(who)], [row(who, email="ailleurs@example.org")]).one("contact_changed").guidance
    assert "Ordre" not in guidance


def test_a_change_of_contact_of_a_cpe_holder_is_not_for_the_ordre():
    guidance = play([account(PAUL)], [row(PAUL, email="ailleurs@example.org")]).one("contact_changed").guidance
    assert "Ordre" not in guidance


def test_the_steps_stand_in_every_card_alert_and_not_in_an_update():
    ended = play([account(ANNE, card_expires_on=ENDED)], cards=[card(ANNE, ENDED)])
    soon = play([account(ANNE, card_expires_on="2026-12-10")], cards=[card(ANNE, "2026-12-10")])
    none = play([account(ANNE)], cards=[])
    for found, reason in ((ended, "card_expired"), (soon, "card_expiring"), (none, "card_missing")):
        assert say("card_case.medecin_pharmacien") in found.one(reason).guidance
    renewed = play([account(ANNE, card_expires_on="2026-12-31")]).one("card_renewed")
    assert say("card_case.medecin_pharmacien") not in renewed.guidance


def test_a_renewal_is_automatic_and_the_warning_says_so():
    soon = play([account(ANNE, card_expires_on="2026-12-10")], cards=[card(ANNE, "2026-12-10")])
    assert "Le renouvellement est automatique" in soon.one("card_expiring").guidance


def test_somebody_without_a_number_is_told_how_to_get_a_card_beside_the_reject():
    found = play([], [row(PAUL, cpx_number="", card_type="", card_expires_on="")])
    alert = found.one("card_missing")
    assert (alert.account_id, alert.severity, found.codes()) == (None, "access", ["CPX_MISSING"])
    assert F301 in alert.guidance
    assert (alert.person.last_name, alert.assignment.structure_code) == ("SONGE", ES)


def test_the_days_a_card_has_left_are_counted_from_the_night_it_is_for():
    far = play([account(ANNE)], day=date(2028, 5, 1))
    assert [(one.reasons, one.severity) for one in far.changes if one.account_id == ANNE.account_id] == [
        (("card_expiring",), "access")
    ]


def test_an_assistant_may_hold_any_card():
    who = Person(16, "ÉPREUVE", "Ève", "10")
    for kind in ("CPS", "CPF"):
        line = [account(who, role=ASSISTANT, card_type=kind)]
        assert (
            play(line, books=[region("24", row(who, card_type=kind))], cards=[card(who, card_type=kind)]).table() == []
        )
