"""What a file is, by what is in it: its first bytes and its first line, never its name (contract §1 `validate`)."""

import re
import zipfile
from pathlib import Path

from connectors.bytescan.delimited import BOM, fitness, labels_of
from connectors.bytescan.lines import DAMAGED, LONGEST, ZIP_MAGIC, open_text
from connectors.sources.sheet.header import field_of
from schemas.errors import SourceError
from schemas.reading.source import contract

PERSONS, CARDS, CROSSWALK = "register_persons", "register_cards", "register_crosswalk"
STRUCTURES, TABLE = "register_structures", "table"
_OLE = b"\xd0\xcf\x11\xe0"
_SPREADSHEETS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
_START, _FIRST_PARTS = 4096, (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
_JSON = re.compile(rb"[\[{]\s*[\"\[\]{}]")
_STOCKS = (b"finess;", b"structureet;", b"geolocalisation;")
_OF_A_WORKBOOK = {"function", "structure_code", "structure_name"}  # not in a correspondence « N° ADELI;N° RPPS »
_FEWEST_COLUMNS = 3  # of a national extract, for a header that lacks a needed one


def content_of(path: Path) -> str:
    """Return a kind of national file, or « table » for a workbook, an export, and whatever is none of them.

    Of a header that lacks a column the kind that has most of the others: its reader says which one. Never raises.
    """
    if not path.is_file() or _is_spreadsheet(path):  # a device has no end, a pipe no beginning: the reader says so
        return TABLE
    try:
        with open_text(path, _likeness) as text:
            return _kind_of(text.peek())
    except SourceError:
        return _kind_of_archive(path)


def _is_spreadsheet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(_START)
        if not start.startswith(ZIP_MAGIC):
            return start.startswith(_OLE)
        if any(part in start for part in _FIRST_PARTS):  # and were it cut short
            return True
        with zipfile.ZipFile(path) as archive:
            return not _SPREADSHEETS.isdisjoint(archive.namelist())
    except DAMAGED:
        return False


def _kind_of(block: bytes) -> str:
    """By the first line that is written."""
    start = block.removeprefix(BOM).lstrip()
    if start.startswith(_STOCKS) or _JSON.match(start):
        return STRUCTURES
    header = start.split(b"\n", 1)[0].rstrip(b"\r")
    for kind in (PERSONS, CARDS):
        if fitness(contract(kind))(header):
            return kind
    if _is_correspondence(header):
        return CROSSWALK
    return max((PERSONS, CARDS), key=lambda kind: _found(header, kind)) if _likeness(header) else TABLE


def _is_correspondence(header: bytes) -> bool:
    rules = contract(CROSSWALK)
    if not fitness(rules)(header):
        return False
    written = {field_of(label, "workbook_columns", {}) for label in labels_of(header, rules.delimiter)}
    return written.isdisjoint(_OF_A_WORKBOOK)


def _found(header: bytes, kind: str) -> int:
    rules = contract(kind)
    return len(rules.positions(labels_of(header, rules.delimiter))[0])


def _likeness(header: bytes) -> int:
    """Whether a line may be the header of some national file, with a column missing perhaps."""
    start = header.removeprefix(BOM).lstrip()
    if start.startswith(_STOCKS) or _JSON.match(start):
        return 1
    line = header.rstrip(b"\r\n")
    return int(_is_correspondence(line) or max(_found(line, PERSONS), _found(line, CARDS)) >= _FEWEST_COLUMNS)


def _kind_of_archive(path: Path) -> str:
    """Of an archive of which no text could be chosen: the kind of the first one that may be one, else « persons »."""
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                with archive.open(info) as member:
                    header = member.readline(LONGEST)
                if _likeness(header):
                    return _kind_of(header)
    except DAMAGED:
        return PERSONS if path.is_file() and zipfile.is_zipfile(path) else TABLE
    return PERSONS
