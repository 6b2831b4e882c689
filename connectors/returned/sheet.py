"""Reads a returned report by its hidden signed references, wherever rows and columns have gone."""

import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from schemas.decision import ReturnedLine, Verdict
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.words import clean, fold

LOT_ROWS, HEADER_WITHIN = 10, 30
VERDICTS: tuple[Verdict, ...] = ("accepted", "refused", "postponed")
# Unpacked bytes, and rows that hold anything: a report of seven thousand lines has ten million bytes, for which
# openpyxl needs two seconds. A stray cell in the last corner of a sheet makes it no longer, only a second slower.
LARGEST, MOST_ROWS, MOST_COLUMNS = 150_000_000, 100_000, 64
# What zipfile, the XML parser and openpyxl raise on a file that is no workbook, or a damaged one.
UNREADABLE = (
    OSError,
    BadZipFile,
    InvalidFileException,
    LookupError,
    ArithmeticError,  # numbers too large for what holds them
    ValueError,
    TypeError,
    AttributeError,
    SyntaxError,
    ExpatError,
    EOFError,
    RuntimeError,
    zlib.error,
)
DATE_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y")


class Issued(NamedTuple):
    """What the file says of itself: its lot, and the name of the report."""

    lot: str
    addressee: str


def read_decisions(path: Path | BinaryIO) -> list[ReturnedLine]:
    """Every line of the report that carries a reference, decided or not, in the order of sheets and rows.

    Columns are found by their header, rows by their reference: sorted, deleted and hidden rows, moved and
    widened columns and a re-save by another program do no harm. Raises SourceError (FILE_UNREADABLE) for a
    file that is no workbook, is encrypted, or holds no column of references.
    """
    book = _open(path)
    try:
        tables = [(sheet, *found) for sheet in book.worksheets if (found := _header(sheet))]
        if not tables:
            raise _unreadable(say("report.no_lines", expected=say("column.token")))
        issued = Issued(_fact(book, "lot"), _fact(book, "updater"))
        return [line for sheet, row, at in tables for line in _lines(sheet, row, at, issued)]
    finally:
        book.close()


def _open(path: Path | BinaryIO) -> Workbook:
    try:
        with ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise _unreadable(say("report.unreadable", found=say("report.too_large")))
        book = load_workbook(path, data_only=True, read_only=True)  # row by row, in a fifth of the memory
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of them may be wrong, and would cut rows off
    except UNREADABLE as refusal:
        raise _unreadable(say("report.unreadable", found=say("unreadable.damaged"))) from refusal
    return book


def _unreadable(message: str) -> SourceError:
    return SourceError("FILE_UNREADABLE", message)


def _rows(sheet: Worksheet, first: int, last: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The values of some rows; the sheet is parsed while they are taken, so that is when damage shows."""
    rows = sheet.iter_rows(min_row=first, max_row=last, max_col=MOST_COLUMNS, values_only=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except UNREADABLE as refusal:
            raise _unreadable(say("report.unreadable", found=say("unreadable.damaged"))) from refusal
        yield row


def _header(sheet: Worksheet) -> tuple[int, dict[str, int]] | None:
    """(row of the header, column name → position) of a sheet that has the references."""
    wanted = {fold(say(f"column.{name}")): name for name in ("token", "decision", "postponed_to", "comment")}
    for number, row in enumerate(_rows(sheet, 1, HEADER_WITHIN), 1):
        found: dict[str, int] = {}
        for at, value in enumerate(row):
            if (name := wanted.get(fold(_text(value)))) is not None:
                found.setdefault(name, at)
        if "token" in found:
            return number, found
    return None


def _lines(sheet: Worksheet, header: int, at: dict[str, int], issued: Issued) -> Iterator[ReturnedLine]:
    filled = 0
    for number, row in enumerate(_rows(sheet, header + 1), header + 1):
        filled += row.count(None) < len(row)
        if filled > MOST_ROWS:
            raise _unreadable(say("report.unreadable", found=say("report.too_large")))
        value = {name: row[position] for name, position in at.items() if position < len(row)}
        token = clean(_text(value.get("token")))
        if not token:
            continue
        said = clean(_text(value.get("decision")))
        postponed = value.get("postponed_to")
        yield ReturnedLine(
            lot=issued.lot,
            sheet=sheet.title,
            row=number,
            token=token,
            decision=_verdict(said),
            said=said,
            postponed_to=_day(postponed),
            postponed_said=clean(_text(postponed)),
            comment=_text(value.get("comment")).strip(),
            addressee=issued.addressee,
        )


def _verdict(said: str) -> Verdict:
    """Fait / Refusé / Reporté, whatever the case, accents and spaces."""
    if not said:
        return ""
    offered = {fold(say(f"decision.{verdict}")): verdict for verdict in VERDICTS}
    return offered.get(fold(said), "unknown")


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for form in DATE_FORMS:
        try:
            return datetime.strptime(clean(_text(value)), form).date()
        except ValueError:
            continue
    return None


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _fact(book: Workbook, key: str) -> str:
    """From the document property, else from the hidden columns of the last sheet: some programs drop the one."""
    name = say(f"column.{key}")
    for prop in book.custom_doc_props.props:  # type: ignore[attr-defined]  # unknown to types-openpyxl
        if prop.name == name and prop.value:
            return str(prop.value)
    for row in _rows(book.worksheets[-1], 1, LOT_ROWS):
        cells = [_text(value) for value in row]
        if name in cells[:-1]:
            return cells[cells.index(name) + 1]
    return ""
