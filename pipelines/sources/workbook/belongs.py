"""Whether a workbook is the one that it stands for: about the places it is complete for, and about people one knows.

Another file in its place opens, has the columns, and ends everybody whom it does not name. A first workbook of nothing
but newcomers is no such thing: people are held against those who were known when it was used last.
"""

from collections.abc import Mapping, Sequence

from pipelines.names import full_key
from pipelines.sources.cells.known_people import People
from pipelines.sources.coverage import coverage, scope_key
from schemas.people.structure import Structure
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.filled import Filled
from schemas.reading.source import WorkbookScope

INSIDE, KNOWN = "rows.inside", "rows.known"  # beside the columns that are remembered of a workbook
FEWEST = 5  # rows: of fewer nothing is said
KEPT = 0.8  # of the share of rows that were about its own places
RECOGNISED = 0.2  # of those whom the annuaire knew: accounts that vanish, and people who come, leave more than that
_NOTHING = Filled(0, 0)


def figures_of(scope: WorkbookScope, lines: Sequence[WorkbookLine], people: People) -> dict[str, Filled]:
    """Tell how many of its rows are about the places it is complete for, and about somebody with an account."""
    return {
        INSIDE: Filled(len(lines), sum(_inside(scope, line) for line in lines)),
        KNOWN: Filled(len(lines), sum(_known(line, people) for line in lines)),
    }


def another(before: Mapping[str, Filled], now: Mapping[str, Filled]) -> str:
    """Return the figure by which it is another workbook; "" where it may well be the same."""
    if _elsewhere(before.get(INSIDE), now.get(INSIDE, _NOTHING)):
        return INSIDE
    return KNOWN if _of_strangers(before.get(KNOWN, _NOTHING), now.get(KNOWN, _NOTHING)) else ""


def _elsewhere(then: Filled | None, now: Filled) -> bool:
    """Its rows are about other places: most of them, or, where it is known how it was, a fifth more than were."""
    if now.rows < FEWEST:
        return False
    if then is None or not then.rows:
        return not now.mostly
    return then.mostly and now.filled * then.rows < KEPT * then.filled * now.rows


def _of_strangers(then: Filled, now: Filled) -> bool:
    """Hardly one of those whom the annuaire knew is in it, though there are as many rows; who comes is no stranger."""
    return now.rows >= FEWEST and then.mostly and now.filled < RECOGNISED * min(then.filled, now.rows)


def _inside(scope: WorkbookScope, line: WorkbookLine) -> bool:
    """Of a place of which one does not know where it belongs, it is not said that it is elsewhere."""
    structure = Structure(line.assignment.structure_code, line.structure_type, "", line.region_code, line.parent_code)
    if scope_key(scope) in coverage(structure):
        return True
    if scope.kind == "region":
        return line.region_code in ("", scope.code)
    return scope.kind == "ets" and line.structure_type == "SITE" and not line.parent_code


def _known(line: WorkbookLine, people: People) -> bool:
    """Somebody with an account; whom the registers alone know is a newcomer."""
    number = line.number.number
    if number in people.by_number and number not in people.registered:
        return True
    return full_key(line.last_name, line.first_name) in people.names
