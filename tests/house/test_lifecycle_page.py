"""`docs/lifecycle.md` says what the table of transitions says."""

import re
from pathlib import Path

from schemas.nomenclatures import rows

PAGE = (Path(__file__).parents[2] / "docs" / "lifecycle.md").read_text(encoding="utf-8")


def test_the_page_has_the_table_of_transitions_row_for_row() -> None:
    _, _, table = PAGE.partition("## Table of transitions\n")
    lines = table.partition("\n\n")[0].splitlines()[2:]
    found = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    assert found == [(row["from"], row["to"], row["by"], row["meaning"]) for row in rows("transitions")]


def test_the_drawing_has_no_arrow_that_the_table_has_not() -> None:
    """`open` stands for every status in its box; what a status says of itself again is not drawn."""
    drawing = PAGE.partition("```mermaid")[2].partition("```")[0]
    inside = set(re.search(r"state open \{(.*?)\}", drawing, re.DOTALL)[1].split())  # type: ignore[index]
    arrows = set()
    for before, after, by in re.findall(r"(\S+) --> (\w+): (\w+)", drawing):
        for one in sorted(inside) if before == "open" else [before.replace("[*]", "")]:
            arrows.add((one, after, by))
    assert arrows == {(row["from"], row["to"], row["by"]) for row in rows("transitions") if row["from"] != row["to"]}
