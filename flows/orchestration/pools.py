"""`deploy/pools.toml` into a Prefect server: a docker or kubernetes pool with our image, folder and limits.

`python -m flows.orchestration.pools docker|kubernetes|process`. What such a pool may be told is what Prefect itself
ships of its kind: a variable that it does not know is an error here, not a surprise at four in the morning.
"""

import json
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.exceptions import ObjectNotFound

from flows.orchestration.server.client import played, server_client
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

POOLS = Path(__file__).resolve().parent.parent.parent / "deploy" / "pools.toml"
POOL = "annuaire"
CREDENTIALS = {"CREDENTIALS_DIRECTORY": "/run/credentials/efit-annuaire"}


def template_of(kind: str, path: Path = POOLS) -> dict[str, Any]:
    """Return Prefect's own template of that kind with what the file says. Raises ConfigurationError for what it has
    not.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    template = shipped_template(kind)
    wanted = table.get(kind, {})
    known = template["variables"]["properties"]
    strangers = sorted(wanted.get("variables", {}).keys() - known.keys())
    if strangers:
        raise ConfigurationError([say("pool.unknown", kind=kind, names=", ".join(strangers))])
    for name, value in wanted.get("variables", {}).items():
        known[name]["default"] = value
    template["job_configuration"] |= wanted.get("configuration", {})
    known |= wanted.get("environment", {})
    if kind == "kubernetes":
        known["env"]["default"] = {**known["env"]["default"], **CREDENTIALS}
        pod = template["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
        pod |= wanted.get("manifest", {})
        pod["containers"][0] |= wanted.get("container", {})
    return template


def shipped_template(kind: str) -> dict[str, Any]:
    """Return it as Prefect ships it. Raises ConfigurationError for a kind that it does not know."""
    text = files("prefect.server.api").joinpath("collections_data/views/aggregate-worker-metadata.json").read_text()
    kinds = {name: one for collection in json.loads(text).values() for name, one in collection.items()}
    if kind not in kinds:
        raise ConfigurationError([say("pool.kind", found=kind)])
    found: dict[str, Any] = kinds[kind]["default_base_job_configuration"]
    return found


def load_pool(kind: str, name: str = POOL) -> None:
    """Make the pool on the server that PREFECT_API_URL names, or bring it up to the file.

    Raises ConfigurationError where one of another kind has its name.
    """
    template = template_of(kind)
    with server_client() as client:
        try:
            found = client.read_work_pool(name)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=name, type=kind, base_job_template=template))
            return
        if found.type != kind:
            raise ConfigurationError([say("pool.other_kind", name=name, kind=found.type, wanted=kind)])
        client.update_work_pool(name, WorkPoolUpdate(base_job_template=template))


def main(words: list[str]) -> int:
    """Make one pool; 2 for what cannot be made, 1 without a server."""
    return played(lambda: load_pool(words[0] if words else "process", *words[1:2]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
