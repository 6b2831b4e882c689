"""Who helps with the parts of a night: the workers of the cluster that the configuration names, else threads."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prefect.logging import get_run_logger
from prefect.task_runners import ThreadPoolTaskRunner

from flows.orchestration.parts import Hands, Threads, spread_over
from flows.steps import Step
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.spread import Spread


@contextmanager
def helpers(dask: str | None) -> Iterator[Callable[[Step], Spread] | None]:
    """Who carries out the parts of the flow under way: the workers of the cluster with that address, else threads.

    Nobody on a machine with one processor. Raises ConfigurationError where a cluster is named and Dask not installed.
    """
    if dask:
        with _cluster(dask) as hands:
            if hands:
                yield lambda step: spread_over(hands, step)
                return
            get_run_logger().warning(say("prefect.no_cluster", address=dask))
    processors = os.cpu_count() or 1
    if processors == 1:
        yield None
        return
    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=processors)
    with runner:
        threads = Threads(runner)
        yield lambda step: spread_over(threads, step)


@contextmanager
def _cluster(address: str) -> Iterator[Hands | None]:
    try:
        from flows.orchestration.cluster import connected  # Dask is an extra, and seconds of import
    except ImportError as error:
        raise ConfigurationError([say("config.no_dask")]) from error
    with connected(address) as hands:
        yield hands
