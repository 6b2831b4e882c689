"""A night on two real Dask workers, one of them killed in the middle of the register: the night all the same."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from flows.night.nightly import run_night
from flows.run.request import Request
from flows.settings.load import load_settings
from tests.orchestration.by_others import DAY
from tests.orchestration.dying import MARKER
from tests.orchestration.station import PATIENCE, ROOT, SAMPLE, Station, free_port
from tests.orchestration.test_deployments import personal_values
from tests.postgres import new_database

PARTS = "0.1"  # megabytes: eight parts of the persons, six of the cards


@dataclass(frozen=True)
class Played:
    """What came of the nights, how each worker ended, and all that processes wrote on their way."""

    told: Mapping[str, object]
    ended: tuple[int | None, ...]
    written: str
    folder: Path
    killed: Path


@contextmanager
def process(log: Path, environment: Mapping[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=dict(environment), stdout=out, stderr=subprocess.STDOUT
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def wait_for(log: Path, words: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while words not in log.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.1)


@pytest.fixture(scope="module")
def played(station: Station, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("cluster")
    killed, address = folder / "killed", f"tcp://127.0.0.1:{free_port()}"
    environment = {
        **station.environment,
        "PYTHONPATH": str(ROOT),
        "PREFECT_HOME": str(folder / "prefect"),
        "EFIT_ORCHESTRATION__PART_MEGABYTES": PARTS,
        "EFIT_MAIL__OUTBOX": str(folder / "outbox"),
        "STORE_DASK": new_database(),
        "STORE_THREADS": new_database(),
        MARKER: str(killed),
    }
    port = address.rpartition(":")[2]
    logs = [folder / f"{name}.log" for name in ("scheduler", "one", "two", "nights")]
    with ExitStack() as stack:
        scheduler = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
        stack.enter_context(process(logs[0], environment, *scheduler))
        worker = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        preload = ("--local-directory", str(folder), "--preload", "tests.orchestration.dying")
        workers = [stack.enter_context(process(log, environment, *worker, *preload)) for log in logs[1:3]]
        for log in logs[1:3]:
            wait_for(log, "Registered to")
        words = ("tests.orchestration.by_others", str(folder), address, *(str(one.pid) for one in workers))
        nights = stack.enter_context(process(logs[3], environment, *words))
        nights.wait(timeout=PATIENCE)
        first = next((one for one in workers if one.poll() is not None), None)
        written = "\n".join(log.read_text(encoding="utf-8") for log in logs)
        assert nights.returncode == 0, written
        assert first is not None
        told = json.loads(logs[3].read_text(encoding="utf-8").splitlines()[-1])
        yield Played(told, tuple(one.wait(timeout=PATIENCE) for one in workers), written, folder, killed)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The night as the command line plays it: one process, all at once."""
    folder = tmp_path_factory.mktemp("alone")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EFIT_STORE__URL", f"sqlite:///{folder / 'annuaire.db'}")
        patch.setenv("EFIT_MAIL__OUTBOX", str(folder / "outbox"))
        settings = load_settings(SAMPLE / "annuaire.toml")
        run_night(settings, Request(date.fromisoformat(DAY), folder / "out"))
    return changeset(folder / "out")


def changeset(out: Path) -> list[str]:
    """The lines of `changeset.json`, the run's id aside."""
    lines = (out / "changeset.json").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if '"run_id"' not in line]


def test_a_worker_killed_in_the_middle_changes_nothing(played: Played, alone: list[str]):
    assert played.told["dask"] == "Completed"
    assert played.killed.exists()
    assert played.ended == (-signal.SIGKILL, -signal.SIGKILL)  # one by itself, the other once the nights were over
    assert "ERROR" not in played.written
    assert changeset(played.folder / "dask") == alone


def test_a_night_by_threads_is_the_same(played: Played, alone: list[str]):
    assert played.told["threads"] == "Completed"
    assert changeset(played.folder / "threads") == alone


def test_each_part_is_a_task_of_the_run(played: Played, station: Station):
    assert played.told["dask"] == "Completed"
    runs = station.post("/flow_runs/filter", flows={"name": {"any_": ["sync-annuaire"]}}, sort="START_TIME_DESC")
    parts = [set(station.tasks(run["id"])) for run in runs]
    wanted = {"read:register.persons#1", "read:register.persons#2", "read:register.cards#1", "validate:workbooks#2"}
    assert sum(wanted <= names for names in parts) >= 2  # by the cluster, and by threads


def test_without_any_worker_the_parts_are_done_here(played: Played):
    assert played.told["deserted"] == [6, 8]
    assert "aucun worker" in played.written.lower()
    assert played.told["nowhere"] == [6, 8]
    assert "ne répond pas" in played.written


def test_nothing_that_others_write_names_a_person(played: Played):
    assert "read:register.persons" in played.written
    assert [value for value in personal_values() if value in played.written] == []
