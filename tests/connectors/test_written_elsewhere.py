"""What somebody writes into any cell of a report reaches somebody: over a value, on another sheet, beside nothing."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from openpyxl.workbook import Workbook

from connectors.excel.own_texts import marks_of, told
from connectors.excel.report import render_report
from connectors.excel.returned.notes import notes_of
from connectors.excel.returned.sheet import Returned, read_book
from schemas.changes.remark import PULLED_DOWN
from schemas.nomenclatures import say
from tests.invented_changes import invented_changes
from tests.invented_report import invented_report
from tests.invented_reports import reports_of
from tests.office import office, saved_by_office

HEADER_ROW = 3
RAW = render_report(invented_report())


def returned(change: Callable[[Workbook], None]) -> Returned:
    book = openpyxl.load_workbook(BytesIO(RAW))
    change(book)
    memory = BytesIO()
    book.save(memory)
    return read_book(BytesIO(memory.getvalue()))


def at(book: Workbook, sheet: str, name: str) -> int:
    head = [cell.value for cell in book[sheet][HEADER_ROW]]
    return head.index(say(f"column.{name}")) + 1


def only(found: Returned) -> str:
    [one] = found.written
    assert one.kind in ("cell", "row", "uncounted")
    return one.text


def test_a_report_that_nobody_wrote_into_says_nothing() -> None:
    assert returned(lambda _: None).written == ()


@office
@pytest.mark.parametrize("form", ["ods", "xls", "xlsx"])
def test_nor_does_one_that_another_program_saved(tmp_path: Path, form: str) -> None:
    (tmp_path / "rapport.xlsx").write_bytes(RAW)
    (tmp_path / form).mkdir()
    found = read_book(saved_by_office(tmp_path / "rapport.xlsx", form, tmp_path / form))
    assert found.lines
    assert found.written == ()


def test_a_value_that_was_typed_over_is_told_with_its_column_and_its_line() -> None:
    """« Fait », and another name than the one that was to be entered."""

    def change(book: Workbook) -> None:
        book["À modifier"].cell(HEADER_ROW + 1, at(book, "À modifier", "after")).value = "INVENTÉ-NEUF"
        book["À modifier"].cell(HEADER_ROW + 1, at(book, "À modifier", "decision")).value = "Fait"

    found = returned(change)
    assert "À saisir" in only(found)
    assert "INVENTÉ-NEUF" in only(found)
    assert found.written[0].token == found.lines[4].token or found.written[0].token


def test_an_answer_in_the_wrong_column_is_told() -> None:
    def change(book: Workbook) -> None:
        book["Cartes"].cell(HEADER_ROW + 1, at(book, "Cartes", "lost_on")).value = "Fait"

    assert "Fait" in only(returned(change))


def test_an_answer_whose_hidden_reference_was_deleted_is_told_with_whom_it_is_about() -> None:
    def change(book: Workbook) -> None:
        page = book["À désactiver"]
        page.delete_cols(at(book, "À désactiver", "token"))
        page.cell(HEADER_ROW + 1, at(book, "À désactiver", "decision")).value = "Refusé"
        page.cell(HEADER_ROW + 1, at(book, "À désactiver", "comment")).value = "toujours là"

    text = only(returned(change))
    assert all(part in text for part in ("LEURRE Zélie", "Refusé", "toujours là"))


def test_a_sheet_of_their_own_is_told() -> None:
    def change(book: Workbook) -> None:
        book.create_sheet("Mes notes")["B2"].value = "SPÉCIMEN Katell devient titulaire au 01/12"

    found = returned(change)
    assert "devient titulaire" in only(found)
    assert found.written[0].sheet == "Mes notes"


@pytest.mark.parametrize("sheet", ["Synthèse", "Mode d'emploi"])
def test_what_is_written_on_the_sheets_that_ask_nothing_is_told(sheet: str) -> None:
    def change(book: Workbook) -> None:
        book[sheet].cell(60, 1).value = "voir avec la DRH"

    assert only(returned(change)) == "voir avec la DRH"


def test_a_column_of_answers_under_another_name_is_read_and_its_name_told() -> None:
    """By where it stands: of a line with a reference of ours."""

    def change(book: Workbook) -> None:
        for row in range(HEADER_ROW + 1, book["Cartes"].max_row + 1):
            cell = book["Cartes"].cell(row, at(book, "Cartes", "token"))
            cell.value = f"CHG-{row:016X}:{row:016x}" if cell.value else None
        book["Cartes"].cell(HEADER_ROW + 1, at(book, "Cartes", "decision")).value = "Partie"
        book["Cartes"].cell(HEADER_ROW, at(book, "Cartes", "decision")).value = "Ma réponse"

    found = returned(change)
    assert [line.said for line in found.lines if line.said] == ["Partie"]
    assert "Ma réponse" in [one.text for one in found.written]


def test_of_a_report_whose_marks_were_lost_nothing_is_told_that_may_be_ours() -> None:
    assert not told(["zzzz!"])
    assert told(["zzzz!"]).has("n'importe quoi")
    own = told(marks_of(["Une phrase.", "<r><t>deux</t></r><r><t> styles</t></r>"]))
    assert own.has("une phrase")
    assert own.has("deux styles")
    assert own.has("12/10/2026")
    assert not own.has("la mienne")


@pytest.mark.parametrize(
    ("sheet", "name", "typed"),
    [
        ("À créer", "value_cpx_number", "899700009999"),
        ("À créer", "value_cpx_number", 899700009999),
        ("À créer", "value_rank", "Titulaire"),
        ("À créer", "value_function", "CRH-ST"),
        ("À créer", "value_card_type", "CDE"),
        ("À créer", "value_phone", "0612345678"),
        ("À modifier", "after", "899700001408"),
        ("À modifier", "before", "Titulaire"),
        ("Cartes", "phone", "06 99 00 99 99"),
    ],
)
def test_a_value_of_figures_or_of_our_own_words_typed_over_another_is_told(
    sheet: str, name: str, typed: str | int
) -> None:
    """The number is what gives access: whoever corrects it and writes « Fait » has said everything."""

    def change(book: Workbook) -> None:
        book[sheet].cell(HEADER_ROW + 1, at(book, sheet, name)).value = typed

    found = returned(change)
    assert str(typed) in only(found)
    assert found.written[0].code == "typed_over"
    assert found.written[0].heads == (say(f"column.{name}"),)
    assert found.written[0].token


def test_answers_on_cards_without_their_references_are_each_told_as_not_taken() -> None:
    def change(book: Workbook) -> None:
        page = book["Cartes"]
        page.cell(HEADER_ROW + 1, at(book, "Cartes", "decision")).value = "Partie"
        page.delete_cols(at(book, "Cartes", "token"))

    [one] = returned(change).written
    assert (one.kind, one.code, one.row) == ("uncounted", "lost_reference", HEADER_ROW + 1)
    assert "Partie" in one.text


def test_an_answer_on_a_sheet_that_asks_nothing_is_said_to_be_one_to_nothing() -> None:
    book = openpyxl.load_workbook(BytesIO(render_report(reports_of([invented_changes()[0]])["CRH_ST-24"])))
    [page, *_] = (page for page in book if page.cell(HEADER_ROW + 1, 1).value == say("report.nothing_to_do"))
    page.cell(HEADER_ROW + 1, at(book, page.title, "decision")).value = say("decision.postponed")
    memory = BytesIO()
    book.save(memory)
    [one] = read_book(BytesIO(memory.getvalue())).written
    assert (one.kind, one.code, one.sheet, one.row) == ("uncounted", "asks_nothing", page.title, HEADER_ROW + 1)


def test_an_answer_pulled_down_below_the_last_line_is_told_once_and_no_reference_is_said_to_be_lost() -> None:
    def change(book: Workbook) -> None:
        page = book["Cartes"]
        for number in range(page.max_row + 1, page.max_row + 40):
            page.cell(number, at(book, "Cartes", "decision")).value = "Partie"

    [one] = returned(change).written
    assert (one.kind, one.code, one.text) == ("row", PULLED_DOWN, "Partie")


def test_a_word_of_the_list_on_the_sheet_for_a_visit_is_told() -> None:
    """« Partie » is ours, in the list of answers, and nowhere on that sheet."""

    def change(book: Workbook) -> None:
        book.create_sheet(say("sheet.places"))["B2"].value = "Partie"

    assert "Partie" in only(returned(change))


def test_what_is_written_over_the_title_of_a_sheet_is_told() -> None:
    def change(book: Workbook) -> None:
        book["À désactiver"].cell(2, 1).value = "rien n'est encore saisi"

    assert only(returned(change)) == "rien n'est encore saisi"


DOT = Path(__file__).parents[2] / "docs" / "pictures" / "report-cartes.png"
BOX = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col>'
    "<xdr:row>4</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>pas encore</a:t></a:r><a:r><a:t> saisi</a:t>"
    "</a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
)


def test_a_box_of_text_that_is_drawn_over_a_line_is_read_as_a_note_on_it() -> None:
    book = Workbook()
    book.worksheets[0].add_image(Image(BytesIO(DOT.read_bytes())), "B5")
    plain, drawn = BytesIO(), BytesIO()
    book.save(plain)
    with ZipFile(plain) as old, ZipFile(drawn, "w") as new:
        for name in old.namelist():
            new.writestr(name, BOX if name == "xl/drawings/drawing1.xml" else old.read(name))
    [note] = notes_of(drawn.getvalue())
    assert (note.sheet, note.row, note.text) == ("Sheet", 5, "pas encore saisi")


@pytest.mark.parametrize("tick", ["x", "✓", "☑", "V"])
def test_the_box_that_we_draw_for_a_visit_may_be_ticked(tick: str) -> None:
    """One remark a box, to the administrator too, hid what somebody had to say."""

    def change(book: Workbook) -> None:
        book.create_sheet(say("sheet.places"))["F4"].value = tick

    assert returned(change).written == ()


def test_a_line_that_is_struck_through_without_an_answer_is_told() -> None:
    def change(book: Workbook) -> None:
        for cell in book["À désactiver"][HEADER_ROW + 1][:2]:
            cell.font = Font(strike=True)

    [one] = returned(change).written
    assert (one.code, one.row, one.sheet) == ("struck", HEADER_ROW + 1, "À désactiver")
    assert one.token
