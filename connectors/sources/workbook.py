"""A regional, ETS or national workbook, standard or messy (contract §3), as one row per person and function.

Every sheet with a fitting header is read, whatever stands above it, in whatever order and wording its
columns come. A workbook that lacks a needed column is not read at all: half a workbook would end the access
of the other half.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from connectors.sources import guard
from connectors.sources.result import Reading, refused
from connectors.sources.sheet.date_parts import with_date_parts
from connectors.sources.sheet.grid import Grid, Grids, load_grids, source_report
from connectors.sources.sheet.header import (
    Header,
    candidates,
    key_of,
    labels,
    loosened,
    nearest,
    plain_header,
    twins,
    widened,
)
from connectors.sources.sheet.implied import (
    names_something,
    of_a_region,
    places_in_titles,
    role_said,
    roles_in_titles,
    title_above,
)
from connectors.sources.sheet.people import PeopleColumns, PersonRow, read_people
from connectors.sources.sheet.stacked import stacked_headers
from connectors.sources.sheet.tables import above_and_below, next_header, side_by_side
from connectors.sources.sheet.ticks import ticked_columns
from connectors.sources.sheet.turned import turned
from connectors.sources.sheet.wide import is_wide, suffixed_header, titled_header
from connectors.sources.sheet.written import written_rows
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.people.workbook import WorkbookRow
from schemas.reading.cell import letters
from schemas.reading.issue import Issue, issue
from schemas.reading.mark import is_ditto
from schemas.reading.source import SourceReport
from schemas.words import clean, visible

TABLE = "workbook_columns"
FIELDS = tuple(name for name in WorkbookRow.model_fields if name != "location")
COLUMNS = (*FIELDS, "_place", "_row", "_location", "_sheet", "_title", "_struck", "_again", "_hidden")
TABLE_MARK = "\x1f"  # within `_place`, before the number of a further table of the sheet
MOST_PEOPLE = 50_000  # rows of one workbook: a region has some hundreds
LONGEST_VALUE = 400  # characters of a cell that names or numbers something; only a comment is longer
_STRUCTURE = ("structure_code", "structure_name", "legal_entity")


@dataclass(frozen=True, slots=True)
class _Fit:
    """The best reading of a sheet's header, and the labels it lacks."""

    grid: Grid
    header: Header
    missing: tuple[str, ...]


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
    ""); after them `last_name~2` and the like, where several written columns have one header (`people.py`).
    `places[_place][field]` + `_row` is a cell (« Feuil1!F12 »). `facts["partial"]`: somebody may stand in it who could
    not be read. Never raises: a workbook that cannot be used has a failed report and one issue (FILE_UNREADABLE,
    FILE_EMPTY, COLUMN_MISSING).
    """
    report = source_report(path, source, shown)
    chosen = {key_of(header): name for header, name in (columns or {}).items()}
    try:
        grids = load_grids(path, opener)
        fits, ignored = _fitting(grids, sheet, header_row, chosen, layout)
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
    report = replace(report, notes=notes, ending=grids.ending)
    reading = replace(
        _reading(report, people, grids.encoding_issues(source)),
        written=written_rows(_as_read(grids.sheets, fits), [(fit.grid, fit.header) for fit in fits], _ours(grids)),
    )
    reading.facts["partial"] = bool(grids.not_computed) or any(_hides_people(fit) for fit in fits)
    return reading


def _as_read(grids: tuple[Grid, ...], fits: list[_Fit]) -> list[Grid]:
    """The sheets, those turned that were read so."""
    others = {fit.grid.name: fit.grid for fit in fits if fit.grid.turned}
    return [others.get(grid.name, grid) for grid in grids]


def _hides_people(fit: _Fit) -> bool:
    """Two filled columns of names in one group: the people of the second are not read, and must not pass for gone."""
    return is_wide(fit.header) and any(name == "last_name" for _, name in twins(fit.grid, fit.header))


def _fitting(
    grids: Grids, sheet: str | None, header_row: int | None, chosen: Mapping[str, str], layout: str | None
) -> tuple[list[_Fit], list[str]]:
    """(sheets to read, notes on those left out); SourceError when there is none, or one is defective."""
    written = [grid for grid in _wanted_sheets(grids, sheet) if not grid.is_empty]
    if not written:
        raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
    tried = _of_named_sheets([_fit_of(grid, header_row, chosen, layout) for grid in written])
    fits = [fit for fit in tried if not fit.missing]
    defective = [fit for fit in tried if _nearly(fit)] if fits else tried
    if defective:
        raise _column_missing(min(defective, key=lambda fit: (len(fit.missing), -len(fit.header.columns))))
    ignored = [say("note.sheet_without_header", sheet=fit.grid.name) for fit in tried if fit.missing]
    if header_row is None:
        fits = [part for fit in fits for part in _from_the_top(fit, chosen, layout)]
    return [part for fit in fits for part in _parts(fit, chosen, layout)], ignored


def _fit_of(grid: Grid, header_row: int | None, chosen: Mapping[str, str], layout: str | None) -> _Fit:
    """The best fit of a sheet; turned round where only so it has every column that is needed."""
    fit = _dated(_best_fit(grid, header_row, chosen, layout))
    other = turned(grid) if fit.missing and header_row is None and layout != "wide" else None
    if other is None:
        return fit
    found = _best_fit(other, None, chosen, "long")
    return fit if found.missing else _dated(found)


def _dated(fit: _Fit) -> _Fit:
    return fit if is_wide(fit.header) else replace(fit, header=with_date_parts(fit.grid, fit.header, TABLE))


def _of_named_sheets(tried: list[_Fit]) -> list[_Fit]:
    """A sheet for each establishment, named after it, needs no column that says which: from two of them on."""
    place = _place_label()
    tried = _of_titled_sheets(tried, place)
    named = [fit for fit in tried if fit.missing == (place,) and names_something(fit.grid.name)]
    if len(named) < 2:
        return tried
    return [replace(fit, missing=()) if fit in named else fit for fit in tried]


def _of_titled_sheets(tried: list[_Fit], place: str) -> list[_Fit]:
    """The establishment in titles between the rows needs no column: two of them on a sheet, one on the others."""
    titles = [places_in_titles(fit.grid, fit.header) if fit.missing == (place,) else 0 for fit in tried]
    if max(titles, default=0) < 2:
        return tried
    return [
        replace(fit, missing=(), header=replace(fit.header, titled=True)) if count else fit
        for fit, count in zip(tried, titles, strict=True)
    ]


def _from_the_top(fit: _Fit, chosen: Mapping[str, str], layout: str | None) -> Iterator[_Fit]:
    """The table of the richest header, after those that stand whole above it."""
    row = fit.header.first_row
    if not is_wide(fit.header) and row > 1:
        above, rest = above_and_below(fit.grid, row)
        upper = _dated(_best_fit(above, None, chosen, layout))
        if not upper.missing and not is_wide(upper.header):
            yield from _from_the_top(upper, chosen, layout)
            fit = replace(fit, grid=rest)
    yield fit


def _parts(fit: _Fit, chosen: Mapping[str, str], layout: str | None) -> Iterator[_Fit]:
    """The tables of a sheet: each with its own header below the one before, or the same columns again beside them."""
    row = None if is_wide(fit.header) else next_header(fit.grid, fit.header)
    grid, rest = (fit.grid, None) if row is None else above_and_below(fit.grid, row)
    yield from (replace(fit, grid=grid, header=header) for header in side_by_side(fit.header))
    if rest is None or row is None:
        return
    below = _dated(_best_fit(rest, row + 1, chosen, layout))
    if below.missing:
        raise _column_missing(below)  # half a workbook would end the access of the other half
    yield from _parts(below, chosen, layout)


def _wanted_sheets(grids: Grids, sheet: str | None) -> list[Grid]:
    if grids.is_text:
        return list(grids.sheets)
    if sheet is not None:
        found = [grid for grid in grids.sheets if key_of(grid.name) == key_of(sheet)]
        if not found:
            names = ", ".join(grid.name for grid in grids.sheets)[:200]
            raise guard.unreadable("sheet", sheet=sheet, found=names)
        return found
    ours = _ours(grids)
    return [grid for grid in grids.sheets if grid.name not in ours]


def _ours(grids: Grids) -> set[str]:
    """The sheets that a template of ours has beside the people's."""
    ours = {key_of(say("template.lists_sheet")), key_of(say("sheet.guide"))}
    return set() if grids.is_text else {grid.name for grid in grids.sheets if key_of(grid.name) in ours}


def _nearly(fit: _Fit) -> bool:
    """A visible table of people that lacks one needed column: leaving it out would read half a workbook."""
    below = range(fit.header.last_row + 1, len(fit.grid.rows))
    return (
        len(fit.missing) == 1
        and fit.grid.visible
        and any(fit.grid.cell(row, at) for row in below for at in range(len(fit.grid.rows[row])))
    )


def _best_fit(grid: Grid, header_row: int | None, chosen: Mapping[str, str], layout: str | None) -> _Fit:
    """The row, and the way to read it, that lacks least and knows most; the upper one where two are equal."""
    best = _Fit(grid, Header(0, 0, {}, (), tuple(grid.rows[0])), tuple(_missing(Header(0, 0, {}))))
    for row in candidates(grid, header_row):
        for header in _forms(grid, row, header_row, chosen, layout):
            fit = _Fit(grid, header, tuple(_missing(header, grid)))
            if _worth(fit) > _worth(best) or (_worth(fit) == _worth(best) and _is_simpler(header, best.header)):
                best = fit
    return best if best.header.columns else _first_written(best)


def _worth(fit: _Fit) -> tuple[bool, bool, int]:
    return not fit.missing, is_wide(fit.header), len(fit.header.columns)


def _is_simpler(header: Header, best: Header) -> bool:
    """The same last row, without the rows above it: they say nothing that it needs."""
    same = header.last_row == best.last_row and header.columns == best.columns
    return not is_wide(header) and same and header.first_row > best.first_row


def _forms(
    grid: Grid, row: int, header_row: int | None, chosen: Mapping[str, str], layout: str | None
) -> Iterator[Header]:
    """The ways to read a row as a header; the configuration may name either row of a header of two."""
    plain = plain_header(grid, row, TABLE, chosen)
    if layout != "wide":
        yield loosened(plain, TABLE)
        yield from stacked_headers(grid, row, TABLE, chosen)
    if layout != "long":
        forms = [suffixed_header(plain, TABLE, chosen), titled_header(grid, row, TABLE, chosen)]
        if header_row is not None and row > 0:
            forms.append(titled_header(grid, row - 1, TABLE, chosen))
        yield from (header for header in forms if header and is_wide(header))


def _first_written(fit: _Fit) -> _Fit:
    """With no known header at all, the message shows the first written row."""
    texts = next((tuple(row) for row in fit.grid.rows if any(row)), ())
    return replace(fit, header=replace(fit.header, texts=texts))


def _says_roles(grid: Grid, header: Header) -> bool:
    """The sheet's name, a title above it or between its rows, or columns of ticks say the function of its people."""
    said = any(role_said(title_above(grid, header), grid.name))
    return said or bool(ticked_columns(grid, header)) or roles_in_titles(grid, header)


def _place_label() -> str:
    known = labels(TABLE)
    return f"{known['structure_code']} / {known['structure_name']}"


def _missing(header: Header, grid: Grid | None = None) -> Iterator[str]:
    """Labels of the needed columns that are missing: number, name, function (unless wide) and a structure.

    The function may be said by the sheet's name or the title above it.
    """
    known = labels(TABLE)
    if is_wide(header):
        if not any((group, "cpx_number") in header.columns for group, _ in header.columns if group):
            yield known["cpx_number"]
        return
    twice = len(header.columns.get(("", "last_name"), ())) > 1  # « Nom » of the establishment, « Nom » of the person
    placed = twice or header.titled or (grid is not None and of_a_region(header, grid.name, title_above(grid, header)))
    if not header.fields & set(_STRUCTURE) and not placed:
        yield _place_label()
    if not header.fields & {"function", "rank"} and not (grid and _says_roles(grid, header)):
        yield known["function"]
    yield from (known[name] for name in ("last_name", "cpx_number") if name not in header.fields)


def _column_missing(fit: _Fit) -> SourceError:
    seen = [clean(text)[:40] for text in fit.header.texts if clean(text)][:25]
    expected = ", ".join(fit.missing)
    found = " | ".join("".join(sign for sign in text if sign.isprintable()) for text in seen)
    return SourceError(
        "COLUMN_MISSING",
        say("issue.COLUMN_MISSING", expected=expected, found=found),
        f"{fit.grid.name}!{fit.header.last_row + 1}",
    )


def _notes(fit: _Fit, people: PeopleColumns) -> Iterator[str]:
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


def _section(row: PersonRow, above: tuple[str, ...]) -> tuple[str, ...]:
    """What a blank or ditto establishment may continue: equal rows below two establishments are no duplicates."""
    own = tuple(clean(row.values.get(name, "")) for name in _STRUCTURE)
    return above if any(map(is_ditto, own)) or not any(own) else own


def _reading(report: SourceReport, sheets: list[PeopleColumns], issues: tuple[Issue, ...]) -> Reading:
    """The frame, the places, and the account: a row that repeats another of its sheet word for word is a duplicate.

    Of another sheet, which may be an archive, it is only marked (`_again`).
    """
    first: dict[tuple[str, ...], str] = {}
    anywhere: dict[tuple[str, ...], str] = {}
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
            again = anywhere.setdefault(key, location)
            known = first.setdefault((people.grid.name, *key), location)
            if known is not location:
                found.append(issue(report.name, location, "", "DUPLICATE_ROW", first=known))
                continue
            told = [people.grid.name, row.title, "struck" if row.struck else "", again if again != location else ""]
            told.append("" if people.grid.visible else "hidden")
            records.append([*values[: len(FIELDS)], place, str(row.row), location, *told, *values[len(FIELDS) :]])
    report = replace(report, rows_read=read, rows_accepted=len(records), rows_duplicate=read - len(records))
    facts = {
        "hidden_rows": sum(people.hidden_rows for people in sheets),
        "hidden_columns": sum(people.hidden_columns for people in sheets),
        "sheets": tuple(people.grid.name for people in sheets),
    }
    frame = pd.DataFrame(records, columns=[*COLUMNS, *further], dtype=object)
    return Reading(report, frame, tuple(found), places, facts)
