"""`make up` and `make down` where the notes of what was started are lost, and what was started still lives."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.orchestration.station import PATIENCE, ROOT, Station, free_port
from tests.orchestration.test_up import ended, pid_of, up

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes tell nobody who they are")
NAMES = ("server", "worker")


def lose(station: Station, *names: str) -> None:
    for name in names or NAMES:
        (station.root / "prefect" / f"{name}.pid").unlink()


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        ended(pid)


def down(environment: object) -> "subprocess.CompletedProcess[str]":
    command = [str(ROOT / "deploy" / "down")]
    return subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=PATIENCE, check=False)  # type: ignore[call-overload]


def alive(station: Station, what: str) -> set[int]:
    """The processes of this installation that are its server or its worker."""
    home, found = f"PREFECT_HOME={station.root / 'prefect'}".encode(), set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, environ = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if f"/prefect\0{what}\0start".encode() in words and home in environ.split(b"\0"):
            found.add(int(folder.name))
    return found


@contextmanager
def lookalike(folder: Path, *words: str, **environment: str) -> "Iterator[subprocess.Popen[bytes]]":
    """A program that calls itself `prefect`, and does nothing."""
    folder.mkdir()
    program = folder / "prefect"
    program.write_text("import time\ntime.sleep(600)\n")
    command = [sys.executable, str(program), *words, "start", "--pool", "annuaire", "--type", "process"]
    with subprocess.Popen(command, env={"PATH": os.environ["PATH"], **environment}) as process:
        try:
            yield process
        finally:
            process.kill()


def test_what_still_lives_is_known_again_and_a_second_worker_of_this_installation_alone_is_stopped(
    station: Station, tmp_path: Path
) -> None:
    before = {name: pid_of(station, name) for name in NAMES}
    lose(station)
    home = str(station.root / "prefect")
    with (
        lookalike(tmp_path / "second", "worker", PREFECT_HOME=home, UP_PROCESS="worker") as second,
        lookalike(tmp_path / "others", "worker", PREFECT_HOME=str(tmp_path), UP_PROCESS="worker") as others,
    ):
        done = up(station.environment)
        assert done.returncode == 0, done.stderr
        assert others.poll() is None
        assert str(others.pid) not in done.stderr
        assert f"un second worker de cette installation tournait (processus {second.pid})" in done.stderr
        assert second.wait(PATIENCE) == -signal.SIGTERM
    assert {name: pid_of(station, name) for name in NAMES} == before
    assert [alive(station, name) for name in NAMES] == [{before[name]} for name in NAMES]
    assert done.stderr.count("tournait sans être noté : repris") == len(NAMES)


@pytest.mark.parametrize("killed", NAMES)
def test_what_lives_no_more_is_started_beside_what_does(station: Station, killed: str) -> None:
    before = {name: pid_of(station, name) for name in NAMES}
    kill(before[killed])
    lose(station)
    done = up(station.environment)
    assert done.returncode == 0, done.stderr
    assert {name for name in NAMES if pid_of(station, name) != before[name]} == {killed}
    assert [alive(station, name) for name in NAMES] == [{pid_of(station, name)} for name in NAMES]


def test_a_worker_that_somebody_started_otherwise_is_named_and_no_second_one_is_started(tmp_path: Path) -> None:
    """By systemd, or by hand: whoever did has to say which is to stay."""
    environment = {**_plain(), "UP_HOME": str(tmp_path / "prefect"), "UP_PORT": str(free_port())}
    with lookalike(tmp_path / "bin", "worker", PREFECT_HOME=str(tmp_path / "prefect")) as others:
        done = up(environment)
        assert others.poll() is None
    assert done.returncode == 1
    assert f"processus {others.pid}" in done.stderr
    assert "systemctl stop efit-annuaire-worker" in done.stderr
    assert not [*(tmp_path / "prefect").glob("*.log")], "nothing was started"


def test_a_server_whose_own_folder_was_deleted_is_stopped_and_another_one_started(tmp_path: Path) -> None:
    """Without a database of its own it keeps everything there, and answers as if nothing had been."""
    home, port = tmp_path / "prefect", free_port()
    environment = {**_plain(), "UP_HOME": str(home), "UP_PORT": str(port)}
    of_the_server = {"PREFECT_HOME": str(home), "UP_PROCESS": "server", "PREFECT_SERVER_API_PORT": str(port)}
    with lookalike(tmp_path / "bin", "server", **of_the_server) as before, socket.create_server(("127.0.0.1", port)):
        with subprocess.Popen([ROOT / "deploy" / "up"], env=environment, stderr=subprocess.PIPE, text=True) as begun:
            assert begun.stderr
            told = begun.stderr.readline() + begun.stderr.readline()
            assert before.wait(PATIENCE) == -signal.SIGTERM
            begun.kill()
        assert down(environment).returncode == 0
    assert f"le server de cette installation (processus {before.pid}) tournait sans être noté : repris" in told
    assert f"(processus {before.pid}) n'a plus sa base" in told


def test_down_stops_what_lives_whose_notes_are_lost_and_nobody_elses(tmp_path: Path) -> None:
    environment = {**_plain(), "UP_HOME": str(tmp_path / "prefect")}
    with ExitStack() as stack:

        def plays(folder: str, home: str, name: str) -> "subprocess.Popen[bytes]":
            marks = {"PREFECT_HOME": str(tmp_path / home), "UP_PROCESS": name}
            return stack.enter_context(lookalike(tmp_path / folder, name, **marks))

        ours = [plays(f"ours-{name}", "prefect", name) for name in NAMES]
        others = [plays(f"others-{name}", "elsewhere", name) for name in NAMES]
        done = down(environment)
        assert done.returncode == 0, done.stderr
        assert [one.wait(PATIENCE) for one in ours] == [-signal.SIGTERM] * len(NAMES)
        assert [one.poll() for one in others] == [None] * len(NAMES)
    assert not [*(tmp_path / "prefect").glob("*.pid")]


def _plain() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "EFIT_"))}
    config = {"EFIT_CONFIG": str(ROOT / "sample_data" / "annuaire.toml")}
    return {**kept, **config, "UP_BIN": str(Path(sys.executable).parent)}
