"""What `validate` found in one file, in a terminal of 80 columns: each line of a few, else each code with examples."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from flows.looking.validate_extract import FileVerdict
from flows.terminal.console import stdout
from schemas.glyphs import Count, pair
from schemas.nomenclatures import issue_label, say
from schemas.reading.issue import Issue

_ONE_BY_ONE = 40  # issues; of more, each code is told once
_EXAMPLES = 3


def print_verdict(verdict: FileVerdict, out: Path | None) -> None:
    """Print one file: its account, then what is rejected or repaired. `out`: where all of it was written."""
    console, report = stdout(), verdict.report
    if not report.usable:
        console.print(say("console.unusable", path=verdict.path, found=report.message), markup=False)
    counts = {
        "read": report.rows_read,
        "accepted": report.rows_accepted,
        "rejected": report.rows_rejected,
        "duplicate": report.rows_duplicate,
    }
    console.print(say("console.file_summary", path=verdict.path, kind=verdict.kind, **counts), markup=False)
    for note in report.notes:
        console.print(say("console.note", text=note), markup=False)
    if not verdict.issues:
        console.print(say("console.all_good"))
        return
    few = sum(verdict.counts.values()) <= _ONE_BY_ONE
    for line, style in _one_by_one(verdict.issues) if few else _by_code(verdict):
        console.print(line, style=style, markup=False)
    if out:
        console.print(say("validation.written", path=out), markup=False, soft_wrap=True)
    elif not few:
        console.print(say("validation.how"), markup=False)


ScreenLines = Iterator[tuple[str, str]]
"""Each with its style."""


def _one_by_one(issues: Sequence[Issue]) -> ScreenLines:
    for one in issues:
        yield f"  {one.location}  {one.code}", "bold"
        yield f"    {one.message}", ""


def _by_code(verdict: FileVerdict) -> ScreenLines:
    """The most frequent first, each with a few sentences and the first places of each."""
    for code, count in sorted(verdict.counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {code}  {Count(count):n}", "bold"
        yield f"    {issue_label(code)}", ""
        shown = 0
        for message, places in islice(_places(verdict.issues, code).items(), _EXAMPLES):
            some = places[:_EXAMPLES]
            shown += len(some)
            yield "      " + pair(", ".join(some if len(some) == len(places) else [*some, "…"]), message), ""
        if count > shown:
            yield "      " + say("validation.more", count=count - shown), ""


def _places(issues: Sequence[Issue], code: str) -> dict[str, list[str]]:
    """Sentence → where it holds; a sentence without a place says only how many more there are."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in issues:
        if one.code == code and one.location:
            found[one.message].append(one.location)
    return found
