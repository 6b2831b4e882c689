"""What a single fact of a source changes for a person, where no other page of the manual shows it.

Every fact has its test, and `facts.csv` says which: forgotten, it makes that test fail (tests/house/test_facts.py).
"""

from tests.spec.night import fields_of, play
from tests.spec.tables import ANNE, ES_11, LUC, PAUL, Person, account, adeli, card, registered, row

CLAIRE, INES = Person(51, "ALLARD", "Claire"), Person(52, "BESSON", "Inès")
A_WRONG_KEY = "899700000999"


def test_a_new_number_is_said_to_come_from_the_correspondence_that_gave_it() -> None:
    old = adeli(1)
    change = play([account(ANNE, cpx_number=old)], crosswalk={old: ANNE.rpps}).one("adeli_to_rpps")
    assert [one.source for one in change.fields] == ["register.crosswalk"]


def test_a_new_number_is_said_to_come_from_the_cards_where_no_correspondence_gave_it() -> None:
    old = adeli(1)
    cards = [card(ANNE), card(ANNE, ends_on="2025-01-01", content_id=old, serial="9990000077")]
    change = play([account(ANNE, cpx_number=old)], cards=cards).one("adeli_to_rpps")
    assert [one.source for one in change.fields] == ["register.cards"]


def test_without_a_register_a_number_of_a_workbook_is_taken_as_it_is() -> None:
    assert play([account(ANNE)], [row(ANNE), row(LUC)], configured=False).reasons() == ["missing_account"]


def test_with_a_register_that_does_not_know_a_number_somebody_is_asked() -> None:
    found = play([account(ANNE)], [row(ANNE), row(LUC)], register=[registered(ANNE)])
    assert found.reasons() == ["not_in_register"]


def test_without_a_register_a_card_is_over_when_the_annuaire_says_so() -> None:
    assert play([account(ANNE, card_expires_on="2026-11-01")], configured=False).reasons() == ["card_expired"]


def test_with_a_register_whose_cards_were_not_read_no_card_is_said_to_be_over() -> None:
    assert play([account(ANNE, card_expires_on="2026-11-01")], cards_read=False).table() == []


def test_a_civility_and_a_card_type_of_a_workbook_are_entered_for_whoever_is_in_no_register() -> None:
    change = play(workbook=[row(PAUL, civility="M.", card_type="CPA")]).one("missing_account")
    entered = fields_of(change)
    assert (entered["civility"], entered["card_type"]) == ((None, "M."), (None, "CPA"))


def test_somebody_in_training_is_told_to_ask_for_a_cpf() -> None:
    found = play([account(ANNE)], register=[registered(ANNE, category="E")], cards=[])
    assert "CPF" in str(found.one("card_missing").guidance)


def test_a_row_that_was_not_understood_is_told_by_its_place() -> None:
    found = play([account(ANNE), account(LUC)], [row(ANNE), row(LUC, structure_code="999999999", cpx_number="")])
    assert "feuille Feuil1, ligne 3" in str(found.one("line_not_understood").fields)


def test_a_row_with_the_wrong_number_that_the_annuaire_has_too_is_about_that_account() -> None:
    """Under another name, and with a number that is none: it is the same typing error in both."""
    other = row(LUC, structure_code="999999999", cpx_number=A_WRONG_KEY, last_name="AUTRE", first_name="Yves")
    found = play([account(ANNE), account(LUC, cpx_number=A_WRONG_KEY)], [row(ANNE), other])
    assert "absent_from_workbook" not in found.reasons()


def test_numbers_on_each_others_lines_are_told_by_the_places_of_the_lines() -> None:
    rows = [row(CLAIRE, cpx_number=INES.rpps), row(INES, cpx_number=CLAIRE.rpps)]
    change = play([account(CLAIRE), account(INES)], rows).one("number_of_another")
    assert "échangés" in str(change.fields)
    assert all(f"!{at}" in str(change.fields) or f" {at}" in str(change.fields) for at in (2, 3))


def test_the_end_of_a_closed_establishment_is_that_of_the_very_one() -> None:
    assert play([account(ANNE, ES_11)], closed=[ES_11]).all("structure_closed")


def test_a_row_that_could_not_be_read_is_about_whoever_has_its_number() -> None:
    """Whatever name stands there: a married name, a neighbour's."""
    number = f"{LUC.rpps[:3]} {LUC.rpps[3:]}"
    other = row(LUC, structure_code="999999999", cpx_number=number, last_name="AUTRE", first_name="Yves")
    found = play([account(ANNE), account(LUC)], [row(ANNE), other])
    assert "absent_from_workbook" not in found.reasons()


def test_a_row_that_could_not_be_read_is_about_nobody_but_whoever_has_its_number() -> None:
    """It has no name; without a number it might be about anybody at all."""
    other = row(LUC, structure_code="999999999", last_name="", first_name="")
    found = play([account(ANNE), account(LUC)], [other])
    assert [one.account_id for one in found.all("absent_from_workbook")] == [ANNE.account_id]


def test_a_row_that_could_not_be_read_may_be_about_whoever_has_a_number_in_its_remark() -> None:
    other = row(CLAIRE, structure_code="999999999", comment=f"remplacée par {LUC.rpps}")
    found = play([account(ANNE), account(LUC)], [row(ANNE), other])
    assert found.all("absent_from_workbook") == []
