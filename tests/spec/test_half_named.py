"""Half of a name in common is no proof: whom no register tells of is not renamed after whoever came (contract §6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES, ES_11, Line, Person, account, registered, row

HARM = {"create_account", "end_assignment", "deactivate_account", "update_account", "add_assignment"}
CPE = f"3{ES}/P5761"
CARD: dict[str, Any] = {"cpx_number": CPE, "card_type": "CPE"}
OTHER_PHONE, NO_ADDRESS = {"phone": "01 99 00 55 55"}, {"email": "", "phone": ""}


def outside(last: str, first: str) -> Person:
    """Somebody in no register, with a CPE."""
    return Person(501, last, first, "SEC", CPE)


def after(before: Person, now: Person, register: list[Line], **cells: Any) -> Night:
    """A new name on the row, with the mailbox and telephone of before unless said."""
    return play([account(before)], [row(now, **{"email": before.email, **cells})], register=register)


def assert_asked(found: Night, before: Person) -> None:
    assert not HARM & {one.kind for one in found.changes}, found.table()
    assert found.one("ambiguous_match").account_id == before.account_id


FAMILIES = ["OULD SAÏDI", "BEN SAÏDI", "AÏT SAÏDI", "BOU-SAÏDI"]


@pytest.mark.parametrize("cells", [CARD, CARD | OTHER_PHONE, {"cpx_number": ""}, {"cpx_number": "", **NO_ADDRESS}])
@pytest.mark.parametrize("name", FAMILIES)
def test_a_word_of_descent_makes_another_family_and_no_marriage(name: str, cells: dict[str, Any]) -> None:
    before, now = outside("SAÏDI", "Salima"), Person(502, name, "Salima", "SEC", CPE)
    assert_asked(after(before, now, [], **cells), before)
    assert_asked(after(now, before, [], **{"email": now.email, **cells}), now)


@pytest.mark.parametrize("cells", [CARD, CARD | OTHER_PHONE, {"cpx_number": ""}])
def test_a_first_name_more_is_perhaps_whoever_came_after(cells: dict[str, Any]) -> None:
    before = outside("MARTIN", "Valérie")
    assert_asked(after(before, Person(502, "MARTIN", "Valérie-Marie", "SEC", CPE), [], **cells), before)


GROWN = {
    "another telephone beside her number": CARD | OTHER_PHONE,
    "nothing but the name": {"cpx_number": "", **NO_ADDRESS},
    "another profession": {**CARD, "profession": "Infirmier"},
}


@pytest.mark.parametrize("case", GROWN)
def test_a_last_name_more_is_a_question_where_something_else_differs_or_nothing_is_the_same(case: str) -> None:
    before = outside("MARTIN", "Salima")
    assert_asked(after(before, Person(502, "MARTIN DUPONT", "Salima", "SEC", CPE), [], **GROWN[case]), before)


MARRIED = {
    "the same number, mailbox and telephone": ("MARTIN DUPONT", CARD),
    "the same mailbox, no number": ("DUPONT-MARTIN", {"cpx_number": ""}),
    "a new mailbox that spells it": ("MARTIN DUPONT", {**CARD, "email": "salima.martindupont@example.org"}),
}


@pytest.mark.parametrize("case", MARRIED)
def test_who_marries_keeps_the_rest_and_is_renamed(case: str) -> None:
    name, cells = MARRIED[case]
    found = after(outside("MARTIN", "Salima"), Person(502, name, "Salima", "SEC", CPE), [], **cells)
    assert "identity_changed" in found.reasons(), found.table()


def test_both_names_told_as_one_persons_are_no_question() -> None:
    told = Person(502, "DUPONT née MARTIN", "Salima", "SEC", CPE)
    assert after(outside("MARTIN", "Salima"), told, [], **CARD, **OTHER_PHONE).reasons() == ["contact_changed"]


NAMES = [("SAÏDI", "Salima", "OULD SAÏDI", "Salima"), ("MARTIN", "Valérie", "MARTIN", "Valérie-Marie")]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("names", NAMES)
def test_whom_the_register_has_here_by_the_very_name_is_asked_about_beside_half_of_it(
    names: tuple[str, str, str, str], reverse: bool
) -> None:
    pair = [Person(511, names[0], names[1], "60"), Person(512, names[2], names[3], "60")]
    before, now = reversed(pair) if reverse else pair
    both = [registered(before), registered(now)]
    assert_asked(after(before, now, both, cpx_number=""), before)
    carried = after(before, now, both, cpx_number=before.rpps)
    assert not HARM & {one.kind for one in carried.changes}
    assert carried.one("number_of_another").account_id == before.account_id


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("names", NAMES)
def test_a_cpe_number_does_not_make_them_whom_the_register_has_here_by_another_name(
    names: tuple[str, str, str, str], reverse: bool
) -> None:
    pair = [(names[0], names[1]), (names[2], names[3])]
    (last, first), now = reversed(pair) if reverse else pair
    before = outside(last, first)
    assert_asked(after(before, Person(512, *now, "60"), [registered(Person(512, *now, "60"))], **CARD), before)


def test_half_of_a_name_is_enough_where_the_register_has_nobody_else_here() -> None:
    valerie = Person(511, "MARTIN", "Valérie-Marie", "60")
    other = Person(512, "MARTIN", "Valérie", "60")
    register = [registered(valerie), registered(other, finess_site=ES_11)]
    for cells in ({"cpx_number": ""}, {"cpx_number": valerie.rpps}):
        assert after(valerie, other, register, **cells).reasons() == []
