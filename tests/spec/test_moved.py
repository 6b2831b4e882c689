"""Somebody who moved and took a new number: not created again while the old account may be theirs (contract §6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES, ES_11, OTHER_ES, Person, account, adeli, region, registered, row

NINA, NAMESAKE = Person(241, "DUPRAT", "Nina", "60"), Person(242, "DUPRAT", "Nina", "60")
CPE, NEW_CPE = f"3{ES}/HV-11", f"3{OTHER_ES}/HV-12"
MOVED: dict[str, Any] = {"email": "nina@ailleurs.example.org", "phone": "01 99 00 98 76"}
OLD_NUMBERS = {
    "a CPE number": CPE,
    "none": "",
    "a wrong key": NINA.rpps[:-1] + str((int(NINA.rpps[-1]) + 1) % 10),
    "an ADELI number that nothing leads on from": adeli(41),
    "words": "en cours",
    "a serial that nobody holds": "2999999991",
}
NEW_NUMBERS = {"RPPS": NINA.rpps, "another CPE": NEW_CPE}


def moved(old: str, new: str, at: str = OTHER_ES, **held: Any) -> Night:
    """Her account at the old hospital, and her row at the new one, with a new number, address and telephone."""
    there = [row(NINA, at, cpx_number=new, **MOVED)]
    books = [region("24", *(there if at == OTHER_ES else [])), region("11", *(there if at == ES_11 else []))]
    known = [registered(NINA, finess_site=at)] if new == NINA.rpps else []
    return play([account(NINA, cpx_number=old, **held)], books=books, register=known, cards=[])


@pytest.mark.parametrize("at", [OTHER_ES, ES_11])
@pytest.mark.parametrize("new", NEW_NUMBERS)
@pytest.mark.parametrize("old", OLD_NUMBERS)
def test_whoever_moved_is_asked_about_and_neither_created_again_nor_deactivated(old: str, new: str, at: str) -> None:
    number = NEW_NUMBERS[new].replace(OTHER_ES, at)
    found = moved(OLD_NUMBERS[old], number, at)
    kinds = {one.kind for one in found.changes}
    assert not kinds & {"create_account", "deactivate_account", "update_account"}, found.table()
    assert NINA.account_id in {one.account_id for one in found.all("ambiguous_match")}


def test_that_an_account_without_a_number_is_the_person_of_the_line_is_asked_once() -> None:
    found = moved("", NINA.rpps)
    assert len(found.all("ambiguous_match")) == 1


@pytest.mark.parametrize("profession", ["Secrétaire", "Infirmier"])
def test_a_profession_that_changed_with_the_post_makes_nobody_somebody_else(profession: str) -> None:
    found = moved(CPE, NINA.rpps, profession=profession)
    assert "create_account" not in {one.kind for one in found.changes}


def test_a_namesake_whose_own_number_the_register_confirms_is_somebody_else() -> None:
    annuaire = [account(NAMESAKE)]
    register = [registered(NINA, finess_site=OTHER_ES), registered(NAMESAKE)]
    found = play(annuaire, [row(NINA, OTHER_ES, **MOVED)], register=register)
    assert {"missing_account", "absent_from_workbook", "no_assignment_left"} <= set(found.reasons())


def test_a_namesake_whom_the_register_knows_at_the_old_place_is_somebody_else() -> None:
    register = [registered(NINA, finess_site=OTHER_ES), registered(NAMESAKE)]
    found = play([account(NAMESAKE, cpx_number="")], [row(NINA, OTHER_ES, **MOVED)], register=register)
    assert {"missing_account", "absent_from_workbook", "no_assignment_left"} <= set(found.reasons())


def test_a_namesake_of_whom_a_line_tells_is_somebody_else() -> None:
    rows = [row(NAMESAKE, cpx_number=CPE), row(NINA, OTHER_ES, **MOVED)]
    register = [registered(NINA, finess_site=OTHER_ES)]
    found = play([account(NAMESAKE, cpx_number=CPE)], rows, register=register)
    assert [one.person.national_id for one in found.all("missing_account")] == [NINA.rpps]


def test_whoever_is_said_to_have_left_there_leaves_the_post_and_is_not_created_again_here() -> None:
    rows = [row(NAMESAKE, cpx_number=CPE, status="Partie"), row(NINA, OTHER_ES, **MOVED)]
    register = [registered(NINA, finess_site=OTHER_ES)]
    found = play([account(NAMESAKE, cpx_number=CPE)], rows, register=register)
    assert found.reasons() == ["ambiguous_match", "left"]


HER = Person(245, "GRANVIGNAC", "Catherine")
WRITTEN = {
    "a nickname": ("GRANVIGNAC", "Cathy"),
    "a short form": ("GRANVIGNAC", "Cath"),
    "the end of it": ("GRANVIGNAC", "Rine"),
    "an initial": ("GRANVIGNAC", "C."),
    "a second last name": ("GRANVIGNAC-LESAGE", "Catherine"),
    "a second first name": ("GRANVIGNAC", "Catherine Marie"),
    "a first name before it": ("GRANVIGNAC", "Marie-Catherine"),
    "a slip": ("GRANVINAC", "Catherine"),
    "a slip in the first name": ("GRANVIGNAC", "Cathrine"),
}
ONE_DIGIT = HER.rpps[:-1] + str((int(HER.rpps[-1]) + 1) % 10)


def under(name: tuple[str, str], at: str, **cells: Any) -> Any:
    """Her row at another hospital, under a near name."""
    return row(HER, at, last_name=name[0], first_name=name[1], **MOVED, **cells)


@pytest.mark.parametrize("number", ["", ONE_DIGIT])
@pytest.mark.parametrize("at", [OTHER_ES, ES_11])
@pytest.mark.parametrize("name", WRITTEN)
def test_a_near_name_where_the_register_has_her_is_a_question_and_no_card_is_said_to_be_missing(
    name: str, at: str, number: str
) -> None:
    line = under(WRITTEN[name], at, cpx_number=number)
    books = [region("24", *([line] if at == OTHER_ES else [])), region("11", *([line] if at == ES_11 else []))]
    found = play([account(HER)], books=books, register=[registered(HER, finess_site=at)])
    kinds = {one.kind for one in found.changes}
    assert not kinds & {"create_account", "deactivate_account", "card_alert"}, found.table()
    assert HER.account_id in str(found.one("ambiguous_match").fields)


@pytest.mark.parametrize("name", WRITTEN)
def test_whoever_no_register_knows_is_not_created_twice_under_a_near_name(name: str) -> None:
    held = account(HER, cpx_number=CPE, card_type="CPE", profession="Secrétaire")
    line = under(WRITTEN[name], OTHER_ES, cpx_number=NEW_CPE, card_type="CPE", profession="Secrétaire")
    found = play([held], [line], register=[], cards=[])
    kinds = {one.kind for one in found.changes}
    assert not kinds & {"create_account", "deactivate_account"}, found.table()
    assert HER.account_id in str(found.one("ambiguous_match").fields)


@pytest.mark.parametrize("name", [("GRANVIGNAC", "Luc"), ("DURAND", "Catherine")])
def test_another_name_where_the_register_has_her_is_somebody_else(name: tuple[str, str]) -> None:
    found = play(
        [account(HER)], [under(name, OTHER_ES, cpx_number="")], register=[registered(HER, finess_site=OTHER_ES)]
    )
    assert {"card_missing", "absent_from_workbook", "no_assignment_left"} <= set(found.reasons())


def test_a_near_name_of_somebody_whose_line_is_there_is_somebody_else() -> None:
    found = play([account(HER)], [row(HER), under(("GRANVIGNAC", "Cathy"), OTHER_ES, cpx_number="")])
    assert found.reasons() == ["card_missing"]
