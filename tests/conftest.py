"""What every test shares, and how xdist deals the tests out."""

import gc
import os
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from connectors.bytescan.compiled import is_outdated
from connectors.sources import steady
from flows.run import defects
from flows.run.without_gc import start_lightly
from tests.browser import browser as browser
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
gc.disable()  # until the tests are collected: they are all kept

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

# Files and folders whose tests share something costly: one worker plays all of them. Any other test goes to whoever
# is free.
# (xdist's own `--dist loadgroup` marks node ids by a field that pytest 9.2 no longer reads.)
TOGETHER = (
    "tests/house/test_how_to.py",
    "tests/matching/test_calibration.py",
    "tests/matching/test_consequences.py",
    "tests/night/test_altered_rules.py",
    "tests/night/test_applied.py",
    "tests/night/test_at_most_once.py",
    "tests/night/test_dashboard.py",
    "tests/night/test_directory.py",
    "tests/night/test_directory_shrinks.py",
    "tests/night/test_doctor_store.py",
    "tests/night/test_every_error.py",
    "tests/night/test_inspection.py",
    "tests/night/test_light_start.py",
    "tests/night/test_national_night.py",
    "tests/night/test_printed_words.py",
    "tests/night/test_sample_data.py",
    "tests/night/test_shuffled.py",
    "tests/night/test_smtp_night.py",
    "tests/night/test_unknown.py",
    "tests/night/test_walkthrough.py",
    "tests/night/test_where_faults_lie.py",
    "tests/orchestration/",
    "tests/pages/",
)
# Files of which each case (a database) has its own costly thing: one worker plays all tests of the case.
BY_CASE = ("tests/night/test_crash.py",)
# Tests of a minute each, and those of servers, which mostly wait: begun first, so that no worker is left with one of
# them at the end.
LONG = ("tests/orchestration/", "tests/night/test_sixty_nights.py", "tests/night/test_crash.py")


SELDOM = 50_000  # new objects after which garbage is searched for: most nights make fewer, and leave none
SHORT = 40  # bytes that may be the name of a test


def pytest_sessionstart() -> None:
    """In each process of the run."""
    watch()


def pytest_report_header() -> str | None:
    """Say that the glance of another version lies here, and that numpy does its work: nothing else would."""
    return (
        "glance.c was changed since it was compiled: numpy reads; `make setup` compiles it" if is_outdated() else None
    )


class _Together(LoadScopeScheduling):  # type: ignore[misc]
    """One scope a test, but one for all tests of a costly file."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(BY_CASE):
            return nodeid.partition("::")[0] + nodeid[nodeid.rfind("[") :]
        return next((name for name in TOGETHER if nodeid.startswith(name)), nodeid)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """As before, and what is over is no longer counted: with every test, all that were played before it."""
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node].get(scope, {False: False}).values()):
            del self.assigned_work[node][scope]


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """How xdist deals out the tests."""
    return _Together(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: the tests of servers mostly wait."""
    return len(os.sched_getaffinity(0)) + 1


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


def pytest_sessionfinish() -> None:
    """In the process that played tests."""
    stop_server()
    forget()
    forget_typed()
    forget_office()
