"""Two accounts of one person (contract §6a): a line may be about both, and both keep until one is said to stay."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES, ES_11, OTHER_ES, Line, Person, account, adeli, card, region, registered, row

NINA = Person(221, "DUPRAT", "Nina", "60")
NAMESAKE = Person(222, "DUPRAT", "Nina", "60")
BROTHER = Person(223, "DUPRAT", "Luc", "60")
LUCIE = Person(224, "FORESTIER", "Lucie", "60")
OLD = adeli(21)
HARM = {"create_account", "end_assignment", "deactivate_account", "update_account"}
_SLIP = NINA.rpps[:-1] + str((int(NINA.rpps[-1]) + 1) % 10)


def harmed(found: Night) -> list[tuple[str, str, str]]:
    """What is done to anybody."""
    return [one for one in found.table() if one[0] in HARM]


def double(**cells: Any) -> Line:
    """A second account of hers."""
    return account(NINA, **{"account_id": "EF9221", **cells})


SECOND: dict[str, dict[str, Any]] = {
    "the old ADELI number": {"cpx_number": OLD},
    "the same number": {},
    "a card's serial": {"cpx_number": NINA.card_serial},
    "a number without its 8": {"cpx_number": NINA.rpps[1:]},
    "no number": {"cpx_number": ""},
    "no number, no address": {"cpx_number": "", "email": "", "phone": ""},
    "no number, married name": {"cpx_number": "", "last_name": "DUPRAT-BONNET"},
    "a slip in the number": {"cpx_number": _SLIP},
    "a slip in the number, maiden name": {"cpx_number": _SLIP, "last_name": "BONNET", "email": "", "phone": ""},
}
GIVEN: dict[str, dict[str, Any]] = {
    "number": {},
    "ADELI": {"cpx_number": OLD},
    "serial": {"cpx_number": NINA.card_serial},
    "none": {"cpx_number": ""},
}


def double_night(second: str, given: str, first_id: str, **line: Any) -> Night:
    """Her two accounts, of which either may have the lower id, and one row."""
    annuaire = [account(NINA, account_id=first_id), double(**SECOND[second])]
    cells: dict[str, Any] = {**GIVEN[given], **line}
    return play(
        annuaire, [row(NINA, **cells)], register=[registered(NINA)], cards=[card(NINA)], crosswalk={OLD: NINA.rpps}
    )


@pytest.mark.parametrize("first_id", ["EF0001", "EF9999"])
@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("second", SECOND)
def test_both_accounts_of_one_person_keep_what_they_have_while_a_line_tells_of_them(
    second: str, given: str, first_id: str
) -> None:
    found = double_night(second, given, first_id)
    assert not harmed(found), found.table()
    assert found.changes


@pytest.mark.parametrize("second", ["the old ADELI number", "the same number", "no number"])
def test_both_end_where_the_only_line_says_that_she_left(second: str) -> None:
    ended = [
        one for one in double_night(second, "number", "EF0001", status="Partie").changes if one.kind == "end_assignment"
    ]
    assert {one.account_id for one in ended} == {"EF0001", "EF9221"}


def test_both_end_where_no_line_tells_of_her() -> None:
    found = play([account(NINA), double(cpx_number="")], [])
    assert len([one for one in found.changes if one.kind == "end_assignment"]) == 2


def test_the_second_account_elsewhere_keeps_no_function_at_a_structure_of_which_no_line_tells() -> None:
    found = play([account(NINA), double(structure_code=OTHER_ES, cpx_number="")], [row(NINA)])
    assert [(one.kind, one.account_id) for one in found.changes if one.kind in HARM] == [("end_assignment", "EF9221")]


LEAVERS = {
    "a namesake with a number of her own": account(NAMESAKE),
    "a brother": account(BROTHER),
    "a brother who has her number": account(BROTHER, cpx_number=NINA.rpps),
    "a brother without a number": account(BROTHER, cpx_number=""),
    "somebody who has her number": account(LUCIE, cpx_number=NINA.rpps),
}


@pytest.mark.parametrize("who", LEAVERS)
def test_somebody_else_beside_her_of_whom_no_line_tells_is_ended(who: str) -> None:
    register = [registered(one) for one in (NINA, NAMESAKE, BROTHER, LUCIE)]
    found = play([account(NINA), LEAVERS[who]], [row(NINA)], register=register)
    assert "absent_from_workbook" in found.reasons()


def test_two_regions_each_with_an_account_keep_both() -> None:
    annuaire = [account(NINA), double(structure_code=ES_11, structure_type="Établissement de santé", cpx_number=OLD)]
    books = [region("24", row(NINA)), region("11", row(NINA, ES_11))]
    found = play(annuaire, books=books, crosswalk={OLD: NINA.rpps}, register=[registered(NINA)])
    assert not harmed(found), found.table()
    assert ES != ES_11


BARE: dict[str, Any] = {"cpx_number": "", "email": "", "phone": ""}


def test_the_last_of_a_name_is_meant_where_every_other_one_has_a_line_of_her_own() -> None:
    rows = [row(NINA), row(NAMESAKE, **BARE, status="Partie")]
    found = play([account(NINA), account(NAMESAKE)], rows)
    assert [one.account_id for one in found.all("left")] == [NAMESAKE.account_id]
    assert "ambiguous_match" not in found.reasons()
    assert play([account(NINA), account(NAMESAKE)], [row(NINA), row(NAMESAKE, **BARE)]).table() == []


def test_of_two_of_a_name_without_a_line_of_their_own_neither_is_said_to_have_left() -> None:
    found = play([account(NINA), account(NAMESAKE)], [row(NAMESAKE, **BARE, status="Partie")])
    assert not harmed(found), found.table()
    assert found.all("ambiguous_match")


def test_a_third_of_the_name_whom_only_the_register_has_here_keeps_it_a_question() -> None:
    third = Person(225, "DUPRAT", "Nina", "60")
    rows = [row(NINA), row(NAMESAKE, **BARE, status="Partie")]
    register = [registered(one) for one in (NINA, NAMESAKE, third)]
    found = play([account(NINA), account(NAMESAKE)], rows, register=register)
    assert found.all("ambiguous_match")


SLIPPED: dict[str, dict[str, Any]] = {
    "one e-mail": {"phone": ""},
    "one telephone that nobody else has": {"email": "", "phone": "01 99 00 44 44"},
    "both": {"phone": "01 99 00 44 44"},
}


@pytest.mark.parametrize("name", ["DUPART", "DUPRAT"])
@pytest.mark.parametrize("case", SLIPPED)
def test_a_second_account_with_a_slip_in_the_name_is_a_double_and_nobody_absent(case: str, name: str) -> None:
    hers = account(NINA, phone="01 99 00 44 44")
    second = double(cpx_number="", last_name=name, **SLIPPED[case])
    found = play([hers, second], [row(NINA, phone="01 99 00 44 44")])
    assert harmed(found) == []
    assert {one.account_id for one in found.all("duplicate_account")} == {NINA.account_id, "EF9221"}


def test_a_second_account_of_the_very_name_that_is_asked_about_keeps_its_post() -> None:
    found = play([account(NINA), double(cpx_number="", email="", phone="")], [row(NINA)])
    assert harmed(found) == []
    assert found.one("ambiguous_match").account_id == "EF9221"


def test_a_colleague_of_nearly_the_name_who_stands_there_too_is_no_double() -> None:
    other = Person(225, "DUPART", "Nina", "60")
    rows = [row(NINA), row(other, email=NINA.email)]
    found = play([account(NINA), account(other, cpx_number="", email=NINA.email)], rows)
    assert found.all("duplicate_account") == []


def test_a_colleague_of_nearly_the_name_on_the_switchboard_leaves() -> None:
    other = Person(226, "DUPART", "Nina", "60")
    found = play([account(NINA), account(other, cpx_number=""), account(LUCIE)], [row(NINA), row(LUCIE)])
    assert ("end_assignment", "absent_from_workbook", "DUPART Nina") in found.table()
