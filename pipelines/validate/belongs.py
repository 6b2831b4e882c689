"""Whether a workbook is the one that it stands for: about the places it is complete for, and about people one knows.

Another file in its place opens, has the columns, and ends everybody whom it does not name. A first workbook of nothing
but newcomers is no such thing: people are held against those who were known when it was used last.
"""

from collections.abc import Mapping, Sequence

from pipelines.names import full_key
from pipelines.validate.known import People
from pipelines.world import coverage, scope_key
from schemas.filled import Filled
from schemas.source import WorkbookScope
from schemas.structure import Structure
from schemas.workbook import WorkbookLine

INSIDE, KNOWN = "rows.inside", "rows.known"  # beside the columns that are remembered of a workbook
FEWEST = 5  # rows: of fewer nothing is said


def figures_of(scope: WorkbookScope, lines: Sequence[WorkbookLine], people: People) -> dict[str, Filled]:
    """How many of its rows are about the places it is complete for, and about somebody with an account."""
    return {
        INSIDE: Filled(len(lines), sum(_inside(scope, line) for line in lines)),
        KNOWN: Filled(len(lines), sum(_known(line, people) for line in lines)),
    }


def another(before: Mapping[str, Filled], now: Mapping[str, Filled]) -> str:
    """The figure by which it is another workbook; "" where it may well be the same.

    Never used, or not so that this was remembered: where most of its rows are about other places.
    """
    for name in (INSIDE, KNOWN):
        then, found = before.get(name), now.get(name)
        if found is None or found.rows < FEWEST:
            continue
        if then is None and name == INSIDE and not found.mostly:
            return name
        if then and then.mostly and 2 * found.filled < min(then.filled, found.rows):
            return name
    return ""


def _inside(scope: WorkbookScope, line: WorkbookLine) -> bool:
    """Of a place of which one does not know where it belongs, it is not said that it is elsewhere."""
    structure = Structure(line.assignment.structure_code, line.structure_type, "", line.region_code, line.parent_code)
    if scope_key(scope) in coverage(structure):
        return True
    if scope.kind == "region":
        return line.region_code in ("", scope.code)
    return scope.kind == "ets" and line.structure_type == "SITE" and not line.parent_code


def _known(line: WorkbookLine, people: People) -> bool:
    return line.number.number in people.by_number or full_key(line.last_name, line.first_name) in people.names
