"""The one thing the wires carry through a run; verbs and doors never see it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from connectors.bytescan.ahead import hands
from connectors.store import Store
from connectors.store.unwritten import no_store
from connectors.system.forked import MOST, Forked
from flows.run.log import Fact, Log, counts_of
from flows.run.progress import Progress, nobody
from flows.run.request import Request
from flows.run.steps import Step, StepRunner, Trouble, no_trouble
from flows.run.without_gc import give_memory_back
from flows.settings.model import Settings
from flows.state.run_state import RunState, run_state
from pipelines.policy import Policy
from schemas.changes.safeguard import Ceilings
from schemas.nomenclatures import say
from schemas.parallel import ParallelMap
from schemas.reading.source import SourceReport

T = TypeVar("T")
S = TypeVar("S")
J = TypeVar("J")
_SHARED_OUT = ("validate", "report")  # where the parts are large, and what they give is small


@dataclass(frozen=True, slots=True)
class Steps:
    """Carries out the steps of a run: tells how far it is, logs each, tries again and spreads where somebody helps.

    `do`: who carries them out; None: here and now, once, for whoever typed the command sees the outcome and may type it
    again. `seconds`: of each stage, once it is over. `indexed`: waits for whoever indexes the national files beside.
    """

    do: StepRunner | None = None
    tell: Progress = nobody
    log: Log = field(default_factory=Log)
    indexed: Callable[[], None] = lambda: None
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, step: Step, work: Callable[[], T], trouble: Callable[[T], Trouble | None] = no_trouble, /) -> T:
        """What `work` gives; `trouble` looks at that and says what went wrong, if anything.

        The log has each when it ends: its id, outcome, seconds and counts.
        """
        start = time.perf_counter()
        outcome = "failed"
        facts: Mapping[str, Fact] = {}
        try:
            gave = work() if self.do is None else self.do(step, work, trouble)
            outcome = "trouble" if trouble(gave) else "done"
            facts = counts_of(gave)
        finally:
            self.log("step", step=step.id, outcome=outcome, seconds=round(time.perf_counter() - start, 3), **facts)
        return gave

    def spread(self, step: Step, /, *, sent: bool = True) -> ParallelMap | None:
        """Tell who carries out the parts of a step, the log told how many they were; None where it is done in one.

        Nobody else asked, it is the cores of this machine, for what is Python: a register is read by two threads
        (docs/performance.md).
        """
        if self.do:
            spread = self.do.spread(step, sent=sent)
        else:
            spread = Forked(min(hands(), MOST)) if hands() > 1 and step.kind in _SHARED_OUT else None
        return _Parts(spread, step, self.log) if spread else None

    def say(self, key: str, **values: object) -> None:
        """Progress whoever watches what is being done."""
        self.tell(say(key, **values), 0, 0)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        start = time.perf_counter()
        yield
        give_memory_back()
        self.seconds[name] = round(time.perf_counter() - start, 3)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The same sharing out, of which the log is told how many parts it had."""

    spread: ParallelMap
    step: Step
    log: Log

    @property
    def here(self) -> bool:
        return self.spread.here

    @property
    def others(self) -> bool:
        return self.spread.others

    def __call__(self, work: Callable[[S, J], T], shared: S, jobs: Iterable[J], /) -> Iterator[T]:
        start, parts = time.perf_counter(), 0
        for gave in self.spread(work, shared, jobs):
            parts += 1
            yield gave
        self.log("parts", step=self.step.id, parts=parts, seconds=round(time.perf_counter() - start, 3))


@dataclass(frozen=True, slots=True)
class Run:
    """One run: the decisions of the deployment, what was asked, our own state, and who carries out the steps.

    `released`: what a human lets pass of an earlier run that was held.
    """

    settings: Settings
    request: Request
    state: RunState
    steps: Steps = field(default_factory=Steps)
    released: Ceilings = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The day it is played for."""
        return self.request.day

    @property
    def out(self) -> Path:
        """Where it leaves its results."""
        return self.request.out

    @property
    def policy(self) -> Policy:
        """The thresholds as the rules take them."""
        return self.settings.thresholds

    def begin(self, sources: tuple[SourceReport, ...]) -> None:
        """Open the run in the store, or take up the one that was killed over the same inputs."""
        self.state.begin(self.day, sources, [self.day.isoformat(), *self.request.regions])
        self.steps.log.run = self.state.run_id


@contextmanager
def opened(settings: Settings, request: Request, steps: Steps, *, witnessed: bool = True) -> Iterator[Run]:
    """Open a run with its state, which is its own while the block lasts; a dry run reads what is there, and writes
    nothing.

    `witnessed`: a copy of the witness lies among its results.

    Raises StoreError when the store cannot be opened, RunInProgressError when another run is at work,
    ConfigurationError when the run to be released held nothing.
    """
    with run_state(settings, dry_run=request.dry_run, out=request.out if witnessed else None) as state:
        steps.log.run = state.run_id
        yield Run(settings, request, state, steps, state.ceilings(request.release))


def looking(settings: Settings, day: date, tell: Progress = nobody, store: Store | None = None) -> Run:
    """Return a run that only looks: nothing is written or leaves. `store`: of the nights before, if there are any."""
    state = RunState(settings, store or no_store())
    return Run(settings, Request(day, settings.root / "out", dry_run=True), state, Steps(tell=tell))
