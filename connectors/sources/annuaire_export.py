"""The e-FIT annuaire as an export file: one row per account and assignment (contract §3)."""

from dataclasses import replace
from pathlib import Path

from connectors.sources.guard import Opener
from connectors.sources.result import Reading, refused, text_frame
from connectors.sources.sheet.grid import Grid, Grids, load_grids, source_report
from connectors.sources.sheet.header import Header, candidates, first_filled, labels, plain_header
from schemas.errors import SourceError
from schemas.nomenclatures import rows, say
from schemas.people.assignment import AnnuaireRow
from schemas.reading.issue import Issue, issue
from schemas.reading.source import SourceReport
from schemas.words import clean

TABLE = "annuaire_columns"
FIELDS = tuple(AnnuaireRow.model_fields)
COLUMNS = (*FIELDS, "_location")
LONGEST_VALUE = 400  # characters of a cell
NEEDED = tuple(row["field"] for row in rows(TABLE) if row["required"] == "oui")


def read_annuaire_export(path: Path, source: str, *, shown: str, opener: Opener | None = None) -> Reading:
    """Read an export: `.xlsx`, `.ods` or `.csv`, the first sheet whose header has the needed columns.

    Frame: the fields of `AnnuaireRow` as text, as they are written (dates of cells in ISO), and `_location`.
    Never raises; the caller turns a failed report into AnnuaireError.
    """
    report = source_report(path, source, shown)
    try:
        grids = load_grids(path, opener)
        grid, header = _sheet(grids)
    except SourceError as error:
        return refused(report, error, COLUMNS)
    reading = _reading(report, grid, header, grids)
    if not reading.report.rows_read:
        return refused(report, SourceError("FILE_EMPTY", say("issue.FILE_EMPTY")), COLUMNS)
    return reading


def _sheet(grids: Grids) -> tuple[Grid, Header]:
    """The first sheet with every needed column, else SourceError about the one that has most of them."""
    closest: tuple[int, list[str], tuple[str, ...]] | None = None
    for grid in grids.sheets:
        for row in candidates(grid, None):
            header = plain_header(grid, row, TABLE, {})
            missing = [labels(TABLE)[name] for name in NEEDED if name not in header.fields]
            if not missing:
                return grid, header
            if closest is None or len(missing) < closest[0]:
                closest = (len(missing), missing, header.texts)
    if closest is None:
        raise SourceError("FILE_EMPTY", say("issue.FILE_EMPTY"))
    found = " | ".join(clean(text)[:40] for text in closest[2][:25] if text.isprintable() and clean(text))
    raise SourceError("COLUMN_MISSING", say("issue.COLUMN_MISSING", expected=", ".join(closest[1]), found=found))


def _reading(report: SourceReport, grid: Grid, header: Header, grids: Grids) -> Reading:
    columns = {name: at for (_, name), at in first_filled(grid, header).items()}
    first: dict[tuple[str, ...], str] = {}
    records: list[list[str]] = []
    found: list[Issue] = list(grids.encoding_issues(report.name))
    read = 0
    for row in range(header.last_row + 1, len(grid.rows)):
        values = [clean(grid.cell(row, columns[name])[:LONGEST_VALUE]) if name in columns else "" for name in FIELDS]
        if not any(values):
            continue
        read += 1
        location = say("place.line", line=row + 1) if grids.is_text else f"{grid.name}!{row + 1}"
        known = first.setdefault(tuple(values), location)
        if known is not location:
            found.append(issue(report.name, location, "", "DUPLICATE_ROW", first=known))
            continue
        records.append([*values, location])
    report = replace(
        report,
        rows_read=read,
        rows_accepted=len(records),
        rows_duplicate=read - len(records),
        notes=grids.notes,
        ending=grids.ending,
    )
    return Reading(report, text_frame(records, COLUMNS), tuple(found))
