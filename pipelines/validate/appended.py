"""« KÖNIG Jürgen, secrétaire », « MARTIN Thomas (titulaire) », « ROUX* »: what stands behind a name is none of it."""

import re

from pipelines.validate.known import Record
from schemas.nomenclatures import code_of
from schemas.words import clean

_BEHIND = re.compile(r"^(?P<name>[^,(;]+?)\s*(?:[,;]|\s[-–]\s|\()\s*(?P<tail>[^,;()]+?)\s*\)?\s*$")
_FOOTNOTE = re.compile(r"\s*(?:\*+|\(\d{1,2}\)|\[\d{1,2}\])\s*$")
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


def _field_of(tail: str) -> str:
    return next((field for field, table in _TABLES.items() if len(tail) > 2 and code_of(table, tail)), "")
