"""What `validate` found in one file, in a terminal of 80 columns: each line of a few, else each code with examples."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from flows.console import stdout
from flows.verdict import Verdict
from schemas.issue import Issue
from schemas.nomenclatures import issue_label, say

_ONE_BY_ONE = 40  # issues; of more, each code is told once
_EXAMPLES = 3


def print_verdict(verdict: Verdict, out: Path | None) -> None:
    """One file: its account, then what is rejected or repaired. `out`: where all of it was written."""
    console, report = stdout(), verdict.report
    if not report.usable:
        console.print(say("console.unusable", path=verdict.path, found=report.message), markup=False)
    counts = {
        "read": _number(report.rows_read),
        "accepted": _number(report.rows_accepted),
        "rejected": _number(report.rows_rejected),
        "duplicate": _number(report.rows_duplicate),
    }
    console.print(say("console.file_summary", path=verdict.path, kind=verdict.kind, **counts), markup=False)
    for note in report.notes:
        console.print(say("console.note", text=note), markup=False)
    if not verdict.issues:
        console.print(say("console.all_good"))
        return
    few = sum(verdict.counts.values()) <= _ONE_BY_ONE
    for line in _one_by_one(verdict.issues) if few else _by_code(verdict):
        console.print(line)
    if out:
        console.print(say("validation.written", path=out), markup=False, soft_wrap=True)
    elif not few:
        console.print(say("validation.how"), markup=False)


def _one_by_one(issues: Sequence[Issue]) -> Iterator[RenderableType]:
    for one in issues:
        yield Text(f"  {one.location}  {one.code}", style="bold")
        yield Padding(Text(one.message), (0, 0, 0, 4))


def _by_code(verdict: Verdict) -> Iterator[RenderableType]:
    """The most frequent first, each with a few sentences and the first places of each."""
    for code, count in sorted(verdict.counts.items(), key=lambda item: (-item[1], item[0])):
        yield Text(f"  {code}  {_number(count)}", style="bold")
        yield Padding(Text(issue_label(code)), (0, 0, 0, 4))
        shown = 0
        for message, places in islice(_places(verdict.issues, code).items(), _EXAMPLES):
            some = places[:_EXAMPLES]
            shown += len(some)
            yield Padding(
                Text(f"{', '.join(some)}{', …' if len(places) > len(some) else ''} : {message}"), (0, 0, 0, 6)
            )
        if count > shown:
            yield Padding(Text(say("validation.more", count=_number(count - shown))), (0, 0, 0, 6))


def _places(issues: Sequence[Issue], code: str) -> dict[str, list[str]]:
    """Sentence → where it holds; a sentence without a place says only how many more there are."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in issues:
        if one.code == code and one.location:
            found[one.message].append(one.location)
    return found


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")
