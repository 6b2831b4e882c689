"""Several tables on one sheet, below each other or side by side; and one whose numbers stand on another sheet."""

from dataclasses import replace
from itertools import pairwise

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header, field_of, key_of
from schemas.words import label_key

_TABLE = "workbook_columns"
_FEWEST_LABELS = 4  # known headers in a row that begins another table
_PERSON = {"last_name", "cpx_number"}


def without_block_at_right(grid: Grid, header: Header) -> Header:
    """Return the header without the columns of a block that stands apart to the right of the people, behind an empty
    column: a list of departures, a legend, figures. Not where people stand in both.
    """
    taken = {at for own in header.columns.values() for at in own}
    people = [at for (_, name), own in header.columns.items() if name in _PERSON for at in own]
    last = max(people, default=0)
    width = max(map(len, grid.rows), default=0)
    gap = next((at for at in range(last + 1, width) if _is_empty(grid, header, at)), width)
    if not people or not any(at > gap for at in taken):
        return header
    columns = {key: left for key, own in header.columns.items() if (left := [at for at in own if at < gap])}
    texts = tuple(text for at, text in enumerate(header.texts) if at > gap and at in taken and text)
    return replace(header, columns=columns, unread=(*header.unread, *texts))


def _is_empty(grid: Grid, header: Header, column: int) -> bool:
    return not any(grid.cell(row, column) for row in range(max(0, header.first_row), len(grid.rows)))


def next_header(grid: Grid, header: Header) -> int | None:
    """Return the row (from 0) below a header where another one stands, its columns elsewhere; None without any."""
    for row in range(header.last_row + 1, len(grid.rows)):
        first = next((text for text in grid.rows[row] if text), "")
        if first and _field(first) and not repeats(grid, header, row) and _heads_otherwise(grid, header, row):
            return row
    return None


def repeats(grid: Grid, header: Header, row: int) -> bool:
    """Tell whether it is the last row of the header again, word for word, as at the top of a printed page."""
    same = 0
    for at, text in enumerate(header.texts):
        cell = grid.cell(row, at)
        if cell and key_of(cell) != key_of(text):  # nearly always at the first cell
            return False
        same += bool(cell)
    return same > 1


def _heads_otherwise(grid: Grid, header: Header, row: int) -> bool:
    found = {at: name for at in range(len(grid.rows[row])) if (name := _field(grid.cell(row, at)))}
    written = sum(bool(grid.cell(row, at)) for at in range(len(grid.rows[row])))
    if len(set(found.values())) < _FEWEST_LABELS or not _PERSON.intersection(found.values()):
        return False
    ours = {at: name for (_, name), columns in header.columns.items() for at in columns}
    return 2 * len(found) >= written and any(ours.get(at) != name for at, name in found.items())


def _field(text: str) -> str:
    return field_of(text, _TABLE, {}) if text else ""


def above_and_below(grid: Grid, row: int) -> tuple[Grid, Grid]:
    """Return the sheet to a row and from it on, a title right above it with what is below; cells keep their places."""
    row -= bool(row) and sum(map(bool, grid.rows[row - 1])) == 1
    blank: list[list[str]] = [[] for _ in range(row)]
    return replace(grid, rows=grid.rows[:row]), replace(grid, rows=[*blank, *grid.rows[row:]])


def side_by_side(header: Header) -> list[Header]:
    """Return a header for each table, where the columns that make one come again to the right; the header itself
    otherwise.
    """
    if any(group for group, _ in header.columns):
        return _wide_side_by_side(header)
    times = len(header.columns.get(("", "last_name"), ()))
    again = {key: columns for key, columns in header.columns.items() if len(columns) == times}
    if times < 2 or not again.keys() >= _OF_PEOPLE:
        return [header]
    if again.keys().isdisjoint(_PLACES):
        return [header]
    blocks = [[columns[at] for columns in again.values()] for at in range(times)]
    if any(max(block) >= min(following) for block, following in pairwise(blocks)):
        return [header]
    begins = [0, *(min(block) for block in blocks[1:]), len(header.texts) + max(max(block) for block in blocks)]
    return [_within(header, range(*ends), number) for number, ends in enumerate(pairwise(begins))]


def _wide_side_by_side(header: Header) -> list[Header]:
    """« CHV-ST » above one table, « ASSISTANTS » above the next: each with a column of its own for the establishment,
    and people behind it.
    """
    places = next((columns for key, columns in header.columns.items() if key in _PLACES), [])
    begins = [0, *places[1:], len(header.texts) + max(max(columns) for columns in header.columns.values())]
    ranges = [range(*ends) for ends in pairwise(begins)]
    names = [at for (_, name), columns in header.columns.items() if name == "last_name" for at in columns]
    if len(places) < 2 or not all(any(at in place for at in names) for place in ranges):
        return [header]
    return [_within(header, place, number) for number, place in enumerate(ranges)]


_OF_PEOPLE = {("", "last_name"), ("", "cpx_number")}
_PLACES = {("", "structure_code"), ("", "structure_name")}


def _within(header: Header, place: range, number: int) -> Header:
    texts = tuple(text if at in place else "" for at, text in enumerate(header.texts))
    columns = {key: within for key, found in header.columns.items() if (within := [at for at in found if at in place])}
    return replace(header, columns=columns, texts=texts, unread=() if number else header.unread)


def numbers_from(grid: Grid, header: Header, other: Grid, of_other: Header) -> tuple[Grid, Header] | None:
    """Return a table of people with the columns of cards that another sheet has of nearly all of them, by their names;
    None where it has not.
    """
    cards = {name: at[0] for (group, name), at in of_other.columns.items() if not group and name in _CARD}
    theirs: dict[frozenset[str], int | None] = {}
    for row in range(of_other.last_row + 1, len(other.rows)):
        if key := name_on(other, of_other, row):
            theirs[key] = None if key in theirs else row  # two of one name: nobody's number
    mine = {row: key for row in range(header.last_row + 1, len(grid.rows)) if (key := name_on(grid, header, row))}
    found = {row: at for row, key in mine.items() if (at := theirs.get(key)) is not None}
    if "cpx_number" not in cards or len(found) < _NEARLY * max(1, len(mine)):
        return None
    width = max(map(len, grid.rows))
    rows = [
        [
            *cells,
            *[""] * (width - len(cells)),
            *(other.cell(found[row], at) if row in found else "" for at in cards.values()),
        ]
        for row, cells in enumerate(grid.rows)
    ]
    added = {("", name): [width + at] for at, name in enumerate(cards) if ("", name) not in header.columns}
    return replace(grid, rows=rows), replace(header, columns={**header.columns, **added})


_CARD = ("cpx_number", "card_type", "card_expires_on", "card_issued_on")
_NEARLY = 0.8  # of the people of a table


def name_on(grid: Grid, header: Header, row: int) -> frozenset[str]:
    """Return the words of the last and first names of a row."""
    columns = [at for (_, name), own in header.columns.items() if name in ("last_name", "first_name") for at in own]
    return frozenset(label_key(" ".join(grid.cell(row, at) for at in columns)).split())
