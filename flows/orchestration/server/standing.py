"""Whether all that `deploy/up` set up stands on the server as it was left: then nothing is to be set up anew.

Asked by a few requests of its own: to import Prefect's client takes longer than all of them.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from flows.orchestration.server.answers import asking

ROOT = Path(__file__).resolve().parent.parent.parent.parent
MADE_OF = ("schemas", "pipelines", "connectors", "flows", "deploy")  # what a form offers is in code and in tables
POOL = "annuaire"
MOST = 200  # of each kind; a server that has more does not tell of all at once
# What changes on a server though nobody changes anything: polled by a worker, a run at work.
PASSING = frozenset(("updated", "last_polled", "status", "active_slots"))


def state_of_server(kind: str, options: Sequence[str]) -> str:
    """Return a digest of what is asked for, and of pool, deployments and automations as they stand; "" where they are
    not there, or the server does not say.
    """
    api = os.environ.get("PREFECT_API_URL", "")
    try:
        with asking() as client:
            answers = [
                client.get(f"{api}/work_pools/{POOL}"),
                client.post(f"{api}/deployments/filter", json=_of_pool()),
                client.post(f"{api}/automations/filter", json={"limit": MOST}),
            ]
    except (httpx.HTTPError, httpx.InvalidURL):
        return ""
    if not all(one.is_success for one in answers):
        return ""
    pool, deployments, automations = (json.loads(one.text, object_hook=_lasting) for one in answers)
    if max(len(deployments), len(automations)) >= MOST:
        return ""
    found = [sorted(several, key=lambda one: str(one["id"])) for several in (deployments, automations)]
    asked = [api, kind, [*options], version("prefect"), [*_code()]]
    return hashlib.sha256(json.dumps([asked, pool, found], sort_keys=True).encode()).hexdigest()


def _of_pool() -> dict[str, Any]:
    return {"work_pools": {"name": {"any_": [POOL]}}, "limit": MOST}


def _lasting(found: dict[str, Any]) -> dict[str, Any]:
    """Return what stays, names in one order: a server writes a set as its process holds it."""
    return {
        key: sorted(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
        for key, value in found.items()
        if key not in PASSING
    }


def _code() -> Iterator[tuple[str, int, int]]:
    """Each file that what is deployed is made of: its name, how long it is, when it was written."""
    files = [file for room in MADE_OF for file in (ROOT / room).rglob("*") if "__pycache__" not in file.parts]
    for file in sorted([*files, ROOT / "prefect.yaml", ROOT / "pyproject.toml"]):
        if file.is_file():
            known = file.stat()
            yield str(file.relative_to(ROOT)), known.st_size, known.st_mtime_ns


def stands(note: Path, kind: str, options: Sequence[str]) -> bool:
    """Tell whether the server has what was noted, and the same is asked for."""
    # (as bytes: a note that a crash left torn is a note of something else, not an error)
    return note.is_file() and note.read_bytes() == state_of_server(kind, options).encode() != b""


def record_standing(note: Path, kind: str, options: Sequence[str]) -> None:
    """Note what stands now; nothing where it is not certain."""
    note.write_text(state_of_server(kind, options), encoding="ascii")
