"""A workbook to be put into another shape: sheets of columns and rows, and how each is written at last."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from odf import opendocument, style, table, text

Cell = str | int | float | date
Cells = dict[str, Cell]
HEADER = "_header"  # the header again
RAW = "_raw"  # a row written as it is, whatever the columns: a total, a title
STRUCK = "_struck"

LABELS = {
    "structure_code": "FINESS",
    "structure_name": "Établissement",
    "structure_type": "Type de structure",
    "function": "Fonction",
    "rank": "Rang",
    "civility": "Civilité",
    "last_name": "Nom",
    "first_name": "Prénom",
    "profession": "Profession",
    "cpx_number": "N° CPx",
    "card_type": "Type de carte",
    "card_expires_on": "Date de fin de validité",
    "email": "Courriel",
    "phone": "Téléphone",
    "status": "Statut",
}


@dataclass(slots=True)
class Column:
    """One column: what its cells are of, what its header says, what its captions above say."""

    field: str
    label: str
    captions: tuple[str, ...] = ()


@dataclass(slots=True)
class Sheet:
    """One sheet. `above`: rows over the header; `merged`: rows (RAW) are merged over all columns; `hidden`."""

    name: str
    columns: list[Column]
    rows: list[dict[str, object]]
    above: list[list[str]] = field(default_factory=list)
    hidden: bool = False

    def people(self) -> list[dict[str, object]]:
        """The rows that are of somebody."""
        return [row for row in self.rows if RAW not in row and HEADER not in row]

    def column(self, name: str) -> Column:
        """The column of a field."""
        return next(one for one in self.columns if one.field == name)

    def has(self, name: str) -> bool:
        """There is one."""
        return any(one.field == name for one in self.columns)

    def drop(self, *names: str) -> None:
        """Leave columns out."""
        self.columns = [one for one in self.columns if one.field not in names]


@dataclass(slots=True)
class Book:
    """Sheets, and the kind of file: xlsx, ods, or « csv », its delimiter and encoding."""

    sheets: list[Sheet]
    kind: tuple[str, ...] = ("xlsx",)


def standard_book(rows: Iterable[Cells]) -> Book:
    """One sheet with the standard columns."""
    columns = [Column(name, label) for name, label in LABELS.items()]
    return Book([Sheet("Feuil1", columns, [dict(row) for row in rows])])


def grid_of(sheet: Sheet) -> list[list[object]]:
    """The cells as they are written, captions and header first."""
    deep = max((len(one.captions) for one in sheet.columns), default=0)
    captions = [[one.captions[at] if at < len(one.captions) else "" for one in sheet.columns] for at in range(deep)]
    header = [one.label for one in sheet.columns]
    body = [_cells(sheet, row) for row in sheet.rows]
    over: list[list[object]] = [list(row) for row in (*sheet.above, *captions)]
    return [*over, list(header), *body]


def _cells(sheet: Sheet, row: dict[str, object]) -> list[object]:
    if HEADER in row:
        return [one.label for one in sheet.columns]
    raw = row.get(RAW)
    return list(raw) if isinstance(raw, list | tuple) else [row.get(one.field, "") for one in sheet.columns]


def write(book: Book, folder: Path) -> Path:
    """The file of a workbook."""
    if book.kind[0] == "csv":
        return _csv(book, folder / "book.csv", *book.kind[1:])
    return _ods(book, folder / "book.ods") if book.kind[0] == "ods" else _xlsx(book, folder / "book.xlsx")


def _xlsx(book: Book, path: Path) -> Path:
    made = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False})
    day = made.add_format({"num_format": "dd/mm/yyyy"})
    struck = made.add_format({"font_strikeout": True})
    struck_day = made.add_format({"font_strikeout": True, "num_format": "dd/mm/yyyy"})
    for sheet in book.sheets:
        page = made.add_worksheet(sheet.name)
        first = len(grid_of(sheet)) - len(sheet.rows)
        for at, cells in enumerate(grid_of(sheet)):
            lined = at >= first and STRUCK in sheet.rows[at - first]
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    page.write_datetime(
                        at, column, datetime(value.year, value.month, value.day), struck_day if lined else day
                    )
                elif isinstance(value, int | float):
                    page.write_number(at, column, value, struck if lined else None)
                elif value:
                    page.write_string(at, column, str(value), struck if lined else None)
        if sheet.hidden:
            page.hide()
    made.close()
    return path


def text_of(value: object) -> str:
    """A cell as a text file has it."""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _csv(book: Book, path: Path, delimiter: str, encoding: str) -> Path:
    rows: list[Sequence[object]] = [row for sheet in book.sheets[:1] for row in grid_of(sheet)]
    with path.open("w", encoding=encoding, errors="replace", newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows([text_of(cell) for cell in row] for row in rows)
    return path


def _ods(book: Book, path: Path) -> Path:
    made = opendocument.OpenDocumentSpreadsheet()
    struck = style.Style(name="struck", family="table-cell")
    struck.addElement(style.TextProperties(textlinethroughstyle="solid"))
    made.automaticstyles.addElement(struck)
    for sheet in book.sheets:
        page = table.Table(name=sheet.name)
        grid = grid_of(sheet)
        first = len(grid) - len(sheet.rows)
        for at, cells in enumerate(grid):
            line = table.TableRow()
            form = {"stylename": struck} if at >= first and STRUCK in sheet.rows[at - first] else {}
            for value in cells:
                cell = table.TableCell(valuetype="string", **form)
                cell.addElement(text.P(text=text_of(value)))
                line.addElement(cell)
            page.addElement(line)
        made.spreadsheet.addElement(page)
    made.save(str(path))
    return path
