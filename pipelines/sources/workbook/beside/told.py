"""All that a workbook tells beside its rows of people, put together: what its lines become by it, and what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.sources.workbook.beside.columns import departures_beside
from pipelines.sources.workbook.beside.footnotes import footnotes
from pipelines.sources.workbook.beside.leavers import listed_as_gone, told_twice
from pipelines.sources.workbook.beside.legends import colours_of
from pipelines.sources.workbook.beside.movements import moved_out
from pipelines.sources.workbook.beside.numbers_beside import with_numbers_beside
from schemas.people.workbook_line import UnreadRow, WorkbookLine, WrittenRow


@dataclass(frozen=True, slots=True)
class ToldBeside:
    """`lines`: those that stand; `asked`: the questions; `written`: the rows that may protect somebody; `notes`."""

    lines: list[WorkbookLine]
    asked: list[UnreadRow]
    written: tuple[WrittenRow, ...]
    notes: list[str]


def told_beside(
    lines: Sequence[WorkbookLine],
    unread: Sequence[UnreadRow],
    every: tuple[WrittenRow, ...],
    day: date,
) -> ToldBeside:
    """Return the lines with the numbers that stand beside them, and the questions about departures that
    the written rows tell of; a legend of colours that could not be read is noted.

    Rows of leavers are no longer among the written ones: they protect nobody. `unread`: what is asked already.
    """
    found = with_numbers_beside(lines, every)
    asked = {row.location for row in unread if row.not_understood}
    written = tuple(row for row in every if not row.leavers)
    coloured, notes = colours_of(found, asked, written)
    questions = list(coloured)

    def told() -> set[str]:
        return asked | {one.location for one in questions}

    questions.extend(footnotes(found, told(), written, day))
    questions.extend(departures_beside(found, told(), written, day))
    questions.extend(told_twice(found, told()))
    questions.extend(listed_as_gone(found, told(), every, day))
    questions.extend(moved_out(found, told(), every, day))
    return ToldBeside(found, questions, written, notes)
