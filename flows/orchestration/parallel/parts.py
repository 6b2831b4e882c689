"""The parts of a step, each a Prefect task: by threads of this process, or by the workers of a Dask cluster.

Whatever happens to a worker, each part is done: by another one, and in the end here. Prefect is told a part's name and
state; what is looked for and what is found goes from process to process alone, and is kept nowhere.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectConcurrentFuture
from prefect.logging import get_run_logger
from prefect.task_runners import ThreadPoolTaskRunner

from flows.run.steps import Step
from schemas.nomenclatures import own_rows, say, use_own_rows

S = TypeVar("S")
J = TypeVar("J")
R = TypeVar("R")


class Sealed(Generic[R]):
    """Something that Prefect neither looks through for futures nor can print: it may name people.

    With it go the deployment's own regions and ETS, which another machine's process has never read.
    """

    __slots__ = ("inside", "own")

    def __init__(self, inside: R) -> None:
        self.inside = inside
        self.own = own_rows()


def carry_out(work: Callable[[S, J], R], shared: Sealed[S], job: Sealed[J]) -> R:
    """Return the body of every part's task; a cluster's workers find it by its name."""
    use_own_rows(shared.own)
    return work(shared.inside, job.inside)


class Hands(Protocol):
    """Who carries out parts; `others`: they are on other machines."""

    others: bool

    def lend(self, shared: Sealed[Any]) -> Any:
        """Return what all parts of a step have in common, once for all of them."""

    def start(self, task: Task[..., Any], **parameters: Any) -> Any:
        """Return a part, begun."""

    def fetch(self, started: Any) -> tuple[Any] | None:
        """Return what it gave; None where it came to nothing, and is to be done here."""


@dataclass(frozen=True, slots=True)
class SpreadOver:
    """A `ParallelMap` of the hands that carry out the parts of a step; those found later are looked for while the first
    are under way.
    """

    hands: Hands
    step: Step
    here: bool = field(default=False, init=False)

    @property
    def others(self) -> bool:
        """Return whether they are on other machines."""
        return self.hands.others

    def __call__(self, work: Callable[[S, J], R], shared: S, jobs: Iterable[J], /) -> Iterator[R]:
        hands, step = self.hands, self.step
        lent = hands.lend(Sealed(shared))
        started: deque[tuple[J, Any]] = deque()
        for number, job in enumerate(jobs, 1):
            task = _task(f"{step.id}#{number}", step.kind)
            started.append((job, hands.start(task, work=work, shared=lent, job=Sealed(job))))
        number = 0
        while started:
            job, part = started.popleft()
            number += 1
            gave = hands.fetch(part)
            if gave is None:
                get_run_logger().warning(say("prefect.part_here", part=f"{step.id}#{number}"))
            yield gave[0] if gave else work(shared, job)


def _task(name: str, kind: str) -> Task[..., Any]:
    return Task(
        carry_out,
        name=say("prefect.part", kind=say(f"step_kind.{kind}")),
        task_run_name=name,
        tags=[kind],
        cache_policy=NO_CACHE,
        persist_result=False,
    )


class Threads:
    """Threads of this process. What a part raises is raised: there is nobody to do it better."""

    others = False

    def __init__(self, runner: ThreadPoolTaskRunner[Any]) -> None:
        self._runner = runner
        self._flow = copy_context()

    def lend(self, shared: Sealed[Any]) -> Sealed[Any]:
        """Return itself."""
        return shared

    def start(self, task: Task[..., Any], **parameters: Any) -> PrefectConcurrentFuture[Any]:
        """Start it as a task of the flow."""
        return in_flow(self._flow, self._runner.submit, task, parameters=parameters)

    def fetch(self, started: PrefectConcurrentFuture[Any]) -> tuple[Any]:
        """Return its result."""
        return (started.result(),)


def in_flow(flow: Context, submit: Callable[..., R], *arguments: Any, **named: Any) -> R:
    """Run it from the flow, not from the step's task under way, whose work would be sent along with it."""
    return flow.copy().run(submit, *arguments, **named)
