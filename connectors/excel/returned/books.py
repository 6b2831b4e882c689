"""A returned file as sheets of cells, whatever program saved it: .xlsx by openpyxl; .xls, .ods, .xlsb and text beside.

What is refused is refused for its true reason: a password, damage, size, or being something else.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile, is_zipfile

from defusedxml.ElementTree import fromstring
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from connectors.excel.returned.cell_forms import CellForms, forms_of
from connectors.excel.returned.notes import CellNote, notes_of
from connectors.excel.returned.struck_cells import struck_of
from connectors.sources.sheet.grid import text_grid
from connectors.sources.sheet.guarded.child import sheets_of
from schemas.errors import SourceError
from schemas.nomenclatures import say

# Unpacked bytes, and rows that hold anything: a report of seven thousand lines has ten million bytes, for which
# openpyxl needs two seconds. A stray cell in the last corner of a sheet makes it no longer, only a second slower.
LARGEST, MOST_ROWS, MOST_COLUMNS = 150_000_000, 100_000, 64
OLE = b"\xd0\xcf\x11\xe0"
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
_WHY = {"PasswordError": "password", "MemoryError": "too_large", "TooMuchError": "too_large"}
_USER_DEFINED = re.compile(r"\}user-defined$")

CellRow = tuple[Any, ...]


def unreadable(found: str) -> SourceError:
    """Return FILE_UNREADABLE, for a reason in French."""
    return SourceError("FILE_UNREADABLE", say("report.unreadable", found=found))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, and its rows as they are taken."""

    title: str
    _source: Worksheet | Sequence[Sequence[str]]

    def rows(self, first: int, last: int | None = None) -> Iterator[CellRow]:
        """Yield the values of some rows, counted from 1; an .xlsx is parsed while they are taken, so damage
        shows then.
        """
        if not isinstance(self._source, Sequence):
            yield from _parsed(self._source, first, last)
            return
        for row in islice(self._source, first - 1, last):
            yield tuple(cell or None for cell in row[:MOST_COLUMNS])


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a file; its own properties by name; the notes on its cells; how they look, by the title of a sheet.
    `close` gives it back.
    """

    sheets: tuple[Sheet, ...]
    properties: dict[str, str]
    notes: tuple[CellNote, ...] = ()
    forms: Mapping[str, CellForms] = field(default_factory=dict)
    _book: Workbook | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._book:
            self._book.close()


def open_book(path: Path | BinaryIO) -> Book:
    """Return a file that nothing seals. Raises SourceError FILE_UNREADABLE for what is no table at all."""
    content = path.read_bytes() if isinstance(path, Path) else path.read()
    if is_zipfile(BytesIO(content)):
        return _zipped(content)
    if content.startswith(OLE):
        return _by_calamine(content)
    if content.startswith(b"PK"):
        raise unreadable(say("unreadable.damaged"))
    grids = text_grid(content, say("sheet.text"))
    return Book(tuple(Sheet(one.name, one.rows) for one in grids.sheets), {})


def _zipped(content: bytes) -> Book:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            size = sum(part.file_size for part in archive.infolist())
            meta = archive.read("meta.xml") if "meta.xml" in names and "content.xml" in names else b""
    except UNREADABLE as refusal:
        raise unreadable(say("unreadable.damaged")) from refusal
    if size > LARGEST:
        raise unreadable(say("report.too_large"))
    if names & {"word/document.xml", "ppt/presentation.xml"}:
        raise unreadable(say("unreadable.document"))
    if names & {"content.xml", "xl/workbook.bin"}:
        return _by_calamine(content, _ods_properties(meta))
    return _by_openpyxl(content)


def _by_openpyxl(content: bytes) -> Book:
    try:
        book = load_workbook(BytesIO(content), data_only=True, read_only=True)  # row by row, in a fifth of the memory
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of them may be wrong, and would cut rows off
        props = book.custom_doc_props.props  # type: ignore[attr-defined]  # unknown to types-openpyxl
        properties = {str(one.name): str(one.value) for one in props if one.value}
    except UNREADABLE as refusal:
        raise unreadable(say("unreadable.damaged")) from refusal
    sheets = tuple(Sheet(sheet.title, sheet) for sheet in book.worksheets)
    return Book(sheets, properties, _notes(content), _forms(content), book)


def _by_calamine(content: bytes, properties: dict[str, str] | None = None) -> Book:
    found = sheets_of(content)
    if "error" in found:
        raise unreadable(say(f"unreadable.{_WHY.get(found['error'], 'damaged')}"))
    sheets = tuple(Sheet(one["name"], one["rows"]) for one in found["sheets"])
    return Book(sheets, properties or {}, _notes(content), _forms(content, struck_of))


def _notes(content: bytes) -> tuple[CellNote, ...]:
    """What is said beside the cells; a file whose notes are damaged is read without them."""
    try:
        return tuple(notes_of(content))
    except UNREADABLE:
        return ()


def _forms(content: bytes, told: Callable[[bytes], dict[str, CellForms]] = forms_of) -> dict[str, CellForms]:
    """How the cells look; a file in which that is damaged is read without."""
    try:
        return told(content)
    except UNREADABLE:
        return {}


def _ods_properties(meta: bytes) -> dict[str, str]:
    try:
        root = fromstring(meta)
    except UNREADABLE:
        return {}
    found = (one for one in root.iter() if _USER_DEFINED.search(one.tag))
    return {str(one.get(next(iter(one.keys()), ""), "")): one.text or "" for one in found for _ in [0] if one.text}


def _parsed(sheet: Worksheet, first: int, last: int | None) -> Iterator[CellRow]:
    rows = sheet.iter_rows(min_row=first, max_row=last, max_col=MOST_COLUMNS, values_only=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except UNREADABLE as refusal:
            raise unreadable(say("unreadable.damaged")) from refusal
        yield row
