"""Tables of who came and who left, on a sheet of their own: « Date | Établissement | Sortant | Entrant ».

Nobody comes or leaves by them: whom they name otherwise than the list does is asked about (contract §6a).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.dates import days_in
from pipelines.sources.workbook.beside.leavers import named
from pipelines.sources.workbook.beside.sentences import cells_of, in_post, question
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow
from schemas.table_words import arrival_words
from schemas.words import clean, label_key

_FEWEST = 2  # cells of a header
OUT, IN = "out", "in"


@dataclass(frozen=True, slots=True)
class MovementCell:
    """A cell below such a header: the row that it is of, the header, what it says, whether of leaving or coming."""

    row: WrittenRow
    head: str
    cell: str
    way: str


def movements_in(written: Sequence[WrittenRow], read: Collection[str], day: date) -> Iterator[MovementCell]:
    """Yield what stands in the columns « Sortant » and « Entrant » of sheets without anybody of the list, days to come
    aside. `read`: the rows of somebody.
    """
    lists = {place.rpartition("!")[0] for place in read}
    heads: dict[str, Mapping[int, tuple[str, str]]] = {}
    for row in written:
        if row.note or row.sheet in lists:
            continue
        found = _heads(row)
        if found:
            heads[row.sheet] = found
            continue
        for at, (head, way) in heads.get(row.sheet, {}).items():
            cell = clean(row.cells[at]) if at < len(row.cells) else ""
            if any(map(str.isalpha, cell)) and all(when <= day for when in days_in(" ; ".join(cells_of(row)))):
                yield MovementCell(row, head, cell, way)


def moved_out(
    lines: Sequence[WorkbookLine], asked: set[str], written: Sequence[WrittenRow], day: date
) -> Iterator[UnreadRow]:
    """Yield a question for each person of the list whom such a table has as gone; `asked`: rows asked about already."""
    moved = [one for one in movements_in(written, {line.location for line in lines}, day) if one.way == OUT]
    people = [one for one in in_post(lines) if one[0].location not in asked] if moved else []
    told: set[str] = set()
    for one in moved:
        for line in named([one.cell], people, day):
            if line.location not in told:
                told.add(line.location)
                yield question(line, line.location, "beside", f"{one.head} : {one.cell}")


def _heads(row: WrittenRow) -> Mapping[int, tuple[str, str]]:
    """Column → (header, way), of a row that is the header of such a table; none of any other."""
    cells = {at: clean(text) for at, text in enumerate(row.cells) if clean(text)}
    if len(cells) < _FEWEST or any(any(map(str.isdigit, text)) for text in cells.values()):
        return {}
    return {at: (text, way) for at, text in cells.items() if (way := _way(text))}


def _way(head: str) -> str:
    words = set(label_key(head).split())
    for way in (OUT, IN):
        if words & arrival_words(f"head_{way}") and words <= arrival_words(f"head_{way}") | arrival_words("head_aside"):
            return way
    return ""
