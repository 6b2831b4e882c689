"""Invented regional workbooks: people who do not exist, numbers of the 9970… range with right keys."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import xlwt
from odf import opendocument, table, text
from openpyxl.worksheet.worksheet import Worksheet

from schemas.people.identifiers import with_luhn_key

Row = Sequence[object]

CPX = ["8" + with_luhn_key(f"99700000{number:02}") for number in range(30)]
FINESS = [with_luhn_key(f"7500000{number}") for number in range(10)]
HEADER: Row = (
    "FINESS",
    "Établissement",
    "Fonction",
    "Rang",
    "Nom",
    "Prénom",
    "N° CPx",
    "Courriel",
    "Téléphone",
)
ANNE: Row = (
    FINESS[1],
    "CH de Valmont",
    "CHV-ST",
    "Titulaire",
    "MARTINEAU",
    "Anne",
    CPX[1],
    "a.martineau@example.org",
)
LUC: Row = (FINESS[1], "CH de Valmont", "Assistant", "", "ROUXEL", "Luc", CPX[2], "l.rouxel@example.org")
ZOE: Row = (
    FINESS[2],
    "Clinique du Parc",
    "CHV-ST",
    "Titulaire",
    "D'ÉTANG",
    "Zoé",
    CPX[3],
    "z.detang@example.org",
)


def fill(sheet: Worksheet, rows: Iterable[Row]) -> None:
    """Write rows from A1; `append` would leave out empty ones."""
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None and value != "":
                sheet.cell(number, column, value)  # type: ignore[call-overload]  # whatever openpyxl takes


def write_xlsx(path: Path, rows: Iterable[Row], *, sheet: str = "Feuil1") -> Path:
    """One sheet of an .xlsx."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = sheet
    fill(book.worksheets[0], rows)
    book.save(path)
    return path


def write_xls(path: Path, rows: Iterable[Row]) -> Path:
    """One sheet of an .xls of Excel 97."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuil1")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(str(path))
    return path


def write_ods(path: Path, rows: Iterable[Row], *, merged_down: int = 0, hidden_row: int = 0) -> Path:
    """One sheet of an .ods; `merged_down` rows under the first cell below the header, `hidden_row` from 1."""
    book = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="Feuil1")
    for number, row in enumerate(rows, start=1):
        line = table.TableRow(visibility="collapse" if number == hidden_row else "visible")
        for column, value in enumerate(row):
            spans = {"numberrowsspanned": str(merged_down)} if merged_down and (number, column) == (2, 0) else {}
            kind = {"valuetype": "float", "value": str(value)} if isinstance(value, int | float) else {}
            cell = table.TableCell(**spans, **(kind or {"valuetype": "string"}))
            cell.addElement(text.P(text=str(value)))
            line.addElement(cell)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))
    return path


def write_csv(path: Path, rows: Iterable[Row], *, delimiter: str = ";", encoding: str = "utf-8") -> Path:
    """A .csv as Excel writes it."""
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(rows)
    return path
