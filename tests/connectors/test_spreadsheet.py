"""The updater's workbook, opened again: what stands in it, what may be touched."""

import gc
import re
import stat
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from connectors.excel.report import render_report, write_report
from connectors.excel.report.pages import QuickBook
from connectors.excel.returned.sheet import read_book
from pipelines.reports.report import build_reports
from schemas.errors import DeliveryError
from schemas.reports.report import Report
from tests.connectors.opened import HEADER_ROW, SHEETS, column, last_line, words
from tests.connectors.opened import path as path
from tests.connectors.opened import report as report
from tests.invented_changes import (
    CRH,
    DAY,
    LOT,
    STRUCTURES,
    Builder,
    number,
    sign,
)


def test_the_seven_sheets_stand_in_order_and_the_lot_is_hidden(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == list(SHEETS)
    assert [sheet.title for sheet in book if sheet.sheet_state == "hidden"] == ["Réponses"]
    assert book.worksheets[-1].column_dimensions["U"].hidden
    told = {prop.name: prop.value for prop in book.custom_doc_props.props}  # type: ignore[attr-defined]
    assert told.pop("Lignes de la synthèse").isdecimal()  # what stands below them is a reader's own
    assert told == {"Lot": LOT, "Destinataire": "CRH_ST-24"}


def test_only_the_answers_may_be_typed_into_and_lines_may_be_sorted(path: Path) -> None:
    """A protected sheet sorts no locked cell: a rule keeps off what is typed into the others."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert not sheet.protection.password
    for name in SHEETS[1:6]:
        sheet = book[name]
        cells = [cell for row in sheet.iter_rows(min_row=HEADER_ROW + 1) for cell in row if cell.value]
        assert not any(cell.protection.locked for cell in cells if (cell.row or 0) <= last_line(sheet))
        assert all(cell.protection.locked for row in sheet.iter_rows(max_row=HEADER_ROW) for cell in row)
        refused = [one for one in sheet.data_validations.dataValidation if one.type == "custom"]
        assert {one.formula1 for one in refused} == {"FALSE"}
        heads = {cell.value: cell.column_letter for cell in sheet[HEADER_ROW] if cell.value}
        free = {name for name, at in heads.items() if not any(f"{at}{HEADER_ROW + 1}" in one.cells for one in refused)}
        assert free == {"Décision", "Reporté au", "Commentaire"}
        assert sheet.protection.autoFilter is False  # « forbidden: no »
        assert sheet.protection.sort is False
        assert sheet.auto_filter.ref.endswith(f"{list(heads.values())[-1]}{last_line(sheet)}")  # with the reference
        assert sheet.protection.formatColumns is False


def test_decisions_are_offered_and_dates_are_checked(path: Path) -> None:
    sheet = openpyxl.load_workbook(path)["À modifier"]
    offered = {check.type: check for check in sheet.data_validations.dataValidation}
    assert offered["list"].formula1 == '"Fait,Refusé,Reporté,Pas de mon ressort"'
    cards = openpyxl.load_workbook(path)["Cartes"].data_validations.dataValidation
    assert '"Personne prévenue,Nouvelle carte reçue,Partie,Reporté,Pas de mon ressort"' in [
        check.formula1 for check in cards
    ]
    assert offered["date"].operator == "greaterThanOrEqual"


def test_the_token_is_on_every_line_in_a_hidden_column(path: Path, report: Report) -> None:
    book = openpyxl.load_workbook(path)
    for written in report.sheets:
        sheet = book[written.title]
        at = column(sheet, "Référence signée (ne pas modifier)")
        assert sheet.column_dimensions[get_column_letter(at)].hidden
        tokens = [sheet.cell(row, at).value for row in range(HEADER_ROW + 1, HEADER_ROW + 1 + len(written.lines))]
        assert tokens == [line.token for line in written.lines]


WIDER = 1.045  # LibreOffice draws a column than its width in the file


def edge(sheet: Worksheet, head: str) -> float:
    """Where a column ends, in pixels from the left."""
    dimensions = sheet.column_dimensions.values()
    widths = {at: one.width for one in dimensions for at in range(one.min or 1, (one.max or 0) + 1)}
    return sum(7 * widths[at] for at in range(1, column(sheet, head) + 1))  # the file counts the margins in


def test_the_answer_stands_after_person_and_reason_and_is_seen_on_a_hospital_screen(path: Path) -> None:
    """1366 pixels, less the heads of rows and the bar on the right; what to do is in sight there too."""
    book = openpyxl.load_workbook(path)
    for name in SHEETS[1:6]:
        sheet = book[name]
        heads = [cell.value for cell in sheet[HEADER_ROW]]
        assert heads[:5] == ["Personne", "Pourquoi", "Décision", "Reporté au", "Commentaire"]
        assert edge(sheet, "Commentaire") < edge(sheet, "Que faire") <= (1366 - 60) / WIDER
        assert sheet.freeze_panes == "B4"


def test_what_is_to_be_entered_stands_one_value_a_cell_the_number_alone_as_text(path: Path) -> None:
    sheet = openpyxl.load_workbook(path)["À créer"]
    at = {cell.value: cell.column for cell in sheet[HEADER_ROW] if cell.value}
    line = next(row for row in range(HEADER_ROW + 1, sheet.max_row + 1) if sheet.cell(row, at["N° CPx"]).value)
    number_cell = sheet.cell(line, at["N° CPx"])
    assert isinstance(number_cell.value, str)
    assert re.fullmatch(r"\d{12}|\d\S*/\S+", number_cell.value)
    for name in ("Nom", "Prénom", "Fonction"):
        assert sheet.cell(line, at[name]).value
        assert "\n" not in str(sheet.cell(line, at[name]).value)


def test_before_and_after_stand_side_by_side_with_the_change_marked(path: Path) -> None:
    sheet = openpyxl.load_workbook(path, rich_text=True)["À modifier"]
    before, after = column(sheet, "Dans l’annuaire"), column(sheet, "À saisir")
    assert after == before + 1
    row = next(row for row in range(4, 20) if str(sheet.cell(row, after).value) == number(5))
    value = sheet.cell(row, after).value
    assert isinstance(value, CellRichText)
    assert str(value) == number(5)
    changed = value[-1]
    assert isinstance(changed, TextBlock)
    assert (changed.text, changed.font.b, changed.font.u) == ("54", True, "single")


def test_text_is_never_a_formula(tmp_path: Path) -> None:
    builder = Builder()
    for text in ("=1+1", "+33", "-2", "@SUM(A1)", '=HYPERLINK("http://x")'):
        builder.add(
            "create_account", "missing_account", "access", f"{text} {text}",
            fields=[("email", None, text, "register.persons")], guidance=text,
        )  # fmt: skip
        builder.add(
            "update_account", "contact_changed", "info", f"{text} {text}",
            fields=[("email", "a", text, "register.persons")], guidance=text,
        )  # fmt: skip
    (made,) = build_reports(
        builder.made,
        as_of=DAY,
        lot="=LOT()",
        structures=STRUCTURES,
        rejects=[],
        notices={CRH: ["=1"]},
        sign=sign,
    )
    write_report(made, tmp_path / "r.xlsx")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as parts:
        sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_of_a_written_report_nothing_holds_itself(report: Report) -> None:
    """A night of many reports searches for no such garbage."""
    gc.collect()
    gc.disable()
    try:
        render_report(report)
        left = gc.collect()
    finally:
        gc.enable()
    assert left == 0


def test_an_empty_sheet_says_so(tmp_path: Path, report: Report) -> None:
    write_report(replace(report, sheets=tuple(replace(s, lines=()) for s in report.sheets)), tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    for name in SHEETS[1:6]:
        assert book[name].cell(HEADER_ROW + 1, 1).value == "Rien à faire ici."


def test_the_summary_says_what_happens_what_to_do_and_whom_to_call(path: Path) -> None:
    text = words(openpyxl.load_workbook(path)["Synthèse"])
    for said in (
        "4 personnes ne peuvent plus se connecter\u00a0; 1 autre perdra son accès le 11/12/2026",
        "Comptes à créer",
        "Sans accès aujourd’hui",
        "0 825 85 2000",
        "01 55 87 32 32",
        "feuille Feuil1, ligne 12, colonne F",
        "n’a pas pu être lu cette nuit",
    ):
        assert said in text


def test_the_guide_has_every_way_to_a_card_and_the_hotlines(path: Path) -> None:
    text = words(openpyxl.load_workbook(path)["Mode d'emploi"])
    for said in ("F201.pdf", "F301.pdf", "ma-cps.esante.gouv.fr", "TOM", "Ordre professionnel", "Reporté"):
        assert said in text
    assert "0 825 85 2000" in text


def test_sheets_print_on_a4_landscape_as_wide_as_can_be_read_with_lot_and_header(path: Path) -> None:
    for sheet in openpyxl.load_workbook(path).worksheets[1:6]:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        if sheet.title == "À créer":  # two wide: the person and why, then the values to copy, large enough to be read
            assert (sheet.page_setup.scale, len(sheet.col_breaks.brk)) == (62, 1)
        else:
            assert sheet.sheet_properties.pageSetUpPr is not None
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes, one wide
        assert str(sheet.print_title_rows).replace("$", "") == "3:3"
        assert sheet.oddFooter is not None
        assert LOT in str(sheet.oddFooter.right.text)
        assert sheet.freeze_panes == "B4"


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    first = render_report(report)
    time.sleep(1.1)  # zip entries and document properties count in seconds
    assert render_report(report) == first


def test_a_report_is_for_its_owner_alone(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_report_that_cannot_be_written_is_said_in_french(report: Report, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeliveryError, match="Impossible d’écrire"):
        write_report(report, tmp_path / "file" / "r.xlsx")


def test_two_thousand_lines_are_all_written(tmp_path: Path) -> None:
    builder = Builder()
    for serial in range(1000):
        name = f"FICTIVE-{serial} Ode"
        builder.add("update_account", "card_number_differs", "access", name,
                    fields=[("cpx_number", number(serial + 1), number(serial), "register.cards"),
                            ("card_expires_on", "2026-12-31", "2029-12-31", "register.cards")])  # fmt: skip
    (made,) = build_reports(builder.made, as_of=DAY, lot=LOT, structures=STRUCTURES, rejects=[], notices={}, sign=sign)
    path = tmp_path / "r.xlsx"
    path.write_bytes(render_report(made))
    tokens = [line.token for line in read_book(path).lines]
    assert len(tokens) == 2000
    assert len(set(tokens)) == 1000


def test_a_formula_worked_out_once_is_the_one_that_is_worked_out_each_time(tmp_path: Path) -> None:
    written = []
    for at, kind in enumerate((xlsxwriter.Workbook, QuickBook)):
        with kind(tmp_path / f"{at}.xlsx") as book:
            page = book.add_worksheet()
            for place, formula in enumerate(("=FALSE", "=XLOOKUP(A1,B1:B2,C1:C2)", "=FALSE", "=IFNA(A1,2)")):
                page.data_validation(0, place, 9, place, {"validate": "custom", "value": formula})
                page.write_formula(0, place, formula)
        with zipfile.ZipFile(tmp_path / f"{at}.xlsx") as archive:
            written.append(archive.read("xl/worksheets/sheet1.xml"))
    assert written[0] == written[1]
    assert b"_xlfn.XLOOKUP" in written[0]
