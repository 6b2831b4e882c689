"""What was read so far: the reports of the sources and every reject and repair."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from connectors.readers.result import Reading
from schemas.assignment import Account
from schemas.extraction import Extraction
from schemas.issue import Issue
from schemas.source import STORE, SourceReport, SourceStatus


class Memory(Protocol):
    """What was taken out of the national files before, and which accounts there were."""

    def recall(self, source: str, /) -> Extraction | None: ...

    def keep(self, found: Extraction, /) -> None: ...

    def missed(self, day: date, present: Collection[str], /) -> Mapping[str, Account]: ...


class NoMemory:
    """Every file is read."""

    def recall(self, _source: str, /) -> None:
        """Nothing."""

    def keep(self, _found: Extraction, /) -> None:
        """Nowhere."""

    def missed(self, _day: date, _present: Collection[str], /) -> Mapping[str, Account]:
        """Nobody."""
        return {}


@dataclass(slots=True)
class Gathered:
    """What was read: the reports of the sources in order, and every reject and repair.

    `before`: rows of each source when it was last used; `released`: held sources that a human let pass; `memory`: of
    the national files.
    """

    reports: list[SourceReport] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    before: Mapping[str, int] = field(default_factory=dict)
    released: frozenset[str] = frozenset()
    memory: Memory = field(default_factory=NoMemory)

    @property
    def floor_failed(self) -> bool:
        """A register, or our own state, is so much smaller than it should be that the whole night waits."""
        held = (one.name for one in self.reports if one.status is SourceStatus.HELD)
        return any(name.startswith("register.") or name == STORE for name in held)

    @property
    def unusable(self) -> frozenset[str]:
        """Names of the sources that sit out tonight."""
        return frozenset(report.name for report in self.reports if not report.usable)

    def keep(self, reading: Reading, issues: Iterable[Issue] = (), rejected: int = 0) -> None:
        """Add a source: rows that judging quarantined move from accepted to rejected."""
        report = reading.report
        self.reports.append(
            replace(
                report,
                rows_accepted=report.rows_accepted - rejected,
                rows_rejected=report.rows_rejected + rejected,
            )
        )
        self.issues.extend(reading.issues)
        self.issues.extend(issues)


def held(reading: Reading, message: str) -> Reading:
    """The source out of use until somebody has looked: no row of it counts tonight."""
    report = reading.report.failed(message, SourceStatus.HELD)
    return replace(reading, report=report, frame=reading.frame.iloc[0:0])
