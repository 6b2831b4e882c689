"""A night waits for no library that it has no use for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.typed import ROOT

LOADED = (
    "import flows.night.nightly, flows.jobs.sync, flows.jobs.night, json, sys; print(json.dumps(sorted(sys.modules)))"
)


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The packages that a process has which is about to play a night."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    return {module.partition(".")[0] for module in json.loads(done.stdout)}


@pytest.mark.parametrize("name", ["httpx", "cryptography", "tenacity", "prefect", "distributed", "msal", "imapclient"])
def test_a_night_starts_without_what_it_may_not_need(loaded: set[str], name: str):
    """No directory to ask, no signature, no mail server, no mailbox, no orchestration: whoever has one loads it."""
    assert name not in loaded


VERSION = """
import json, sys
from flows.cli.start import main
sys.argv = ["efit-annuaire", "--version"]
try:
    main()
except SystemExit:
    print(json.dumps(sorted(sys.modules)))
"""


def test_who_asks_for_the_version_waits_for_nothing_of_a_night():
    """As root too, whose leavings are looked after where the folder is another account's."""
    done = subprocess.run([sys.executable, "-c", VERSION], cwd=ROOT, capture_output=True, text=True, check=True)
    version, *_, modules = done.stdout.splitlines()
    assert version[0].isdigit()
    assert {"pandas", "sqlalchemy", "pydantic_settings", "openpyxl"}.isdisjoint(json.loads(modules))


FIRST_STORE = """
import json, sys
from connectors.store import open_store
open_store(sys.argv[1]).close()
print(json.dumps(sorted(sys.modules)))
"""


def test_a_first_store_is_made_without_going_through_all_that_ever_changed_in_one(tmp_path: Path):
    words = [sys.executable, "-c", FIRST_STORE, f"sqlite:///{tmp_path}/store.db"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"alembic", "mako", "pygments"}.isdisjoint(json.loads(done.stdout))


ALERT = "import flows.orchestration.alerts, json, sys; print(json.dumps(sorted(sys.modules)))"


def test_an_alert_waits_for_nothing_of_a_night():
    """It says that one went wrong; each that an automation starts is a process of its own."""
    done = subprocess.run([sys.executable, "-c", ALERT], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert {"pandas", "numpy", "xlsxwriter", "flows.night.nightly", "connectors.store"}.isdisjoint(modules)
