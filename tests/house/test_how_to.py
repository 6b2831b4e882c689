"""The pages of docs/how-to keep their promises: changes made to a copy, commands run, words seen in their answers."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.patience import patient

ROOT = Path(__file__).parents[2]
PAGES = sorted(page for page in (ROOT / "docs" / "how-to").glob("*.md") if page.name != "index.md")
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)
NOT_NEEDED = ("*.png", "out", "fuzz")  # of the folders that are copied
PLAYER = """
import contextlib, io, json, sys
import pytest
from flows.cli.app import run
answers = []
for command in sys.argv[1:]:
    program, *words = command.split()
    with contextlib.redirect_stdout(io.StringIO()) as said:
        code = pytest.main(["-p", "no:cacheprovider", *words]) if program == "pytest" else run(words)
    answers.append((command, int(code), said.getvalue()))
print(json.dumps(answers))
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code of a page: its language, the file at its head, its text."""

    kind: str
    file: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found.groups("")) for found in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def apply(block: Block, house: Path) -> None:
    """Write a new file; or change one, found by the lines of the block that are there, which must stand once."""
    path = house / block.file
    if block.kind != "diff":
        assert not path.exists(), f"{block.file} is not new"
        path.write_text(block.text, encoding="utf-8")
        return
    lines = block.text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if not line.startswith("+"))
    after = "".join(line[1:] for line in lines if not line.startswith("-"))
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{block.file} has not, or more than once:\n{before}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def copied(house: Path) -> None:
    """A copy of what the pages touch and run."""
    for folder in ("schemas", "pipelines", "connectors", "flows", "sample_data", "tests", "docs"):
        shutil.copytree(ROOT / folder, house / folder, ignore=shutil.ignore_patterns(*NOT_NEEDED))
    shutil.copy2(ROOT / "pyproject.toml", house)


def run(commands: list[str], house: Path) -> dict[str, tuple[int, str]]:
    """Command → (exit code, what it said), all of them by one process: most of their time would go into starting."""
    done = subprocess.run(
        [sys.executable, "-c", PLAYER, *commands],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=patient(240),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {command: (code, said) for command, code, said in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """What the commands of the pages answer, once the changes of all of them are made to one copy."""
    house = tmp_path_factory.mktemp("house")
    copied(house)
    found = [block for page in PAGES for block in blocks(page)]
    for block in found:
        if block.file:
            apply(block, house)
    return run([spoken(block)[0] for block in found if not block.file], house)


def spoken(block: Block) -> tuple[str, list[str]]:
    """(the command of a block, the words its answer holds)."""
    command, *promises = block.text.splitlines()
    return command.removeprefix("$ "), promises


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_promises(page: Path, answers: dict[str, tuple[int, str]]) -> None:
    found = blocks(page)
    assert {"console", "diff"} <= {block.kind for block in found}
    for command, promises in (spoken(block) for block in found if not block.file):
        code, said = answers[command]
        assert (code, bool(promises)) == (0, True), said
        assert [one for one in promises if " ".join(one.split()) not in " ".join(said.split())] == [], said


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "how-to" / "index.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if f"({page.name})" not in index] == []
