"""The rows of a workbook as they stand, with what of each was read: who is absent may stand in the rest."""

from collections.abc import Iterator, Mapping
from datetime import date

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
