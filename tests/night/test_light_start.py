"""A night waits for no library that it has no use for."""

import json
import subprocess
import sys

import pytest

LOADED = "import flows.night.nightly, flows.jobs.sync, json, sys; print(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize("name", ["httpx", "cryptography", "tenacity", "prefect", "distributed", "msal", "imapclient"])
def test_a_night_starts_without_what_it_may_not_need(name: str):
    """No directory to ask, no signature, no mail server, no mailbox, no orchestration: whoever has one loads it."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert name not in {module.partition(".")[0] for module in json.loads(done.stdout)}
