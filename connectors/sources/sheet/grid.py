"""A spreadsheet file as grids of text: .xlsx, .xls and .ods through the guarded child, .csv here.

The first bytes decide, never the extension: an .xls that is an .xlsx, or a .csv, is read as what it is.
"""

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from connectors.bytescan.lines import decode
from connectors.bytescan.mangled import is_mangled, mended
from connectors.sources import guard
from connectors.sources.sheet.guarded.child import CELLS, CHARACTERS, COLUMNS, LONGEST_CELL
from schemas.nomenclatures import say
from schemas.reading.cell import letters
from schemas.reading.footprint import Ending, ending_of
from schemas.reading.issue import Issue, issue
from schemas.reading.source import SourceReport
from schemas.words import clean, visible

DELIMITERS = (";", "\t", "|", ",")
_SNIFFED_ROWS = 30
_SNIFFED_CHARACTERS = 1_000_000
ROWS = 1_048_576  # of a sheet of Excel; a text of more is none
WRITTEN_ROWS = 100_000  # of a text that have anything in them: people, titles, remarks
_WRITTEN = re.compile(r"^[^\w\n]*\w", re.MULTILINE)
_MOST_MERGES = 50_000  # of a file: no table of people has more
_MOST_SHEETS = 100  # a département or an establishment each, at most

Merged = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: rows of text from A1, its merged and hidden cells, struck rows and notes, all counted from 0.

    `turned`: its rows are the columns of the file.
    """

    name: str
    rows: list[list[str]]
    visible: bool = True
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    cell_notes: tuple[tuple[int, int, str], ...] = ()
    turned: bool = False

    def line(self, column: int) -> str:
        """Return « Feuil1!F », of a turned sheet « Feuil1!6 »: where the values of one field stand."""
        return f"{self.name}!{column + 1 if self.turned else letters(column)}"

    def row_place(self, row: int) -> str:
        """Return « Feuil1!12 », of a turned sheet « Feuil1!L »: where one person stands."""
        return f"{self.name}!{letters(row) if self.turned else row + 1}"

    def cell(self, row: int, column: int) -> str:
        """Return the text of a cell, "" outside of what is written or where nothing can be seen."""
        values = self.rows[row] if row < len(self.rows) else []
        text = values[column] if column < len(values) else ""
        return text if text[:1].isalnum() or clean(text) else ""  # most cells need no cleaning to be seen

    @property
    def is_empty(self) -> bool:
        """Nothing is written on it."""
        return not any(clean(text) for row in self.rows for text in row)


@dataclass(frozen=True, slots=True)
class Grids:
    """A file's sheets; `is_text` for a .csv; `encoding_line` the first line that was not UTF-8; `ending`: of a text.

    `not_computed`: formulas without a value, whose cells look empty here and are not.
    """

    sheets: tuple[Grid, ...]
    is_text: bool = False
    encoding_line: int = 0
    notes: tuple[str, ...] = field(default=())
    not_computed: int = 0
    ending: Ending = Ending.NONE

    def encoding_issues(self, source: str) -> tuple[Issue, ...]:
        """Return ENCODING, where the text was read as Windows-1252."""
        if not self.encoding_line:
            return ()
        place = say("place.line", line=self.encoding_line)
        return (issue(source, place, "", "ENCODING", found=place),)


def source_report(path: Path, source: str, shown: str) -> SourceReport:
    """Return name, path, size and digest of a file; one that is none has no digest (and `load_grids` refuses it)."""
    try:
        if not path.is_file():  # reading a pipe or a device would never end
            return SourceReport(name=source, path=shown)
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return SourceReport(name=source, path=shown, sha256=digest, size=path.stat().st_size)
    except (OSError, ValueError):
        return SourceReport(name=source, path=shown)


def load_grids(path: Path, opener: guard.Opener | None = None) -> Grids:
    """Load the sheets of a file; `opener` is for several. Raises SourceError FILE_UNREADABLE or FILE_EMPTY."""
    content = guard.read_bytes(path)
    if guard.format_of(content, path) == "text":
        return text_grid(content, path.stem)
    sheets, facts = opener.open(path) if opener else guard.open_in_child(path)
    if len(sheets) > _MOST_SHEETS or sum(len(sheet["merged"]) for sheet in sheets) > _MOST_MERGES:
        raise guard.unreadable("too_large")
    known = facts or {}
    grids, struck = [], list[str]()
    for sheet in sheets:
        sheet["rows"] = _mended(sheet["rows"])
        fact = known.get(sheet["name"], {})
        struck += _without_struck(sheet["name"], sheet["rows"], fact.get("struck_texts", ()))
        grids.append(
            Grid(
                name=visible(sheet["name"]),
                rows=sheet["rows"],
                visible=sheet["visible"],
                merged=tuple((a, b, c, d) for a, b, c, d in sheet["merged"] or fact.get("merged", ())),
                hidden_rows=frozenset(fact.get("hidden_rows", ())),
                hidden_columns=frozenset(fact.get("hidden_columns", ())),
                struck_rows=frozenset(fact.get("struck_rows", ())),
                cell_notes=tuple((row, column, text) for row, column, text in fact.get("cell_notes", ())),
            )
        )
    notes = [say("note.beyond", sheet=visible(one["name"]), limit=COLUMNS) for one in sheets if one["beyond"]]
    not_computed = known.get("", {}).get("formulas", 0)
    return Grids(tuple(grids), notes=(*notes, *struck, *_file_notes(facts)), not_computed=not_computed)


def _without_struck(sheet: str, rows: list[list[str]], texts: Iterable[tuple[int, int, str, str]]) -> Iterator[str]:
    """Leave out of the cells what is struck through within their text, and say so."""
    for row, column, left, struck in texts:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = left.strip()
            cell = f"{visible(sheet)}!{letters(column)}{row + 1}"
            yield say("note.struck_text", cell=cell, struck=visible(struck)[:60], left=visible(left)[:60])


def _file_notes(facts: dict[str, Any] | None) -> Iterator[str]:
    """What its keeper may want to know of the file itself."""
    if facts is None:
        yield say("note.no_facts")
        return
    whole = facts.get("", {})
    for key in ("macros", "links", "formulas"):
        if whole.get(key):
            yield say(f"note.{key}", count=whole[key])


def text_grid(content: bytes, name: str) -> Grids:
    """Return a text of cells (.csv, « texte Unicode ») as one sheet. Raises SourceError FILE_UNREADABLE."""
    if len(content) > guard.TEXT_BYTES:
        raise guard.unreadable("too_large")
    text, encoding_line = _decode(content)
    if text.count("\n") > ROWS:  # before any of it is cut up
        raise guard.unreadable("too_large")
    if len(_WRITTEN.findall(text)) > WRITTEN_ROWS:  # blank ones cost little, and Excel writes a million of them
        raise guard.unreadable("too_many_lines", limit=WRITTEN_ROWS)
    rows, beyond, widths = _within_limits(_parse(text))
    ending = ending_of(closed=text.endswith(("\n", "\r")), full=_ends_full(widths))
    notes = (say("note.beyond", sheet=visible(name), limit=COLUMNS),) if beyond else ()
    grid = Grid(visible(name), _mended(rows))
    return Grids((grid,), is_text=True, encoding_line=encoding_line, notes=notes, ending=ending)


def _mended(rows: list[list[str]]) -> list[list[str]]:
    """The rows, cells that were UTF-8 and went through Windows-1252 as they were before."""
    if not any(is_mangled(text) for row in rows for text in row):
        return rows
    return [[mended(text) for text in row] for row in rows]


def _ends_full(widths: list[int]) -> bool:
    """Whether the last line is as wide as some other line of the table: lines typed by hand are of many widths.

    The table begins with its widest line, the header; titles stand above it.
    """
    table = widths[widths.index(max(widths)) :] if widths else []
    return len(table) < 2 or table[-1] >= min(table[:-1])


def _within_limits(records: Iterable[list[str]]) -> tuple[list[list[str]], bool, list[int]]:
    """The rows as the child process would give them: no blanks at their ends, within its budget and its width.

    Whether something is written beyond the last column; and how many cells each row that is one was cut into. Raises
    SourceError, at the first row that is too much.
    """
    rows: list[list[str]] = []
    widths: list[int] = []
    cells, characters, beyond = CELLS, CHARACTERS, False
    for record in records:
        row = [text[:LONGEST_CELL] for text in record[:COLUMNS]] if any(record) else []
        widths += [len(record)] if record else []
        beyond = beyond or any(record[COLUMNS:])
        while row and not row[-1]:
            row.pop()
        cells -= len(row)
        characters -= sum(map(len, row))
        if cells < 0 or characters < 0:
            raise guard.unreadable("too_large")
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows, beyond, widths


def _decode(content: bytes) -> tuple[str, int]:
    """UTF-8 (UTF-16 for Excel's « texte Unicode »), what is not as Windows-1252, byte by byte, and the first such line.

    Two files pasted together have both: neither may garble the other's accents.
    """
    if content.startswith(codecs.BOM_UTF32_LE):  # begins as UTF-16 does
        raise guard.unreadable("binary")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), 0
        except UnicodeDecodeError:
            raise guard.unreadable("binary") from None
    if b"\x00" in content:
        raise guard.unreadable("binary")
    try:
        return content.decode("utf-8-sig"), 0
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        return decode(content), line
    except UnicodeDecodeError:
        raise guard.unreadable("binary") from None


def _parse(text: str) -> Iterable[list[str]]:
    """Rows by the delimiter that cuts the first thirty of them most evenly."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    start = whole[:_SNIFFED_CHARACTERS].lstrip("\n").split("\n")
    if start[0].lower().startswith("sep=") and len(start[0]) == 5:  # what Excel writes to itself
        return chain([[]], _records(whole.lstrip("\n")[len(start[0]) + 1 :], start[0][4]))
    sniffed = "\n".join(start[: _SNIFFED_ROWS * 4])
    delimiter = max(DELIMITERS, key=lambda sign: _evenness(list(islice(_records(sniffed, sign), _SNIFFED_ROWS))))
    return _records(whole, delimiter)


def _evenness(records: list[list[str]]) -> int:
    widths = Counter(len(record) for record in records if len(record) > 1)
    return max((width * times for width, times in widths.items()), default=0)


def _records(text: str, delimiter: str) -> Iterable[list[str]]:
    """Excel's quoting; where a stray quote would swallow rows, no quoting at all: a row is then a line.

    Row by row: a text too large is refused before it is all cut up.
    """
    if '"' not in text:  # a million empty lines: five times faster
        return (line.rstrip("\n").split(delimiter) if line != "\n" else [] for line in io.StringIO(text))
    records = None if text.count('"') % 2 else _quoted(text, delimiter)  # an odd one is never closed
    return _unquoted(text, delimiter) if records is None else records


def _quoted(text: str, delimiter: str) -> list[list[str]] | None:
    """None where a quote is never closed, or swallows rows."""
    records: list[list[str]] = []
    width = cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(records) < _SNIFFED_ROWS:
                width = max(width, len(record))
            cells += len(record) if any(record) else 0
            if cells > CELLS * 2:
                raise guard.unreadable("too_large")
            records.append(record)
    except csv.Error:
        return None
    least = max(2, width - 1)
    swallowed = any("\n" in cell and cell.count(delimiter) >= least for record in records for cell in record)
    return None if swallowed else records


def _unquoted(text: str, delimiter: str) -> Iterator[list[str]]:
    for line in io.StringIO(text):
        cells = line.rstrip("\n").split(delimiter)
        if '"' in line:  # nearly never, where one of them is astray
            cells = [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]
        yield cells
