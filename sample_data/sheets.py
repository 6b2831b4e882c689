"""Spreadsheets that come out the same every time: fixed dates inside, fixed order, text as text."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from sample_data.cast import Cell

Grid = list[list[Cell]]
MADE_ON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_ZIP_DATE = (2026, 11, 20, 9, 0, 0)


@contextmanager
def new_book(path: Path) -> Iterator[Any]:
    """An .xlsx to fill in; the same content gives the same file."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"author": "Pays inventé", "created": MADE_ON.replace(tzinfo=None)})
    yield book
    book.close()


def write_grid(book: Any, title: str, grid: Grid) -> None:
    """A sheet with a bold header; dates as dates, the rest as text."""
    sheet = book.add_worksheet(title)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
            else:
                sheet.write_string(row, column, cell, bold if row == 0 else None) if cell else None
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(grid[0]) - 1, 18)


def write_ods(path: Path, title: str, grid: Grid) -> None:
    """The same grid as an OpenDocument sheet."""
    document = OpenDocumentSpreadsheet()
    table = Table(name=title)
    document.spreadsheet.addElement(table)
    for cells in grid:
        row = TableRow()
        table.addElement(row)
        for cell in cells:
            row.addElement(_ods_cell(cell))
    document.save(str(path))
    _freeze(path)


def _ods_cell(cell: Cell) -> Any:
    if isinstance(cell, date):
        found = TableCell(valuetype="date", datevalue=cell.isoformat())
        found.addElement(P(text=cell.strftime("%d/%m/%Y")))
    else:
        found = TableCell(valuetype="string")
        found.addElement(P(text=cell))
    return found


def _freeze(path: Path) -> None:
    """Rewrite the archive with one date for all entries: odfpy stamps them with the present moment."""
    with zipfile.ZipFile(path) as archive:
        entries = [(info.filename, info.compress_type, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, kind, content in entries:
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = kind
            archive.writestr(info, content)
