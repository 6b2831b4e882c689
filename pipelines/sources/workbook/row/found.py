"""What judging one row of a workbook finds: kept as it is, so that only rows judged otherwise are judged again."""

from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.people.workbook_line import Convention, UnreadRow, WorkbookLine
from schemas.reading.issue import Issue


class RowFound(NamedTuple):
    """The same, as it is kept."""

    lines: tuple[WorkbookLine, ...]
    unread: tuple[UnreadRow, ...]
    conventions: tuple[Convention, ...]
    issues: tuple[Issue, ...]
    rejected: int
    mentioned: tuple[str, ...]
    functions: tuple[str, ...]
    unspoken: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class RowFindings:
    """What a row adds to the judgement of its workbook, while it is judged; `unspoken`: (words, where they stand)."""

    lines: list[WorkbookLine] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)
    conventions: list[Convention] = field(default_factory=list)
    rejected: int = 0
    mentioned: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    unspoken: list[tuple[str, str]] = field(default_factory=list)

    def found(self, issues: list[Issue]) -> RowFound:
        """Return what is kept of it, with the issues of its cells."""
        return RowFound(
            tuple(self.lines),
            tuple(self.unread),
            tuple(self.conventions),
            tuple(issues),
            self.rejected,
            tuple(self.mentioned),
            tuple(self.functions),
            tuple(self.unspoken),
        )
