"""What a person reads in a terminal of 80 columns; progress goes to stderr, results to stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Column

from flows.terminal.encoding import json_text
from flows.terminal.folding import folded
from schemas.glyphs import NBSP

if TYPE_CHECKING:  # every command writes here, and most know nothing of a run
    from flows.run.progress import Progress

_WIDTH = 80  # where there is no terminal to ask


class Terminal(Console):
    """A console whose sentences never break at a non-breaking space, which rich takes for a space."""

    def print(self, *objects: Any, soft_wrap: bool | None = None, **more: Any) -> None:
        """Print as rich does; `soft_wrap` leaves a line as it is, so that a path can be copied."""
        if not soft_wrap:
            objects = tuple(folded(one, self.width) if isinstance(one, str) else one for one in objects)
        super().print(*objects, soft_wrap=soft_wrap, **more)


def stdout() -> Terminal:
    """Tell where results go; made at each call so that a redirected stdout is respected."""
    return Terminal(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else _WIDTH)


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a `tell(what, done, total)`: a bar on a terminal, one plain line per step otherwise."""
    if not sys.stderr.isatty():
        yield _plain_lines()
        return
    what = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis"))
    columns = (BarColumn(bar_width=20), TextColumn("{task.fields[share]:>5}"), what)
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, share="")

        def tell(what: str, done: int, total: int) -> None:
            share = f"{done / total:.0%}".replace("%", f"{NBSP}%") if total else ""
            bar.update(task, description=what, completed=done, total=total or None, share=share)

        yield tell


def _plain_lines() -> Progress:
    last: list[str] = []

    def tell(what: str, done: int, total: int) -> None:  # noqa: ARG001 - one line per step is enough in a log
        if not last or last[-1] != what:
            last.append(what)
            sys.stderr.write(what + "\n")

    return tell


def print_json(document: Any) -> None:
    """Print one JSON document and nothing else."""
    sys.stdout.write(json_text(document))
