"""Parts of a step on the workers of a Dask cluster. Imported only where a cluster is named: Dask is an extra.

When a worker dies, Dask gives its parts to another; where a part has killed more than three, or nobody is left, it is
done here.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any
from uuid import uuid4

from distributed import CancelledError, Future, KilledWorker
from prefect import Task
from prefect.client.schemas.objects import State
from prefect_dask import DaskTaskRunner
from prefect_dask.task_runners import PrefectDaskFuture

from flows.orchestration.parallel.parts import Sealed, in_flow

CONNECT = 10.0  # seconds in which the scheduler must answer
LOOK = 5.0  # seconds between two looks at who is there
DESERTED = 30.0  # seconds without any worker


@contextmanager
def connected(address: str) -> Iterator["Cluster | None"]:
    """Give the cluster; None where its scheduler does not answer."""
    with DaskTaskRunner(address=address, client_kwargs={"timeout": CONNECT}) as runner:
        yield Cluster(runner) if _answers(runner) else None


def _answers(runner: DaskTaskRunner) -> bool:
    try:
        return bool(runner.client.status == "running")
    except OSError:  # a time-out is one
        return False


class Cluster:
    """The workers of a cluster."""

    others = True

    def __init__(self, runner: DaskTaskRunner) -> None:
        self._runner = runner
        self._flow = copy_context()
        self._seen = time.monotonic()

    def lend(self, shared: Sealed[Any]) -> Future:
        """Send it to the scheduler once, and on to each worker once; a worker's death loses nothing."""
        return self._runner.client.submit(_same, shared, key=f"shared-{uuid4().hex}", pure=False)

    def start(self, task: Task[..., Any], **parameters: Any) -> PrefectDaskFuture[Any]:
        """Start it as a task of the flow."""
        return in_flow(self._flow, self._runner.submit, task, parameters=parameters)

    def fetch(self, started: PrefectDaskFuture[Any]) -> tuple[Any] | None:
        """Return what a worker gave; None where none could, whatever the reason: done here, that shows itself."""
        state = self._state(started.wrapped_future)
        return (state.result(),) if state and state.is_completed() else None

    def _state(self, future: Future) -> State[Any] | None:
        while True:
            try:
                return None if future.exception(timeout=LOOK) else future.result()
            except TimeoutError:
                if self._deserted():
                    future.cancel()
                    return None
            except (KilledWorker, CancelledError, OSError):  # what it gave died with its worker; the scheduler is gone
                return None

    def _deserted(self) -> bool:
        try:
            if self._runner.client.scheduler_info(n_workers=1)["workers"]:
                self._seen = time.monotonic()
        except OSError:
            return True
        return time.monotonic() - self._seen > DESERTED


def _same(shared: Sealed[Any]) -> Sealed[Any]:
    return shared
