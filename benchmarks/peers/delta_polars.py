"""What changed between two extracts in polars: rows that only one has, then who they are of, then which cells."""

import sys
from typing import Any

import polars as pl

KEY = "Identification nationale PP"


def rows(path: str) -> Any:
    """All cells of an extract, each row once."""
    return pl.read_csv(
        path,
        separator="|",
        quote_char=None,
        infer_schema=False,
        encoding="utf8-lossy",
        truncate_ragged_lines=True,
    ).unique()


def cells(frame: Any) -> Any:
    """Person, column, value."""
    return frame.unpivot(index=KEY, variable_name="field", value_name="cell").unique()


def main(old: str, new: str) -> None:
    """Counts by operation, and how many cells differ."""
    before, after = rows(old), rows(new)
    gone = before.join(after, on=before.columns, how="anti", nulls_equal=True)
    come = after.join(before, on=before.columns, how="anti", nulls_equal=True)
    whose = pl.concat([gone[KEY], come[KEY]]).unique()
    was, now = whose.is_in(before[KEY].implode()), whose.is_in(after[KEY].implode())
    print({"create": (now & ~was).sum(), "modify": (was & now).sum(), "remove": (was & ~now).sum()})
    old_cells, new_cells = cells(gone), cells(come)
    differing = [
        one.join(other, on=one.columns, how="anti", nulls_equal=True)
        for one, other in ((old_cells, new_cells), (new_cells, old_cells))
    ]
    print(sum(map(len, differing)))


if __name__ == "__main__":
    main(*sys.argv[1:])
