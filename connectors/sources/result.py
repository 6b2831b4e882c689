"""What every reader gives: the rows as text, what was wrong, and the exact account of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from connectors.bytescan.lines import decode, sha256_of
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.reading.issue import Issue
from schemas.reading.source import SourceContract, SourceReport
from schemas.words import clean, is_clean

_MARK = "\x00"
_SOME = 64  # lines that are looked at together


@dataclass(frozen=True, slots=True)
class Reading:
    """One source, read.

    `frame`: text columns named after the contract's fields ("" when empty) and `_location` (« ligne 12 »).
    A workbook's frame has `_place` and `_row` instead, so that a cell can be named: `places[_place][field]` is the
    « feuille!colonne » of a field, to which the row number is added. Unusable sources have an empty frame.
    `written`: of a workbook every row as it stands (`sheet/written.py`).
    """

    report: SourceReport
    frame: pd.DataFrame
    issues: tuple[Issue, ...] = ()
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    written: pd.DataFrame | None = None


def failed(report: SourceReport, code: str, columns: Sequence[str], **values: object) -> Reading:
    """Return a source that cannot be used: no row, one issue of effect « file », its sentence as the report's
    message.
    """
    return refused(report, SourceError(code, say(f"issue.{code}", **values), report.path), columns)


def refused(report: SourceReport, error: SourceError, columns: Sequence[str]) -> Reading:
    """Return the same from an error raised while opening."""
    problem = Issue(report.name, error.location or report.path, "", error.code, error.message)
    return Reading(report.failed(error.message), pd.DataFrame(columns=list(columns), dtype=object), (problem,))


def refused_file(report: SourceReport, path: Path, error: SourceError, columns: Sequence[str]) -> Reading:
    """Return the same of a file, with the digest of one that could be opened, though not be used."""
    try:
        sha256, size = sha256_of(path)
    except SourceError:
        return refused(report, error, columns)
    return refused(replace(report, sha256=sha256, size=size), error, columns)


def text_frame(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows of text under these columns; "" stays "", nothing is guessed."""
    cells = np.array(rows, dtype=object).reshape(-1, len(columns))  # pandas would take each column apart, and join them
    return pd.DataFrame(cells, columns=list(columns), dtype=object, copy=False)


def frame_of(rows: Iterable[tuple[bytes, int]], rules: SourceContract, at: Mapping[str, int]) -> pd.DataFrame:
    """Return lines with their numbers as cleaned text ("" where a column is absent), and `_location`."""
    tidy = lru_cache(maxsize=65536)(clean)  # codes come back on every row
    # One cell more is put behind the last one: that of the columns that are absent.
    chosen = itemgetter(*(at.get(column, -1) for column in rules.columns))
    last = 1 + max((at[column] for column in rules.columns if column in at), default=0)
    before, after = say("reading.line", number=_MARK).split(_MARK)
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
            found.append([*map(one, row, row), f"{before}{number}{after}"])
    return text_frame(found, [*rules.columns, "_location"])


def _together(rows: Iterable[tuple[bytes, int]]) -> Iterator[list[tuple[bytes, int]]]:
    """Some at a time."""
    left = iter(rows)
    while some := list(islice(left, _SOME)):
        yield some
