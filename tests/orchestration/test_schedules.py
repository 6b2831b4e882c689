"""`prefect.yaml` by itself: hours that hold when the clocks change, what each deployment points to, its version."""

import asyncio
import importlib
import tomllib
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from prefect import Flow
from prefect.events.actions import DoNothing
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.server.schemas.schedules import CronSchedule

from flows.orchestration.automations import ALERT, are_alike, read_automations
from flows.orchestration.parameters import regions_asked
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

ROOT = Path(__file__).resolve().parent.parent.parent
PARIS = ZoneInfo("Europe/Paris")
DEPLOYED = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]


def flow_of(deployed) -> Any:
    module, _, name = deployed["entrypoint"].rpartition(".")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("first", ["2027-03-26", "2027-10-29"])
def test_the_night_is_at_a_quarter_past_four_on_every_day_around_a_change_of_clock(first):
    (schedule,) = next(one["schedules"] for one in DEPLOYED if one["name"] == "nightly")
    dates = asyncio.run(
        CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"]).get_dates(
            5, start=datetime.fromisoformat(f"{first}T12:00:00+00:00")
        )
    )
    assert [f"{one.astimezone(PARIS):%H:%M}" for one in dates] == ["04:15"] * 5
    assert len({one.astimezone(PARIS).date() for one in dates}) == 5
    assert len({one.utcoffset() for one in (date.astimezone(PARIS) for date in dates)}) == 2


def test_no_deployment_starts_in_the_hour_that_comes_twice_or_not_at_all():
    hours = [schedule["cron"].split()[1] for one in DEPLOYED for schedule in one.get("schedules", ())]
    assert "2" not in hours


@pytest.mark.parametrize("deployed", DEPLOYED, ids=lambda one: one["name"])
def test_a_deployment_names_a_flow_its_version_and_what_it_does(deployed):
    assert isinstance(flow_of(deployed), Flow)
    assert deployed["version"] == version("efit-annuaire-sync")
    assert deployed["description"]
    assert deployed["tags"]


def test_the_automations_watch_the_flows_that_are_deployed_but_the_alert_itself():
    names = {flow_of(one).name for one in DEPLOYED}
    table = read_automations()
    assert {*table.flows, ALERT.partition("/")[0]} == names


def test_an_automation_is_the_same_in_whatever_order_its_events_are_held():
    """Else `up` would replace it, and the new one knows of no run that is under way."""
    events = [f"prefect.flow-run.{number}" for number in range(200)]
    there, asked = (
        AutomationCore(
            name="x",
            trigger=EventTrigger(posture=Posture.Reactive, threshold=1, within=timedelta(0), expect=set(found)),
            actions=[DoNothing()],
        )
        for found in (events, reversed(events))
    )
    assert are_alike(there, asked)
    assert not are_alike(there, asked.model_copy(update={"enabled": False}))


def test_the_automations_expect_the_states_our_runs_end_in():
    expected = {event for one in read_automations().automation for event in one.expect}
    ours = {say(f"prefect.state_{name}") for name in ("partial", "held", "configuration")}
    assert {f"prefect.flow-run.{name}" for name in ours} <= expected


def test_the_form_offers_the_regions_and_says_in_french_what_each_parameter_is():
    parameters = flow_of(DEPLOYED[0]).parameters.properties
    assert {"config", "as_of", "region", "dry_run", "release", "out"} == set(parameters)
    assert all(one["description"] for one in parameters.values())
    choices = parameters["region"]["anyOf"]
    assert any("11" in choice.get("items", {}).get("enum", ()) for choice in choices)


@pytest.mark.parametrize(
    ("asked", "meant"), [(None, []), ([], []), (11, ["11"]), ("24", ["24"]), (["11", "24"], ["11", "24"])]
)
def test_a_region_may_come_as_a_number_a_text_or_a_list(asked, meant):
    assert regions_asked(asked) == meant


def test_an_unknown_region_is_refused():
    with pytest.raises(ConfigurationError):
        regions_asked("99")


def test_prefect_is_kept_to_this_machine_and_tells_nobody():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["prefect"]
    assert settings["api"]["url"].startswith("http://127.0.0.1")
    assert settings["server"]["analytics_enabled"] is False
