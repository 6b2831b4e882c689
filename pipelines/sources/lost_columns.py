"""Columns of a source that were filled and are empty or gone tonight: a lost column is none that says nothing.

An empty cell says as little as a line that is missing (contract §6a). Which columns count, and what their loss costs,
is `schemas/tables/value_columns.csv`; how far each was filled is remembered of the night that used the source last.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from pipelines.policy import fewer
from pipelines.sources.judged import as_rows
from schemas.nomenclatures import rows
from schemas.reading.export_figures import Holding
from schemas.reading.filled import Filled, Loss, ValueColumn, value_columns
from schemas.reading.source import contract
from schemas.text_rows import ReadRows
from schemas.words import name_key

COLUMN = "column."  # before the field, where a figure that a safeguard holds is one of a column
KEPT = 0.8  # of the values that there were: with fewer the column is taken for lost
FIRST_NIGHT = 5  # rows without a single value: no installation begins like that
_DIGEST = 6  # bytes


def filled_of(table: pd.DataFrame | ReadRows, kind: str, headers: Collection[str] | None = None) -> dict[str, Filled]:
    """Return field → how far it is filled tonight. `headers`: the columns that there are, where the reader tells; else
    all.
    """
    rows = as_rows(table)
    counted = [
        one for one in value_columns(kind) if one.field in rows.columns and (headers is None or one.field in headers)
    ]
    rows.read([one.field for one in counted])
    return {one.field: _filled(rows, one) for one in counted}


def lost_columns(kind: str, before: Mapping[str, Filled], now: Mapping[str, Filled]) -> tuple[Holding, ...]:
    """Return the columns of which too many values are gone, from rows that are there. Never used: those without any
    value that every installation has.
    """
    return tuple(
        Holding(COLUMN + one.field, then.filled, kept, then.filled - kept)
        for one, then, kept in _compared(kind, before, now)
    )


def loss_of(kind: str, lost: Holding) -> Loss:
    """Return what the loss of the column costs."""
    return next(one.loss for one in value_columns(kind) if COLUMN + one.field == lost.name)


def column_label(kind: str, name: str) -> str:
    """Tell how the source calls the column of a figure: « Date opposition »."""
    field = name.removeprefix(COLUMN)
    if kind.startswith("register_"):
        return contract(kind).columns[field].labels[0]
    return next((row["label"] for row in rows(f"{kind}_columns") if row["field"] == field), field)


def _compared(
    kind: str, before: Mapping[str, Filled], now: Mapping[str, Filled]
) -> Iterator[tuple[ValueColumn, Filled, int]]:
    rows_now = max((one.rows for one in now.values()), default=0)
    for one in value_columns(kind):
        then, found = before.get(one.field), now.get(one.field)
        if not before and one.first_night:
            if found and found.rows >= FIRST_NIGHT and not found.filled:
                yield one, Filled(found.rows, found.rows), 0
        elif then and one.counted and rows_now:
            kept = _kept(one, then, found, rows_now)
            if kept is not None:
                yield one, then, kept


def _kept(one: ValueColumn, then: Filled, now: Filled | None, rows_now: int) -> int | None:
    """How many of the values are still there, where that is too few; None where it is not."""
    if then.mostly:
        there = then.filled - max(0, then.rows - (now.rows if now else rows_now))  # rows that went took theirs along
        kept = now.filled if now else 0
        gone = kept < there and there - kept >= one.least and fewer(kept, there, KEPT)
        return kept if gone else None
    if now is None and then.filled:
        return 0  # its header is gone with it
    if not one.key or now is None:
        return None
    standing = now.standing & then.who
    kept = len(standing & now.who)
    gone = len(standing) - kept >= one.least and fewer(kept, len(standing), KEPT)
    return then.filled - len(standing) + kept if gone else None


def _filled(table: ReadRows, one: ValueColumn) -> Filled:
    values = _values(table, one)
    count = sum(map(bool, values))
    if not one.key:
        return Filled(len(values), count)
    rows_of = list(_rows(table, one))
    who, standing = (digest for digest, value in rows_of if value), (digest for digest, _ in rows_of)
    return Filled(len(values), count, frozenset(who), frozenset(standing))


def _values(table: ReadRows, one: ValueColumn) -> Sequence[str]:
    values = table.texts(one.field)
    if not one.among:
        return values
    return [value for value, placed in zip(values, table.texts(one.among), strict=True) if placed]


def _rows(table: ReadRows, one: ValueColumn) -> Iterator[tuple[str, str]]:
    """(digest of what a row is about, its value in the column): nobody is named in what is remembered."""
    keys = zip(*(table.texts(name) for name in one.key), strict=True)
    for key, value in zip(keys, table.texts(one.field), strict=True):
        yield digest_of("|".join(map(_key_of, key))), value


def digest_of(text: str) -> str:
    """Return what is remembered of what a row is about."""
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST).hexdigest()


def _key_of(text: str) -> str:
    """As `name_key`, which remembers what it is asked: numbers are their own, and of a register all differ."""
    return text if text.isascii() and text.isdigit() else name_key(text)
