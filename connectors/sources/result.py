"""What every reader gives: the rows as text, what was wrong, and the exact account of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import islice
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any

import numpy as np

from connectors.bytescan.lines import decode, sha256_of
from connectors.bytescan.sought.kept import Gathered
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reading.issue import Issue
from schemas.reading.source import SourceContract, SourceReport
from schemas.text_rows import TextPlaces
from schemas.words import clean, is_clean

if TYPE_CHECKING:
    import pandas as pd

LOCATION = "_location"
_MARK = "\x00"
_SOME = 64  # lines that are looked at together
_CELLS = 65_536


@dataclass(frozen=True, slots=True)
class Reading:
    """One source, read.

    `frame`: text columns named after the contract's fields ("" when empty) and `_location` (« ligne 12 »). Of a
    register the lines themselves are `held`, as `rows`: who makes a frame of them makes text of all of them.
    A workbook's frame has `_place` and `_row` instead, so that a cell can be named: `places[_place][field]` is the
    « feuille!colonne » of a field, to which the row number is added. Unusable sources have an empty frame.
    `written`: of a workbook every row as it stands (`sheet/written.py`).
    """

    report: SourceReport
    held: "pd.DataFrame | KeptRows"
    issues: tuple[Issue, ...] = ()
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    written: "pd.DataFrame | None" = None

    @property
    def frame(self) -> "pd.DataFrame":
        """The rows."""
        return self.held.frame() if isinstance(self.held, KeptRows) else self.held

    @property
    def rows(self) -> "KeptRows | None":
        """The rows, where they are lines still."""
        return self.held if isinstance(self.held, KeptRows) else None


class KeptRows:
    """Lines of a register that were kept, with their numbers; a cell is text when it is asked for.

    Of everybody of a wanted name most are nobody whom anything else is asked of than number, name and places.
    """

    def __init__(self, kept: Gathered, rules: SourceContract, at: Mapping[str, int]) -> None:
        self.columns = (*rules.columns, LOCATION)
        self._lines, self._numbers = kept.lines, kept.numbers
        self._rules, self._at = rules, at
        self._delimiter = rules.delimiter.encode()
        self._chosen, self._last = _cells_chosen(rules, at)
        self._texts: dict[str, Sequence[str]] = {}
        self._places: dict[str, TextPlaces] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def read(self, columns: Sequence[str]) -> None:
        """Take these columns out at once: what is asked of them later is there."""
        wanted = sorted({self._at[one] for one in columns if one in self._at and one not in self._texts})
        found = dict(zip(wanted, self._columns(wanted), strict=True)) if wanted else {}
        for one in columns:
            if one not in self._texts:
                self._texts[one] = found[self._at[one]] if one in self._at else [""] * len(self)

    def let_go(self, columns: Sequence[str]) -> None:
        """Forget the text of columns that nothing more is asked of; it is taken out again where something is."""
        for one in columns:
            self._texts.pop(one, None)

    def texts(self, column: str) -> Sequence[str]:
        """Return the cells of a column."""
        if column == LOCATION:
            return [_location(number) for number in self._numbers]
        self.read([column])
        return self._texts[column]

    def row(self, at: int) -> tuple[str, ...]:
        """Return the cells of a row."""
        text = decode(self._lines[at])
        cells = self._chosen([*text.split(self._rules.delimiter, self._last), ""])
        tidy = cells if is_clean(text) else map(clean, cells)
        return (*tidy, _location(self._numbers[at]))

    def places(self, column: str) -> TextPlaces:
        """Return at which rows each text of a column stands."""
        known = self._places.get(column)
        if known is None:
            known = self._places[column] = TextPlaces(self.texts(column))
        return known

    def frame(self) -> "pd.DataFrame":
        """Return all of it as text."""
        return frame_of(zip(self._lines, self._numbers, strict=True), self._rules, self._at)

    def _columns(self, wanted: Sequence[int]) -> Sequence[Sequence[str]]:
        """The cells of each of these positions. A cell alone is decoded as it would be with its line."""
        delimiter, last, tidy = self._delimiter, wanted[-1] + 1, _Tidy().__getitem__
        if len(wanted) == 1:
            return [[tidy(line.split(delimiter, last)[last - 1]) for line in self._lines]]
        chosen = itemgetter(*wanted)
        found: list[str] = []
        for line in self._lines:
            found += map(tidy, chosen(line.split(delimiter, last)))
        return [found[at :: len(wanted)] for at in range(len(wanted))]


class _Tidy(dict[bytes, str]):
    """A cell → its text: codes and names come back on every row; the last ones, there may be millions of numbers."""

    def __missing__(self, cell: bytes) -> str:
        if len(self) >= _CELLS:
            self.clear()
        # Numbers and names are mostly those of the annuaire: one text for all of them.
        found = self[cell] = intern(cell.decode() if cell.isalnum() else clean(decode(cell)))
        return found


def failed(report: SourceReport, code: str, columns: Sequence[str], **values: object) -> Reading:
    """Return a source that cannot be used: no row, one issue of effect « file », its sentence as the report's
    message.
    """
    return refused(report, SourceError(code, say(f"issue.{code}", **values), report.path), columns)


def refused(report: SourceReport, error: SourceError, columns: Sequence[str]) -> Reading:
    """Return the same from an error raised while opening."""
    problem = Issue(report.name, error.location or report.path, "", error.code, error.message)
    return Reading(report.failed(error.message), text_frame((), columns), (problem,))


def refused_file(report: SourceReport, path: Path, error: SourceError, columns: Sequence[str]) -> Reading:
    """Return the same of a file, with the digest of one that could be opened, though not be used."""
    try:
        sha256, size = sha256_of(path)
    except SourceError:
        return refused(report, error, columns)
    return refused(replace(report, sha256=sha256, size=size), error, columns)


def text_frame(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> "pd.DataFrame":
    """Return rows of text under these columns; "" stays "", nothing is guessed."""
    import pandas as pd  # by whoever has a frame: a register is read without any

    cells = np.array(rows, dtype=object).reshape(
        len(rows), len(columns)
    )  # pandas would take each column apart, and join them
    return pd.DataFrame(cells, columns=list(columns), dtype=object, copy=False)


def frame_of(rows: Iterable[tuple[bytes, int]], rules: SourceContract, at: Mapping[str, int]) -> "pd.DataFrame":
    """Return lines with their numbers as cleaned text ("" where a column is absent), and `_location`."""
    tidy = lru_cache(maxsize=65536)(clean)  # codes come back on every row
    chosen, last = _cells_chosen(rules, at)
    one = dict[str, str]().setdefault  # one text for all equal cells: of twenty, most are codes
    found = []
    for some in _together(rows):
        texts = [decode(line) for line, _ in some]
        untidy = not is_clean(rules.delimiter.join(texts))  # nearly never, and asked of all of them at once
        for text, (_, number) in zip(texts, some, strict=True):
            cells = text.split(rules.delimiter, last)  # what nobody reads is not cut up
            cells.append("")
            row = chosen(cells)
            if untidy and not is_clean(text):
                row = tuple(map(tidy, row))
            found.append([*map(one, row, row), _location(number)])
    return text_frame(found, [*rules.columns, LOCATION])


def _cells_chosen(rules: SourceContract, at: Mapping[str, int]) -> tuple[Callable[[list[str]], Sequence[str]], int]:
    """(what takes our columns out of the cells of a line, behind which stands one more, that of the absent columns; how
    often the line is cut up: nobody reads the rest).
    """
    last = 1 + max((at[column] for column in rules.columns if column in at), default=0)
    return itemgetter(*(at.get(column, -1) for column in rules.columns)), last


def _location(number: int) -> str:
    before, after = _around_numbers()
    return f"{before}{number}{after}"


@cache
def _around_numbers() -> Sequence[str]:
    return say("reading.line", number=_MARK).split(_MARK)


def _together(rows: Iterable[tuple[bytes, int]]) -> Iterator[list[tuple[bytes, int]]]:
    """Some at a time."""
    left = iter(rows)
    while some := list(islice(left, _SOME)):
        yield some
