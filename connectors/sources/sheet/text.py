"""A text of cells (.csv, « texte Unicode ») cut into rows, whatever wrote it: Windows, a Mac, or DOS before."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice

from connectors.bytescan.lines import decode
from connectors.sources import guard
from connectors.sources.sheet.guarded.child import CELLS, CHARACTERS, COLUMNS, LONGEST_CELL
from schemas.nomenclatures import rows
from schemas.reading.footprint import Ending, ending_of

DELIMITERS = (";", "\t", "|", ",")
_SNIFFED_ROWS = 30
_SNIFFED_CHARACTERS = 1_000_000
ROWS = 1_048_576  # of a sheet of Excel; a text of more is none
WRITTEN_ROWS = 100_000  # of a text that have anything in them: people, titles, remarks
_WRITTEN = re.compile(r"^[^\w\n]*\w", re.MULTILINE)
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how software keeps Excel from taking a number for one
WINDOWS = "cp1252"
_JUDGED_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class TextRows:
    """The rows; the first line that was not UTF-8 (0: none), and the system that writes so; whether anything is written
    beyond the last column that is read; how the text ends.
    """

    rows: list[list[str]]
    encoding_line: int
    system: str
    beyond: bool
    ending: Ending


def rows_of_text(content: bytes) -> TextRows:
    """Return a text cut up. Raises SourceError FILE_UNREADABLE."""
    if len(content) > guard.TEXT_BYTES:
        raise guard.unreadable("too_large")
    written, encoding_line, system = _decoded(content)
    text = written.replace("\r\n", "\n").replace("\r", "\n")  # a Mac ended its lines so
    if text.count("\n") > ROWS:  # before any of it is cut up
        raise guard.unreadable("too_large")
    if len(_WRITTEN.findall(text)) > WRITTEN_ROWS:  # blank ones cost little, and Excel writes a million of them
        raise guard.unreadable("too_many_lines", limit=WRITTEN_ROWS)
    cut, beyond, widths = _within_limits(_parse(text))
    ending = ending_of(closed=text.endswith("\n"), full=_ends_full(widths))
    return TextRows(cut, encoding_line, system, beyond, ending)


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
        if record:
            widths.append(len(record))
        if not any(record):
            rows.append([])
            continue
        row = [_said(text) for text in record[:COLUMNS]]
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


def _said(cell: str) -> str:
    found = _AS_TEXT.fullmatch(cell) if cell.startswith('="') else None
    return (found[1].replace('""', '"') if found else cell)[:LONGEST_CELL]


# ── its encoding ─────────────────────────────────────────────────────────────────────────────────


def _decoded(content: bytes) -> tuple[str, int, str]:
    """UTF-8 (UTF-16 for Excel's « texte Unicode »), what is not as Windows-1252, byte by byte, and the first such line.

    Two files pasted together have both: neither may garble the other's accents.
    """
    if content.startswith(codecs.BOM_UTF32_LE):  # begins as UTF-16 does
        raise guard.unreadable("binary")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), 0, ""
        except UnicodeDecodeError:
            raise guard.unreadable("binary") from None
    if b"\x00" in content:
        raise guard.unreadable("binary")
    try:
        return content.decode("utf-8-sig"), 0, ""
    except UnicodeDecodeError as error:
        line = len(content[: error.start].splitlines()) or 1
    code = _written_in(content)
    if code != WINDOWS:
        return content.decode(code), line, _systems()[code]
    try:
        return decode(content), line, "Windows"
    except UnicodeDecodeError:
        raise guard.unreadable("binary") from None


def _written_in(content: bytes) -> str:
    """The code in which the bytes that are not ASCII are most like French; of equal ones Windows'."""
    start = content[:_JUDGED_BYTES]
    return max(_systems(), key=lambda code: _likeness(start.decode(code, "replace")))


@cache
def _systems() -> dict[str, str]:
    """Code → the system that wrote French texts in it, Windows first."""
    return {row["code"]: row["system"] for row in rows("encodings")}


@cache
def _signs(kind: str) -> frozenset[str]:
    return frozenset(sign for row in rows("accents") if row["kind"] == kind for sign in row["signs"])


def _likeness(text: str) -> int:
    """How far the signs beyond ASCII are letters of French, small ones not among capitals."""
    found = 0
    for at, sign in enumerate(text):
        if sign.isascii():
            continue
        beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
        shouted = any(map(str.isupper, beside)) and not any(map(str.islower, beside))
        if sign in _signs("common"):
            found += -1 if shouted and sign.islower() else 3
        else:
            found += 1 + shouted if sign in _signs("rarer") or sign == "\xa0" else -2
    return found


# ── its rows ─────────────────────────────────────────────────────────────────────────────────────


def _parse(whole: str) -> Iterable[list[str]]:
    """Rows by the delimiter that cuts the first thirty of them most evenly."""
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
