"""The rows of one sheet of people, once its header is known: merged cells filled, wide rows made long.

Blank rows, repeated headers and titles between the rows are passed over; they are no rows and are not
counted. Where several written columns have one header, all of them are handed on (`last_name`, `last_name~2`, …): which
is meant is not for a reader to say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from connectors.sources.sheet.date_parts import read_parts
from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header, HeaderKey, field_of, first_filled, twins
from connectors.sources.sheet.implied import PLACE, ROLE, implied, labelled, title_above
from connectors.sources.sheet.person_cells import FIELDS, each, stacked_people
from connectors.sources.sheet.tables import repeats
from connectors.sources.sheet.ticks import read_ticks, ticked_columns
from connectors.sources.sheet.wide import OF_A_ROW, STRUCTURE_FIELDS, function_and_rank, is_wide
from schemas.people.role_words import TitlesAbove, role_said
from schemas.reading.mark import is_total

SHARED_FIELDS = (*STRUCTURE_FIELDS, "comment")
TABLE = "workbook_columns"
_FEWEST_LABELS = 3  # of a row that is a header again
_FEWEST_COUNTED = 5  # columns
_COUNT = re.compile(r"\(?(?:col(?:onne)?\.?\s*)?(\d{1,3})\)?")
MOST_TWINS = 5  # columns of one header
_MOST_FILLED = 200_000  # cells reached by merged ranges: more is no table of people


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person and function: `row` as the spreadsheet counts, `group` of a wide layout, text by field.

    `title`: what the last title above says, merged over columns of its own; `role`: that of a function, where another
    stands between; `struck`: the row is struck through; `of_row`: field → what a column of a wide layout says that is
    of no group, once a row; `merged`: field → the first row of the cell that is merged over this one.
    """

    row: int
    group: str
    values: dict[str, str]
    title: str = ""
    role: str = ""
    struck: bool = False
    of_row: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class PeopleColumns:
    """What was read of a sheet: rows, and what was met on the way."""

    grid: Grid
    rows: list[PersonRow] = field(default_factory=list)
    places: dict[str, dict[str, str]] = field(default_factory=dict)
    titles: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0


def read_people(grid: Grid, header: Header, most: int) -> PeopleColumns:
    """Return the rows below the header; `places[group][field]` is the « feuille!colonne » of each field.

    No further than `most` rows and a few: more are refused, and need not be read.
    """
    columns = first_filled(grid, header) | further_columns(grid, header)
    dates = {("", name): parts["day"] for name, parts in header.dates.items()}
    if header.people_cells:
        dates |= {(of, name): at for (of, whole), at in columns.items() if whole == "last_name" for name in FIELDS}
    people = PeopleColumns(grid, places=_places(grid, columns | dates), hidden_columns=_hidden(grid, columns))
    filled = _filled_by_merges(grid, header, set(columns.values()))
    merged = _merged_downwards(grid, {at for (_, name), at in columns.items() if name in OF_A_ROW})
    titles = _title_rows(grid, header)
    ticked = {} if is_wide(header) else ticked_columns(grid, header)
    wide, above = is_wide(header), TitlesAbove()
    above.take(title_above(grid, header))
    for row in range(header.last_row + 1, len(grid.rows)):
        if not grid.rows[row]:
            continue
        if len(people.rows) > most:
            break
        own = {key: grid.cell(row, at) for key, at in columns.items()}
        if _is_title(grid, header, row, read=any(own.values())):
            titles.add(row)
        elif not any(own.values()) or _repeats(grid, header, row):
            continue
        if row in titles:
            people.titles += 1
            above.take(next(text for at in range(len(grid.rows[row])) if (text := grid.cell(row, at))))
            continue
        above.pass_row()
        values = {key: own[key] or filled.get((row, at), "") for key, at in columns.items()}
        values |= {("", name): read_parts(grid, row, parts) for name, parts in header.dates.items()}
        values |= {("", name): grid.cell(row, at) for name, at in header.before.items() if not values["", name]}
        people.hidden_rows += row in grid.hidden_rows
        if not wide:
            said = _of_the_sheet(header, grid, above.role or above.title)
            if len(columns) >= _FEWEST_LABELS and sum(map(bool, grid.rows[row])) == 1:  # a title of an establishment
                said = {key: text for key, text in said.items() if key[1] not in ROLE}
            values |= said if not values.get(("", "rank")) else {key: said[key] for key in said if key[1] not in ROLE}
            values |= read_ticks(grid, row, ticked, values)
        found = _unpivoted(row + 1, values, header.people_cells) if wide else _long(row + 1, values)
        over = {name: merged[row, at] for (_, name), at in columns.items() if (row, at) in merged}
        struck = row in grid.struck_rows
        people.rows += (replace(one, title=above.title, role=above.role, struck=struck, merged=over) for one in found)
    return people


def _is_title(grid: Grid, header: Header, row: int, *, read: bool) -> bool:
    """A cell alone in its row, in no column that is read, or that says the function of those below where none does."""
    if is_wide(header) or sum(map(bool, grid.rows[row])) != 1:
        return False
    if not read:
        return header.titled
    text = "".join(grid.rows[row])
    return "function" not in header.fields and not is_total(text) and any(role_said(text))


def further_columns(grid: Grid, header: Header) -> dict[HeaderKey, int]:
    """Return the other written columns of a header that several have, by « field~2 » and on; none in a wide layout."""
    if is_wide(header):
        return {}
    first = first_filled(grid, header)
    found: dict[HeaderKey, int] = {}
    for (group, name), columns in twins(grid, header).items():
        others = [column for column in columns if column != first[group, name]][: MOST_TWINS - 1]
        found.update({(group, f"{name}~{number}"): column for number, column in enumerate(others, 2)})
    return found


def _of_the_sheet(header: Header, grid: Grid, title: str) -> dict[HeaderKey, str]:
    """What the sheet's name and a title say; of establishments that stand in titles the sheet's name says nothing."""
    found = implied(header, grid.name, title)
    if not header.fields.intersection(PLACE) and (told := labelled(grid, header)):
        found = {name: text for name, text in found.items() if name not in PLACE} | told
    return {("", name): text for name, text in found.items() if not (header.titled and name in STRUCTURE_FIELDS)}


def _long(row: int, values: dict[HeaderKey, str]) -> Iterator[PersonRow]:
    for own in stacked_people({name: text for (_, name), text in values.items()}):
        yield PersonRow(row, "", own)


def _unpivoted(row: int, values: dict[HeaderKey, str], people_cells: bool) -> Iterator[PersonRow]:
    """One row for each group that says something, and person of its cell; the establishment alone where none does. What
    is of the row as a whole is handed on with the first of them.
    """
    shared = {name: text for (group, name), text in values.items() if not group and name in SHARED_FIELDS}
    of_row = {name: text for (group, name), text in values.items() if not group and name in OF_A_ROW and text}
    nobody = True
    for group in dict.fromkeys(group for group, _ in values if group):
        said = {name: text for (of, name), text in values.items() if of == group}
        if not any(any(sign.isalnum() for sign in text) for text in said.values()):
            continue
        nobody = False
        function, rank = function_and_rank(group)
        for own in each(said) if people_cells else (said,):
            yield PersonRow(row, group, {**shared, "function": function, "rank": rank, **own}, of_row=of_row)
            of_row = {}
    if nobody:
        yield PersonRow(row, "", {**shared, **of_row})


def _places(grid: Grid, columns: dict[HeaderKey, int]) -> dict[str, dict[str, str]]:
    shared = {name: grid.line(at) for (group, name), at in columns.items() if not group}
    places = {"": shared}
    for (group, name), at in columns.items():
        places.setdefault(group, dict(shared))[name] = grid.line(at)
    return places


def _hidden(grid: Grid, columns: dict[HeaderKey, int]) -> int:
    return len(grid.hidden_columns & set(columns.values()))


def _filled_by_merges(grid: Grid, header: Header, columns: set[int]) -> dict[tuple[int, int], str]:
    """What a cell merged downwards says in the rows below its first, column by column."""
    filled: dict[tuple[int, int], str] = {}
    for first, column, last, _ in grid.merged:
        text = grid.cell(first, column)
        if first <= header.last_row or column not in columns or not text:
            continue
        for row in range(first + 1, min(last + 1, len(grid.rows))):
            filled[row, column] = text
        if len(filled) > _MOST_FILLED:
            break
    return filled


def _merged_downwards(grid: Grid, columns: set[int]) -> dict[tuple[int, int], int]:
    """(row, column) → the first row of the cell merged downwards over it, in these columns."""
    found: dict[tuple[int, int], int] = {}
    for first, column, last, _ in grid.merged:
        if column in columns and last > first and len(found) < _MOST_FILLED:
            found.update(((row, column), first) for row in range(first, min(last + 1, len(grid.rows))))
    return found


def _title_rows(grid: Grid, header: Header) -> set[int]:
    """Rows that are one cell merged over three columns or more and nothing else: « Département 75 »."""
    written = cache(lambda row: sum(1 for at in range(len(grid.rows[row])) if grid.cell(row, at)))
    return {
        first
        for first, column, last, last_column in grid.merged
        if header.last_row < first == last < len(grid.rows) and last_column - column >= 2 and written(first) == 1
    }


def _heads_again(grid: Grid, header: Header, row: int) -> bool:
    """Three cells and more below a header, and every one of them another word for it."""
    names = header.columns.get(("", "last_name"), [])
    if not any(_field(grid.cell(row, at)) == "last_name" for at in names):  # nearly always
        return False
    written = [(grid.cell(row, at[0]), name) for (_, name), at in header.columns.items() if grid.cell(row, at[0])]
    return len(written) >= _FEWEST_LABELS and all(_field(text) == name for text, name in written)


def _field(text: str) -> str:
    return field_of(text, TABLE, {}) if text else ""


def _repeats(grid: Grid, header: Header, row: int) -> bool:
    """The header again, as at the top of a printed page; or another wording of it, as where two tables were pasted."""
    return _heads_again(grid, header, row) or repeats(grid, header, row) or _counts_columns(grid, row)


def _counts_columns(grid: Grid, row: int) -> bool:
    """« (1) », « (2) », « (3) »: the columns counted, below the header of an official form."""
    count = 0
    for at in range(len(grid.rows[row])):
        if text := grid.cell(row, at).strip():
            count += 1
            found = _COUNT.fullmatch(text)
            if not found or int(found[1]) != count:  # nearly always the first that is written
                return False
    return count >= _FEWEST_COUNTED
