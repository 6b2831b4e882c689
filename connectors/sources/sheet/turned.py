"""A sheet whose fields stand in rows and whose people stand in columns, turned round."""

from itertools import zip_longest

from connectors.sources.sheet.grid import Grid

_MOST_ROWS, _MOST_COLUMNS = 200, 500  # of a sheet that may be turned: twenty rows say everything of a person


def turned(grid: Grid) -> Grid | None:
    """Return the sheet with rows for columns; None where it is too large to be meant so. Its cells keep their names."""
    if len(grid.rows) > _MOST_ROWS or max(map(len, grid.rows), default=0) > _MOST_COLUMNS:
        return None
    rows = [list(column) for column in zip_longest(*grid.rows, fillvalue="")]
    merged = tuple((left, top, right, bottom) for top, left, bottom, right in grid.merged)
    notes = tuple((column, row, text) for row, column, text in grid.cell_notes)
    return Grid(grid.name, rows, grid.visible, merged, grid.hidden_columns, grid.hidden_rows, frozenset(), notes, True)
