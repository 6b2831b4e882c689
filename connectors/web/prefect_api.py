"""Prefect's server asked over HTTP what stands ready: no Prefect is imported, which would cost two seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from schemas.errors import OrchestratorError
from schemas.nomenclatures import say

SECONDS = 5.0
ONLINE = "ONLINE"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment: « flow/name », whether it is paused, the pool it waits in, and whether it has schedules, of which
    none is active.
    """

    name: str
    paused: bool
    pool: str
    unscheduled: bool = False


@dataclass(frozen=True, slots=True)
class ServerState:
    """The deployments, and how many workers are online in each of their pools."""

    deployments: tuple[Deployed, ...]
    workers: Mapping[str, int]


def ask_server(api_url: str, auth: str = "", key: str = "") -> ServerState:
    """Return what the server has. `auth`: « user:password » of PREFECT_API_AUTH_STRING; `key`: PREFECT_API_KEY.

    Raises OrchestratorError when it is out of reach, refuses us or answers something else.
    """
    headers = {"Authorization": f"Bearer {key}"} if key and not auth else {}
    user, _, password = auth.partition(":")
    login = (user, password) if auth else None
    try:
        with httpx.Client(base_url=api_url, timeout=SECONDS, headers=headers, auth=login, trust_env=False) as client:
            return _state(client)
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        refused = "prefect_api.refused" if code in (401, 403) else "prefect_api.answered"
        raise OrchestratorError(say(refused, url=_shown(api_url), code=code)) from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise OrchestratorError(say("prefect_api.unreachable", url=_shown(api_url))) from None
    except (KeyError, TypeError, ValueError):
        raise OrchestratorError(say("prefect_api.answered", url=_shown(api_url), code=200)) from None


def _state(client: httpx.Client) -> ServerState:
    client.get("health").raise_for_status()
    flows = {flow["id"]: flow["name"] for flow in _all(client, "flows/filter")}
    deployments = tuple(
        Deployed(
            f"{flows[one['flow_id']]}/{one['name']}",
            bool(one["paused"]),
            one["work_pool_name"] or "",
            bool(schedules := one.get("schedules", ())) and not any(schedule["active"] for schedule in schedules),
        )
        for one in _all(client, "deployments/filter")
    )
    pools = sorted({one.pool for one in deployments if one.pool})
    workers = {pool: _online(client, pool) for pool in pools}
    return ServerState(deployments, workers)


def _online(client: httpx.Client, pool: str) -> int:
    return sum(1 for worker in _all(client, f"work_pools/{pool}/workers/filter") if worker["status"] == ONLINE)


def _all(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.post(path, json={}).raise_for_status().json()
    return found


def _shown(url: str) -> str:
    """The address without a password somebody wrote into it."""
    try:
        return str(httpx.URL(url).copy_with(username="", password=""))
    except httpx.InvalidURL:
        return url
