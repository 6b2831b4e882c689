"""One step of a run, and who carries it out: plainly from the command line, as a task where Prefect orchestrates.

The night says `do(Step("read", source), work, trouble)` and gets what `work` gives: one definition, two ways to run it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from schemas.parallel import ParallelMap
from schemas.reading.issue import Issue
from schemas.reading.source import SourceReport, SourceStatus

T = TypeVar("T")
StepKind = Literal["fetch", "read", "validate", "compare", "record", "report", "mail", "page", "decide"]
# A file that is not there or not whole may be there in a minute: a share not mounted, a copy under way.
_MAY_PASS = ("FILE_UNREADABLE",)


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done, and to what: a source (`register.cards`) or an updater (`CRH_ST-24`), never a person."""

    kind: StepKind
    subject: str = ""

    @property
    def id(self) -> str:
        """`read:register.cards`: the same in the log, the store and Prefect."""
        return f"{self.kind}:{self.subject}" if self.subject else self.kind


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a step did not end well though it gave something; `may_pass`: another try in a minute may do."""

    message: str
    may_pass: bool = False


class StepRunner(Protocol):
    """Carries out a step and gives what `work` gives; `trouble` looks at that and says what went wrong, if anything."""

    def __call__(self, step: Step, work: Callable[[], T], trouble: Callable[[T], Trouble | None] = ..., /) -> T: ...

    def spread(self, step: Step, /, *, sent: bool = True) -> ParallelMap | None:
        """Tell who carries out the parts of a step; None where nobody else is there, and it is done in one.

        `sent`: they may go to another machine; not those that cost more to send than to do (docs/performance.md).
        """


def no_trouble(_: object) -> None:
    """Find none: a step that ends well or raises."""


class Plainly:
    """Here and now, once: whoever typed the command sees the outcome and may type it again."""

    def __call__(
        self, _step: Step, work: Callable[[], T], _trouble: Callable[[T], Trouble | None] = no_trouble, /
    ) -> T:
        """What `work` gives."""
        return work()

    def spread(self, _step: Step, /, *, sent: bool = True) -> None:
        """Give nobody: one process is the fastest that reads no more than there is to read (docs/performance.md)."""


plainly = Plainly()


class Read(Protocol):
    """A source, read."""

    @property
    def report(self) -> SourceReport:
        """Its account."""

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What its reader found wrong."""


def unread(source: Read) -> Trouble | None:
    """Return what kept a source from being used, in the words of its report."""
    if source.report.usable:
        return None
    failed = source.report.status is SourceStatus.FAILED
    codes = {one.code for one in source.issues}
    absent = failed and not codes.isdisjoint(_MAY_PASS)
    return Trouble(source.report.message, may_pass=absent or not source.report.steady)
