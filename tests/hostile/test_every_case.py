"""Each hostile file at the door a user meets: one clear French line or a good reading, and nothing left behind."""

import json
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from connectors.returned import read_returned
from flows.cli import run
from schemas.errors import SourceError
from tests.hostile.case import Case
from tests.hostile.cases import CASES

at_a_command = pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.door != "returned"])
sent_back = pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.door == "returned"])


def validated(path: Path) -> tuple[int, dict[str, object]]:
    out = StringIO()
    with patch("sys.stdout", out), patch("sys.stderr", StringIO()):
        code = run(["validate", str(path), "--json"])
    (found,) = json.loads(out.getvalue())
    return code, found


def left_behind(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@at_a_command
def test_a_hostile_file_ends_in_a_reading_or_in_one_french_sentence(tmp_path: Path, name: str) -> None:
    case: Case = CASES[name]
    path = case.build(tmp_path)
    before = left_behind(tmp_path)
    code, found = validated(path)
    issues = found["issues"]
    assert isinstance(issues, list)
    refused = case.code in ("FILE_UNREADABLE", "COLUMN_MISSING")
    assert code == (3 if refused else 0), found
    codes = {one["code"] for one in issues}
    assert case.code in codes if case.code else not codes & {"FILE_UNREADABLE", "COLUMN_MISSING", "FILE_EMPTY"}, found
    said = json.dumps([found["message"], found["notes"], issues], ensure_ascii=False)
    assert case.says in said, said
    assert refused == (found["rows_read"] == 0)
    assert left_behind(tmp_path) == before
    assert not list(Path("/tmp").glob("efit-evade*"))


@sent_back
def test_what_is_sent_back_and_is_no_report_is_refused_in_one_french_sentence(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    path = case.build(tmp_path)
    with pytest.raises(SourceError) as refused:
        read_returned(path, ["un", "autre"])
    assert refused.value.code == case.code
    assert case.says in refused.value.message
    assert refused.value.message.endswith(".")
