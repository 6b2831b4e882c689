"""What people do to a list that nobody told them not to do: nobody is changed, and what they meant is heard."""

import copy
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shapes.attacks import ATTACKS
from tests.shapes.book import Book
from tests.shapes.truth import Told, standard, tell

ASKED = {"personnes sur deux lignes": 1}  # the lower lines name nobody and have a number
SOMEBODY = 4
Row = dict[str, object]


def play(attack: str, change: Callable[[list[Row]], object] = lambda _: None, header: str = "") -> Told:
    book: Book = copy.deepcopy(standard())
    ATTACKS[attack](book)
    change(book.sheets[0].people())
    if header:
        book.sheets[0].columns[0].label = header
    with tempfile.TemporaryDirectory() as folder:
        return tell(book, Path(folder))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_changes_nothing_and_costs_no_row(attack: str) -> None:
    found = play(attack)
    assert [(one.reasons[0], one.person.last_name) for one in found.harmful] == []
    assert len(found.changes) == ASKED.get(attack, 0)
    assert (found.used, found.message) == (1, "")


def test_on_a_sheet_turned_round_somebody_leaves_and_a_wrong_cell_is_named_as_its_author_sees_it() -> None:
    book: Book = copy.deepcopy(standard())
    people = book.sheets[0].people()
    people[SOMEBODY]["status"] = "Partie le 10/10/2026"
    people[3]["cpx_number"] = "899700080009"  # Claire LEROY's, her key wrong
    ATTACKS["tableau tourné"](book)
    with tempfile.TemporaryDirectory() as folder:
        found = tell(book, Path(folder))
    assert [one.person.last_name for one in found.changes if one.kind == "end_assignment"] == ["DUPONT-MARTIN"]
    assert [(one.code, one.location) for one in found.judged.issues] == [("CPX_KEY", "Feuil1!E10")]


@pytest.mark.parametrize(("there", "gone"), [("", "X"), ("Non", "Oui"), ("", "✓")])
def test_somebody_whose_box_parti_is_ticked_left_and_nobody_else_did(there: str, gone: str) -> None:
    def tick(people: list[Row]) -> None:
        for at, row in enumerate(people):
            answers = ("Oui", "Non") if there else ("X", "")
            row["_there"], row["_gone"] = (there, gone) if at == SOMEBODY else answers

    found = play("cases En poste et Parti", tick)
    assert [one.person.last_name for one in found.changes if "left" in one.reasons] == ["DUPONT-MARTIN"]


def test_both_boxes_are_a_question() -> None:
    found = play("cases En poste et Parti", lambda people: people[SOMEBODY].update({"_gone": "X"}))
    assert [one.reasons[0] for one in found.changes] == ["line_not_understood"]


@pytest.mark.parametrize("written", ["Non", "non", "N"])
def test_no_where_the_day_of_a_departure_is_expected_ends_nobody(written: str) -> None:
    def answer(people: list[Row]) -> None:
        for row in people:
            row["_at"] = written

    found = play("lignes numérotées", answer, "Date de fin de fonction")
    assert (len(found.changes), found.used) == (0, 1)


@pytest.mark.parametrize(
    ("attack", "cells"),
    [("cases Titulaire et Remplaçant", {"_t": "X", "_r": ""}), ("« Titulaire ? » oui ou non", {"rank": "Oui"})],
)
def test_a_box_that_says_another_rank_is_heard(attack: str, cells: Row) -> None:
    found = play(attack, lambda people: people[1].update(cells))  # the remplaçant of the first hospital
    assert "missing_assignment" in [one.reasons[0] for one in found.changes if one.person.last_name == "LE GOFF"]


def test_a_telephone_among_addresses_is_a_telephone() -> None:
    found = play(
        "téléphone et adresse ensemble", lambda people: people[0].update({"email": "02 99 00 99 99 / p0@example.org"})
    )
    [change] = found.changes
    assert [(one.field, one.after) for one in change.fields] == [("phone", "02 99 00 99 99")]
