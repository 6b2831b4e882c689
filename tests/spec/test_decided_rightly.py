"""What a careful human would not ask: evidence that leaves nobody else, and what stays a question beside it (§6a)."""

from typing import Any

import pytest

from tests.spec.night import Night, play
from tests.spec.tables import ES_11, LUC, Person, account, adeli, registered, row

RENEE, OTHER = Person(661, "DELAUNOY", "Renée", "60"), Person(662, "DELAUNOY", "Robert", "60")
MAIL = "renee.delaunoy@ch-essai.example.org"
HERS: dict[str, Any] = {"email": MAIL, "phone": ""}
NEAR: dict[str, dict[str, Any]] = {
    "an initial": {"first_name": "R."},
    "a slip in the first name": {"first_name": "Renéze"},
    "a slip in the last name": {"last_name": "DELAUNAY"},
}


def near(form: str, *others: Any, **cells: Any) -> Night:
    """Her row without a number, the name nearly right."""
    given: dict[str, Any] = {"cpx_number": "", **HERS, **NEAR[form], **cells}
    return play([account(RENEE, **HERS), *others], [row(RENEE, **given)])


@pytest.mark.parametrize("form", NEAR)
def test_a_near_name_beside_the_address_that_spells_hers_is_hers(form: str) -> None:
    assert near(form).changes == ()


@pytest.mark.parametrize("form", NEAR)
@pytest.mark.parametrize(
    "cells",
    [{"email": "service@example.org"}, {"email": ""}, {"profession": "Pharmacien"}, {"civility": "M."}],
    ids=["another address", "no address", "another profession", "another civility"],
)
def test_a_near_name_beside_anything_less_is_asked(form: str, cells: dict[str, Any]) -> None:
    found = near(form, **cells)
    assert found.reasons() == ["ambiguous_match"], found.table()
    assert found.one("ambiguous_match").account_id == RENEE.account_id


def test_who_has_left_leaves_though_the_initial_of_somebody_elsewhere_would_fit() -> None:
    """« DELAUNOY R. » with Renée's own address is Renée, and Robert, of whom nothing stands anywhere, has left."""
    found = near("an initial", account(OTHER, email="robert.delaunoy@ch-essai.example.org", phone=""))
    assert found.table() == [
        ("deactivate_account", "no_assignment_left", "DELAUNOY Robert"),
        ("end_assignment", "absent_from_workbook", "DELAUNOY Robert"),
    ]


# ── the number of somebody else ──────────────────────────────────────────────────────────────────


def test_the_number_of_somebody_else_on_an_account_is_one_question_where_the_line_has_the_right_one() -> None:
    """Nothing but that number speaks against her: who she is is not asked a second time."""
    people = [registered(RENEE, finess_site=""), registered(LUC, finess_site=ES_11)]
    bare: dict[str, Any] = {"email": "", "phone": ""}
    found = play([account(RENEE, cpx_number=LUC.rpps, **bare)], [row(RENEE, **bare)], register=people)
    assert found.reasons() == ["number_of_another"], found.table()
    given = {one.field: (one.before, one.after) for one in found.one("number_of_another").fields}
    assert given["cpx_number"] == (LUC.rpps, RENEE.rpps)


def test_an_old_number_that_nothing_explains_says_nothing_against_a_confirmed_one() -> None:
    """Everybody had an ADELI number before; that no correspondence knows this one is no doubt about who she is."""
    line = row(RENEE, cpx_number=adeli(61), email="", phone="")
    assert play([account(RENEE)], [line], register=[registered(RENEE)]).all("ambiguous_match") == []


# ── what people are called ───────────────────────────────────────────────────────────────────────

CALLED = [
    ("Catherine", "Cathy"),
    ("Élisabeth", "Babeth"),
    ("Mohammed", "Momo"),
    ("Stéphanie", "Fanny"),
    ("Manuel", "Manolo"),
]


@pytest.mark.parametrize(("first_name", "called"), CALLED)
def test_what_somebody_is_called_beside_the_own_number_is_their_name(first_name: str, called: str) -> None:
    who = Person(663, "VERDELIN", first_name)
    assert play([account(who)], [row(who, first_name=called)]).changes == ()


@pytest.mark.parametrize(("first_name", "called"), CALLED)
def test_what_somebody_is_called_without_the_number_is_asked(first_name: str, called: str) -> None:
    who = Person(663, "VERDELIN", first_name)
    found = play([account(who)], [row(who, first_name=called, cpx_number="", email="")])
    assert found.reasons() == ["ambiguous_match"], found.table()
