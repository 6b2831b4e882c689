"""The handed country (`tests/cases`), one sheet a night: what came of a spreadsheet as somebody writes it."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flows.cli.app import run

CASES = Path(__file__).parents[1] / "cases"
SHEETS = CASES / "sheets"
TODAY = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Played:
    """The change set of a night, and what `run.json` says of the workbook."""

    changes: list[dict[str, Any]]
    rejects: list[dict[str, str]]
    source: Mapping[str, Any]

    @property
    def table(self) -> list[tuple[str, str]]:
        """(reason, last name of whom) of each change, sorted."""
        return sorted((one["reasons"][0], one["person"]["last_name"]) for one in self.changes)

    @property
    def codes(self) -> list[str]:
        """The codes of what is said of the workbook."""
        return [one["code"] for one in self.rejects if one["source"].startswith("workbook:")]


def play_sheet(folder: Path, sheet: Path, more: str = "") -> Played:
    """Play one night of the handed country with this workbook; `more`: added to the configuration."""
    country = folder / "country"
    shutil.copytree(CASES / "country", country)
    (folder / "sheets").mkdir()
    shutil.copy(sheet, folder / "sheets")
    config = country / "annuaire.toml"
    text = config.read_text(encoding="utf-8").replace("00_standard.xlsx", sheet.name)
    config.write_text(text + more, encoding="utf-8")
    with patch("sys.stdout", StringIO()), patch("sys.stderr", StringIO()) as errors:
        code = run(["sync", "--config", str(config), "--as-of", TODAY])
    assert code in (0, 3, 4), errors.getvalue()
    out = country / "out"
    changeset = json.loads((out / "changeset.json").read_text(encoding="utf-8"))
    summary = json.loads((out / "run.json").read_text(encoding="utf-8"))
    [source] = [one for one in summary["sources"] if one["name"].startswith("workbook:")]
    return Played(changeset["changes"], changeset["rejects"], source)
