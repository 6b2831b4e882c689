"""`--help`, page by page: French throughout, within 80 columns, with an example that the command line takes."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import pytest
from cyclopts import App

from flows.cli.app import run
from flows.cli.commands import app
from schemas.nomenclatures import say

ENGLISH = re.compile(
    r"\b(usage: |commands?|parameters?|arguments?:|required|default|choices|env var|path|str|int|show|display|file)\b",
    re.I,
)
COLUMNS = 80


def commands(found: App, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command with the words that lead to it."""
    for name in found:
        if not name.startswith("-"):
            yield (*path, name)
            yield from commands(found[name], (*path, name))


PAGES = [(), *commands(app)]
each_page = pytest.mark.parametrize("command", PAGES, ids=lambda words: " ".join(words) or "efit-annuaire")


@each_page
def test_a_page_of_help_is_french_and_fits_the_terminal(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    assert run([*command, "--help"]) == 0
    page = capsys.readouterr().out
    prose = [line for line in page.splitlines() if not line.startswith("  efit-annuaire ")]
    assert page.startswith("Usage\u00a0: efit-annuaire")
    assert max(map(len, page.splitlines())) <= COLUMNS
    assert ENGLISH.findall("\n".join(re.sub(r"--[\w-]+", "", line) for line in prose)) == []
    assert "\x1b" not in page, "no colour where there is no terminal"


@pytest.mark.parametrize("command", PAGES[1:], ids=" ".join)
def test_the_example_of_a_command_is_one_that_it_takes(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    run([*command, "--help"])
    page = capsys.readouterr().out
    examples = [line.strip() for line in page.splitlines() if line.startswith("  efit-annuaire ")]
    assert examples
    for example in examples:
        words = shlex.split(example.partition(" > ")[0])[1:]
        assert tuple(words[: len(command)]) == command
        app.parse_args(words, exit_on_error=False, print_error=False)  # raises for a word it does not know


@pytest.mark.parametrize(
    ("words", "key", "found"),
    [
        (["sync"], "cli.missing_argument", "--config"),
        (["init"], "cli.missing_argument", "DOSSIER"),
        (["sync", "-c", "x", "--nonsense"], "cli.unknown_option", "--nonsense"),
        (["completion", "tcsh"], "cli.unknown_shell", "tcsh"),
    ],
    ids=lambda found: " ".join(found) if isinstance(found, list) else "",
)
def test_wrong_words_are_told_in_french_with_the_page_to_look_at(
    words: list[str], key: str, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert say(key, found=found, command=f"efit-annuaire {words[0]}") in shown.err


def test_help_imports_neither_frames_nor_prefect() -> None:
    """What makes it there at once: it was half a second for pandas alone."""
    code = (
        "import sys; from flows.cli.app import run; run(['--help']); "
        "heavy = {'pandas', 'numpy', 'prefect', 'sqlalchemy', 'pydantic', 'openpyxl'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
