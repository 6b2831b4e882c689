"""Where the cells of a line are that came back without its header: whole rows copied into another book."""

from collections.abc import Mapping, Sequence

from connectors.excel.report.columns import COLUMNS, TOKEN, URGENCY
from schemas.nomenclatures import say
from schemas.words import fold

_SEVERITIES = ("access", "important", "info")
_WANTED = ("decision", "postponed_to", "comment")


def headerless(token: int, cells: Sequence[str]) -> Mapping[str, int] | None:
    """Return column name → position, by how far each stands before the reference; None where several sheets
    would fit.
    """
    urgencies = {fold(say(f"severity.{one}")) for one in _SEVERITIES}
    found = []
    for columns in COLUMNS.values():
        names = [column.name for column in (*columns, TOKEN)]
        first = token - (len(names) - 1)
        urgency = first + names.index(URGENCY.name)
        begins_here = first >= 0 and bool(cells[first]) and not any(cells[:first])
        if begins_here and fold(cells[urgency]) in urgencies:
            found.append({name: first + names.index(name) for name in _WANTED})
    if not found or any(one != found[0] for one in found):
        return None
    return {"token": token, **found[0]}
