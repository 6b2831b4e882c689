"""What judging a frame gives: the nouns in it, what was wrong, and how many rows that cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

from schemas.reading.issue import Issue

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Judged(Generic[T]):
    """What a frame holds, what was wrong with it, and how many rows that cost.

    `unread`: the numbers that those rows of a national file are about: unreadable is not gone.
    """

    items: T
    issues: tuple[Issue, ...] = ()
    rejected: int = 0
    unread: frozenset[str] = frozenset()


TextRow = tuple[str, ...]
_FEW = (
    20_000  # cells whose rows may all be there at once: pandas takes 20 µs a column, a hundredth of that for them all
)


def rows_of(frame: pd.DataFrame) -> Iterator[TextRow]:
    """Yield rows in the order of the columns."""
    if frame.size <= _FEW:
        return map(tuple, frame.to_numpy(dtype=object).tolist())
    return zip(*(frame[column].tolist() for column in frame.columns), strict=True)


def records(frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Yield rows as dictionaries, one at a time, for they may be millions; faster than `to_dict("records")`."""
    columns = list(frame.columns)
    return (dict(zip(columns, row, strict=True)) for row in rows_of(frame))
