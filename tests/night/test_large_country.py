"""A country too large for several processes to look at: each would hold most of it once more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.bytescan.ahead import with_hands
from connectors.system.forked import Forked
from flows.night import outputs
from flows.night.outputs import write_reports
from flows.reading.workbooks import MOST_SHARED, helpers
from flows.run.run import Steps
from tests.invented_report import invented_report


def test_nobody_helps_to_judge_the_workbooks_of_a_very_large_country() -> None:
    with with_hands(2):
        assert helpers(Steps(), MOST_SHARED) is not None
        assert helpers(Steps(), MOST_SHARED + 1) is None
    with with_hands(1):
        assert helpers(Steps(), 1) is None


def test_nobody_helps_to_write_very_many_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[int] = []

    def written(_: Forked, *words: object) -> Iterator[None]:
        asked.append(len(words))
        return iter((None,))

    monkeypatch.setattr(Forked, "__call__", written)
    with with_hands(2):
        write_reports([invented_report()], tmp_path, Steps())
        assert asked
        monkeypatch.setattr(outputs, "MOST_LINES", 0)
        [path], _ = write_reports([invented_report()], tmp_path, Steps())
    assert len(asked) == 1
    assert path.stat().st_size > 0
