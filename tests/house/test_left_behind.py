"""A test run that is killed leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.patience import patient

ROOT = Path(__file__).resolve().parents[2]
STARTS = """
import subprocess, sys, time
from tests.left_behind import watch
watch()
server = subprocess.Popen(["sleep", "600"], start_new_session=True)
print(server.pid, flush=True)
time.sleep(float(sys.argv[1]))
"""


WORKS = """
import subprocess, sys, time
from tests.left_behind import watch
watch()
subprocess.Popen([sys.executable, "-c", sys.argv[1], "600"])
time.sleep(600)
"""
here = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc on this machine")


@here
@pytest.mark.parametrize("lasting", ["600", "0"], ids=["killed", "over"])
def test_what_tests_started_ends_with_them(lasting: str) -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS, lasting], stdout=subprocess.PIPE, cwd=ROOT) as run:
        assert run.stdout
        server = int(run.stdout.readline())
        if lasting == "600":
            run.kill()
    wait_for_the_end(server)


@here
def test_what_a_worker_of_a_killed_run_started_ends_too() -> None:
    """The run and its worker are each watched; who watches the worker is not ended with it."""
    with subprocess.Popen([sys.executable, "-c", WORKS, STARTS], stdout=subprocess.PIPE, cwd=ROOT) as run:
        assert run.stdout
        server = int(run.stdout.readline())
        run.kill()
    wait_for_the_end(server)


def wait_for_the_end(server: int) -> None:
    until = time.monotonic() + patient(20)
    while is_there(server):
        assert time.monotonic() < until
        time.sleep(0.1)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
