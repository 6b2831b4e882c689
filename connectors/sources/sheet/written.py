"""Every written row of a spreadsheet as it stands, whether read as people or not: who stands anywhere is not absent."""

from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from connectors.sources.sheet.grid import Grid
from connectors.sources.sheet.header import Header
from schemas.people.workbook_line import BETWEEN_CELLS, HEADER_ROW, NOTE
from schemas.reading.cell import cell_at

COLUMNS = ("_sheet", "_row", "_location", "_kind", "text", "_colours")


def written_rows(grids: Sequence[Grid], headers: Sequence[tuple[Grid, Header]], ours: Collection[str]) -> pd.DataFrame:
    """Return one row of text for each written row, its cells in their order from column A, and one for each cell note.

    `headers`: the tables that are read; `_kind`: a row of their headers, a note, or "". `ours`: sheets left out.
    """
    heads: dict[str, set[int]] = {}
    for grid, header in headers:
        heads.setdefault(grid.name, set()).update(range(header.first_row, header.last_row + 1))
    records = [one for grid in grids if grid.name not in ours for one in _of_sheet(grid, heads.get(grid.name, set()))]
    return pd.DataFrame(records, columns=list(COLUMNS), dtype=object)


def _of_sheet(grid: Grid, heads: Collection[int]) -> Iterator[tuple[str, ...]]:
    for at, row in enumerate(grid.rows):
        if any(row):
            kind = HEADER_ROW if at in heads else ""
            yield (
                grid.name,
                str(at + 1),
                grid.row_place(at),
                kind,
                BETWEEN_CELLS.join(row),
                "|".join(grid.row_colours.get(at, ())),
            )
    for at, column, text in grid.cell_notes:
        yield grid.name, str(at + 1), cell_at(grid.line(column), str(at + 1)), NOTE, text, ""
