"""A second row of somebody who has one, written with less care: nobody new, and no card to ask for (contract §6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ASSISTANT, REMPLACANT, Person, Role, account, row

KARIMA = Person(651, "BENSALEM", "Karima")
NO_ADDRESS: dict[str, Any] = {"email": "", "phone": ""}
FORMS: dict[str, dict[str, Any]] = {
    "an initial": {"first_name": "K."},
    "an initial without its dot": {"first_name": "K"},
    "the beginning": {"first_name": "Kar"},
    "no first name": {"first_name": ""},
    "a slip in the last name": {"last_name": "BENSALEN"},
    "a slip in the first name": {"first_name": "Karmia"},
    "the name as it is": {},
}
NUMBERS = ["", "en cours"]


def again(role: Role | None = None, **cells: Any) -> Night:
    """Her row, and another of the same hospital."""
    mine: dict[str, Any] = {"phone": "06 39 98 44 11"}
    other: dict[str, Any] = {"role": role or ASSISTANT, **mine, **cells}
    return play([account(KARIMA, **mine)], [row(KARIMA, **mine), row(KARIMA, **other)])


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("form", FORMS)
def test_a_second_row_with_her_own_address_says_nothing_more(form: str, number: str) -> None:
    found = again(cpx_number=number, **FORMS[form])
    assert found.changes == (), found.table()


@pytest.mark.parametrize("form", [form for form in FORMS if form != "the name as it is"])
def test_a_second_row_without_an_address_is_a_question_about_her(form: str) -> None:
    found = again(cpx_number="", **NO_ADDRESS, **FORMS[form])
    assert found.reasons() == ["ambiguous_match"], found.table()
    assert found.one("ambiguous_match").account_id == KARIMA.account_id


@pytest.mark.parametrize("form", [form for form in FORMS if form != "the name as it is"])
def test_a_second_row_with_another_function_is_a_question_about_her(form: str) -> None:
    """Whether it is hers too somebody decides; no card is asked for somebody whom nobody knows."""
    found = again(REMPLACANT, cpx_number="", **FORMS[form])
    assert found.reasons() == ["ambiguous_match"], found.table()
    assert found.one("ambiguous_match").account_id == KARIMA.account_id


def test_a_colleague_of_another_name_at_her_address_is_somebody_new() -> None:
    other = Person(652, "MOREL", "Inès", "60")
    found = play([account(KARIMA)], [row(KARIMA), row(other, cpx_number="", email=KARIMA.email)], register=[])
    assert [one.account_id for one in found.all("card_missing")] == [None], found.table()
