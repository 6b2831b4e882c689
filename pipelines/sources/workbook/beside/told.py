"""All that a workbook tells beside its rows of people, put together: what its lines become by it, and what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.sources.cells.known_people import People
from pipelines.sources.cells.place import Surroundings
from pipelines.sources.workbook.beside.columns import departures_beside
from pipelines.sources.workbook.beside.footnotes import footnotes
from pipelines.sources.workbook.beside.leavers import listed_as_gone, told_twice
from pipelines.sources.workbook.beside.legends import colours_of
from pipelines.sources.workbook.beside.not_whole import not_whole
from pipelines.sources.workbook.beside.numbers_beside import with_numbers_beside
from pipelines.sources.workbook.beside.sentences import question
from pipelines.sources.workbook.row.not_yet import is_there, waiting_beside
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
    around: Surroundings,
) -> ToldBeside:
    """Return the lines with the numbers that stand beside them, and the questions about departures and arrivals that
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
    questions.extend(not_whole(found, written, around.structures))
    waiting = _waiting(found, written, day, around.people)
    questions.extend(question(line, line.location, "not_yet", words) for line, words in waiting)
    left = [line for line in found if all(line is not one for one, _ in waiting)] if waiting else found
    return ToldBeside(left, questions, written, notes)


def _waiting(
    lines: Sequence[WorkbookLine], written: Sequence[WrittenRow], day: date, people: People
) -> list[tuple[WorkbookLine, str]]:
    """Newcomers of whom a cell beside says that they are not there yet, with what it says."""
    new = [line for line in lines if not line.left and not is_there(line, people)]
    told = waiting_beside(new, written, day)
    return [(line, told[line.location]) for line in new if line.location in told]
