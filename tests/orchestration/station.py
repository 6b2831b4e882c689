"""A real Prefect server, pool and worker with our deployments, brought up by `deploy/up` and down by `deploy/down`."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.patience import patient
from tests.postgres import new_database

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "sample_data"
PATIENCE = round(patient(240))  # seconds
# To make one reads all authorities of the machine, and a test asks twice a second.
_CLIENT = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))


@dataclass(frozen=True)
class Station:
    """Where it answers, where its runs write, and the environment it was brought up with."""

    api: str
    root: Path
    environment: Mapping[str, str]

    def post(self, path: str, **body: Any) -> Any:
        answer = _CLIENT.post(f"{self.api}{path}", json=body, timeout=patient(30))
        answer.raise_for_status()
        return answer.json()

    def get(self, path: str) -> Any:
        answer = _CLIENT.get(f"{self.api}{path}", timeout=patient(30))
        answer.raise_for_status()
        return answer.json()

    def deployment(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/deployments/name/{name}")
        return found

    def start(self, name: str, **parameters: Any) -> str:
        """The id of a new run."""
        path = f"/deployments/{self.deployment(name)['id']}/create_flow_run"
        return str(self.post(path, parameters=parameters, state={"type": "SCHEDULED"})["id"])

    def ended(self, run: str) -> dict[str, Any]:
        """The run, once it has come to an end."""
        over = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        return self.until(run, lambda state: state["type"] in over, every=1.0)

    def until(self, run: str, wanted: Any, every: float = 0.5) -> dict[str, Any]:
        """The run, once its state is so; each question is work for the server."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found: dict[str, Any] = self.get(f"/flow_runs/{run}")
            if found["state"] and wanted(found["state"]):
                return found
            time.sleep(every)
        raise TimeoutError(found["state"])

    def tasks(self, run: str) -> dict[str, str]:
        """Task run name → name of its state, once the server has heard of each how it ended: it hears by events, and
        under load of the last ones a moment after it knows that the run is over.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            tasks = self.post("/task_runs/filter", flow_runs={"id": {"any_": [run]}}, limit=200)
            if all(one["state_type"] not in ("SCHEDULED", "PENDING", "RUNNING") for one in tasks):
                break
            time.sleep(0.5)
        return {one["name"]: one["state_name"] for one in tasks}

    def artifacts(self, run: str) -> dict[str, str]:
        """Key → content, of those that have a key."""
        found = self.post("/artifacts/filter", artifacts={"flow_run_id": {"any_": [run]}}, limit=200)
        return {one["key"]: str(one["data"]) for one in found if one["key"]}

    def logs(self) -> str:
        """Every line that runs, worker and our own log files wrote."""
        lines = [one["message"] for one in self.post("/logs/filter", limit=200)]
        files = [*(self.root / "state").rglob("*.jsonl"), *(self.root / "prefect").glob("*.log")]
        return "\n".join([*lines, *(path.read_text(encoding="utf-8") for path in files)])


@contextmanager
def brought_up(root: Path) -> Iterator[Station]:
    """A station of its own, on a free port, its runs on the sample data."""
    port = free_port()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "EFIT_"))},
        "UP_PORT": str(port),
        "UP_HOME": str(root / "prefect"),
        "UP_BIN": str(Path(sys.executable).parent),
        "EFIT_CONFIG": str(SAMPLE / "annuaire.toml"),
        "EFIT_STORE__URL": f"sqlite:///{root / 'state' / 'annuaire.db'}",
        "EFIT_MAIL__OUTBOX": str(root / "outbox"),
        "EFIT_ORCHESTRATION__RETRY_DELAYS": "[0.2]",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": new_database().replace("+psycopg:", "+asyncpg:"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
    }
    try:
        up = [ROOT / "deploy" / "up"]
        found = subprocess.run(up, env=environment, timeout=PATIENCE, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stderr[-2000:]
        yield Station(environment["PREFECT_API_URL"], root, environment)
    finally:
        subprocess.run([ROOT / "deploy" / "down"], env=environment, check=False, timeout=PATIENCE, capture_output=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
