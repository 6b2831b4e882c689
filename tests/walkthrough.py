"""The guide's walk-through as its page has it: what to type, which cell to fill, what is then said.

The page is read, not repeated: `sh` blocks are typed, `text` blocks must have been said by the last command, and a
table whose first column is « fichier » is filled in as a person would with a spreadsheet program.
"""

import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from flows.cli.app import run

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "guide" / "premiers-pas.md"
PROGRAM = ".venv/bin/efit-annuaire"
BLOCK = re.compile(
    r"^```(?P<kind>sh|text)\n(?P<lines>(?:.*\n)*?)```$"
    r"|^\| fichier .*\n\|[-| ]+\n(?P<table>(?:\|.*\n)+)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Typed:
    """A command of the page."""

    command: str


@dataclass(frozen=True)
class Said:
    """A line the last command printed."""

    line: str


@dataclass(frozen=True)
class Filled:
    """A cell somebody fills: in which file and sheet, on whose row, under which header; saved under which name."""

    file: str
    sheet: str
    person: str
    column: str
    value: str
    saved_as: str


Step = Typed | Said | Filled


def steps_of(page: str) -> Iterator[Step]:
    """What the page has one do, from top to bottom."""
    for found in BLOCK.finditer(page):
        if found["table"]:
            for row in found["table"].splitlines():
                yield Filled(*(cell.strip(" `") for cell in row.strip("|").split("|")))
        else:
            step = Typed if found["kind"] == "sh" else Said
            yield from (step(line) for line in found["lines"].splitlines() if line.strip())


@dataclass
class Walk:
    """Somebody who does what the page says, in a folder that has `sample_data/` and nothing else."""

    folder: Path
    printed: list[tuple[str, str]] = field(default_factory=list)

    def follow(self, steps: Iterator[Step]) -> None:
        """Do every step. Raises AssertionError where the page says what is not so."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "sample_data").symlink_to(ROOT / "sample_data")
        with chdir(self.folder):
            for step in steps:
                match step:
                    case Typed(command):
                        self.printed.append((command, type_in(command)))
                    case Said(line):
                        assert plain(line) in plain(self.printed[-1][1]), line
                    case Filled():
                        fill(step)

    def say(self, command: str) -> str:
        """What a command prints that is not on the page."""
        with chdir(self.folder):
            return type_in(command)

    def mails(self) -> list[Path]:
        """Of both nights of the trial."""
        return sorted((self.folder / "essai" / "var" / "outbox").glob("*.eml"))


def plain(text: str) -> str:
    """Without colours, and with one ordinary space wherever there is any."""
    return " ".join(re.sub(r"\x1b\[[\d;]*m", "", text).split())


def type_in(command: str) -> str:
    """What a command prints; it must end well."""
    words = shlex.split(recipe(command))
    if words[:2] == ["cp", "-r"]:
        shutil.copytree(words[2], words[3], ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        return ""
    assert words[0] == PROGRAM, f"the walk-through knows no way to type: {command}"
    out = StringIO()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EFIT_")}
    with patch.dict(os.environ, environment, clear=True), patch("sys.stdout", out), patch("sys.stderr", StringIO()):
        code = run(words[1:])
    assert code == 0, f"{command}: {code}\n{out.getvalue()}"
    return out.getvalue()


def recipe(command: str) -> str:
    """`make demo` is what the Makefile says it is."""
    target = command.removeprefix("make ")
    if target == command:
        return command
    found = re.search(rf"^{target}:.*\n\t(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert found, command
    return found[1].replace("$(BIN)", ".venv/bin")


def fill(step: Filled) -> None:
    """Write the value on the person's row, under the header."""
    book = openpyxl.load_workbook(step.file)
    sheet = book[step.sheet]
    header, column = place_of(sheet, lambda text: text == step.column)
    row, _ = place_of(sheet, lambda text: step.person in text, below=header)
    sheet.cell(row, column).value = step.value
    book.save(step.saved_as)


def place_of(sheet: Worksheet, wanted: Callable[[str], bool], below: int = 0) -> tuple[int, int]:
    """Row and column of the first cell, line by line, whose text is wanted."""
    return next(
        (row, column)
        for row, cells in enumerate(sheet.iter_rows(values_only=True), 1)
        for column, value in enumerate(cells, 1)
        if row > below and wanted(str(value or ""))
    )
