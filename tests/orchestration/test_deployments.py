"""Everything of `prefect.yaml` on a real server: schedules, a night on demand, what its page shows, what goes wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.sources.annuaire_export import read_annuaire_export
from schemas.nomenclatures import say
from schemas.words import clean
from tests.orchestration.station import PATIENCE, SAMPLE, Station

DAY = "2026-11-22"
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def night(station: Station) -> str:
    """The id of a night on demand over the sample data, ended."""
    run = station.start("sync-annuaire/nightly", as_of=DAY, out=str(station.root / "out"))
    assert station.ended(run)["state"]["name"] == "Completed"
    return run


def test_the_scheduler_has_made_the_next_nights_at_a_quarter_past_four_in_paris(station):
    deployment = station.deployment("sync-annuaire/nightly")["id"]
    wanted = {"deployment_id": {"any_": [deployment]}, "state": {"type": {"any_": ["SCHEDULED"]}}}
    for _ in range(PATIENCE):
        runs = station.post("/flow_runs/filter", flow_runs=wanted)
        hours = [datetime.fromisoformat(one["expected_start_time"]) for one in runs if one["auto_scheduled"]]
        if hours:
            break
    assert hours
    assert {f"{hour.astimezone(PARIS):%H:%M}" for hour in hours} == {"04:15"}


def test_every_deployment_and_automation_is_there(station):
    names = {one["name"] for one in station.post("/deployments/filter", limit=50)}
    assert names == {"nightly", "half-hourly", "weekly", "monthly", "on-event"}
    automations = {one["name"] for one in station.post("/automations/filter", limit=50) if one["enabled"]}
    assert {"Exécution en échec", "Nuit retenue", "Exécution non démarrée", "Worker tué"} <= automations


def test_a_night_on_demand_is_a_task_per_source_and_per_report_and_mail(station, night):
    tasks = station.tasks(night)
    assert set(tasks.values()) == {"Completed"}
    assert {"read:annuaire", "read:register.persons", "read:workbook:national.xlsx", "compare", "record"} <= set(tasks)
    reports = {path.stem for path in (station.root / "out" / "reports").glob("*.xlsx")}
    assert reports
    assert {name.partition(":")[2] for name in tasks if name.startswith("report:")} == reports
    assert {name.partition(":")[2] for name in tasks if name.startswith("mail:")} == reports
    assert {path.stem.rpartition("-")[0] for path in (station.root / "outbox").glob("*.eml")} >= reports


def test_its_artifacts_say_what_was_read_found_and_sent(station, night):
    artifacts = station.artifacts(night)
    assert set(artifacts) == {"bilan", "ecarts-par-destinataire", "rejets-par-source", "rapports", "en-attente"}
    assert "Nuit du 22/11/2026" in artifacts["bilan"]
    assert "CRH-ST de la région 24" in {one["Destinataire"] for one in json.loads(artifacts["ecarts-par-destinataire"])}
    assert "█" in artifacts["en-attente"]
    assert "CRH_ST-24.xlsx" in artifacts["rapports"]


def test_no_log_and_no_artifact_carries_a_personal_value(station, night):
    told = station.logs() + "\n".join(station.artifacts(night).values())
    assert "step=read:annuaire" in told
    assert len(personal_values()) > 400
    assert [value for value in personal_values() if value in told] == []


def personal_values() -> set[str]:
    """Names, numbers, addresses of everybody in the sample's annuaire; names of three letters and more."""
    frame = read_annuaire_export(SAMPLE / "efit" / "export.xlsx", "annuaire", shown="").frame
    columns = ("last_name", "cpx_number", "email", "phone")
    return {value for column in columns for value in map(clean, frame[column]) if len(value) > 2}


def test_one_region_is_asked_for_from_the_command_line(station):
    command = [str(Path(sys.executable).parent / "prefect"), "deployment", "run", "sync-annuaire/nightly", "--watch"]
    out = station.root / "region"
    asked = ["--param", "region=11", "--param", f"as_of={DAY}", "--param", f"out={out}", "--param", "dry_run=true"]
    done = subprocess.run(
        [*command, *asked], env=dict(station.environment), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert "finished successfully" in done.stdout, done.stdout + done.stderr
    assert [path.name for path in (out / "reports").glob("*.xlsx")]
    assert '"region_code": "24"' not in (out / "changeset.json").read_text(encoding="utf-8")


def test_a_night_with_broken_sources_is_partial_by_its_name_and_wakes_nobody(station):
    config = str(SAMPLE / "annuaire-pannes.toml")
    run = station.start(
        "sync-annuaire/nightly", config=config, as_of=DAY, out=str(station.root / "pannes"), dry_run=True
    )
    state = station.ended(run)["state"]
    assert (state["name"], state["type"]) == ("Partiel", "COMPLETED")
    assert "classeur" in state["message"]
    outcomes = station.tasks(run)
    assert "Failed" in outcomes.values()
    assert outcomes["compare"] == "Completed"


def test_a_region_that_does_not_exist_is_refused_in_french(station):
    run = station.start("sync-annuaire/nightly", region=99, as_of=DAY, out=str(station.root / "99"))
    state = station.ended(run)["state"]
    assert state["name"] == "Configuration"
    assert "99" in state["message"]


@pytest.mark.usefixtures("night")
def test_a_killed_run_is_seen_and_the_next_one_takes_over(station):
    run = station.start("sync-annuaire/nightly", as_of=DAY, out=str(station.root / "killed"))
    station.until(run, lambda state: state["type"] == "RUNNING")
    os.kill(_process_of(run), signal.SIGKILL)
    assert station.ended(run)["state"]["type"] == "CRASHED"
    again = station.start("sync-annuaire/nightly", as_of=DAY, out=str(station.root / "killed"))
    assert station.ended(again)["state"]["name"] == "Completed"


def _process_of(run: str) -> int:
    """The process that carries out a run: its environment names the run."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:  # it has ended, or is another's
            continue
        if f"PREFECT__FLOW_RUN_ID={run}".encode() in environment and b"prefect" in command:
            return int(process.name)
    raise LookupError(run)


@pytest.mark.usefixtures("night")
def test_the_inbox_the_reminders_and_the_retention_run_too(station):
    for name in ("collect-decisions/half-hourly", "remind/weekly", "purge/monthly"):
        assert _played_alone(station, name)["state"]["name"] == "Completed", name


def _played_alone(station: Station, name: str) -> dict[str, Any]:
    """The run, ended; another where it met one of the schedule, or of a file that was put down, and was left."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = station.ended(station.start(name))
        if found["state"]["name"] != say("prefect.state_busy") or time.monotonic() > deadline:
            return found


def test_an_alert_is_one_mail_to_the_engineer(station):
    run = station.start("alert/on-event", kind="held", flow_name="sync-annuaire", run_name="essai")
    assert station.ended(run)["state"]["name"] == "Completed"
    mails = [path.read_text(encoding="utf-8") for path in (station.root / "outbox").glob("*.eml")]
    assert sum("To: admin" in one and "retenu" in one and "essai" in one for one in mails) == 1


def test_the_page_of_a_run_shows_its_artifacts_in_a_browser(station, night, browser):
    page = browser.new_page(viewport={"width": 1400, "height": 1200})
    page.goto(f"{station.api.removesuffix('/api')}/runs/flow-run/{night}", timeout=1000 * PATIENCE)
    page.get_by_text("Artifacts", exact=True).first.click(timeout=1000 * PATIENCE)
    for told in ("Bilan de la nuit", "Écarts par destinataire et gravité", "Rejets et réparations par source"):
        page.get_by_text(told).first.wait_for(timeout=1000 * PATIENCE)
    page.close()  # else it asks the server for news until the browser is closed


def test_a_file_dropped_into_the_inbox_starts_a_run_by_an_event(station):
    state = _started_by_an_event(station)
    if (
        state["name"] == "Cancelled"
    ):  # the half hour has struck meanwhile: the run that takes it is at work, one at a time
        state = _started_by_an_event(station)
    assert state["name"] == "Completed"


def _started_by_an_event(station: Station) -> dict[str, Any]:
    """The end of the run that a dropped file has started."""
    wanted = {"deployment_id": {"any_": [station.deployment("collect-decisions/half-hourly")["id"]]}}

    def of_events() -> set[str]:
        runs = station.post("/flow_runs/filter", flow_runs=wanted)
        return {one["id"] for one in runs if one["created_by"] and one["created_by"]["type"] == "AUTOMATION"}

    before = of_events()
    command = [str(Path(sys.executable).parent / "prefect"), "event", "emit", "efit-annuaire.inbox.file-dropped"]
    subprocess.run(
        [*command, "--resource-id", "efit-annuaire.inbox"],
        env=dict(station.environment),
        check=True,
        timeout=PATIENCE,
        capture_output=True,
    )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if started := of_events() - before:
            return dict(station.ended(started.pop())["state"])
        time.sleep(1)
    raise AssertionError("no run was started")
