"""`deploy/automations.toml` into a Prefect server: each automation made, or replaced by its name where it differs."""

import sys
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from prefect.client.schemas.objects import StateType
from prefect.events.actions import ActionTypes, ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from pydantic import BaseModel, ConfigDict

from flows.orchestration.server.client import played, server_client

AUTOMATIONS = Path(__file__).resolve().parent.parent.parent / "deploy" / "automations.toml"
ALERT = "alert/on-event"
RESOURCE = "prefect.resource"


class AutomationRow(BaseModel):
    """One automation: when (`expect`; or `expect` missing for `within` seconds after `after`), and what then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    description: str
    expect: frozenset[str]
    posture: Literal["Reactive", "Proactive"] = "Reactive"
    after: frozenset[str] = frozenset()
    within: int = 0
    alert: str | None = None
    crash: str | None = None


class AutomationTable(BaseModel):
    """The file: whose runs are watched, and the automations."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flows: tuple[str, ...]
    automation: tuple[AutomationRow, ...]


def read_automations(path: Path = AUTOMATIONS) -> AutomationTable:
    """Read the automations as the file has them."""
    return AutomationTable.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def load_automations(path: Path = AUTOMATIONS) -> list[str]:
    """Bring the server's automations up to the file; their names. The deployments must be there already."""
    table = read_automations(path)
    with server_client() as client:
        alert = client.read_deployment_by_name(ALERT).id
        for row in table.automation:
            wanted = _automation(row, table.flows, alert)
            olds = client.read_automations_by_name(row.name)
            if len(olds) == 1 and are_alike(olds[0], wanted):
                continue
            for old in olds:
                client.delete_automation(old.id)
            client.create_automation(wanted)
    return [row.name for row in table.automation]


def are_alike(old: AutomationCore, wanted: AutomationCore) -> bool:
    """Tell whether there is nothing to do: a new one would know of no run that is under way, and never say that one was
    killed.
    """
    # as they are: written as JSON, a set is in an order that hangs on the process
    there, asked = (one.model_dump(exclude={"id": True, "trigger": {"id"}}) for one in (old, wanted))
    return there == asked


def _automation(row: AutomationRow, flows: tuple[str, ...], alert: UUID) -> AutomationCore:
    trigger = EventTrigger(
        match={f"{RESOURCE}.id": "prefect.flow-run.*"},
        match_related={f"{RESOURCE}.role": "flow", f"{RESOURCE}.name": list(flows)},
        for_each={f"{RESOURCE}.id"},
        posture=Posture(row.posture),
        after=set(row.after),
        expect=set(row.expect),
        threshold=1,
        within=timedelta(seconds=row.within),
    )
    action = _action(row, alert)
    return AutomationCore(name=row.name, description=row.description, enabled=True, trigger=trigger, actions=[action])


def _action(row: AutomationRow, alert: UUID) -> ActionTypes:
    if row.crash:
        return ChangeFlowRunState(state=StateType.CRASHED, message=row.crash)
    parameters = {
        "kind": row.alert,
        "run_name": "{{ flow_run.name }}",
        "flow_name": "{{ flow.name }}",
        "run_id": "{{ flow_run.id }}",
        "why": "{{ flow_run.state.message }}",
    }
    return RunDeployment(source="selected", deployment_id=alert, parameters=parameters)


if __name__ == "__main__":
    sys.exit(played(load_automations))
