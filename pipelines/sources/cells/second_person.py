"""What a row holds beside its own person: a second name or number, wherever it was typed (contract §6a, §8).

Nothing is read off it but that somebody else may be meant: who it is, is for the night to look up.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from pipelines.sources.cells.bare_number import may_number, numbers_in
from pipelines.sources.cells.known_people import Record, twins_of
from schemas.nomenclatures import code_of, rows
from schemas.people.workbook_line import NAME_FIELDS, NOTHING_FURTHER, Further
from schemas.words import clean, label_key

_FREE = ("comment", "phone", "email", "cpx_number", "status", "ended_on")
_CODED = {
    "status": "statuses",
    "function": "functions",
    "rank": "ranks",
    "profession": "professions",
    "civility": "civilities",
}
_IN_WORDS = (*_FREE, *(name for name in _CODED if name not in _FREE))
_AS_WRITTEN = ("cpx_number", "email", "phone")
_SIGNS = re.compile(r"[\n/&+;,:(|]|\s[-–—]\s")
_LEAST_DIGITS = 9  # of a national number
_WORD = re.compile(r"[^\W\d_]{2,}")
_ADDRESS = re.compile(r"\S*@\S*")
_LONGEST = 500  # characters of a cell that is searched


def seen_cells(record: Mapping[str, str]) -> Record:
    """Return the cells as one sees them; a number keeps its invisible marks, which its reading tells of.

    That names stand apart in their cell, on two lines perhaps, is marked before it can no longer be seen.
    """
    seen_in = _seen_in(tuple(record))
    seen = {name: text and clean(text) if name in seen_in else text for name, text in record.items()}
    if _is_parted(record):
        seen["_parted"] = "\t".join(record.get(name, "") for name in NAME_FIELDS)
    return seen


@lru_cache(maxsize=256)  # the rows of a sheet have the same columns
def _seen_in(columns: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for name in columns if not name.startswith("_") and name.partition("~")[0] not in _AS_WRITTEN)


def part_names(record: Record) -> None:
    """Mark, or mark no more, that the names stand apart in their cells, when a remark was taken out of these."""
    if record.pop("_parted", "") and _is_parted(record):
        record["_parted"] = "\t".join(record.get(name, "") for name in NAME_FIELDS)


def _is_parted(record: Mapping[str, str]) -> bool:
    """The cells of the name, as written, hold a sign or a word that stands between two people."""
    cells = [cell for name in NAME_FIELDS if (cell := record.get(name, "").strip())]
    return any(_SIGNS.search(cell) or not _between().isdisjoint(label_key(cell).split()) for cell in cells)


@cache
def _between() -> frozenset[str]:
    return frozenset(row["words"] for row in rows("name_words") if row["kind"] == "between")


def further_of(record: Record, structure_name: str, not_a_person: str) -> Further:
    """Return the remarks and numbers of a row. `structure_name`: its establishment's known name, whose words are
    nobody's; `not_a_person`: its FINESS.
    """
    parted = "_parted" in record
    remarks = tuple(dict.fromkeys(_remarks(record, structure_name)))
    numbers = tuple(dict.fromkeys(_numbers(record, not_a_person)))
    return Further(parted, remarks, numbers) if parted or remarks or numbers else NOTHING_FURTHER


def _remarks(record: Record, structure_name: str) -> Iterator[str]:
    """What is written in words, where a value of its own or a known word is expected."""
    for name, cell in cells_of(record, _IN_WORDS):
        text = _remark(_CODED.get(name, ""), cell)
        if text:
            yield text
    named = clean(record.get("structure_name", ""))[:_LONGEST]
    known = set(label_key(structure_name).split())
    further = [word for word in named.split() if not known or not known.issuperset(label_key(word).split())]
    if known and any(_WORD.search(word) for word in further):
        yield " ".join(further)


@lru_cache(maxsize=4096)  # functions, ranks, professions are few
def _remark(table: str, cell: str) -> str:
    """The words of a cell, unless they are a known one of its table."""
    text = _ADDRESS.sub(" ", clean(cell)[:_LONGEST])
    return text if _WORD.search(text) and not (table and code_of(table, text)) else ""


def cells_of(record: Record, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (header, what stands there) of the cells of these columns, and of those that share their headers, that are
    not empty.
    """
    twins = twins_of(record)
    for name in names:
        if cell := record.get(name):
            yield name, cell
        for key in twins.get(name, ()):
            if record[key]:
                yield name, record[key]


def numbers_elsewhere(record: Record, not_a_person: str) -> Iterator[str]:
    """Yield the national numbers of the cells of the name, of remarks, of telephones, or of any that expects none."""
    for name, cell in cells_of(record, _ELSEWHERE):
        if _may_number(cell) and (name != "phone" or not _ABROAD.search(cell)):
            yield from numbers_in(cell, not_a_person)


_OWN = (
    "structure_name",
    "structure_type",
    "function",
    "rank",
    "comment",
    "phone",
    "email",
    "status",
    "card_type",
    "card_expires_on",
    "profession",
    "civility",
)
_ELSEWHERE = (*NAME_FIELDS, *_OWN)
_ANYWHERE = (*NAME_FIELDS, *_FREE, "structure_name")
_ABROAD = re.compile(r"(?:\+|\b00)\s?\d|\b33\s?\d")


def _numbers(record: Record, not_a_person: str) -> Iterator[str]:
    for _, cell in cells_of(record, _ANYWHERE):
        if _may_number(cell):
            yield from numbers_in(cell, not_a_person)


def _may_number(cell: str) -> bool:
    return may_number(cell) and sum(map(str.isdigit, cell)) >= _LEAST_DIGITS
