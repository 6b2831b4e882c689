"""What somebody writes over a title, over our own words or over the cells is found, whatever words it uses."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from connectors.excel.report import render_report
from connectors.excel.returned import read_returned
from connectors.excel.returned.sheet import Returned, read_book
from schemas.changes.remark import ABOUT_THE_SHEET, ON_THE_TAB
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reports.visit import ReportPlace, VisitPage
from tests.invented_report import invented_report

HEADER_ROW = 3
VISITED = VisitPage("EXEMPLE Anne", "Assistant", "02 00 00 00 00", "31/12/2027", ())
OTHER = VisitPage("FICTIVE Ode", "CHV-ST", "", "", ("Une carte à renouveler",))
PLACE = ReportPlace("CH fictif", "450000088", (), (VISITED, OTHER))
RAW = render_report(replace(invented_report(), places=(PLACE,)))
BOX = """<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from><xdr:col>2</xdr:col>
<xdr:row>4</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>rien de saisi</a:t></a:r></a:p></xdr:txBody></xdr:sp>
</xdr:twoCellAnchor></xdr:wsDr>"""
DRAWING = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"


def returned(change: Callable[[Workbook], None]) -> Returned:
    return read_book(BytesIO(saved(change)))


def saved(change: Callable[[Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(RAW))
    change(book)
    memory = BytesIO()
    book.save(memory)
    return memory.getvalue()


def at(book: Workbook, sheet: str, name: str) -> int:
    head = [cell.value for cell in book[sheet][HEADER_ROW]]
    return head.index(say(f"column.{name}")) + 1


def put(book: Workbook, sheet: str, name: str, value: str) -> None:
    book[sheet].cell(HEADER_ROW + 1, at(book, sheet, name)).value = value


def test_nothing_is_told_of_a_report_with_a_visit_in_it_that_nobody_wrote_into() -> None:
    assert returned(lambda _: None).written == ()


@pytest.mark.parametrize("cell", ["A1", "A2", "D1"])
def test_a_text_over_the_title_of_a_sheet_is_about_the_sheet(cell: str) -> None:
    def change(book: Workbook) -> None:
        book["À désactiver"][cell].value = "simple essai de ma part"

    [one] = returned(change).written
    assert (one.text, one.code, one.sheet) == ("simple essai de ma part", ABOUT_THE_SHEET, "À désactiver")


@pytest.mark.parametrize(
    ("title", "added"),
    [("À désactiver NON", "NON"), ("À désactiver - brouillon", "brouillon"), ("mes retraits", "mes retraits")],
)
def test_what_was_added_to_the_name_of_a_sheet_is_told(title: str, added: str) -> None:
    def change(book: Workbook) -> None:
        book["À désactiver"].title = title

    [one] = returned(change).written
    assert (one.text, one.code, one.sheet) == (added, ON_THE_TAB, title)


@pytest.mark.parametrize("title", ["À désactiver (2)", "A DESACTIVER", "Feuil1"])
def test_a_name_that_a_program_gives_to_a_sheet_says_nothing(title: str) -> None:
    def change(book: Workbook) -> None:
        book["À désactiver"].title = title

    assert returned(change).written == ()


def test_a_word_of_our_own_at_another_place_of_a_visit_is_told() -> None:
    """« Assistant » stands in the report, and beside it; over « À faire » somebody else wrote it."""

    def change(book: Workbook) -> None:
        page = book[say("sheet.places")]
        row = next(row for row in range(1, page.max_row + 1) if page.cell(row, 1).value == OTHER.person)
        page.cell(row, 5).value = VISITED.function

    [one] = returned(change).written
    assert VISITED.function in one.text
    assert one.sheet == say("sheet.places")


def test_the_place_of_another_line_is_told_as_a_value() -> None:
    def change(book: Workbook) -> None:
        page, column = book["Cartes"], at(book, "Cartes", "structure")
        texts = [page.cell(row, column).value for row in range(HEADER_ROW + 1, page.max_row + 1)]
        page.cell(HEADER_ROW + 1, column).value = next(one for one in texts if one and one != texts[0])

    [one] = returned(change).written
    assert (one.code, one.heads) == ("typed_over", (say("column.structure"),))


def test_a_line_whose_name_is_struck_through_is_asked_and_a_struck_value_of_before_is_ours() -> None:
    def change(book: Workbook) -> None:
        put(book, "Cartes", "decision", "Personne prévenue")
        put(book, "À modifier", "decision", "Fait")
        book["Cartes"].cell(HEADER_ROW + 1, at(book, "Cartes", "person")).font = Font(strike=True)
        book["À modifier"].cell(HEADER_ROW + 1, at(book, "À modifier", "before")).font = Font(strike=True)

    answered = {line.sheet: line for line in returned(change).lines if line.said}
    assert say("column.person") in answered["Cartes"].asked
    assert answered["À modifier"].asked == ""


def test_a_box_over_the_cells_is_about_the_sheet() -> None:
    raw = saved(lambda book: put(book, "À créer", "decision", "Fait"))
    part = "xl/worksheets/sheet2.xml"  # « À créer », behind « Synthèse »
    relations = f'<Relationship Id="rIdBox" Type="{DRAWING}" Target="/xl/drawings/drawing77.xml"/></Relationships>'
    with ZipFile(BytesIO(raw)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/_rels/sheet2.xml.rels"
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    files[name] = files.get(name, empty).replace(b"</Relationships>", relations.encode())
    files["xl/drawings/drawing77.xml"] = BOX.encode()
    assert part in files
    memory = BytesIO()
    with ZipFile(memory, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    [one] = read_book(BytesIO(memory.getvalue())).written
    assert (one.text, one.code, one.sheet, one.row) == ("rien de saisi", ABOUT_THE_SHEET, "À créer", 5)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'<?xml version="1.0"?><office:document xmlns:office="urn:x"><office:body/></office:document>', ".fods"),
        (b"<!DOCTYPE html><html><body><table><tr><td>Fait</td></tr></table></body></html>", ".html"),
    ],
)
def test_a_workbook_that_was_saved_as_tags_is_refused_for_what_it_is(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "rapport.xlsx").write_bytes(content)
    with pytest.raises(SourceError) as refused:
        read_returned(tmp_path / "rapport.xlsx")
    assert why in refused.value.message
