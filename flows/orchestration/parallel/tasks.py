"""Steps as Prefect tasks: each seen by name, tried again where it may pass by itself, none stopping another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from prefect import Task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext, TaskRunContext
from prefect.logging import get_run_logger

from flows.orchestration.parallel.workforce import Workforce
from flows.run.log import Fact
from flows.run.steps import Step, Trouble, no_trouble
from schemas.errors import AnnuaireError, ConfigurationError
from schemas.nomenclatures import say
from schemas.parallel import ParallelMap

T = TypeVar("T")


class StepInTroubleError(Exception):
    """A step that gave something, but not what was hoped for: Prefect shows it as failed, the night goes on."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class AsTasks:
    """A doing that makes every step a task of the flow under way.

    `retry_delays` in seconds, one per further try; `workforce`: who carries out the parts of a step.
    """

    retry_delays: Sequence[float] = ()
    workforce: Workforce | None = None

    def __call__(self, step: Step, work: Callable[[], T], trouble: Callable[[T], Trouble | None] = no_trouble, /) -> T:
        """What `work` gave, even where the task is shown as failed."""
        gave: list[T] = []

        def carry_out() -> None:
            gave.clear()
            gave.append(work())
            found = trouble(gave[0])
            if found:
                raise StepInTroubleError(found)

        state: State[None] = _task(step, carry_out, self.retry_delays)(return_state=True)
        if not gave:
            state.result()  # raises what kept the step from giving anything
        return gave[0]

    def spread(self, step: Step, /, *, sent: bool = True) -> ParallelMap | None:
        """Return each part a task of its own."""
        return self.workforce.spread(step, sent=sent) if self.workforce else None


def _task(step: Step, work: Callable[[], None], retry_delays: Sequence[float]) -> Task[[], None]:
    return Task(
        work,
        name=say(f"step_kind.{step.kind}"),
        task_run_name=step.id,
        tags=[step.kind],
        retries=len(retry_delays),
        retry_delay_seconds=list(retry_delays) or None,
        retry_condition_fn=_worth_another_try,
        cache_policy=NO_CACHE,
        persist_result=False,
    )


def _worth_another_try(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """A source that is not there may be a share not mounted; nothing else passes by itself.

    The annuaire's absence raises: without it there is nothing to compare with. SMTP has tried again already.
    """
    found = state.result(raise_on_failure=False)
    if isinstance(found, StepInTroubleError):
        return found.trouble.may_pass
    return isinstance(found, AnnuaireError | ConfigurationError)


class PrefectSink:
    """Events of our log as lines of the run's log: `step=read:annuaire outcome=done seconds=0.2`."""

    def info(self, event: str, **facts: Fact) -> None:
        """Write one line, `key=value`."""
        told = " ".join(f"{key}={value}" for key, value in facts.items())
        get_run_logger().info("event=%s %s", event, told)


class ProgressArtifact:
    """What `tell` says, in Prefect: a line per thing being done, a bar (an artifact) while a long file is read."""

    def __init__(self, share: float = 0.1) -> None:
        self._share = share
        self._what = ""
        self._bar: Any = None
        self._shown = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        if what != self._what:
            self._what, self._bar, self._shown = what, None, 0.0
            get_run_logger().info("%s", what)
        if not total or not (FlowRunContext.get() or TaskRunContext.get()):
            return
        if self._bar is None:
            self._bar = create_progress_artifact(0.0, description=what)
        if done / total >= min(1.0, self._shown + self._share):
            self._shown = done / total
            update_progress_artifact(self._bar, round(100 * self._shown, 1))
