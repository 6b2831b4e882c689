"""Each hostile file at the door a user meets: one clear French line or a good reading, and nothing left behind."""

from pathlib import Path

import pytest

from tests.hostile.case import Case
from tests.hostile.cases import CASES
from tests.hostile.doors import REFUSALS, knock
from tests.hostile.page import PAGE, line_start

EXIT = {"returned": 3, "configuration": 2}


def left_behind(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_ends_in_a_reading_or_in_one_french_sentence(tmp_path: Path, name: str) -> None:
    case: Case = CASES[name]
    path = case.build(tmp_path)
    before = left_behind(tmp_path)
    answer = knock(case, path)
    refused = case.code in REFUSALS
    assert answer.exit_code == (EXIT.get(case.door, 3) if refused else 0), answer
    assert case.code in answer.codes if case.code else not answer.refused, answer
    assert case.says in answer.said, answer
    assert refused == (answer.rows == 0)
    assert left_behind(tmp_path) == before
    assert not list(Path("/tmp").glob("efit-evade*"))
    page = PAGE.read_text(encoding="utf-8")
    assert line_start(case, answer.sentence) in page, "docs/hostile.md is not what the program says: make bench-hostile"


def test_the_page_has_a_line_for_each_case_and_no_other() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert len(lines) == len(CASES) + 1
    assert len({case.what for case in CASES.values()}) == len(CASES)


def test_no_refusal_repeats_the_secret_of_a_configuration(tmp_path: Path) -> None:
    case = CASES["toml_secret_in_url"]
    assert "HUNTER2" not in knock(case, case.build(tmp_path)).said
