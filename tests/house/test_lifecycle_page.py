"""`docs/lifecycle.md` and its drawing say what the table of transitions says."""

import re
from pathlib import Path

from schemas.nomenclatures import rows

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "lifecycle.md").read_text(encoding="utf-8")
DRAWING = (DOCS / "pictures" / "lifecycle.dot").read_text(encoding="utf-8")


def test_the_page_has_the_table_of_transitions_row_for_row() -> None:
    _, _, table = PAGE.partition("## Table of transitions\n")
    lines = table.partition("\n\n")[0].splitlines()[2:]
    found = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    assert found == [(row["from"], row["to"], row["by"], row["meaning"]) for row in rows("transitions")]


def test_the_drawing_has_no_arrow_that_the_table_has_not() -> None:
    """`open` stands for every status in its box; what a status says of itself again is not drawn."""
    drawing = re.sub(r"//.*", "", DRAWING)
    inside = re.findall(r"^ +([a-z]+)$", drawing.partition("cluster_open")[2].partition("    }\n")[0], re.MULTILINE)
    arrows = set()
    for before, after, looks in re.findall(r"^ +(\w+) -> (\w+) \[(.*)\]$", drawing, re.MULTILINE):
        by = re.findall(r'label = " ?(\w+)', looks)[0]
        starts = inside if "ltail = cluster_open" in looks else ["" if before == "born" else before]
        arrows |= {(start, after, by) for start in starts}
        if "dir = " in looks:
            arrows.add((after, before, by))
    assert arrows == {(row["from"], row["to"], row["by"]) for row in rows("transitions") if row["from"] != row["to"]}
