"""Where the header of a sheet stands, and which of its columns is which of our fields.

The words are data: `tables/workbook_columns.csv` and `annuaire_columns.csv`. Headers are compared without
case, accents, punctuation and small words; « N° », « No » and « Numéro » are one. An unknown header is left
alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from connectors.readers.sheet.grid import Grid
from schemas.nomenclatures import rows
from schemas.words import label_key

SEARCHED_ROWS = 30
LONGEST_HEADER = 200  # characters; a longer text is no header, and not worth the search
_SMALL_WORDS = {"de", "du", "des", "d", "la", "le", "les", "l"}
_NUMBER_WORDS = {"no", "nos", "num", "numero", "numeros", "nr"}
_DEGREE = re.compile(r"[°º]")
_ASIDE = re.compile(r"\([^)]*\)")

Key = tuple[str, str]  # (group, field); group "" for the row's own


@dataclass(frozen=True, slots=True)
class Header:
    """The header's rows (from 0), the columns offered for each (group, field), the headers nobody reads."""

    first_row: int
    last_row: int
    columns: dict[Key, list[int]]
    unread: tuple[str, ...] = ()
    texts: tuple[str, ...] = field(default=())

    @property
    def fields(self) -> set[str]:
        """Fields found, in whatever group."""
        return {name for _, name in self.columns}


@lru_cache(maxsize=16384)
def key_of(text: str) -> str:
    """The words of a header that matter: « N° de la carte », « Numéro carte » → « n carte »."""
    if len(text) > LONGEST_HEADER:
        return ""
    words = label_key(_DEGREE.sub(" ", text)).split()
    return " ".join("n" if word in _NUMBER_WORDS else word for word in words if word not in _SMALL_WORDS)


@cache
def synonyms(table: str) -> dict[str, str]:
    """Key of a header → field, by the labels and synonyms of a table of columns; labels go first."""
    found = {key_of(row["label"]): row["field"] for row in rows(table)}
    for row in rows(table):
        for word in filter(None, row["synonyms"].split("|")):
            found.setdefault(key_of(word), row["field"])
    return {**{key.replace(" ", ""): name for key, name in found.items()}, **found}


def labels(table: str) -> dict[str, str]:
    """Field → French label of the standard column, in the standard order."""
    return {row["field"]: row["label"] for row in rows(table)}


def field_of(text: str, table: str, chosen: Mapping[str, str]) -> str:
    """The field a header stands for, "" when none; `chosen` (key → field, from the configuration) wins."""
    for variant in (text, _ASIDE.sub(" ", text)):
        key = key_of(variant)
        found = chosen.get(key) or synonyms(table).get(key) or synonyms(table).get(key.replace(" ", ""), "")
        if key and found:
            return found
    return ""


def plain_header(grid: Grid, row: int, table: str, chosen: Mapping[str, str]) -> Header:
    """The row read as a header of one line, one person a row."""
    columns: dict[Key, list[int]] = {}
    unread: list[str] = []
    texts = tuple(grid.cell(row, at) for at in range(len(grid.rows[row])))
    for at, text in enumerate(texts):
        name = field_of(text, table, chosen) if text else ""
        if name:
            offered = columns.setdefault(("", name), [])
            offered.insert(0 if key_of(text) in chosen else len(offered), at)
        elif text:
            unread.append(" ".join(text.split())[:40])
    return Header(row, row, columns, tuple(unread), texts)


def candidates(grid: Grid, only: int | None) -> list[int]:
    """The rows (from 0) where a header may stand: the configuration's, or the first thirty written."""
    if only is not None:
        return [only - 1] if 0 < only <= len(grid.rows) else []
    return [row for row, values in enumerate(grid.rows[:200]) if any(values)][:SEARCHED_ROWS]


def first_filled(grid: Grid, header: Header) -> dict[Key, int]:
    """One column for each (group, field): the first, unless it is empty throughout and another is not."""

    def written(column: int) -> bool:
        return any(grid.cell(row, column) for row in range(header.last_row + 1, len(grid.rows)))

    return {
        key: next((column for column in offered if len(offered) > 1 and written(column)), offered[0])
        for key, offered in header.columns.items()
    }


def twins(grid: Grid, header: Header) -> dict[Key, list[int]]:
    """The (group, field) that several written columns are offered for: only one of them is read."""

    def written(column: int) -> bool:
        return any(grid.cell(row, column) for row in range(header.last_row + 1, len(grid.rows)))

    several = {key: offered for key, offered in header.columns.items() if len(offered) > 1}
    found = {key: [column for column in offered if written(column)] for key, offered in several.items()}
    return {key: columns for key, columns in found.items() if len(columns) > 1}


def widened(grid: Grid, header: Header) -> dict[Key, list[int]]:
    """The (group, field) whose header is merged over further written columns that have none of their own."""
    taken = {column for offered in header.columns.values() for column in offered}
    reach = {(row, first): last for row, first, _, last in grid.merged if row in (header.first_row, header.last_row)}
    found: dict[Key, list[int]] = {}
    for key, offered in header.columns.items():
        last = reach.get((header.last_row, offered[0]), offered[0])
        more = [
            column
            for column in range(offered[0] + 1, min(last, len(header.texts) + SEARCHED_ROWS) + 1)
            if column not in taken and any(grid.cell(row, column) for row in range(header.last_row + 1, len(grid.rows)))
        ]
        if more:
            found[key] = [offered[0], *more]
    return found


def letters(column: int) -> str:
    """Spreadsheet letters of a column counted from 0: 0 → A, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
