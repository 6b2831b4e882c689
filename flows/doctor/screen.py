"""The examination in a terminal of 80 columns: a sign and a word per line, what was found, what to do."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from flows.terminal.console import stdout
from flows.terminal.folding import folded
from schemas.glyphs import NBSP
from schemas.nomenclatures import say
from schemas.reports.checkup import CheckVerdict, Finding

_SIGN, _NAME = 11, 13  # characters of the first two columns
_NARROWEST = 30
_STYLES = {CheckVerdict.OK: "green", CheckVerdict.WARNING: "yellow", CheckVerdict.FAILURE: "bold red"}


def print_checkup(config: Path, found: Sequence[tuple[str, Finding]], exit_code: int) -> None:
    """Print one line per finding; the name of a check stands before its first line alone."""
    console = stdout()
    console.print(f"[bold]{say('doctor.title', path=config)}[/]", soft_wrap=True)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, min_width=_SIGN)
    table.add_column(no_wrap=True, min_width=_NAME, style="bold")
    table.add_column(no_wrap=True)
    width = max(_NARROWEST, console.width - _SIGN - _NAME - 3)
    before = ""
    for name, finding in found:
        sign = Text(say(f"doctor.verdict_{finding.verdict.value}"), style=_STYLES[finding.verdict])
        table.add_row(sign, say(f"doctor.check_{name}") if name != before else "", _text(finding, width))
        before = name
    console.print(table)
    counts = {verdict.value: sum(one.verdict is verdict for _, one in found) for verdict in CheckVerdict}
    console.print(say("doctor.counts", **counts))
    console.print(say(f"doctor.end_{exit_code}"))


def _text(finding: Finding, width: int) -> Text:
    about = f"{finding.subject}{NBSP}: " if finding.subject else ""
    text = Text(folded(about + finding.found, width))
    if finding.todo:
        text.append("\n" + folded(say("doctor.todo", todo=finding.todo), width), style="italic")
    return text
