"""What people do to a list that nobody told them not to do: nobody is changed, and what they meant is heard."""

import copy
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.shapes.attacks import ATTACKS
from tests.shapes.book import LABELS, RAW, Book, Column
from tests.shapes.truth import Told, standard, tell, tell_file

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
    assert found.changes == ()
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


def reasons(rows: Callable[[list[Row]], object], headers: dict[str, str] | None = None, *raw: list[str]) -> list[str]:
    """Reasons of the changes after a change to the standard book; `headers`: columns added; `raw`: rows below."""
    book: Book = copy.deepcopy(standard())
    rows(book.sheets[0].people())
    book.sheets[0].columns += [Column(name, label) for name, label in (headers or {}).items()]
    book.sheets[0].rows += [{RAW: one} for one in raw]
    with tempfile.TemporaryDirectory() as folder:
        return [one.reasons[0] for one in tell(book, Path(folder)).changes]


BESIDE = [
    ("Encore en poste ?", "Oui", "N"), ("Présent", "Oui", "Non"), ("Mouvement", "", "Sortante"),
    ("MAJ 2026", "", "parti"),    ("Situation administrative", "titulaire", "retraitée"),
    ("Fin de contrat", "", "31/10/2026"), ("", "", "partie 09/26"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "others", "hers"), BESIDE)
def test_a_departure_in_a_column_beside_the_status_is_asked_about_and_ends_nobody(
    header: str, others: str, hers: str
) -> None:
    def write(people: list[Row]) -> None:
        for at, row in enumerate(people):
            row["_beside"] = hers if at == SOMEBODY else others

    assert reasons(write, {"_beside": header}) == ["line_not_understood"]


@pytest.mark.parametrize(
    ("header", "said"),
    [("Formé", "Non"), ("Ancien établissement", "CHU de Lyon"), ("Fin de contrat", "31/10/2027"), ("Fax", "non")],
)
def test_what_a_column_beside_says_of_other_things_is_not_asked_about(header: str, said: str) -> None:
    def write(people: list[Row]) -> None:
        people[SOMEBODY]["_beside"] = said

    assert reasons(write, {"_beside": header}) == []


def test_quitte_le_is_the_day_of_an_end() -> None:
    def leave(people: list[Row]) -> None:
        people[SOMEBODY].update({"_at": "sept. 2026"})

    assert "left" in reasons(leave, {"_at": "Quitté le"})


@pytest.mark.parametrize(
    "sentence", ["Mme DUPONT-MARTIN a quitté l'hôpital en septembre.", "NB : DUPONT-MARTIN partie le 01/09/2026"]
)
def test_a_sentence_below_the_table_that_says_somebody_left_is_a_question(sentence: str) -> None:
    assert reasons(lambda _: None, None, [], [sentence]) == ["line_not_understood"]


def test_a_legend_that_gives_a_colour_to_those_who_left_is_said() -> None:
    book: Book = copy.deepcopy(standard())
    book.sheets[0].rows += [{RAW: []}, {RAW: ["En rouge : personnes parties"]}]
    with tempfile.TemporaryDirectory() as folder:
        found = tell(book, Path(folder))
    assert found.changes == ()
    assert any("En rouge" in note and "couleurs" in note for note in found.judged.notes)


@pytest.mark.parametrize(
    "words", ["idem CHV titulaire", "le CHV", "Pas d'assistant", "assuré par le titulaire", "voir le titulaire"]
)
def test_words_for_a_role_where_a_name_is_expected_are_nobody(words: str) -> None:
    book: Book = copy.deepcopy(standard())
    nobody = dict(book.sheets[0].people()[0])
    nobody.update(last_name=words, first_name="", cpx_number="", email="", phone="", rank="Remplaçant")
    book.sheets[0].rows.append(nobody)
    with tempfile.TemporaryDirectory() as folder:
        assert [one.reasons[0] for one in tell(book, Path(folder)).changes] == []


def test_an_example_row_is_nobody() -> None:
    book: Book = copy.deepcopy(standard())
    shown = dict(book.sheets[0].people()[0])
    shown.update(last_name="EXEMPLE", first_name="Prénom", cpx_number="899700000000", email="prenom.nom@exemple.fr")
    book.sheets[0].rows.insert(0, shown)
    with tempfile.TemporaryDirectory() as folder:
        assert [one.reasons[0] for one in tell(book, Path(folder)).changes] == []


@pytest.mark.parametrize("field", ["last_name", "first_name"])
def test_an_initial_behind_a_name_of_somebody_in_no_register_changes_no_name(field: str) -> None:
    def write(people: list[Row]) -> None:
        for row in people:
            if row["card_type"] == "CPE":
                row[field] = f"{row[field]} M."

    assert reasons(write) == []


def marked(mark: Callable[[Worksheet, int], object]) -> list[str]:
    """Reasons of the changes after somebody marked her row with Excel's own means; the mark is given sheet and row."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "liste.xlsx"
        written = openpyxl.Workbook()
        sheet = written.active
        assert isinstance(sheet, Worksheet)
        sheet.append(list(LABELS.values()))
        for row in standard().sheets[0].people():
            sheet.append([row[name] for name in LABELS])
        mark(sheet, SOMEBODY + 2)
        written.save(path)
        return [one.reasons[0] for one in tell_file(path).changes]


def test_a_note_on_her_cell_that_says_she_left_is_a_question() -> None:
    def note(sheet: Worksheet, row: int) -> None:
        sheet.cell(row, 7).comment = Comment("Partie le 01/10/2026", "secrétariat")

    assert marked(note) == ["line_not_understood"]


def test_her_two_names_struck_through_are_a_question_and_one_number_is_none() -> None:
    def names(sheet: Worksheet, row: int) -> None:
        for column in (7, 8):
            sheet.cell(row, column).font = Font(strike=True)

    def number(sheet: Worksheet, row: int) -> None:
        sheet.cell(row, 14).font = Font(strike=True)

    assert (marked(names), marked(number)) == (["line_not_understood"], [])
