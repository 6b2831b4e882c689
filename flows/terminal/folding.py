"""Sentences in the lines of a terminal, which never end within « » or before a colon."""

import sys
from collections.abc import Iterable
from shutil import get_terminal_size
from textwrap import wrap

from schemas.glyphs import pair


def complain(problems: Iterable[str]) -> None:
    """Tell what went wrong, to stderr: folded for a reader, one line each for a log."""
    for problem in problems:
        text = pair("efit-annuaire", problem)
        width = get_terminal_size().columns if sys.stderr.isatty() else 0
        sys.stderr.write((folded(text, width) if width else text) + "\n")


def folded(text: str, width: int) -> str:
    """Return it in lines of that width, each as indented as the first one."""
    return "\n".join(line for one in text.split("\n") for line in _fold(one, width) or [""])


def _fold(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip(" "))]
    return wrap(line, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
