"""A regional, ETS or national workbook, standard or messy (contract §3), as one row per person and function.

Every sheet with a fitting header is read, whatever stands above it, in whatever order and wording its
columns come. A workbook that lacks a needed column is not read at all: half a workbook would end the access
of the other half.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from connectors.sources import guard
from connectors.sources.result import Reading, refused, text_frame
from connectors.sources.sheet.fitting import STRUCTURE, TABLE, SheetFit, fitting, our_sheets
from connectors.sources.sheet.grid import Grid, load_grids, source_report
from connectors.sources.sheet.header import (
    key_of,
    labels,
    nearest,
    twins,
    widened,
)
from connectors.sources.sheet.people import PeopleColumns, PersonRow, read_people
from connectors.sources.sheet.ticks import ticked_columns
from connectors.sources.sheet.wide import is_wide
from connectors.sources.sheet.written import written_rows
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.people.role_words import ROLE_TITLE
from schemas.people.workbook_line import BETWEEN_CELLS, WorkbookRow
from schemas.reading.cell import letters
from schemas.reading.issue import Issue, issue
from schemas.reading.mark import is_ditto
from schemas.reading.source import SourceReport
from schemas.words import clean, visible

FIELDS = tuple(name for name in WorkbookRow.model_fields if name != "location")
COLUMNS = (
    *(*FIELDS, "_place", "_row", "_location", "_sheet", "_title", "_struck", "_again", "_hidden"),
    *("_of_row", "_merged", ROLE_TITLE),
)
TABLE_MARK = "\x1f"  # within `_place`, before the number of a further table of the sheet
MOST_PEOPLE = 50_000  # rows of one workbook: a region has some hundreds
LONGEST_VALUE = 400  # characters of a cell that names or numbers something; only a comment is longer


def read_workbook(
    path: Path,
    source: str,
    *,
    shown: str,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: Mapping[str, str] | None = None,
    layout: str | None = None,
    opener: guard.Opener | None = None,
) -> Reading:
    """Read one workbook: `.xlsx .xls .ods .csv`, told apart by their content.

    `sheet`, `header_row` (as the spreadsheet numbers it), `columns` (header → field) and `layout` (long,
    wide) come from the configuration; each is found out when not given.
    `opener`: shared by several files. Frame: the fields of `WorkbookRow`
    as text, `_place`, `_row`, `_location` (« Feuil1!12 »), `_sheet`, `_title` (above the row), `_struck` (through, or
    ""), `_again` (the equal row of another sheet, or ""), `_hidden` (its sheet, or
    ""), `_of_row`, `_merged` (`PersonRow`; « field=what »); after them `last_name~2` and the like, where several
    written columns have one header (`people.py`).
    `places[_place][field]` + `_row` is a cell (« Feuil1!F12 »). `facts["partial"]`: somebody may stand in it who could
    not be read. Never raises: a workbook that cannot be used has a failed report and one issue (FILE_UNREADABLE,
    FILE_EMPTY, COLUMN_MISSING).
    """
    report = source_report(path, source, shown)
    chosen = {key_of(header): name for header, name in (columns or {}).items()}
    try:
        grids = load_grids(path, opener)
        fits, ignored = fitting(grids, sheet, header_row, chosen, layout)
        people = [read_people(fit.grid, fit.header, MOST_PEOPLE) for fit in fits]
        if not any(one.rows for one in people):
            raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
        if sum(len(one.rows) for one in people) > MOST_PEOPLE:
            raise guard.unreadable("too_many_people", limit=MOST_PEOPLE)
    except SourceError as error:
        return refused(report, error, COLUMNS)
    notes = (
        *grids.notes,
        *ignored,
        *(note for fit, one in zip(fits, people, strict=True) for note in _notes(fit, one)),
    )
    report = replace(report, notes=notes, ending=grids.ending, cuts=grids.cuts)
    reading = replace(
        _reading(report, people, grids.encoding_issues(source)),
        written=written_rows(_as_read(grids.sheets, fits), [(fit.grid, fit.header) for fit in fits], our_sheets(grids)),
    )
    reading.facts["partial"] = bool(grids.not_computed) or any(_hides_people(fit) for fit in fits)
    return reading


def refused_workbook(path: Path, source: str, shown: str, error: SourceError) -> Reading:
    """Return a workbook that cannot be used, for a reason that came up after it was opened."""
    return refused(source_report(path, source, shown), error, COLUMNS)


def _as_read(grids: tuple[Grid, ...], fits: list[SheetFit]) -> list[Grid]:
    """The sheets, those turned that were read so."""
    others = {fit.grid.name: fit.grid for fit in fits if fit.grid.turned}
    return [others.get(grid.name, grid) for grid in grids]


def _hides_people(fit: SheetFit) -> bool:
    """Two filled columns of names in one group: the people of the second are not read, and must not pass for gone."""
    return is_wide(fit.header) and any(name == "last_name" for _, name in twins(fit.grid, fit.header))


def _notes(fit: SheetFit, people: PeopleColumns) -> Iterator[str]:
    """What was met on a sheet that its keeper may want to know."""
    name = fit.grid.name
    if fit.grid.turned:
        yield say("note.turned", sheet=name)
    if not fit.grid.visible:
        yield say("note.hidden_sheet", sheet=name)
    for key, count in (
        ("note.hidden_rows", people.hidden_rows),
        ("note.hidden_columns", people.hidden_columns),
        ("note.titles", people.titles),
    ):
        if count:
            yield say(key, count=count, sheet=name)
    for key, several in (
        ("note.twin_columns", twins(fit.grid, fit.header) if is_wide(fit.header) else {}),
        ("note.merged_header", widened(fit.grid, fit.header)),
    ):
        for (_, field_name), columns in several.items():
            where = ", ".join(letters(column) for column in columns[:10])
            yield say(key, label=labels(TABLE)[field_name], sheet=name, columns=where)
    ticked = {} if is_wide(fit.header) else ticked_columns(fit.grid, fit.header)
    unread = [text for text in fit.header.unread if text not in {fit.header.texts[at] for at in ticked}]
    if unread and not is_wide(fit.header):
        yield say("note.unread_columns", sheet=name, found=", ".join(map(_unread, unread[:15])))


def _unread(text: str) -> str:
    """A header that is not used, with the field it comes nearest to."""
    near = nearest(text, TABLE)
    return say("note.nearest", found=visible(text), label=labels(TABLE)[near]) if near else visible(text)


def _cut(name: str, text: str) -> str:
    return text if name == "comment" or len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _paired(told: Mapping[str, object]) -> str:
    return BETWEEN_CELLS.join(f"{name}={clean(str(what))}" for name, what in told.items())


def _section(row: PersonRow, above: tuple[str, ...]) -> tuple[str, ...]:
    """What a blank or ditto establishment may continue: equal rows below two establishments, or two titles, are no
    duplicates.
    """
    written = [text for value in row.values.values() if (text := clean(value))]
    if len(written) == 1 and not row.group:  # a title, whatever its column
        return row.title, *written
    own = tuple(clean(row.values.get(name, "")) for name in STRUCTURE)
    return above if any(map(is_ditto, own)) or not any(own) else own


def _continues(row: PersonRow, columns: Mapping[str, str]) -> bool:
    """Tell whether the establishment is blank in columns of its own: it may be another than that of an equal row."""
    return any(name in columns for name in STRUCTURE) and not any(clean(row.values.get(one, "")) for one in STRUCTURE)


def _reading(report: SourceReport, sheets: list[PeopleColumns], issues: tuple[Issue, ...]) -> Reading:
    """The frame, the places, and the account: a row that repeats another of its sheet word for word is a duplicate.

    Of another sheet, which may be an archive, it is only marked (`_again`).
    """
    first: dict[tuple[str, ...], str] = {}
    anywhere: dict[tuple[str, ...], tuple[str, tuple[str, str]]] = {}
    further = sorted({name for people in sheets for row in people.rows for name in row.values if "~" in name})
    records: list[list[str]] = []
    places: dict[str, dict[str, str]] = {}
    found: list[Issue] = list(issues)
    read = 0
    tables: Counter[str] = Counter()
    for people in sheets:
        section: tuple[str, ...] = ()
        further_table = tables[people.grid.name]
        tables[people.grid.name] += 1
        for row in people.rows:
            read += 1
            section = _section(row, section)
            sheet = people.grid.name if not further_table else f"{people.grid.name}{TABLE_MARK}{further_table}"
            place = f"{sheet}|{row.group}" if row.group else sheet
            location = people.grid.row_place(row.row - 1)
            places.setdefault(place, people.places.get(row.group, {}))
            values = [_cut(name, row.values.get(name, "")) for name in (*FIELDS, *further)]
            key = (*section, *(clean(value) for value in values))
            titled = sum(map(bool, key[len(section) :])) == 1  # a title may stand above each block
            if titled or _continues(row, places[place]):
                key = (*key, location)
            again, below = anywhere.setdefault(key, (location, (people.grid.name, row.title)))
            if below[0] == people.grid.name and below[1] != row.title:
                again = location  # below another title of the same sheet it is of another place
            known = first.setdefault((people.grid.name, row.title, *key), location)
            if known is not location:
                found.append(issue(report.name, location, "", "DUPLICATE_ROW", first=known))
                continue
            told = [people.grid.name, row.title, "struck" if row.struck else "", again if again != location else ""]
            told += ["" if people.grid.visible else "hidden", _paired(row.of_row), _paired(row.merged), row.role]
            records.append([*values[: len(FIELDS)], place, str(row.row), location, *told, *values[len(FIELDS) :]])
    report = replace(report, rows_read=read, rows_accepted=len(records), rows_duplicate=read - len(records))
    facts = {
        "hidden_rows": sum(people.hidden_rows for people in sheets),
        "hidden_columns": sum(people.hidden_columns for people in sheets),
        "sheets": tuple(people.grid.name for people in sheets),
    }
    frame = text_frame(records, [*COLUMNS, *further])
    return Reading(report, frame, tuple(found), places, facts)
