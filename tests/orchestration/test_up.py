"""`deploy/up` after a crash, a reboot, on a busy port, for a server elsewhere: it mends what it can, else it says."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path

import httpx
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.orchestration.automations import load_automations
from flows.orchestration.brought_up import NOTE
from flows.orchestration.names import name_of
from flows.orchestration.pools import POOLS, template_of
from flows.orchestration.pools import main as make_pool
from flows.orchestration.server.standing import stands
from schemas.errors import ConfigurationError
from tests.orchestration.station import PATIENCE, ROOT, SAMPLE, Station, free_port


def up(environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [str(ROOT / "deploy" / "up")]
    return subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=PATIENCE, check=False)


def pid_of(station: Station, name: str) -> int:
    return int((station.root / "prefect" / f"{name}.pid").read_text().split("\t")[0])


def ended(pid: int) -> None:
    """Wait until the process is gone, or is nobody's child to wait for."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                select.select([], [], [], 0.1)
                continue
        return


def test_after_a_crash_whose_numbers_other_programs_have_taken_over_it_begins_anew(station: Station) -> None:
    before = pid_of(station, "server"), pid_of(station, "worker")
    for pid in reversed(before):
        os.kill(pid, signal.SIGKILL)
        ended(pid)
    with subprocess.Popen(["sleep", "600"]) as another:
        try:
            for name in ("server", "worker"):
                noted = station.root / "prefect" / f"{name}.pid"
                noted.write_text(noted.read_text().replace(str(pid_of(station, name)), str(another.pid), 1))
            done = up(station.environment)
            assert done.returncode == 0, done.stderr
            assert "n'est plus là" in done.stderr
            assert another.poll() is None
        finally:
            another.kill()
    assert {pid_of(station, "server"), pid_of(station, "worker")}.isdisjoint({*before, another.pid})
    assert station.deployment("sync-annuaire/nightly")


def test_again_on_a_running_one_starts_no_second_server_and_no_second_worker(station: Station) -> None:
    before = pid_of(station, "server"), pid_of(station, "worker")
    automations = {one["id"] for one in station.post("/automations/filter")}
    assert up(station.environment).returncode == 0
    assert (pid_of(station, "server"), pid_of(station, "worker")) == before
    assert {one["id"] for one in station.post("/automations/filter")} == automations, "what stands is left"


def as_left(station: Station, *options: str) -> bool:
    """Whether `up` would find everything as it left it, and do nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_API_URL", station.api)
        return stands(station.root / "prefect" / NOTE, "process", options)


def test_what_stands_is_known_and_so_is_what_was_changed_there_or_is_asked_for_otherwise(station: Station) -> None:
    found = station.deployment("sync-annuaire/nightly")
    assert as_left(station)
    assert not as_left(station, "--param", "as_of=2026-11-22")
    for description, left in (("autre", False), (found["description"], True)):
        answer = httpx.patch(f"{station.api}/deployments/{found['id']}", json={"description": description})
        answer.raise_for_status()
        assert as_left(station) == left


def test_a_note_that_a_crash_left_torn_is_one_of_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{free_port()}/api")
    note = tmp_path / NOTE
    for torn in (b"", b"\xff\xfe\0"):
        note.write_bytes(torn)
        assert not stands(note, "process", ())


def test_of_two_ups_the_second_says_so_and_down_stops_the_first_and_whatever_it_has_begun(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "EFIT_"))}
    environment = {
        **kept,
        "UP_HOME": str(home),
        "UP_PORT": str(free_port()),
        "UP_BIN": str(Path(sys.executable).parent),
    }
    for noted in ("up.pid", "server.pid"):
        with subprocess.Popen([ROOT / "deploy" / "up"], env=environment, stderr=subprocess.PIPE) as at_work:
            until = time.monotonic() + PATIENCE
            while not (home / noted).exists() and time.monotonic() < until:
                select.select([], [], [], 0.01)
            second = up(environment) if noted == "up.pid" else None
            down = subprocess.run([ROOT / "deploy" / "down"], env=environment, timeout=PATIENCE, check=False)
            at_work.communicate(timeout=PATIENCE)
        assert second is None or (second.returncode, "un autre make up est en cours" in second.stderr) == (1, True)
        assert (down.returncode, at_work.returncode != 0) == (0, True)
        assert [*home.glob("*.pid")] == []
        assert [one for one in processes() if f"PREFECT_HOME={home}".encode() in one and b"prefect" in one] == []


def processes() -> Iterator[bytes]:
    """What each process was started with: its words and its environment."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()


def test_a_worker_of_another_configuration_is_started_anew_for_this_one(station: Station, tmp_path: Path) -> None:
    server, worker = pid_of(station, "server"), pid_of(station, "worker")
    done = up({**station.environment, "EFIT_MAIL__OUTBOX": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "autre configuration" in done.stderr
    assert pid_of(station, "server") == server
    assert pid_of(station, "worker") != worker
    assert b"EFIT_MAIL__OUTBOX=" + bytes(tmp_path) in Path(f"/proc/{pid_of(station, 'worker')}/environ").read_bytes()


def test_a_server_that_lives_and_does_not_answer_is_spoken_of(station: Station) -> None:
    os.kill(pid_of(station, "server"), signal.SIGSTOP)
    try:
        told = _first_words({**station.environment, "UP_TELL": "1"})
    finally:
        os.kill(pid_of(station, "server"), signal.SIGCONT)
    assert f"processus {pid_of(station, 'server')}" in told
    assert "make down" in told


def _first_words(environment: Mapping[str, str]) -> str:
    """What `deploy/up` says first on stderr; it is ended then."""
    command = [str(ROOT / "deploy" / "up")]
    with subprocess.Popen(command, env=dict(environment), stderr=subprocess.PIPE, text=True) as begun:
        assert begun.stderr
        told = begun.stderr.readline()
        begun.kill()
    return told


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"UP_PORT": "1"}, "tourne déjà sur le port"),
        ({"UP_PORT": "abc"}, "UP_PORT=abc"),
        ({"UP_PORT": "99999", "UP_HOME": "/tmp"}, "UP_PORT=99999"),
        ({"PREFECT_API_URL": "prefect"}, "attendu https://"),
        ({"PREFECT_API_URL": "https://prefect.example.org"}, "attendu https://"),
        ({"PREFECT_API_URL": "http://127.0.0.1:9/api", "UP_PORT": "10"}, "n'en donner qu'un"),
        ({"EFIT_CONFIG": "/nowhere/annuaire.toml"}, "/nowhere/annuaire.toml"),
        ({"UP_HOME": "/proc/nothing"}, "UP_HOME="),
        ({"UP_HOME": "/sys"}, "rien ne peut être écrit dans /sys"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_started(
    station: Station, environment: dict[str, str], told: str
) -> None:
    plain = {key: value for key, value in station.environment.items() if key != "PREFECT_API_URL"}
    done = up({**plain, **environment})
    assert done.returncode in (1, 2)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "environment",
    [{"UP_POOL": "docker"}, {"UP_POOL": "kubernetes"}, {"UP_HOME": "fresh"}, {"UP_HOME": "fresh", "away": "yes"}],
)
def test_the_sample_is_put_on_no_server_and_in_no_pool_that_plays_a_real_configuration(
    station: Station, tmp_path: Path, environment: dict[str, str]
) -> None:
    """`UP_HOME`: the server is none that was started from there."""
    before = station.deployment("sync-annuaire/nightly")["parameters"]
    with forwarded(int(station.api.split(":")[2].split("/")[0])) as port:
        away = f"http://127.0.0.2:{port}/api" if environment.pop("away", "") else station.api
        environment = {"UP_HOME": str(tmp_path / "fresh"), **environment, "PREFECT_API_URL": away}
        plain = {key: value for key, value in station.environment.items() if not key.startswith("EFIT_")}
        done = up({**plain, **environment})
    assert done.returncode == 2
    assert "EFIT_CONFIG manque" in done.stderr
    assert station.deployment("sync-annuaire/nightly")["parameters"] == before


def test_without_a_server_pools_and_automations_are_one_french_sentence(tmp_path: Path) -> None:
    environment = {"PREFECT_HOME": str(tmp_path), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    environment["PREFECT_API_URL"] = f"http://127.0.0.1:{free_port()}/api"
    for words in (["pools", "docker"], ["automations"]):
        command = [f"{_bin()}/python", "-m", f"flows.orchestration.{words[0]}", *words[1:]]
        done = subprocess.run(command, env=environment, cwd=ROOT, timeout=PATIENCE, capture_output=True, text=True)
        assert done.returncode == 1
        assert "ne répond pas" in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr


def test_automations_that_are_as_the_file_has_them_are_left_and_another_is_made_anew(station: Station) -> None:
    def there() -> dict[str, str]:
        return {one["name"]: one["id"] for one in station.post("/automations/filter")}

    before = there()
    name = "Exécution en échec"
    httpx.patch(f"{station.api}/automations/{before[name]}", json={"enabled": False}).raise_for_status()
    assert not as_left(station)
    with temporary_settings({PREFECT_API_URL: station.api}):
        load_automations()
    after = there()
    assert after.keys() == before.keys()
    assert {one for one in after if after[one] != before[one]} == {name}


def test_down_leaves_alone_whoever_has_a_noted_number_now(tmp_path: Path) -> None:
    with subprocess.Popen(["tail", "-f", "/dev/null", "prefect-server.log"], stderr=subprocess.DEVNULL) as another:
        try:
            for name in ("server", "worker"):
                (tmp_path / f"{name}.pid").write_text(f"{another.pid}\t4200\tThu Jan 1 00:00:00 1970\n")
            environment = {"UP_HOME": str(tmp_path), "PATH": os.environ["PATH"], "UP_BIN": _bin()}
            down = [str(ROOT / "deploy" / "down")]
            done = subprocess.run(down, env=environment, check=True, timeout=PATIENCE, capture_output=True, text=True)
            assert another.poll() is None
        finally:
            another.kill()
    assert "n'est plus le nôtre" in done.stderr
    assert not list(tmp_path.glob("*.pid"))


@pytest.mark.parametrize("waiting", [0, 128])  # who find room at its door; without any, whoever knocks is left standing
def test_a_port_that_another_program_has_is_said_with_what_to_type(tmp_path: Path, waiting: int) -> None:
    with socket.socket() as taken, ExitStack() as knocking:
        taken.bind(("127.0.0.1", 0))
        taken.listen(waiting)
        port = taken.getsockname()[1]
        for _ in range(0 if waiting else 3):
            one = knocking.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        home = {"UP_PORT": str(port), "UP_HOME": str(tmp_path), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        done = up({**home, "UP_BIN": _bin(), "EFIT_CONFIG": str(SAMPLE / "annuaire.toml")})
    assert done.returncode == 1
    assert f"le port {port} est pris" in done.stderr
    assert "UP_PORT=" in done.stderr


def test_a_server_that_is_elsewhere_gets_deployments_and_a_worker_and_no_server_is_started(
    station: Station, tmp_path: Path
) -> None:
    with forwarded(int(station.api.split(":")[2].split("/")[0])) as port:
        environment = {
            **station.environment,
            "PREFECT_API_URL": f"http://127.0.0.2:{port}/api",
            "UP_HOME": str(tmp_path),
        }
        path = f"{station.api}/deployments/{station.deployment('sync-annuaire/nightly')['id']}"
        httpx.patch(path, json={"description": "autre"}).raise_for_status()
        done = up(environment)
        try:
            assert done.returncode == 0, done.stderr
            assert "4 h 15" in station.deployment("sync-annuaire/nightly")["description"]
            assert not (tmp_path / "server.pid").exists()
            assert (tmp_path / "worker.pid").exists()
            assert f"http://127.0.0.2:{port}" in done.stdout
        finally:
            down = [str(ROOT / "deploy" / "down")]
            subprocess.run(down, env=environment, check=True, timeout=PATIENCE, capture_output=True)
    assert station.deployment("sync-annuaire/nightly"), "the server was there before, and stays"


def test_a_server_elsewhere_that_does_not_answer_is_said(tmp_path: Path) -> None:
    url = f"http://127.0.0.2:{free_port()}/api"
    environment = {"PREFECT_API_URL": url, "UP_HOME": str(tmp_path), "PATH": os.environ["PATH"], "UP_BIN": _bin()}
    done = up({**environment, "EFIT_CONFIG": str(SAMPLE / "annuaire.toml"), "HOME": str(tmp_path)})
    assert done.returncode == 1
    assert url in done.stderr


@pytest.mark.parametrize("kind", ["docker", "kubernetes"])
def test_a_pool_of_containers_has_our_image_folder_and_limits_under_names_that_prefect_knows(kind: str) -> None:
    wanted = tomllib.loads(POOLS.read_text(encoding="utf-8"))[kind]["variables"]
    template = template_of(kind)
    known = template["variables"]["properties"]
    assert {name: known[name]["default"] for name in wanted if name != "env"} == {
        name: value for name, value in wanted.items() if name != "env"
    }
    assert known["env"]["default"]["EFIT_CONFIG"].endswith("annuaire.toml")
    if kind == "kubernetes":
        pod = template["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
        claims = {one["name"] for one in pod["volumes"]}
        assert {one["name"] for one in pod["containers"][0]["volumeMounts"]} == claims
        assert pod["containers"][0]["image"] == "{{ image }}"


def test_a_variable_that_prefect_does_not_know_is_said_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "pools.toml").write_text('[docker.variables]\nimmage = "x"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="immage"):
        template_of("docker", tmp_path / "pools.toml")


@pytest.mark.parametrize("kind", ["docker", "kubernetes"])
def test_a_pool_of_containers_is_made_on_a_real_server_and_brought_up_to_the_file(station: Station, kind: str) -> None:
    with temporary_settings({PREFECT_API_URL: station.api}):
        assert [make_pool([kind, f"conteneurs-{kind}"]) for _ in range(2)] == [0, 0]
    pool = station.get(f"/work_pools/conteneurs-{kind}")
    assert pool["type"] == kind
    assert "efit-annuaire-sync" in pool["base_job_template"]["variables"]["properties"]["image"]["default"]


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({}, "nuit du 23/11/2026"),
        ({"as_of": date(2026, 11, 22), "region": 11}, "nuit du 22/11/2026, région 11"),
        ({"region": ["11", "24"], "dry_run": True}, "nuit du 23/11/2026, régions 11, 24, à blanc"),
        ({"region": "99", "release": "x"}, "nuit du 23/11/2026, région 99, laissée partir"),
    ],
)
def test_a_run_is_called_by_its_day_and_regions(parameters: dict[str, object], told: str) -> None:
    assert name_of("night", parameters, date(2026, 11, 23)).replace("\u00a0", " ") == told


def test_a_run_on_the_server_bears_that_name(station: Station) -> None:
    run = station.start(
        "sync-annuaire/nightly", region=11, as_of="2026-11-22", dry_run=True, out=str(station.root / "named")
    )
    assert station.ended(run)["name"].replace("\u00a0", " ") == "nuit du 22/11/2026, région 11, à blanc"


def _bin() -> str:
    import sys

    return str(Path(sys.executable).parent)


@contextmanager
def forwarded(port: int) -> Iterator[int]:
    """The same server under another address of this machine, as one that is elsewhere."""
    front = socket.create_server(("127.0.0.2", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                near, _ = front.accept()
                threading.Thread(target=_carry, args=(near, port), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield front.getsockname()[1]
    finally:
        front.close()


def _carry(near: socket.socket, port: int) -> None:
    with near, socket.create_connection(("127.0.0.1", port)) as far, suppress(OSError):
        while True:
            ready, _, _ = select.select([near, far], [], [], 60)
            for one in ready:
                block = one.recv(65536)
                if not block:
                    return
                (far if one is near else near).sendall(block)
            if not ready:
                return
