"""A night of some regions is told as such, and is no night for the watch."""

import json
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from flows.cli.app import run
from tests.night.installed import TODAY, House, unplayed


def told(house: House, *words: str) -> tuple[int, str]:
    """(exit code, stdout)."""
    out = StringIO()
    with patch("sys.stdout", out), patch("sys.stderr", StringIO()):
        code = run([*words, "-c", str(house.config)])
    return code, out.getvalue()


def test_a_region_asked_by_hand_keeps_the_watch_from_nothing(tmp_path: Path) -> None:
    house = unplayed(tmp_path / "house")
    assert told(house, "sync", "--as-of", TODAY.isoformat(), "--region", "24")[0] in (0, 3)
    assert told(house, "doctor", "--last-success", "26h")[0] != 0
    assert "région 24" in told(house, "history")[1].replace("\u00a0", " ")
    assert told(house, "sync", "--as-of", TODAY.isoformat())[0] in (0, 3)
    assert told(house, "doctor", "--last-success", "26h")[0] == 0
    assert json.loads(told(house, "history", "--json")[1])
