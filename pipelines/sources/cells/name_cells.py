"""A cell of a name that says more than a name: that its person left, was replaced, or shares the row with another."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from pipelines.names import Name, bag, full_key, tells_of_birth
from pipelines.normalize import split_name
from pipelines.sources.cells.known_people import People, Record
from pipelines.sources.cells.presence import departs, is_left
from schemas.people.workbook_line import NAME_FIELDS, UnreadRow, WorkbookRow
from schemas.words import clean

_ASIDE = re.compile(r"\(([^()]*)\)?")
_BREAK = re.compile(r"\s[-–—]\s|[,;:/]")
_BETWEEN = re.compile(r"\s*(?:[\n/&+;,]|\s[-–—]\s|\b(?:et|puis)\b)\s*", re.IGNORECASE)
_LEAST = 4  # letters of a remark: « (P) » is part of a name


def name_says_left(record: Record, day: date) -> str:
    """Return the cell of a name that tells of a departure: « Nina (remplacée par FOREST Luc) », « DUPRAT - partie »; or
    "".
    """
    return next((name for name in NAME_FIELDS if _says_left(record.get(name, ""), day)), "")


@lru_cache(maxsize=4096)  # the names of a sheet, when they are understood and when they are judged
def _says_left(cell: str, day: date) -> bool:
    remarks = [*_ASIDE.findall(cell), *_BREAK.split(_ASIDE.sub(" ", cell))[1:]]
    told = (text for text in map(clean, remarks) if len(text) >= _LEAST and not tells_of_birth(text))
    return any(is_left(text, day) for text in told) or departs(cell)


def strangers(record: Record, row: WorkbookRow, source: str, code: str, people: People) -> Iterator[UnreadRow]:
    """Yield those who share the row with its person, and of whom the annuaire knows nothing: who they are is asked.

    `code`: of their structure.
    """
    for name in second_people(record.get("_parted", "")):
        if full_key(*name) not in people.names and bag(name) not in people.by_words:
            wording = f"{row.last_name} {row.first_name}".strip()
            yield UnreadRow(source, row.location, code, name, (), not_understood="several", wording=wording)


def second_people(written: str) -> list[Name]:
    """Return those beside the first in the cells of a name, as they were written, last and first name apart by a tab:
    where each of both cells holds as many, or one cell whole names.
    """
    last, _, first = written.partition("\t")
    lasts, firsts = _parts(last), _parts(first)
    if len(lasts) == len(firsts) > 1:
        return [(one, other) for one, other in zip(lasts, firsts, strict=True)][1:]
    if firsts or len(lasts) < 2 or not all(len(part.split()) > 1 for part in lasts):
        return []
    return [split_name(part, "", one_cell=True)[1:] for part in lasts][1:]


def _parts(cell: str) -> list[str]:
    return [part for part in map(clean, _BETWEEN.split(cell.strip())) if part]
