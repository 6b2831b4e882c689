"""Two people of one name at one hospital: who is meant is told by what is theirs alone, or asked (contract §6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES_11, TITULAIRE, Line, Person, account, registered, row

ELSA, NAMESAKE = Person(641, "BRATICEL", "Elsa"), Person(642, "BRATICEL", "Elsa")
MARRIED = Person(643, "KERAVEL", "Mohammed")
NOT_THEIRS = {"create_account", "end_assignment", "deactivate_account", "update_account", "add_assignment"}
OWN = {"email": {"phone": ""}, "phone": {"email": ""}}


def told(found: Night, who: Person) -> set[str]:
    """What is done to somebody's account."""
    return {str(one.kind) for one in found.changes if one.account_id == who.account_id} & NOT_THEIRS


@pytest.mark.parametrize("address", OWN)
def test_a_namesakes_number_beside_ones_own_address_is_a_question(address: str) -> None:
    """Her row has the number of the row above, where somebody of her name stands; the address is hers alone."""
    hers: dict[str, Any] = OWN[address] | ({"phone": "06 39 98 11 22"} if address == "phone" else {})
    other: dict[str, Any] = {"phone": ""} if address == "email" else {"phone": "", "email": ""}
    found = play(
        [account(ELSA, **hers), account(NAMESAKE, **other)],
        [row(ELSA, cpx_number=NAMESAKE.rpps, **hers)],
    )
    assert told(found, ELSA) == told(found, NAMESAKE) == set(), found.table()
    question = next(one for one in found.changes if one.kind == "review")
    assert {ELSA.account_id, NAMESAKE.account_id} <= set(question.candidates), found.table()


def test_her_own_number_beside_her_own_address_is_hers_whoever_else_has_the_name() -> None:
    hers: dict[str, Any] = {"email": "", "phone": "06 39 98 11 22"}
    found = play(
        [account(ELSA, **hers), account(NAMESAKE, phone="")],
        [row(ELSA, **hers), row(NAMESAKE, phone="")],
    )
    assert found.changes == (), found.table()


@pytest.mark.parametrize("turned", [False, True])
def test_the_second_of_a_name_is_not_the_first_where_the_address_says_who_the_first_is(turned: bool) -> None:
    """« KERAVEL-OSTIOT » with his address is KERAVEL, by then married; the other KERAVEL has a row and no account. The
    register has several of that name.
    """
    newcomer = {"cpx_number": "", "email": "", "phone": ""}
    rows: list[Line] = [
        row(MARRIED, cpx_number="", last_name="KERAVEL-OSTIOT", phone=""),
        row(MARRIED, role=TITULAIRE, **newcomer),
    ]
    several = (Person(644 + at, MARRIED.last_name, MARRIED.first_name) for at in range(2))
    register = [
        registered(MARRIED, last_name="KERAVEL-OSTIOT"),
        *(registered(one, finess_site=ES_11) for one in several),
    ]
    known = account(MARRIED, last_name="KERAVEL", phone="")
    found = play([known], rows[::-1] if turned else rows, register=register, kept=False)
    assert "add_assignment" not in told(found, MARRIED), found.table()
    assert found.all("card_missing") or found.all("ambiguous_match"), found.table()
