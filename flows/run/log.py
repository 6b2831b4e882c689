"""What a run says of itself while it runs: events with ids, counts and seconds; never a name, a number, an address.

One JSON line per event in `log/` beside the store; where Prefect orchestrates, the same events go to its run logger.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import structlog

from connectors.system.private_file import append_private
from flows.run.steps import Step, StepRunner, Trouble, no_trouble
from flows.settings.model import Settings
from flows.state.run_state import now
from pipelines.sources.judged_sources import Source
from schemas.parallel import ParallelMap
from schemas.reading.arrival import Brought
from schemas.reports.delivery import Delivery

T = TypeVar("T")
S = TypeVar("S")
J = TypeVar("J")
Fact = str | int | float | bool


class Sink(Protocol):
    """Where events go."""

    def info(self, event: str, **facts: Fact) -> object:
        """Take one event, with what is to be known of it."""


@dataclass(slots=True)
class Log:
    """Tells events to its sinks; `run` is the run's id once it has one."""

    sinks: tuple[Sink, ...] = ()
    run: str = ""

    def __call__(self, event: str, **facts: Fact) -> None:
        for sink in self.sinks:
            sink.info(event, run=self.run, **facts)


@dataclass(frozen=True, slots=True)
class Logged:
    """The same doing, each step told when it ends: its id, outcome, seconds and counts; and how many parts it had."""

    do: StepRunner
    log: Log

    def __call__(self, step: Step, work: Callable[[], T], trouble: Callable[[T], Trouble | None] = no_trouble, /) -> T:
        """As `do` does it."""
        start = time.perf_counter()
        outcome = "failed"
        facts: Mapping[str, Fact] = {}
        try:
            gave = self.do(step, work, trouble)
            outcome = "trouble" if trouble(gave) else "done"
            facts = counts_of(gave)
        finally:
            self.log("step", step=step.id, outcome=outcome, seconds=round(time.perf_counter() - start, 3), **facts)
        return gave

    def spread(self, step: Step, /, *, sent: bool = True) -> ParallelMap | None:
        """As `do` spreads it."""
        spread = self.do.spread(step, sent=sent)
        if spread is None:
            return None
        return _Told(spread, step, self.log)


@dataclass(frozen=True, slots=True)
class _Told:
    """The same sharing out, of which it is told how many parts it had."""

    spread: ParallelMap
    step: Step
    log: Log

    @property
    def here(self) -> bool:
        return getattr(self.spread, "here", False)

    def __call__(self, work: Callable[[S, J], T], shared: S, jobs: Iterable[J], /) -> Iterator[T]:
        start, parts = time.perf_counter(), 0
        for gave in self.spread(work, shared, jobs):
            parts += 1
            yield gave
        self.log("parts", step=self.step.id, parts=parts, seconds=round(time.perf_counter() - start, 3))


def counts_of(gave: object) -> Mapping[str, Fact]:
    """What can be counted of a step's outcome."""
    if isinstance(gave, Source):
        report = gave.report
        return {
            "status": report.status.value,
            "rows_read": report.rows_read,
            "rows_accepted": report.rows_accepted,
            "rows_rejected": report.rows_rejected,
            "rows_duplicate": report.rows_duplicate,
        }
    if isinstance(gave, Brought):
        return {"status": gave.outcome, "bytes": gave.file.size, "rows": gave.file.rows} if gave.file else {}
    if isinstance(gave, Delivery):
        return {"told": gave.told, "sent": gave.sent, "changes": len(gave.change_ids)}
    return {}


@contextmanager
def file_log(settings: Settings) -> Iterator[Sink]:
    """A sink that appends to today's file of `log/` beside the store, readable by its owner alone."""
    with append_private(log_folder(settings) / f"{now():%Y-%m-%d}.jsonl") as stream:
        stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")
        render = structlog.processors.JSONRenderer(ensure_ascii=False)
        yield structlog.wrap_logger(structlog.WriteLogger(stream), processors=[stamp, render])


def log_folder(settings: Settings) -> Path:
    """Where the logs of the runs lie."""
    return settings.state_folder / "log"
