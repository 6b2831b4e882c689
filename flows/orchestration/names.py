"""What a run is called in Prefect's lists: what it does, of which day, for which regions."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from prefect.runtime import flow_run

from flows.orchestration.parameters import regions_asked
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say
from schemas.zone import PARIS


def named(key: str) -> Callable[[], str]:
    """Return what Prefect asks for as `flow_run_name` when a run begins."""
    return lambda: name_of(key, flow_run.parameters or {}, datetime.now(PARIS).date())


def name_of(key: str, parameters: Mapping[str, Any], today: date) -> str:
    """Return « nuit du 22/11/2026, régions 11 et 24, à blanc ». What was wrongly asked for is in the name as it was
    asked.
    """
    day = parameters.get("as_of") or today
    with suppress(ValueError):  # what is none is shown as it was asked
        day = date.fromisoformat(str(day))
    parts = [say(f"run_name.{key}", day=f"{day:%d/%m/%Y}" if isinstance(day, date) else day)]
    try:
        asked = regions_asked(parameters.get("region"))
    except ConfigurationError:
        asked = [str(parameters.get("region"))]
    if asked:
        parts.append(say("run_name.regions", count=len(asked), names=", ".join(asked)))
    parts += [say(f"run_name.{one}") for one in ("dry_run", "release") if parameters.get(one)]
    return ", ".join(parts)
