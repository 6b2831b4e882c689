"""Who helps with the parts of a night: the workers of the cluster that the configuration names, else threads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prefect.logging import get_run_logger
from prefect.task_runners import ThreadPoolTaskRunner

from flows.orchestration.parallel.parts import Hands, SpreadOver, Threads
from flows.run.steps import Step
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.parallel import ParallelMap


@dataclass(frozen=True, slots=True)
class Workforce:
    """Threads of this process, if it has more than one processor; the workers of a cluster, if it has one."""

    threads: Hands | None
    cluster: Hands | None = None

    def spread(self, step: Step, *, sent: bool) -> ParallelMap | None:
        """Return those who carry out the parts of a step: the cluster where they may be `sent`."""
        hands = (self.cluster if sent else None) or self.threads
        return SpreadOver(hands, step) if hands else None


@contextmanager
def workforce(dask: str | None) -> Iterator[Workforce]:
    """Give whoever carries out the parts of the flow under way; `dask`: the address of a cluster.

    Raises ConfigurationError where a cluster is named and Dask is not installed.
    """
    with _threads() as threads, _cluster(dask) as cluster:
        if dask and not cluster:
            get_run_logger().warning(say("prefect.no_cluster", address=dask))
        yield Workforce(threads, cluster)


@contextmanager
def _threads() -> Iterator[Hands | None]:
    processors = os.cpu_count() or 1
    if processors == 1:
        yield None
        return
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=processors)
    with runner:
        yield Threads(runner)


@contextmanager
def _cluster(address: str | None) -> Iterator[Hands | None]:
    if not address:
        yield None
        return
    try:
        from flows.orchestration.parallel.cluster import connected  # Dask is an extra, and seconds of import
    except ImportError as error:
        raise ConfigurationError([say("config.no_dask")]) from error
    with connected(address) as hands:
        yield hands
