"""Nights with others at work, as their own process:

    python -m tests.orchestration.by_others FOLDER SCHEDULER WORKER…

`dask`: by the workers of a cluster; `threads`: by threads; then the workers (process ids) are killed, and parts that
are given to nobody are done here. Prints what came of each, as JSON.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from prefect import flow

from flows.orchestration.nightly import sync_annuaire
from flows.orchestration.parallel import cluster
from flows.orchestration.parallel.workforce import workforce
from flows.run.steps import Step
from tests.orchestration.station import SAMPLE

DAY = "2026-11-22"
NOWHERE = "tcp://127.0.0.1:9"


def night(out: Path, dask: str) -> str:
    os.environ["EFIT_STORE__URL"] = os.environ[f"STORE_{out.name.upper()}"]
    os.environ["EFIT_STORE__WITNESS"] = str(out.parent / f"witness-{out.name}.json")  # each is an installation
    country = out.parent / f"country-{out.name}"  # with its own indexes, which lie beside the configuration
    shutil.copytree(SAMPLE, country, ignore=shutil.ignore_patterns("var", "out", "__pycache__"))
    os.environ["EFIT_CONFIG"] = str(country / "annuaire.toml")
    os.environ.pop("EFIT_ORCHESTRATION__DASK", None)
    if dask:
        os.environ["EFIT_ORCHESTRATION__DASK"] = dask
    state: Any = sync_annuaire(config=os.environ["EFIT_CONFIG"], as_of=DAY, out=str(out), return_state=True)
    return str(state.name)


def double(shared: int, job: int) -> int:
    return shared * job


@flow(name="deserted", persist_result=False)
def alone(dask: str) -> list[int]:
    with workforce(dask) as found:
        spread = found.spread(Step("read", "x"), sent=True)
        return list(spread(double, 2, iter([3, 4]))) if spread else []


def main(folder: Path, dask: str, workers: list[int], say: Callable[[str], object] = print) -> None:
    told: dict[str, Any] = {"dask": night(folder / "dask", dask), "threads": night(folder / "threads", "")}
    for worker in workers:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)
    cluster.LOOK, cluster.DESERTED, cluster.CONNECT = 0.1, 0.5, 0.5
    told |= {"deserted": alone(dask), "nowhere": alone(NOWHERE)}
    say(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [int(one) for one in sys.argv[3:]])
