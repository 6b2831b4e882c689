"""A number that is somebody else's, or several people's, makes nobody that person: one question, nothing created."""

from typing import Any

import pytest

from tests.spec.night import Night, fields_of, play
from tests.spec.tables import ASSISTANT, CRH, ES, ES_11, OTHER_ES, TITULAIRE, Person, account, region, registered, row

CREATED = ("create_account", "add_assignment", "end_assignment", "deactivate_account", "update_account")
STRANGER = Person(300, "QUERMANDE", "Camille")


def cpe(serial: int, last_name: str, first_name: str, number: str, profession: str = "SEC") -> Person:
    return Person(serial, last_name, first_name, profession, f"3{ES}/{number}")


NURSE = Person(332, "ZAFANTRON", "Inès", "60")
BREVIN = cpe(310, "BREVIN", "Odette", "771")
NEW = [cpe(311, "CALDERO", "Iris", "771"), cpe(312, "DUMONTEL", "Sacha", "771"), cpe(313, "ESCANDE", "Lou", "771")]


def done(found: Night) -> list[str]:
    """What would be entered of anybody."""
    return [change.kind for change in found.changes if change.kind in CREATED]


# ── a stranger of the same first name ────────────────────────────────────────────────────────────

STRANGERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "everything else is another's": (
        {"civility": "M.", "profession": "Infirmier", "email": "camille.tessandier@example.org"},
        {"civility": "MME", "profession": "10", "finess_site": ES_11},
    ),
    "the same profession": ({"email": "c.tessandier@example.org"}, {"finess_site": ES_11}),
    "the same civility and profession, no address": ({"civility": "Mme", "email": "", "phone": ""}, {}),
    "registered at this very place": ({"email": "camille.tessandier@example.org"}, {"finess_site": ES}),
    "a register that knows no place": ({}, {"finess_site": ""}),
}


@pytest.mark.parametrize("case", STRANGERS)
@pytest.mark.parametrize("role", [TITULAIRE, ("Assistant", "")])
def test_a_newcomer_does_not_become_the_holder_of_whom_only_the_first_name_is_theirs(
    case: str, role: tuple[str, str]
) -> None:
    cells, known = STRANGERS[case]
    rows = [row(STRANGER, role=role, **{"last_name": "TESSANDIER", **cells})]
    found = play([], rows, register=[registered(STRANGER, **known)])
    asked = found.one("number_of_another")
    assert done(found) == []
    assert "QUERMANDE Camille" in (fields_of(asked)["detail"][1] or "")
    assert asked.person.last_name == "TESSANDIER"


def test_a_name_but_nearly_the_holders_is_not_theirs_where_all_the_rest_is_anothers() -> None:
    line = row(STRANGER, last_name="QUERMANGE", civility="M.", profession="Pharmacien", email="", phone="")
    found = play([], [line], register=[registered(STRANGER, finess_site=ES_11)])
    assert (found.reasons(), done(found)) == (["number_of_another"], [])


SLIPS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a slip of the finger": ({"last_name": "QUERMANGE"}, {"finess_site": ES_11}),
    "the same name elsewhere": ({"civility": "M.", "profession": "Pharmacien"}, {"finess_site": ES_11}),
    "married, and the address has the new name": (
        {"last_name": "TESSANDIER", "email": "camille.quermande@example.org"},
        {},
    ),
}


@pytest.mark.parametrize("case", SLIPS)
def test_a_newcomer_whose_own_number_it_is_gets_an_account(case: str) -> None:
    cells, known = SLIPS[case]
    found = play([], [row(STRANGER, **cells)], register=[registered(STRANGER, **known)])
    assert found.one("missing_account").person.national_id == STRANGER.rpps


# ── numbers that no register tells of ────────────────────────────────────────────────────────────

SHARED: dict[str, dict[str, Any]] = {
    "filled down over one": {"new": NEW[:1], "held": True},
    "filled down over three": {"new": NEW, "held": True},
    "filled down over two at another hospital": {"new": NEW[1:], "held": True, "at": OTHER_ES},
    "a new one on two": {"new": NEW[:2], "held": False},
    "a new one on three": {"new": NEW, "held": False},
    "the holder left": {"new": NEW[:2], "held": True, "cells": {"active": "Non"}},
}


@pytest.mark.parametrize("case", SHARED)
def test_a_cpe_number_of_somebody_else_or_of_several_creates_nobody_and_is_one_question(case: str) -> None:
    given = SHARED[case]
    annuaire = [account(BREVIN, **given.get("cells", {}))] if given["held"] else []
    rows = [row(who, given.get("at", ES)) for who in given["new"]]
    rows = [row(BREVIN), *rows] if annuaire and "cells" not in given else rows
    found = play(annuaire, rows)
    asked = found.one("number_of_another")
    assert done(found) == [], found.table()
    assert all(who.last_name in (fields_of(asked)["detail"][1] or "") for who in given["new"])
    if given["held"]:
        assert any(one.field == "candidate" and "BREVIN" in (one.after or "") for one in asked.fields)


def test_who_has_the_number_already_is_named_where_one_newcomer_has_it() -> None:
    found = play([account(BREVIN)], [row(BREVIN), row(NEW[0])])
    assert f"{BREVIN.account_id}, BREVIN Odette" in (fields_of(found.one("number_of_another"))["detail"][1] or "")


def test_a_cpe_number_says_nothing_in_another_establishment_where_it_was_not_filled_down() -> None:
    found = play(books=[region("24", row(NEW[0])), region("11", row(NEW[1], ES_11))])
    assert found.reasons() == ["missing_account", "missing_account"]


def test_one_newcomer_of_two_functions_has_one_cpe_number() -> None:
    found = play([], [row(NEW[0]), row(NEW[0], OTHER_ES)])
    assert found.reasons() == ["missing_account", "missing_account"]  # a CPE number belongs to an establishment


# ── known people whose numbers stand on each other's lines ───────────────────────────────────────

KNOWN = [
    cpe(320, "FAVRELLE", "Ana", "11"),
    cpe(321, "GOUDIER", "Blaise", "27"),
    cpe(322, "HULOTTE", "Cyr", "63"),
    cpe(323, "IMBERTOT", "Dora", "98"),
]
TANGLED = {
    "one down": [3, 0, 1, 2],
    "one up": [1, 2, 3, 0],
    "two exchanged": [1, 0, 2, 3],
    "filled down": [0, 0, 0, 0],
    "all mixed": [2, 3, 1, 0],
}


@pytest.mark.parametrize("case", TANGLED)
def test_cpe_numbers_on_each_others_lines_are_one_question_and_change_nobody(case: str) -> None:
    rows = [row(who, cpx_number=KNOWN[at].cpe) for who, at in zip(KNOWN, TANGLED[case], strict=True)]
    found = play([account(who) for who in KNOWN], rows)
    assert (found.reasons(), done(found)) == (["number_of_another"], []), found.table()


@pytest.mark.parametrize("at", [OTHER_ES, "24"])
def test_a_newcomer_whom_the_register_has_here_is_not_created_with_the_card_of_somebody_elsewhere(at: str) -> None:
    holder = cpe(331, "RAKOTO", "Blaise", "31")
    role = CRH if at == "24" else ASSISTANT
    rows = [row(holder, at, role), row(NURSE, cpx_number=holder.number)]
    found = play([account(holder, at, role)], rows, register=[registered(NURSE)])
    assert found.all("missing_account") == []
    change = found.one("number_of_another")
    assert fields_of(change)["cpx_number"] == (holder.number, NURSE.rpps)
    assert set(change.candidates) == {"EF0331", NURSE.rpps}
    assert done(found) == []


def test_a_newcomer_whom_the_register_has_here_is_proposed_her_number_beside_a_colleagues_of_the_same_hospital() -> (
    None
):
    rows = [row(KNOWN[0]), row(NURSE, cpx_number=KNOWN[0].cpe)]
    found = play([account(KNOWN[0])], rows, register=[registered(NURSE)])
    assert fields_of(found.one("number_of_another"))["cpx_number"] == (KNOWN[0].cpe, NURSE.rpps)
    assert done(found) == []


def test_a_cpe_number_of_nobody_else_is_a_newcomers_whom_the_register_has_here() -> None:
    found = play([], [row(NURSE, cpx_number=f"3{ES}/SIENNE")], register=[registered(NURSE)])
    assert found.reasons() == ["missing_account"]
