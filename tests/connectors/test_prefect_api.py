"""Prefect's server as seen over HTTP, and what `doctor` makes of it. The answers are those of Prefect 3.9."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from connectors.web.prefect_api import Deployed, ask_server
from flows.doctor.examination import Visit
from flows.doctor.outside import FLOWS, check_prefect
from flows.state.run_state import now
from schemas.errors import OrchestratorError
from schemas.glyphs import typeset
from schemas.reports.checkup import CheckVerdict, Finding
from tests.night.small import settings_of

ACCOUNT = "exploitation:mot:de:passe"


def country(*, without: str = "", paused: str = "", idle: str = "", online: bool = True) -> dict[str, Any]:
    """Path → answer: every flow deployed once in one pool, with one worker."""
    names = [name for name in FLOWS if name != without]
    return {
        "/api/health": True,
        "/api/flows/filter": [{"id": f"id-{name}", "name": name} for name in [*names, "autre"]],
        "/api/deployments/filter": [
            {
                "flow_id": f"id-{name}",
                "name": "nuit",
                "paused": name == paused,
                "work_pool_name": "annuaire",
                "schedules": [{"active": False}, {"active": name != idle}],
            }
            for name in names
        ]
        + [{"flow_id": "id-autre", "name": "x", "paused": True, "work_pool_name": None}],
        "/api/work_pools/annuaire/workers/filter": [
            {"name": "w1", "status": "ONLINE" if online else "OFFLINE"},
            {"name": "w0", "status": "OFFLINE"},
        ],
    }


@contextmanager
def serving(answers: dict[str, Any], account: str = "") -> Iterator[str]:
    """A server on this machine that gives these answers; its API's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = f"Basic {base64.b64encode(account.encode()).decode()}" if account else None
            code = 404 if self.path not in answers else 200
            if wanted and self.headers["Authorization"] != wanted:
                code = 401
            body = json.dumps(answers.get(self.path)).encode()
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/api"
        finally:
            server.shutdown()


def found(tmp_path: Path) -> list[Finding]:
    return list(check_prefect(Visit(tmp_path / "annuaire.toml", settings_of(tmp_path), now())))


def test_deployments_and_workers_are_told() -> None:
    with serving(country()) as url:
        state = ask_server(url)
    assert state.workers == {"annuaire": 1}
    assert Deployed("sync-annuaire/nuit", paused=False, pool="annuaire") in state.deployments
    assert len(state.deployments) == len(FLOWS) + 1


def test_the_account_of_the_server_is_given_with_its_colons() -> None:
    with serving(country(), ACCOUNT) as url:
        assert ask_server(url, ACCOUNT).workers == {"annuaire": 1}
        with pytest.raises(OrchestratorError, match="401"):
            ask_server(url, "exploitation:faux")
        with pytest.raises(OrchestratorError, match="401"):
            ask_server(url)


def test_a_server_out_of_reach_is_told_without_its_password() -> None:
    with pytest.raises(OrchestratorError, match="ne répond pas") as told:
        ask_server("http://moi:secret@127.0.0.1:1/api")
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("answers", [{}, {"/api/health": True}, country() | {"/api/flows/filter": {"detail": "x"}}])
def test_something_else_at_that_address_is_told(answers: dict[str, Any]) -> None:
    with serving(answers) as url, pytest.raises(OrchestratorError, match="comme un serveur Prefect"):
        ask_server(url)


def test_without_an_address_prefect_is_not_used_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert [one.verdict for one in found(tmp_path)] == [CheckVerdict.OK]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (country(), "1 exécutant en ligne"),
        (country(without="purge"), typeset("« purge » manque")),
        (country(paused="sync-annuaire"), typeset("« sync-annuaire/nuit » est en pause")),
        (country(idle="sync-annuaire"), typeset("planification du déploiement « sync-annuaire/nuit » est en pause")),
        (country(online=False), typeset("aucun exécutant n’est en ligne pour « annuaire »")),
    ],
)
def test_a_server_that_would_start_no_night_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: dict[str, Any], told: str
) -> None:
    monkeypatch.delenv("PREFECT_API_AUTH_STRING", raising=False)
    with serving(answers) as url:
        monkeypatch.setenv("PREFECT_API_URL", url)
        [one] = found(tmp_path)
    assert told in one.found
    assert one.verdict is (CheckVerdict.OK if answers == country() else CheckVerdict.FAILURE)


def test_a_server_that_is_down_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    [one] = found(tmp_path)
    assert one.verdict is CheckVerdict.FAILURE
    assert "efit-annuaire-server" in one.todo
