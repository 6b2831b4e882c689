"""A copy of the invented country, and a night on its files: read, judged, compared; nothing written or sent."""

import dataclasses
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flows.reading.snapshot import read_snapshot
from flows.run.run import looking
from flows.settings.load import load_settings
from pipelines.changes.compare import compare
from sample_data.generate import HERE

TODAY = date(2026, 11, 22)


def copy_country(folder: Path) -> Path:
    """The input files and the configuration, to be changed at will."""
    country = folder / "country"
    shutil.copytree(HERE, country, ignore=shutil.ignore_patterns("*.py", "__pycache__", "var", "out"))
    return country


def night_of(country: Path, day: date = TODAY) -> dict[str, Any]:
    """What `changeset.json` has of this night but its run: sources, changes, rejects, as JSON would have them."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EFIT_")}
    with patch.dict(os.environ, environment, clear=True):
        settings = load_settings(country / "annuaire.toml")
    snapshot = read_snapshot(looking(settings, day))
    changes = compare(snapshot, (), (str(settings.mail.admin),)).changes
    return {
        "sources": [dataclasses.asdict(report) for report in snapshot.sources.reports],
        "changes": [change.model_dump(mode="json") for change in changes],
        "rejects": [dataclasses.asdict(one) for one in snapshot.sources.issues],
    }
