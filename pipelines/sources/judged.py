"""What judging a frame gives: the nouns in it, what was wrong, and how many rows that cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

from schemas.reading.issue import Issue
from schemas.text_rows import ReadRows, TextPlaces

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
_FEW = 20_000  # cells whose rows may all be there at once: column by column pandas takes a hundred times as long


def rows_of(frame: pd.DataFrame) -> Iterator[TextRow]:
    """Yield rows in the order of the columns."""
    if frame.size <= _FEW:
        return map(tuple, frame.to_numpy(dtype=object).tolist())
    return zip(*(frame[column].tolist() for column in frame.columns), strict=True)


def records(frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Yield rows as dictionaries, one at a time, for they may be millions; faster than `to_dict("records")`."""
    columns = list(frame.columns)
    return (dict(zip(columns, row, strict=True)) for row in rows_of(frame))


class FrameRows:
    """The rows of a frame, as those are asked for that a reader keeps as lines."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.columns: Sequence[str] = list(frame.columns)
        self._texts: dict[str, list[str]] = {name: frame[name].tolist() for name in self.columns}
        self._length = len(frame)

    def __len__(self) -> int:
        return self._length

    def read(self, columns: Sequence[str]) -> None:
        """Take these columns out at once: all are."""

    def let_go(self, columns: Sequence[str]) -> None:
        """Forget the text of columns: the frame has it."""

    def texts(self, column: str) -> Sequence[str]:
        """Return the cells of a column; "" where there is none."""
        return self._texts[column] if column in self._texts else [""] * self._length

    def row(self, at: int) -> TextRow:
        """Return the cells of a row."""
        return tuple(texts[at] for texts in self._texts.values())

    def places(self, column: str) -> TextPlaces:
        """Return at which rows each text of a column stands."""
        return TextPlaces(self.texts(column))


def as_rows(table: pd.DataFrame | ReadRows) -> ReadRows:
    """Return the rows of a frame; rows as they are."""
    return FrameRows(table) if isinstance(table, pd.DataFrame) else table
