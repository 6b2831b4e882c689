"""Who carries out the parts of a night changes nothing in it: byte ranges, workbooks, slices of accounts."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.night.nightly import run_night
from flows.reading.snapshot import read_snapshot
from flows.run.request import Request
from flows.run.run import Steps, looking
from flows.run.steps import StepRunner, plainly
from flows.settings.load import load_settings
from flows.settings.model import OrchestrationSettings
from pipelines.changes.compare import compare
from sample_data.generate import HERE
from tests.elsewhere import Elsewhere, elsewhere
from tests.night.country import TODAY

SMALL = OrchestrationSettings(part_megabytes=0.1)


def changeset(root: Path, do: StepRunner) -> list[str]:
    """The lines of `changeset.json`, the run's id aside."""
    settings = load_settings(HERE / "annuaire.toml").model_copy(update={"orchestration": SMALL})
    night = run_night(settings, Request(TODAY, root, dry_run=True), Steps(do))
    assert night.changeset.status == "complete"
    lines = (root / "changeset.json").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if '"run_id"' not in line]


def test_a_night_by_other_hands_is_the_night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EFIT_STORE__URL", f"sqlite:///{tmp_path / 'annuaire.db'}")
    others = Elsewhere()
    assert changeset(tmp_path / "others", others) == changeset(tmp_path / "alone", plainly)
    assert others.spread_out == {"read:register.persons", "read:register.cards", "validate:workbooks"}


def test_the_comparison_in_slices_is_the_comparison():
    snapshot = read_snapshot(looking(load_settings(HERE / "annuaire.toml"), TODAY))
    alone, sliced = compare(snapshot), compare(snapshot, spread=elsewhere, at_once=7)
    assert len(snapshot.accounts) > 100
    assert sliced.changes == alone.changes
    assert sliced.accounts == alone.accounts


def test_the_command_line_knows_nothing_of_prefect_and_dask():
    code = "import sys, flows.cli.app, flows.night.nightly, flows.jobs.validate; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "flows" in loaded
    assert not loaded & {"prefect", "prefect_dask", "dask", "distributed"}
