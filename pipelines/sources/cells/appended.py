"""« KÖNIG Jürgen, secrétaire », « MARTIN Thomas (titulaire) », « ROUX* »: what stands behind a name is none of it."""

import re

from pipelines.sources.cells.known import Record
from schemas.nomenclatures import code_of
from schemas.words import clean

_BEHIND = re.compile(r"^(?P<name>[^,(;]+?)\s*(?:[,;]|\s[-–]\s|\()\s*(?P<tail>[^,;()]+?)\s*\)?\s*$")
_FOOTNOTE = re.compile(r"\s*(?:\*+|\(\d{1,2}\)|\[\d{1,2}\])\s*$")
_BETWEEN = re.compile(r"\s[/|\-–]\s|[;|\n]|/(?=\s*\S+@)|(?<=\d)\s+(?=\S+@)")
_PHONE = re.compile(r"(?:\d[ .\-]?){9,}")
_TABLES = {"profession": "professions", "function": "functions", "rank": "ranks"}
_NAMES = ("last_name", "first_name")


def take_appended(record: Record) -> None:
    """Put a profession, function or rank that stands behind the name where it belongs, and leave out footnote marks."""
    for name in _NAMES:
        cell = _FOOTNOTE.sub("", clean(record[name])) if record[name] else ""
        found = _BEHIND.match(cell)
        field = _field_of(found["tail"]) if found else ""
        if found and field:
            cell = found["name"]
            record[field] = record[field] or found["tail"]
        if cell:
            record[name] = cell


def part_contacts(record: Record) -> None:
    """Put the telephones that stand among addresses, in a column of contacts, where no other column has one."""
    cell = record["email"]
    if record["phone"] or not any(sign.isdigit() for sign in cell):
        return
    parts = [part.strip() for part in _BETWEEN.split(cell) if part.strip()]
    phones = [part for part in parts if "@" not in part and _PHONE.search(part)]
    if phones:
        record["phone"] = " ; ".join(phones)
        record["email"] = " ; ".join(part for part in parts if part not in phones)


def _field_of(tail: str) -> str:
    return next((field for field, table in _TABLES.items() if len(tail) > 2 and code_of(table, tail)), "")
