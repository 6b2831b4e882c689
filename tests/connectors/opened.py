"""An updater's workbook as it is written, and opened again."""

from pathlib import Path

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from connectors.excel.report import write_report
from schemas.reports.report import Report
from tests.invented_report import invented_report

SHEETS = ["Synthèse", "À créer", "À modifier", "À désactiver", "Cartes", "À vérifier", "Mode d'emploi"]
HEADER_ROW = 3
XLSX = "xlsx:Calc MS Excel 2007 XML"  # the filter LibreOffice saves with
JUNK = [b"", b"PK\x03\x04 not really", b"N\xc2\xb0;Nom\n", b"\xd0\xcf\x11\xe0" * 300]


@pytest.fixture(scope="module")
def report() -> Report:
    return invented_report()


@pytest.fixture
def path(report: Report, tmp_path: Path) -> Path:
    write_report(report, tmp_path / "reports" / report.file_name)
    return tmp_path / "reports" / report.file_name


def column(sheet: Worksheet, header: str) -> int:
    return next(cell.column for cell in sheet[HEADER_ROW] if cell.value == header)


def last_line(sheet: Worksheet) -> int:
    at = column(sheet, "Référence signée (ne pas modifier)")
    return max(row for row in range(HEADER_ROW + 1, sheet.max_row + 1) if sheet.cell(row, at).value)


def words(sheet: Worksheet) -> str:
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row if value)
