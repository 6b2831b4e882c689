"""Which sheets of a workbook are read, and how: for each the header that lacks least, and every table on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from connectors.sources import guard
from connectors.sources.sheet.by_content import by_content, lacks_functions, said_of
from connectors.sources.sheet.date_parts import with_date_parts
from connectors.sources.sheet.grid import Grid, Grids, turned
from connectors.sources.sheet.header import Header, candidates, column_missing, key_of, labels, loosened, plain_header
from connectors.sources.sheet.implied import (
    labelled,
    names_something,
    of_a_region,
    places_in_titles,
    roles_in_titles,
    title_above,
)
from connectors.sources.sheet.person_cells import holds_people
from connectors.sources.sheet.stacked import stacked_headers
from connectors.sources.sheet.tables import (
    above_and_below,
    next_header,
    numbers_from,
    side_by_side,
    without_block_at_right,
)
from connectors.sources.sheet.ticks import ticked_columns
from connectors.sources.sheet.wide import is_wide, suffixed_header, titled_header
from schemas.errors import SourceError
from schemas.nomenclatures import say
from schemas.people.role_words import role_said
from schemas.reading.sheet_meaning import TODAY, meaning_of_title
from schemas.words import label_key

TABLE = "workbook_columns"
_FEW_ASIDE = 0.34  # of the people of the sheets that are read
_REPEATED = 0.8  # of the people of a sheet without a needed column
STRUCTURE = ("structure_code", "structure_name", "legal_entity")


@dataclass(frozen=True, slots=True)
class SheetFit:
    """The best reading of a sheet's header, and the labels it lacks."""

    grid: Grid
    header: Header
    missing: tuple[str, ...]


def fitting(
    grids: Grids, sheet: str | None, header_row: int | None, chosen: Mapping[str, str], layout: str | None
) -> tuple[list[SheetFit], list[str]]:
    """Find (the tables to read, notes on sheets left out). Raises SourceError where none is, or one is defective."""
    written = [grid for grid in _wanted_sheets(grids, sheet) if not grid.is_empty]
    if not written:
        raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
    tried = [_dated(_best_fit(grid, header_row, chosen, layout)) for grid in written]
    if header_row is None and layout != "wide":
        tried = [_or_turned(fit, chosen) for fit in tried]
    tried = _of_named_sheets(tried)
    told: list[str] = []
    if header_row is None and layout != "wide":
        none = all(fit.missing for fit in tried)
        tried = [_by_content(fit, told) if none or lacks_functions(fit.header) else fit for fit in tried]
    before, tried = tried, _with_numbers(tried)
    joined = [
        say("note.joined", sheet=fit.grid.name)
        for fit in before
        if fit.grid.name not in {one.grid.name for one in tried}
    ]
    fits = [fit for fit in tried if not fit.missing]
    defective = [fit for fit in tried if _nearly(fit) and not _is_aside(fit, fits)] if fits else tried
    if defective:
        best = min(defective, key=lambda fit: (len(fit.missing), -len(fit.header.columns)))
        raise column_missing(best.grid, best.header, best.missing)
    ignored = [say("note.sheet_without_header", sheet=fit.grid.name) for fit in tried if fit.missing]
    if header_row is None:
        fits = [part for fit in fits for part in _from_the_top(fit, chosen, layout)]
    return [part for fit in fits for part in _parts(fit, chosen, layout)], [*told, *joined, *ignored]


def _or_turned(fit: SheetFit, chosen: Mapping[str, str]) -> SheetFit:
    """The sheet turned round, where only so it has every column that is needed."""
    other = turned(fit.grid) if fit.missing else None
    if other is None:
        return fit
    found = _best_fit(other, None, chosen, "long")
    return fit if found.missing else _dated(found)


def _by_content(fit: SheetFit, told: list[str]) -> SheetFit:
    """The sheet with the columns that it lacks by what they hold, where it then lacks none; `told`: what to say."""
    header = None if is_wide(fit.header) else by_content(fit.grid, fit.header)
    if header is None or any(_missing(header, fit.grid)):
        return fit
    columns = said_of(header, fit.header, labels(TABLE))
    told.append(say("note.by_content", sheet=fit.grid.name, columns=columns))
    return _dated(replace(fit, header=header, missing=()))


def _dated(fit: SheetFit) -> SheetFit:
    if is_wide(fit.header):
        return fit
    return replace(fit, header=with_date_parts(fit.grid, without_block_at_right(fit.grid, fit.header), TABLE))


def _of_named_sheets(tried: list[SheetFit]) -> list[SheetFit]:
    """A sheet for each establishment, named after it, needs no column that says which: from two of them on."""
    place = _place_label()
    tried = [
        replace(fit, missing=()) if fit.missing == (place,) and labelled(fit.grid, fit.header) else fit for fit in tried
    ]
    tried = _of_titled_sheets(tried, place)
    named = [fit for fit in tried if fit.missing == (place,) and names_something(fit.grid.name)]
    if len(named) < 2:
        return tried
    return [replace(fit, missing=()) if fit in named else fit for fit in tried]


def _of_titled_sheets(tried: list[SheetFit], place: str) -> list[SheetFit]:
    """The establishment in titles between the rows needs no column: two of them on a sheet, one on the others."""
    titles = [places_in_titles(fit.grid, fit.header) if fit.missing == (place,) else 0 for fit in tried]
    if max(titles, default=0) < 2:
        return tried
    return [
        replace(fit, missing=(), header=replace(fit.header, titled=True)) if count else fit
        for fit, count in zip(tried, titles, strict=True)
    ]


def _from_the_top(fit: SheetFit, chosen: Mapping[str, str], layout: str | None) -> Iterator[SheetFit]:
    """The table of the richest header, after those that stand whole above it."""
    row = fit.header.first_row
    if not is_wide(fit.header) and row > 1:
        above, rest = above_and_below(fit.grid, row)
        upper = _dated(_best_fit(above, None, chosen, layout))
        if not upper.missing and not is_wide(upper.header):
            yield from _from_the_top(upper, chosen, layout)
            fit = replace(fit, grid=rest)
    yield fit


def _parts(fit: SheetFit, chosen: Mapping[str, str], layout: str | None) -> Iterator[SheetFit]:
    """The tables of a sheet: each with its own header below the one before, or the same columns again beside them."""
    row = None if is_wide(fit.header) else next_header(fit.grid, fit.header)
    grid, rest = (fit.grid, None) if row is None else above_and_below(fit.grid, row)
    yield from (replace(fit, grid=grid, header=header) for header in side_by_side(fit.header))
    if rest is None or row is None:
        return
    below = _dated(_best_fit(rest, row + 1, chosen, layout))
    if below.missing:
        raise column_missing(
            below.grid, below.header, below.missing
        )  # half a workbook would end the access of the other half
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
    ours = our_sheets(grids)
    return [grid for grid in grids.sheets if grid.name not in ours]


def our_sheets(grids: Grids) -> set[str]:
    """Return the sheets that a template of ours has beside the people's."""
    ours = {key_of(say("template.lists_sheet")), key_of(say("sheet.guide"))}
    return set() if grids.is_text else {grid.name for grid in grids.sheets if key_of(grid.name) in ours}


def _nearly(fit: SheetFit) -> bool:
    """A visible table of people that lacks one needed column: leaving it out would read half a workbook."""
    below = range(fit.header.last_row + 1, len(fit.grid.rows))
    return (
        len(fit.missing) == 1
        and fit.grid.visible
        and meaning_of_title(fit.grid.name) == TODAY
        and any(fit.grid.cell(row, at) for row in below for at in range(len(fit.grid.rows[row])))
    )


def _with_numbers(tried: list[SheetFit]) -> list[SheetFit]:
    """A table that lacks the numbers alone, of whose people another sheet has them: « Liste » and « Cartes »."""
    number = labels(TABLE)["cpx_number"]
    lacking = [fit for fit in tried if fit.missing == (number,) and not is_wide(fit.header)]
    for other in tried if len(lacking) == 1 else ():
        fields = other.header.fields
        if other is not lacking[0] and other.missing and {"last_name", "cpx_number"} <= fields:
            joined = numbers_from(lacking[0].grid, lacking[0].header, other.grid, other.header)
            if joined:
                whole = SheetFit(*joined, ())
                return [whole if fit is lacking[0] else fit for fit in tried if fit is not other]
    return tried


def _is_aside(fit: SheetFit, others: list[SheetFit]) -> bool:
    """Nearly everybody on it stands on the sheets that are read, « Formations », or it is of few beside them:
    « Arrivées ».
    """
    known = {key for other in others for key in _names_on(other)}
    theirs = list(_names_on(fit))
    few = len(theirs) <= _FEW_ASIDE * len(known)
    return bool(theirs) and (few or sum(key in known for key in theirs) >= _REPEATED * len(theirs))


def _names_on(fit: SheetFit) -> Iterator[frozenset[str]]:
    """The words of the names, row by row, of every group of columns."""
    groups: dict[str, list[int]] = {}
    for (group, name), at in fit.header.columns.items():
        if name in ("last_name", "first_name"):
            groups.setdefault(group, []).extend(at)
    for row in range(fit.header.last_row + 1, len(fit.grid.rows)):
        for columns in groups.values():
            words = label_key(" ".join(fit.grid.cell(row, at) for at in columns)).split()
            if words:
                yield frozenset(words)


def _best_fit(grid: Grid, header_row: int | None, chosen: Mapping[str, str], layout: str | None) -> SheetFit:
    """The row, and the way to read it, that lacks least and knows most; the upper one where two are equal."""
    best = SheetFit(grid, Header(0, 0, {}, (), tuple(grid.rows[0])), tuple(_missing(Header(0, 0, {}))))
    for row in candidates(grid, header_row):
        beyond = 0 if best.missing else len(best.header.columns)  # with fewer columns no plain header is worth more
        for header in _forms(grid, row, header_row, chosen, layout, beyond):
            if len(header.columns) < beyond and not is_wide(header):
                continue
            fit = SheetFit(grid, header, tuple(_missing(header, grid)))
            if _worth(fit) > _worth(best) or (_worth(fit) == _worth(best) and _is_simpler(header, best.header)):
                best = fit
    return best if best.header.columns else _first_written(best)


def _worth(fit: SheetFit) -> tuple[bool, bool, int]:
    return not fit.missing, is_wide(fit.header), len(fit.header.columns)


def _is_simpler(header: Header, best: Header) -> bool:
    """The same last row, without the rows above it: they say nothing that it needs."""
    same = header.last_row == best.last_row and header.columns == best.columns
    return not is_wide(header) and same and header.first_row > best.first_row


def _forms(
    grid: Grid, row: int, header_row: int | None, chosen: Mapping[str, str], layout: str | None, beyond: int = 0
) -> Iterator[Header]:
    """The ways to read a row as a header; the configuration may name either row of a header of two.

    `beyond`: how many columns one must have, of a row alone: it is not gone through where it has fewer cells.
    """
    plain = plain_header(grid, row, TABLE, chosen)
    if layout != "wide":
        if sum(map(bool, plain.texts)) >= beyond:
            yield loosened(plain, TABLE)
        yield from stacked_headers(grid, row, TABLE, chosen)
    if layout != "long":
        forms = [suffixed_header(plain, TABLE, chosen), titled_header(grid, row, TABLE, chosen)]
        if header_row is not None and row > 0:
            forms.append(titled_header(grid, row - 1, TABLE, chosen))
        for header in forms:
            if header and is_wide(header):
                yield replace(header, people_cells=holds_people(grid, header))


def _first_written(fit: SheetFit) -> SheetFit:
    """With no known header at all, the message shows the first written row."""
    texts = next((tuple(row) for row in fit.grid.rows if any(row)), ())
    return replace(fit, header=replace(fit.header, texts=texts))


def _place_label() -> str:
    known = labels(TABLE)
    return f"{known['structure_code']} / {known['structure_name']}"


def _missing(header: Header, grid: Grid | None = None) -> Iterator[str]:
    """Labels of the needed columns that are missing: number, name, function (unless wide) and a structure.

    The function may be said by the sheet's name, a title above it or between its rows, or columns of ticks.
    """
    known = labels(TABLE)
    if is_wide(header):
        numbered = any((group, "cpx_number") in header.columns for group, _ in header.columns if group)
        if not numbered and not header.people_cells:
            yield known["cpx_number"]
        return
    twice = len(header.columns.get(("", "last_name"), ())) > 1  # « Nom » of the establishment, « Nom » of the person
    title = title_above(grid, header) if grid else ""
    placed = twice or header.titled or (grid is not None and of_a_region(header, grid.name, title))
    if not header.fields & set(STRUCTURE) and not placed:
        yield _place_label()
    if not header.fields & {"function", "rank"}:
        said = grid and (any(role_said(title, grid.name)) or ticked_columns(grid, header))
        if not said and not (grid and roles_in_titles(grid, header)):
            yield known["function"]
    yield from (known[name] for name in ("last_name", "cpx_number") if name not in header.fields)
