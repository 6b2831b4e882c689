"""The sources of a night, judged: each alone, those of this installation and the national ones, and their account."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Generic, Protocol, TypeVar

import pandas as pd

from pipelines.sources.annuaire import Annuaire
from pipelines.sources.baseline import NOTHING_BEFORE, Baseline
from pipelines.sources.judged import Judged
from pipelines.sources.workbook.rows import JudgedWorkbook
from schemas.people.assignment import Account
from schemas.people.card import Card
from schemas.people.directory_answer import Said
from schemas.people.person import RegisterPerson
from schemas.people.structure import FinessRow
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.issue import Issue
from schemas.reading.source import SourceReport, SourceStatus, Wanted
from schemas.reading.source_names import ANNUAIRE, holds_the_night
from schemas.text_rows import ReadRows

T = TypeVar("T", covariant=True)


class Text(Protocol):
    """What a reader gives: the rows as text, what was wrong with them, and their exact account."""

    @property
    def report(self) -> SourceReport:
        """Its account."""

    @property
    def frame(self) -> pd.DataFrame:
        """Text columns, and where each row stands."""

    @property
    def rows(self) -> ReadRows | None:
        """The same, where its reader keeps lines: a cell is text when it is asked for."""

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What the reader found wrong."""

    @property
    def facts(self) -> dict[str, Any]:
        """What else the reader saw."""


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """One source, judged.

    `report`: as it was read, held where it is not whole; `issues`: of the reader; `judged`: what is in it, of one that
    is not usable perhaps nothing. `digests`: account or number → digest of what is written there; None: of no use.
    """

    report: SourceReport
    judged: Judged[T]
    issues: tuple[Issue, ...] = ()
    digests: Mapping[str, str] | None = None
    notes: tuple[str, ...] = ()

    @property
    def items(self) -> T:
        """What is in it."""
        return self.judged.items

    @property
    def account(self) -> SourceReport:
        """Its report to the row: rows that judging quarantined move from accepted to rejected."""
        return replace(
            self.report,
            rows_accepted=self.report.rows_accepted - self.judged.rejected,
            rows_rejected=self.report.rows_rejected + self.judged.rejected,
            notes=(*self.report.notes, *self.notes),
        )


Stock = Mapping[str, FinessRow]  # FINESS → establishment
Leads = Mapping[str, tuple[str, ...]]  # ADELI → every RPPS that it leads to
Persons = Mapping[str, RegisterPerson]


@dataclass(frozen=True, slots=True)
class Local:
    """What this installation has itself: the annuaire, the stock of establishments, the workbooks.

    Of an annuaire that is not usable nothing else is read: there is nothing to compare with. `missed`: accounts that
    were there and are missing from it, while that proves nothing: their cards may matter.
    """

    annuaire: Source[Annuaire]
    structures: Source[Stock] | None = None
    workbooks: tuple[Source[JudgedWorkbook], ...] = ()
    missed: Mapping[str, Account] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Source[Any], ...]:
        """In the order in which they were read."""
        return (self.annuaire, *([self.structures] if self.structures else ()), *self.workbooks)

    @property
    def establishments(self) -> Stock | None:
        """The stock; None where there is none to believe."""
        return self.structures.items if self.structures and self.structures.report.usable else None

    @property
    def lines(self) -> Iterator[WorkbookLine]:
        """Of all workbooks."""
        return (line for book in self.workbooks for line in book.items.lines)


@dataclass(frozen=True, slots=True)
class National:
    """The national files, as far as they are about those whom we looked for; None: not configured.

    `inner`: the correspondence that the persons' extract carries itself.
    """

    wanted: Wanted = field(default_factory=Wanted)
    crosswalk: Source[Leads] | None = None
    cards: Source[Sequence[Card]] | None = None
    adeli: Source[Persons] | None = None
    persons: Source[Persons] | None = None
    inner: Leads = field(default_factory=dict)
    directory: Source[Said] | None = None

    @property
    def leads(self) -> Leads:
        """What the official correspondence says, and what « Autres identifiants » adds to it."""
        return {**self.inner, **(self.crosswalk.items if self.crosswalk else {})}

    @property
    def all(self) -> tuple[Source[Any], ...]:
        """In the order in which they were read."""
        return tuple(one for one in (self.crosswalk, self.cards, self.adeli, self.persons, self.directory) if one)


@dataclass(frozen=True, slots=True)
class Sources:
    """The account of a night's sources: their reports in the order of reading, every reject and repair.

    `digests`: source → account or number → digest of what is written there; `notices`: what else the administrator
    must know; `baseline`: what they were held against.
    """

    reports: tuple[SourceReport, ...] = ()
    issues: tuple[Issue, ...] = ()
    digests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    baseline: Baseline = NOTHING_BEFORE

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

    def report_of(self, name: str) -> SourceReport | None:
        """Return the report of a source; None where it was not read."""
        return next((one for one in self.reports if one.name == name), None)

    def uses(self, name: str) -> bool:
        """Tell whether it was read, and is used tonight."""
        report = self.report_of(name)
        return report is not None and report.usable

    def with_report(self, report: SourceReport) -> "Sources":
        """Return the same with a further report, or with another one of a source that has one."""
        if self.report_of(report.name) is None:
            return replace(self, reports=(*self.reports, report))
        return replace(self, reports=tuple(report if one.name == report.name else one for one in self.reports))


def accounted(local: Local, national: National, baseline: Baseline) -> Sources:
    """Return the account of all sources that were read."""
    every = (*local.all, *national.all)
    return Sources(
        reports=tuple(one.account for one in every),
        issues=tuple(chain.from_iterable((*one.issues, *one.judged.issues) for one in every)),
        digests={one.report.name: one.digests for one in every if one.digests is not None},
        baseline=baseline,
    )
