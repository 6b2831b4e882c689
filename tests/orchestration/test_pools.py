"""What a run in a container is started with: the pool's template filled in by Prefect's own code, as its workers do."""

import json
import re
from typing import Any

import pytest
from prefect.server.schemas.actions import validate_base_job_template
from prefect.utilities.templating import apply_values
from prefect.workers.base import BaseJobConfiguration

from flows.orchestration.pools import template_of

DATA = "/var/lib/efit-annuaire"


def filled(kind: str, **values: Any) -> dict[str, Any]:
    """The configuration of a job, with the values that a deployment gives and the defaults of the pool."""
    template = template_of(kind)
    defaults = BaseJobConfiguration._get_base_config_defaults(template["variables"]["properties"])
    found: dict[str, Any] = apply_values(template["job_configuration"], {**defaults, **values})
    return found


@pytest.mark.parametrize("kind", ["docker", "kubernetes"])
def test_a_run_in_a_container_has_its_image_its_folder_and_its_configuration(kind: str) -> None:
    job = filled(kind)
    container = job["job_manifest"]["spec"]["template"]["spec"]["containers"][0] if kind == "kubernetes" else job
    assert "efit-annuaire-sync:" in container["image"]
    env = container["env"]
    assert env["EFIT_CONFIG"] == f"{DATA}/annuaire.toml"
    assert env["PREFECT_HOME"] == f"{DATA}/prefect", (
        "a worker hands on its own, which the user of the image cannot write"
    )
    mounts = [one["mountPath"] for one in container["volumeMounts"]] if kind == "kubernetes" else job["volumes"]
    assert any(one.split(":")[-1] == DATA for one in mounts)
    if kind == "kubernetes":
        assert env["CREDENTIALS_DIRECTORY"] in mounts


@pytest.mark.parametrize("kind", ["docker", "kubernetes"])
def test_a_deployment_may_ask_for_another_image_and_nothing_of_the_template_is_left_to_be_filled_in(kind: str) -> None:
    job = filled(kind, image="registre.example.org/autre:2", command="prefect flow-run execute", labels={}, name="nuit")
    text = json.dumps(job)
    assert "registre.example.org/autre:2" in text
    assert "efit-annuaire-sync:" not in text
    assert re.findall(r"{{.*?}}", text) == []


def test_a_run_beside_a_worker_is_begun_by_the_engine_that_the_worker_names_else_in_prefects_own_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("UP_ENGINE", raising=False)
    assert not filled("process").get("command")
    monkeypatch.setenv("UP_ENGINE", "/opt/python -m prefect.engine")
    assert filled("process")["command"] == "/opt/python -m prefect.engine"
    assert validate_base_job_template(template_of("process")), "the server takes it"
