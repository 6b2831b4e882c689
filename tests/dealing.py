"""How xdist deals the tests out to its workers, and what these tell of each.

(xdist's own `--dist loadgroup` marks node ids by a field that pytest 9.2 no longer reads.)
"""

from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# Files and folders whose tests share something costly: one worker plays all of them. Any other test goes to whoever
# is free.
TOGETHER = (
    "tests/house/test_how_to.py",
    "tests/house/",
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
# Of some thousandths of a second each: as many at once as are over before a worker that has none is missed.
SHORT = ("tests/pipelines/", "tests/schemas/", "tests/shapes/", "tests/spec/")
AT_ONCE = 8


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """One scope a test, but one for all tests of a costly file, and one for a few short ones."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        self._scopes: dict[str, str] = {}
        self._seen: Counter[str] = Counter()
        self._places: dict[str, int] = {}

    def _split_scope(self, nodeid: str) -> str:
        if nodeid not in self._scopes:
            self._scopes[nodeid] = self._scope_of(nodeid)
        return self._scopes[nodeid]

    def _scope_of(self, nodeid: str) -> str:
        if nodeid.startswith(BY_CASE):
            return nodeid.partition("::")[0] + nodeid[nodeid.rfind("[") :]
        if nodeid.startswith(SHORT):
            file = nodeid.partition("::")[0]
            self._seen[file] += 1
            return f"{file} {self._seen[file] // AT_ONCE}"
        return next((name for name in TOGETHER if nodeid.startswith(name)), nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        """As before, without looking each test up from the first on."""
        if not self._places:
            self._places = {nodeid: at for at, nodeid in enumerate(self.collection or ())}
        scope, unit = self.workqueue.popitem(last=False)
        self.assigned_work.setdefault(node, {})[scope] = unit
        node.send_runtest_some([self._places[nodeid] for nodeid, over in unit.items() if not over])

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """As before, and what is over is no longer counted: with every test, all that were played before it."""
        super().mark_test_complete(node, item_index, duration)
        scope = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node].get(scope, {False: False}).values()):
            del self.assigned_work[node][scope]


def tell_less(config: pytest.Config) -> None:
    """From now on this worker tells of a test that passes what is shown of it: that its call has passed.

    Of six messages a test, that were put together, sent and read, three are left.
    """
    for told in config.pluginmanager.get_plugins():
        if hasattr(told, "sendevent") and config.option.verbose < 1:
            vars(told)["sendevent"] = _Told(told.sendevent)


class _Told:
    """How a worker tells something."""

    def __init__(self, send: Any) -> None:
        self._send = send

    def __call__(self, name: str, **what: Any) -> None:
        """Tell it, if it is shown."""
        report = what.get("data", {})
        beside = name == "testreport" and report.get("when") != "call" and report.get("outcome") == "passed"
        if name != "logstart" and not (beside and not report.get("sections")):
            self._send(name, **what)
