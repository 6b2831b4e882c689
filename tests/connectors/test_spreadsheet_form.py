"""The updater's workbook as a file: what Excel's own schemas say of it, and what stands beside the lines."""

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openxml_audit import OpenXmlValidator

from connectors.excel.report import write_report
from connectors.excel.returned.sheet import read_book
from schemas.reports.report import Bar, Deadline, Report
from tests.invented_report import invented_report

HEADER_ROW = 3
IN_SIGHT = 179  # letters: what a maximised window of 1366 pixels shows of a sheet
WEEKS = (Deadline("Déjà sans accès", 2, now=True), Deadline("Semaine du 23/11/2026", 1))


@pytest.fixture(scope="module")
def report() -> Report:
    return replace(invented_report(), weeks=WEEKS, calendar=(Bar("Déjà", 2), Bar("23/11", 1)))


def test_the_weeks_in_which_access_ends_stand_below_the_cards(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path / "weeks.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "weeks.xlsx")["Cartes"]
    last = HEADER_ROW + len(next(one for one in report.sheets if one.key == "cards").lines)
    below = [[cell for cell in row if cell] for row in sheet.iter_rows(min_row=last + 1, values_only=True)]
    assert [row for row in below if row] == [
        ["Accès prenant fin, par semaine, sur 90 jours"],
        ["Quand", "Comptes"],
        ["Déjà sans accès", 2],
        ["Semaine du 23/11/2026", 1],
    ]
    assert sheet.auto_filter.ref == f"A{HEADER_ROW}:P{last}"
    # « Synthèse » prints the weeks; and a page ends at « Que faire » and the telephone, so that it can be read
    assert str(sheet.print_area).replace("$", "").endswith(f"A1:J{last}")


@pytest.mark.parametrize("title", ["À créer", "À modifier", "À désactiver", "Cartes", "À vérifier"])
def test_what_there_is_to_do_and_to_answer_is_in_sight_on_a_screen_of_a_hospital(
    report: Report, tmp_path: Path, title: str
) -> None:
    write_report(report, tmp_path / "wide.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "wide.xlsx")[title]
    heads = [cell.value for cell in sheet[HEADER_ROW]]
    widths = [sheet.column_dimensions[get_column_letter(at)].width for at in range(1, len(heads) + 1)]
    last = max(heads.index(name) for name in ("Décision", "Commentaire", "Que faire"))
    assert sum(widths[: last + 1]) <= IN_SIGHT + len(heads[: last + 1])  # a width is stored with its margin


def test_the_weeks_are_no_lines_to_decide(report: Report, tmp_path: Path) -> None:
    write_report(replace(report, weeks=()), tmp_path / "without.xlsx")
    write_report(report, tmp_path / "with.xlsx")
    assert read_book(tmp_path / "with.xlsx").lines == read_book(tmp_path / "without.xlsx").lines


def test_the_schemas_of_excel_find_nothing_wrong(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "whole.xlsx"
    write_report(report, path)
    assert problems(path) == []
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(tmp_path / "broken.xlsx", "w") as broken:
        for entry in book.namelist():
            content = book.read(entry)
            if entry == "xl/worksheets/sheet2.xml":
                content = content.replace(b"<autoFilter ", b"<autoFiltre ")
            broken.writestr(entry, content)
    assert problems(tmp_path / "broken.xlsx") != []  # the judge is awake


def problems(path: Path) -> list[str]:
    return [str(error) for error in OpenXmlValidator().validate(str(path)).errors]
