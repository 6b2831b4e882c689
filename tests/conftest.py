"""What every test shares, and how xdist deals the tests out."""

import gc
import importlib
import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from connectors.bytescan.compiled import is_outdated
from connectors.sources import steady
from flows.run import defects
from flows.run.without_gc import start_lightly
from tests.dealing import Together, tell_less
from tests.in_memory import write_to_memory
from tests.left_behind import watch
from tests.office import forget_office
from tests.postgres import stop_server
from tests.typed import forget_typed
from tests.warm import (
    forget,
    keep_what_was_remembered,
    learn_to_make_stores,
    learn_to_open_returns,
    learn_to_open_spreadsheets,
    share_statements,
    use_one_core,
    wait_for_no_disk,
)

defects.DEFECTS = ()  # a test is to see them, but for those of what becomes of them
start_lightly()  # as the command does
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a container may set it: each command here would compile all of ours
os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")  # read when a worker starts: large pages, few faults
gc.disable()  # until the tests are collected: they are all kept
IN_MEMORY = write_to_memory()
HERE = Path(__file__).parent

# The same examples on every machine, nothing kept on disk, no stop-watch on a busy one.
settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")

# Tests write their files the moment before they are read; tests/connectors/test_steady.py is about those who do.
steady.QUIET = 0.0

share_statements()
learn_to_make_stores()
learn_to_open_returns()
learn_to_open_spreadsheets()
use_one_core()
wait_for_no_disk()
keep_what_was_remembered()

# Tests of a minute each, and those of servers, which mostly wait: begun first, so that no worker is left with one of
# them at the end.
LONG = ("tests/orchestration/", "tests/night/test_sixty_nights.py", "tests/night/test_crash.py")


SELDOM = 500_000  # new objects after which garbage is searched for: some nights together, each of which leaves little
SHORT = 40  # bytes that may be the name of a test


def pytest_sessionstart(session: pytest.Session) -> None:
    """In each process of the run."""
    watch()
    tell_less(session.config)
    if worker := getattr(session.config, "workerinput", None):
        import_a_share(int(worker["workerid"].removeprefix("gw")), int(worker["workercount"]))


def import_a_share(worker: int, workers: int) -> None:
    """Import some of the tests, as each worker does of others, and so write them as pytest plays them: in a fresh clone
    each would else do it for all of them, at the same time (20 processor seconds).
    """
    for path in sorted(HERE.rglob("test_*.py"))[worker::workers]:
        with suppress(Exception):  # its collection says it
            importlib.import_module(".".join(path.relative_to(HERE.parent).with_suffix("").parts))


def pytest_report_header() -> str | None:
    """Say that the glance of another version lies here, and that numpy does its work: nothing else would."""
    return (
        "glance.c was changed since it was compiled: numpy reads; `make setup` compiles it" if is_outdated() else None
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """How xdist deals out the tests."""
    return Together(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: the tests of servers mostly wait (2 cores, 14,162 tests: idle 18 of 1,360 s)."""
    return len(os.sched_getaffinity(0)) + 2


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """What a longer content is called: an archive has the second of its making in it, another in each worker."""
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) and len(val) > SHORT else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first; the others stay as they are."""
    items.sort(key=lambda item: next((at for at, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG)))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: no search for garbage walks it, and no fork copies it."""
    gc.freeze()
    gc.set_threshold(SELDOM)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In the process that played tests; what a failed one left is kept until the next run."""
    if session.config.pluginmanager.hasplugin("dsession"):  # it played none: nothing of a test can lie in its garbage
        gc.freeze()
    stop_server()
    forget()
    forget_typed()
    forget_office()
    if IN_MEMORY and exitstatus == pytest.ExitCode.OK:
        subprocess.run(["rm", "-rf", str(IN_MEMORY)], check=False)  # two gigabytes of small files: five times as fast
