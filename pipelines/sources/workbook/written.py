"""The rows of a workbook as they stand, with what of each was read: who is absent may stand in the rest."""

import pickle
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from itertools import islice
from operator import attrgetter
from typing import overload

import pandas as pd

from pipelines.sources.judged import records
from pipelines.sources.workbook.sheets import meanings_of
from schemas.people.workbook_line import BETWEEN_CELLS, HEADER_ROW, NOTE, WrittenRow
from schemas.reading.sheet_meaning import LEAVERS, TODAY, may_mean_leavers
from schemas.words import clean

_Places = Mapping[str, Mapping[str, str]]
_Read = tuple[str, Mapping[int, str]]
_DOTS = "…"  # says that there is more
_UNREAD: _Read = ("", {})
_LEAST = 3  # signs of a row that may name or number anybody
_MANY = 30_000  # rows of all workbooks: of an ordinary country all stay as they are
_LARGE = 2_000  # rows of one workbook: that of an ordinary region has a few hundred
_TOGETHER = 500  # rows that are packed into one
_values = attrgetter(*(one.name for one in fields(WrittenRow)))


class PackedRows(Sequence[WrittenRow]):
    """Rows that are gone through one after the other, a quarter of what they take: there may be millions of them.

    What is packed in one of the `parts` already stays so.
    """

    def __init__(self, *parts: Iterable[WrittenRow]) -> None:
        self._packs: list[bytes] = []
        self._ends: list[int] = []  # how many rows stand before the end of each pack
        for part in parts:
            if isinstance(part, PackedRows):
                self._ends += [end + len(self) for end in part._ends]
                self._packs += part._packs
            else:
                self._pack(iter(part))

    def _pack(self, left: Iterator[WrittenRow]) -> None:
        while some := [*map(_values, islice(left, _TOGETHER))]:
            self._packs.append(zlib.compress(pickle.dumps(some, pickle.HIGHEST_PROTOCOL), 1))
            self._ends.append(len(self) + len(some))

    def __iter__(self) -> Iterator[WrittenRow]:
        return (row for at in range(len(self._packs)) for row in self._unpacked(at))

    @overload
    def __getitem__(self, at: int) -> WrittenRow: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[WrittenRow]: ...
    def __getitem__(self, at: int | slice) -> WrittenRow | Sequence[WrittenRow]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        at %= len(self)
        pack = bisect_right(self._ends, at)
        return self._unpacked(pack)[at - (self._ends[pack - 1] if pack else 0)]

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def _unpacked(self, pack: int) -> list[WrittenRow]:
        return [WrittenRow(*values) for values in pickle.loads(zlib.decompress(self._packs[pack]))]


def packed(rows: Sequence[Sequence[WrittenRow]]) -> Sequence[WrittenRow]:
    """Return the rows of several workbooks as those of one: as they are, or packed where they are many."""
    if sum(map(len, rows)) > _MANY:
        return PackedRows(*rows)
    return tuple(row for some in rows for row in some)


def put_away(rows: Sequence[WrittenRow]) -> Sequence[WrittenRow]:
    """Return the rows of one workbook, packed where they are many, until those of all workbooks are put together."""
    return PackedRows(rows) if len(rows) > _LARGE else rows


def written_of(
    written: pd.DataFrame | None, frame: pd.DataFrame, places: _Places, source: str, day: date
) -> tuple[WrittenRow, ...]:
    """Return every row of today's sheets and of leavers'; what stands below their title has it."""
    if written is None or written.empty:
        return ()
    read = _columns_read(frame, places)
    meanings = meanings_of(dict.fromkeys(dict.fromkeys(written["_sheet"]), ""), day)
    return tuple(_rows(written, read, meanings, source))


def _rows(
    written: pd.DataFrame, read: Mapping[str, _Read], meanings: Mapping[str, str], source: str
) -> Iterator[WrittenRow]:
    heads: dict[int, str] = {}
    sheet, last, title = "", 0, ""
    for record in records(written):
        here, row = record["_sheet"], int(record["_row"])
        if here != sheet:
            sheet, last, title, heads = here, 0, "", {}
        if meanings[here] not in (TODAY, LEAVERS):
            continue
        note, location = record["_kind"] == NOTE, record["_location"]
        cells = [] if note else record["text"].split(BETWEEN_CELLS)
        if record["_kind"] == HEADER_ROW:
            heads = {at: text for at, text in enumerate(cells) if text}
            last = row
            continue
        title = "" if note else _title_of(cells, title, gap=row > last + 1)
        last = last if note else row
        gone = meanings[here] == LEAVERS or (len(meanings) > 1 and may_mean_leavers(here))
        leavers = here if gone else "" if _is_title(cells) else title  # a title may be a legend
        if len(clean(record["text"])) >= _LEAST or _DOTS in record["text"]:
            colours = tuple(filter(None, record["_colours"].split("|")))
            location, told = read.get(location, (location, {}))
            yield WrittenRow(source, location, record["text"], note, told, heads, leavers, colours)


def _title_of(cells: list[str], now: str, *, gap: bool) -> str:
    """The title of leavers that a row is, or stands below: to a blank row, or another title."""
    alone = _alone(cells)
    if alone and may_mean_leavers(alone):
        return alone
    return "" if gap or alone.endswith(":") else now


def _is_title(cells: list[str]) -> bool:
    alone = _alone(cells)
    return bool(alone) and may_mean_leavers(alone)


def _alone(cells: list[str]) -> str:
    """The only cell of a row that is not empty; "" where there are more."""
    found = ""
    for text in filter(None, map(clean, filter(None, cells))):
        if found:
            return ""
        found = text
    return found


def _columns_read(frame: pd.DataFrame, places: _Places) -> dict[str, _Read]:
    """Location of a row → (the very text that its line has, column → field read there); columns that only repeat a
    header are not read.
    """
    of_place = {
        place: {_number(cell.rpartition("!")[2]): name for name, cell in fields.items() if "~" not in name}
        for place, fields in places.items()
    }
    found: dict[str, _Read] = {}
    alike: dict[tuple[tuple[int, str], ...], Mapping[int, str]] = {}  # one for all rows of which the same was read
    for location, place in zip(frame["_location"], frame["_place"], strict=True) if len(frame) else ():
        told = {**found.get(location, _UNREAD)[1], **of_place.get(place, {})}
        found[location] = location, alike.setdefault(tuple(told.items()), told)
    return found


def _number(column: str) -> int:
    """0 for A, 26 for AA; of a turned sheet 0 for 1."""
    if column.isdigit():
        return int(column) - 1
    number = 0
    for sign in column:
        number = number * 26 + ord(sign) - ord("A") + 1
    return number - 1
