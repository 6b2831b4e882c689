"""What the annuaire has already stands for what is equal to it in the workbooks: there may be millions of lines.

A line whose number, address, names and function are those of an account takes half as much beside it; and what another
process read comes back with texts of its own for all of them.
"""

from collections.abc import Iterable
from sys import intern
from typing import Any, Protocol, TypeVar

from pipelines.sources.workbook.row.found import RowFound
from pipelines.sources.workbook.row.judged_by import JudgedBy
from schemas.people.assignment import Account
from schemas.people.identifiers import CpxReading
from schemas.people.workbook_line import Further, WorkbookLine

T = TypeVar("T")


class RowsJudged(Protocol):
    """A workbook of which the rows are judged."""

    lines: list[WorkbookLine]
    judged_by: JudgedBy


class OneOfEach:
    """The readings of numbers and the functions that accounts have, and the few lists that many rows give alike."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._readings: dict[str, CpxReading] = {}
        self._alike: dict[Any, Any] = {}
        for one in accounts:
            self._readings[one.number.raw] = one.number
            for held in one.assignments:
                self._alike[held] = held

    def _one(self, value: T) -> T:
        found: T = self._alike.setdefault(value, value)
        return found

    def settle(self, judged: RowsJudged) -> None:
        """Let a workbook that nobody has seen yet have one of each; all that it says is what it was."""
        judged.judged_by = judged.judged_by.with_rows(map(self._settled, judged.judged_by.rows))
        for line in judged.lines:
            self._settle(line)

    def _settled(self, found: RowFound) -> RowFound:
        """A row with one list for all that give the same, its lines settled."""
        for line in found.lines:
            self._settle(line)
        return found._replace(mentioned=self._one(found.mentioned), functions=self._one(found.functions))

    def _settle(self, line: WorkbookLine) -> None:
        """No value becomes another, so that a frozen line stays as good as frozen."""
        put, known = object.__setattr__, self._readings.get(line.number.raw)
        if known == line.number:
            put(line, "number", known)
        put(line, "assignment", self._one(line.assignment))
        put(line, "last_name", intern(line.last_name))
        put(line, "first_name", intern(line.first_name))
        put(line, "emails", tuple(map(intern, line.emails)))
        own = (line.number.number,)
        if line.typed_numbers == own:
            put(line, "typed_numbers", own)
            if line.further.numbers == own:
                put(line, "further", Further(line.further.parted, line.further.remarks, own))
