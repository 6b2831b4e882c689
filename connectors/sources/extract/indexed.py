"""The survey of an extract out of its index: the very rows that looking at all of it would give (`survey.py`)."""

from collections.abc import Callable, Sequence

import numpy as np

from connectors.bytescan.identified import tidied
from connectors.bytescan.indexed.held import ExtractIndex, IndexedLines
from connectors.bytescan.indexed.writing import NOTHING, REJECTED
from connectors.bytescan.marks import digests_of
from connectors.sources.extract.survey import Gathering, Rows, Survey, person_key

MOST_FETCHED = 100_000  # rows whose person is looked up; where there are more, looking at all takes no longer
_PART = 4096  # rows fetched and checked together

Fetch = Callable[[int, int], bytes]
"""Gives the bytes of the text from a place on, so many of them."""


def indexed_survey(index: ExtractIndex, fetch: Fetch) -> Survey | None:
    """Return the rows of an extract; None where it has changed since, or an index tells too little of its persons.

    Raises SourceError as `fetch` does.
    """
    accepted, rejected, fetched = Gathering(), Gathering(), 0
    try:
        for chunk in index.chunks():
            persons, bad = chunk.numbers(), chunk.kinds == REJECTED
            good = (chunk.kinds != NOTHING) & ~bad
            unknown = good & (persons == 0)
            fetched += int(np.count_nonzero(unknown))
            found = _persons(chunk.chosen(unknown), index.whole.at, fetch) if fetched <= MOST_FETCHED else None
            if found is None:
                return None
            persons[unknown] = found
            # A line end is no part of a row.
            rows = Rows(chunk.digests, persons, chunk.starts(), chunk.lengths.astype(np.int64) - 1)
            accepted.take(rows if good.all() else rows.take(good))
            rejected.take(rows.take(bad))
    except OSError:
        return None
    return Survey(accepted.rows(), rejected.rows())


def _persons(lines: IndexedLines, at: dict[str, int], fetch: Fetch) -> list[int] | None:
    """Whose each of these rows is; None where one is no longer what was indexed."""
    found: list[int] = []
    for first in range(0, len(lines), _PART):
        part = lines.part(first, first + _PART)
        places = zip(part.starts.tolist(), part.lengths.tolist(), strict=True)
        rows = [fetch(*place).removesuffix(b"\n").removesuffix(b"\r") for place in places]
        if not np.array_equal(digests_of(rows), part.digests):
            return None
        found += _keys(rows, at)
    return found


def _keys(rows: Sequence[bytes], at: dict[str, int]) -> list[int]:
    return [person_key(tidied(row.split(b"|"), at)[at["national_id"]]) for row in rows]
