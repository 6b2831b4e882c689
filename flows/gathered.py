"""What was read so far: the reports of the sources and every reject and repair."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from connectors.readers.result import Reading
from pipelines.wholeness import ANNUAIRE, holds_the_night
from schemas.arrival import Brought
from schemas.assignment import Account
from schemas.extraction import Extraction
from schemas.footprint import Footprint
from schemas.issue import Issue
from schemas.source import SourceReport, SourceStatus
from schemas.stood import Asked, Stood


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


@dataclass(frozen=True, slots=True)
class Past:
    """What the nights before left to compare with; nothing at all on a fresh checkout.

    `footprints`: of each source when it was last used or released; `accounts`: of the last night's annuaire;
    `asked`: what of them our open changes ask to take away; `released`: held sources that a human let pass, or a figure
    of one (« annuaire.active ») → how much of each; `moving`: those whose files do not come to rest tonight, though
    each stood still while it was read; `mentioned`: what a workbook is complete for
    (`World.mentioned_before`) → the structures that one was about; `left`: those whose people left, an updater said.
    """

    footprints: Mapping[str, Footprint] = field(default_factory=dict)
    accounts: Mapping[str, Stood] = field(default_factory=dict)
    asked: Callable[[], Asked] = Asked
    released: Mapping[str, int] = field(default_factory=dict)
    moving: frozenset[str] = frozenset()
    mentioned: Mapping[str, frozenset[str]] = field(default_factory=dict)
    left: frozenset[str] = frozenset()

    def size(self, name: str) -> int:
        """How much of a source there was: accounts of the annuaire, rows of anything else."""
        return len(self.accounts) if name == ANNUAIRE else self.footprints.get(name, Footprint(0)).rows


NOTHING_BEFORE = Past()


@dataclass(slots=True)
class Gathered:
    """What was read: the reports of the sources in order, and every reject and repair.

    `past`: what the nights before left; `memory`: of the national files; `brought`: what was fetched first. `rows`:
    source → account or number → digest of what is written there; `notices`: what else the administrator must know.
    """

    reports: list[SourceReport] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    past: Past = NOTHING_BEFORE
    memory: Memory = field(default_factory=NoMemory)
    rows: dict[str, Mapping[str, str]] = field(default_factory=dict)
    brought: tuple[Brought, ...] = ()
    notices: list[str] = field(default_factory=list)

    @property
    def not_brought(self) -> tuple[Brought, ...]:
        """The sources that are read from an older file, because a newer one did not come."""
        return tuple(one for one in self.brought if one.outcome == "failed")

    @property
    def held(self) -> tuple[SourceReport, ...]:
        """The sources that wait for a human look."""
        return tuple(one for one in self.reports if one.status is SourceStatus.HELD)

    @property
    def night_held(self) -> bool:
        """A source without which nothing can be concluded is not whole: the night waits."""
        return any(holds_the_night(one.name) for one in self.held)

    @property
    def annuaire_held(self) -> bool:
        """There is nothing to compare with: not even a difference is looked for."""
        return any(one.name == ANNUAIRE for one in self.held)

    @property
    def unusable(self) -> frozenset[str]:
        """Names of the sources that sit out tonight, or whose lacks prove nothing."""
        return frozenset(report.name for report in self.reports if not report.usable)

    @property
    def unheard(self) -> frozenset[str]:
        """The same, and the columns of which nothing is known tonight: « register.cards.opposed_on »."""
        return self.unusable | {f"{report.name}.{name}" for report in self.reports for name in report.unknown}

    @property
    def imperfect(self) -> bool:
        """Something of a source could not be used, be it a column of it."""
        return any(not report.usable or report.message for report in self.reports)

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
