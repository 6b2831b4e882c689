"""A date in three columns: « jour », « mois », « année » below a date's header or behind it, or one over all three."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header, field_of, loose_field_of
from connectors.sources.sheet.stacked import captions_over
from schemas.nomenclatures import rows
from schemas.people.workbook_line import DATE_FIELDS
from schemas.words import label_key

_ORDERS = (("day", "month", "year"), ("year", "month", "day"), ("month", "day", "year"))
Parts = Mapping[str, int]  # « day », « month », « year » → column


def with_date_parts(grid: Grid, header: Header, table: str) -> Header:
    """Return the header with the dates that stand in three columns of their own; they are no longer unread."""
    taken = {at: name for (_, name), columns in header.columns.items() for at in columns}
    found = dict(_named(grid, header, table, taken)) | dict(_merged(header, taken))
    dates = {name: parts for name, parts in found.items() if _holds_days(grid, header, parts)}
    if not dates:
        return header
    theirs = {at for parts in dates.values() for at in parts.values()}
    labels = [" ".join(grid.cell(header.last_row, at).split())[:40] for at in theirs]
    unread = tuple(text for text in header.unread if not any(label and text.endswith(label) for label in labels))
    columns = {key: kept for key, own in header.columns.items() if (kept := [at for at in own if at not in theirs])}
    return replace(header, columns=columns, unread=unread, dates=dates)


def read_parts(grid: Grid, row: int, parts: Parts) -> str:
    """Return « 31/12/2027 » of three cells, « 12/2027 » of two; what is written, where it is no date."""
    day, month, year = (grid.cell(row, parts[name]).strip() for name in ("day", "month", "year"))
    told = [text.zfill(2) for text in (day, month, year) if text]
    return ("/" if month.isdecimal() else " ").join(told)


def _named(grid: Grid, header: Header, table: str, taken: Mapping[int, str]) -> Iterator[tuple[str, Parts]]:
    """Three neighbours whose labels are the parts of a date; which date stands behind, above or before them."""
    labels = [_part_of(grid.cell(header.last_row, at)) for at in range(len(header.texts))]
    captions = [captions_over(grid, row, len(labels)) for row in _rows_above(header)]
    for at in range(len(labels) - 2):
        three = labels[at : at + 3]
        if tuple(part for part, _ in three) not in _ORDERS:
            continue
        told = [*(rest for _, rest in three), *(row[at] for row in captions)]
        names = [field_of(text, table, {}) or loose_field_of(text, table) for text in told if text]
        name = next((one for one in names if one in DATE_FIELDS), "")
        if not name and not _written(grid, header, at - 1):
            name = taken.get(at - 1, "")
        if name in DATE_FIELDS and not any(of == name and not at - 1 <= other < at + 3 for other, of in taken.items()):
            yield name, {part: at + step for step, (part, _) in enumerate(three)}


def _merged(header: Header, taken: Mapping[int, str]) -> Iterator[tuple[str, Parts]]:
    """The header of a date over three columns, of which the two others have none."""
    for at, name in taken.items():
        if name in DATE_FIELDS and not any(header.texts[at + 1 : at + 3]):
            yield name, {"day": at, "month": at + 1, "year": at + 2}


def _part_of(text: str) -> tuple[str, str]:
    """(« day », « month » or « year », the other words), by the last word of a label, or its first."""
    words = label_key(text).split()
    for word, rest in ((words[-1:], words[:-1]), (words[:1], words[1:])):
        part = _parts().get("".join(word), "")
        if part:
            return part, " ".join(rest)
    return "", ""


@cache
def _parts() -> dict[str, str]:
    return {word: row["part"] for row in rows("date_parts") for word in row["words"].split("|")}


def _rows_above(header: Header) -> list[int]:
    """The nearest first: where a caption may stand, one above a header of a single row too."""
    return list(range(header.last_row - 1, max(-1, header.first_row - 2), -1))


def _written(grid: Grid, header: Header, at: int) -> bool:
    return any(grid.cell(row, at) for row in range(header.last_row + 1, len(grid.rows)))


def _holds_days(grid: Grid, header: Header, parts: Parts) -> bool:
    """No cell of the day is more than a day, none of the month more than a month."""
    rows = range(header.last_row + 1, len(grid.rows))
    days = [text for row in rows if (text := grid.cell(row, parts["day"]).strip())]
    years = [text for row in rows if (text := grid.cell(row, parts["year"]).strip())]
    two = [text for text in days if text.isdecimal() and len(text) <= 2]
    four = [text for text in years if text.isdecimal() and len(text) in (2, 4)]
    return bool(years) and 2 * len(two) >= len(days) and 2 * len(four) >= len(years)
