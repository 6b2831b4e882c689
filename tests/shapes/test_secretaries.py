"""Workbooks as somebody in a hurry keeps them, each by its consequence: who leaves, who stays, what is asked."""

import copy
import tempfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests.shapes.book import RAW, Book, Column, Sheet, write
from tests.shapes.truth import Told, standard, tell, tell_file

Row = dict[str, object]


def book_of(*sheets: Sheet) -> Book:
    return Book(list(sheets))


def told(book: Book) -> Told:
    with tempfile.TemporaryDirectory() as folder:
        return tell(book, Path(folder))


def test_last_years_sheet_takes_no_row_from_this_years() -> None:
    [sheet] = copy.deepcopy(standard()).sheets
    people = sheet.people()
    last_year = Sheet("2025", list(sheet.columns), [dict(row) for row in people[:8]])
    found = told(book_of(last_year, Sheet("2026", list(sheet.columns), people)))
    assert (found.changes, found.used) == ((), 1)
    assert "DUPLICATE_ROW" not in {one.code for one in found.judged.issues}


def test_a_row_on_two_sheets_of_today_counts_once() -> None:
    [sheet] = copy.deepcopy(standard()).sheets
    again = Sheet("Bis", list(sheet.columns), [dict(sheet.people()[0])])
    found = told(book_of(sheet, again))
    assert (found.changes, found.used) == ((), 1)
    assert [one.code for one in found.judged.issues] == ["DUPLICATE_ROW"]


def test_each_sheet_that_is_not_of_today_is_said_for_what_it_is() -> None:
    [sheet] = copy.deepcopy(standard()).sheets
    gone = {**sheet.people()[0], "last_name": "PARTANT", "first_name": "Denis", "cpx_number": "", "email": ""}
    old = {**gone, "last_name": "VIEUX"}
    found = told(
        book_of(sheet, Sheet("2024", list(sheet.columns), [old]), Sheet("Partis", list(sheet.columns), [gone]))
    )
    said = [one.message for one in found.judged.issues if one.code == "SHEET_SKIPPED"]
    assert len(said) == 2
    assert "archive" in said[0]
    assert "départs" in said[1]


def _by_function(people: list[Row], columns: list[Column]) -> Sheet:
    """A table for each function under its title, each with other columns; « Titulaire ? » answered."""
    chv = [
        column for column in columns if column.field not in ("function", "rank", "structure_type", "email", "status")
    ]
    others = [column for column in columns if column.field not in ("function", "rank", "structure_type")]
    rows: list[Row] = []
    for row in people:
        if row["function"] == "CHV-ST":
            rows.append({RAW: [row[one.field] for one in chv] + ["oui" if row["rank"] == "Titulaire" else "non"]})
    for title, function in (("ASSISTANTS", "Assistant"), ("CRH-ST", "CRH-ST")):
        rows += [{RAW: [""]}, {RAW: [title]}, {RAW: [one.label for one in others]}]
        rows += [{RAW: [row[one.field] for one in others]} for row in people if row["function"] == function]
    return Sheet("Feuil1", [*chv, Column("_t", "Titulaire ?")], rows, above=[["CHV-ST"]])


def test_a_table_for_each_function_under_its_title_is_read_whole_whichever_header_is_richest() -> None:
    [sheet] = copy.deepcopy(standard()).sheets
    found = told(book_of(_by_function(sheet.people(), sheet.columns)))
    assert found.used == 1
    assert [one.person.last_name for one in found.harmful] == []


@pytest.mark.parametrize(
    ("last", "first"), [("GARCIA / DURAND", "Élise / Julie"), ("LEROY & DURAND", "Claire & Julie")]
)
def test_a_row_that_two_people_share_renames_neither(last: str, first: str) -> None:
    book = copy.deepcopy(standard())
    row = next(one for one in book.sheets[0].people() if str(one["last_name"]) == last.split()[0])
    row.update({"last_name": last, "first_name": first})  # a CPE, of which no register tells
    found = told(book)
    assert found.used == 1
    assert [one.reasons[0] for one in found.changes] == ["line_not_understood"]


def test_what_is_struck_through_within_a_cell_is_not_read() -> None:
    struck = InlineFont(strike=True)
    with tempfile.TemporaryDirectory() as folder:
        path = write(copy.deepcopy(standard()), Path(folder))
        workbook = openpyxl.load_workbook(path)
        cells = workbook.active
        assert cells is not None
        cells["M2"] = CellRichText(TextBlock(struck, "ancienne.adresse@example.org"), " ", str(cells["M2"].value))
        cells["G3"] = CellRichText(TextBlock(struck, "DURAND"), " ", str(cells["G3"].value))
        workbook.save(path)
        found = tell_file(path)
    assert (found.changes, found.used) == ((), 1)


def test_letters_that_look_like_digits_are_read_where_the_key_bears_it_out() -> None:
    book = copy.deepcopy(standard())
    for row in book.sheets[0].people():
        if "/" not in str(row["cpx_number"]):
            row["cpx_number"] = str(row["cpx_number"]).replace("00", "OO", 1)
    found = told(book)
    assert (found.changes, found.used) == ((), 1)
    assert {one.code for one in found.judged.issues} == {"NUMBER_UNDRESSED"}


def test_a_person_named_exemple_is_a_person() -> None:
    book = copy.deepcopy(standard())
    book.sheets[0].people()[0].update({"last_name": "EXEMPLE", "cpx_number": "", "email": "", "phone": ""})
    found = told(book)
    assert len(found.judged.lines) == len(book.sheets[0].people())
