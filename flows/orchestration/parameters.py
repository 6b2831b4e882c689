"""What a run can be asked for in Prefect's form: checked by the server before the run, by us when it begins."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from flows.run.days import day_or_today
from flows.run.request import Request
from flows.settings.load import load_settings
from flows.settings.model import Settings
from schemas.errors import ConfigurationError
from schemas.nomenclatures import regions, say

# `--param region=11` arrives as a number, `--param region=2A` as a text, the form sends a list. It offers the
# shipped regions; one that a deployment declares itself is written, and judged when the run begins.
RegionCode = Annotated[str, WithJsonSchema({"type": "string", "enum": sorted(regions())})]
OwnCode = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[0-9][0-9A-Z]{1,2}$"})]
Regions = list[RegionCode] | list[OwnCode] | OwnCode | int
# A day that is none is ours to say, in French: Prefect would say it in English, and of a run without a name.
RunDay = Annotated[date | str, WithJsonSchema({"type": "string", "format": "date"})]
CONFIG_VARIABLE = "EFIT_CONFIG"

# The parameters of our flows: Prefect makes its form, and the server's check, of the type beside and this.
CONFIG: Any = Field(default=None, description=say("prefect.config"))
AS_OF: Any = Field(default=None, description=say("prefect.as_of"))
REGION: Any = Field(default=None, description=say("prefect.region"))
DRY_RUN: Any = Field(default=False, description=say("prefect.dry_run"))
RELEASE: Any = Field(default=None, description=say("prefect.release"))
OUT: Any = Field(default=None, description=say("prefect.out"))


def settings_for(config: str | None) -> Settings:
    """Return the configuration named by the run, else by EFIT_CONFIG in the worker's environment.

    Whoever reaches the server's API may start a run, and it runs as the service: where EFIT_CONFIG is given, a run may
    name another file of that folder only.
    Raises ConfigurationError when neither names one, and for every mistake in it.
    """
    own = os.environ.get(CONFIG_VARIABLE)
    named = config or own
    if not named:
        raise ConfigurationError([say("prefect.no_config")])
    if own and Path(named).resolve().parent != Path(own).resolve().parent:
        raise ConfigurationError([say("prefect.config_elsewhere", folder=Path(own).resolve().parent)])
    return load_settings(Path(named))


def request_for(
    settings: Settings,
    as_of: RunDay | None,
    region: Regions | None,
    *,
    dry_run: bool,
    release: str | None,
    out: str | None,
) -> Request:
    """Return one run as it was asked for. Raises ConfigurationError for a day or a region that is none."""
    return Request(
        day_of(as_of),
        Path(out) if out else settings.root / "out",
        dry_run=dry_run,
        regions=tuple(regions_asked(region)),
        release=release or None,
    )


def day_of(as_of: RunDay | None) -> date:
    """Return the day of a run, today without one. Raises ConfigurationError for what is none."""
    return as_of if isinstance(as_of, date) else day_or_today(as_of or None)


def regions_asked(region: Regions | None) -> Sequence[str]:
    """Return the codes, two figures each. Raises ConfigurationError with one line per unknown code."""
    given = region if isinstance(region, list) else [region] if region not in (None, "") else []
    codes = [str(one).zfill(2) for one in given]
    strangers = [say("config.region_option", found=code) for code in codes if code not in regions()]
    if strangers:
        raise ConfigurationError(strangers)
    return codes
