"""The state of things in a terminal of 80 columns."""

from collections.abc import Sequence
from datetime import date
from textwrap import fill
from typing import Any

from rich.console import Console
from rich.table import Table

from flows.terminal.console import stdout
from flows.terminal.mails_screen import print_unknown
from pipelines.phrase import post_text, source_text
from schemas.changes.change import SEVERITIES, PostRef
from schemas.glyphs import pair
from schemas.nomenclatures import say
from schemas.reading.source_names import ANNUAIRE

_NAME_WIDTH = 34  # columns of an updater's name and answers, so that eighty hold the figures too
_REGIONS_ABREAST = 9  # what is readable beside the weeks in 80 columns


def print_status(found: dict[str, Any]) -> None:
    """Print pending by updater, then the accesses that end by week and region."""
    console = stdout()
    day = f"{date.fromisoformat(found['as_of']):%d/%m/%Y}"
    console.print(f"[bold]{say('pending.title', day=day)}[/]")
    if found["broken_event"] is not None:
        console.print(say("pending.broken", seq=found["broken_event"]), markup=False)
    if found["held"]:
        for held in found["held"]["sets"]:
            console.print(pair(say("console.held"), held), markup=False)
        console.print(say("console.release"), markup=False)
        console.print(f"  {say('run.release', run=found['held']['run_id'])}", markup=False)
        console.print()
    if found["unknown_mails"]:
        print_unknown(console, found["unknown_mails"])
        console.print()
    if found["updaters"]:
        console.print(_pending(found["updaters"]))
        console.print(say("pending.late_note", days=found["remind_after_days"]))
    else:
        in_doubt = found["held"] and found["held"]["store_in_doubt"]
        console.print(say("pending.nothing_known" if in_doubt else "pending.nothing"))
    _correspondence(console, found["posts"])
    if found["unable"]:
        console.print()
        console.print(f"[bold]{say('unable.heading')}[/]")
        for one in found["unable"]:
            console.print(one["sentence"], markup=False)
    console.print()
    _access(console, found["access"])
    if found["known"] and found["known"]["message"]:
        console.print(found["known"]["message"], markup=False)
    for one in found["unused_sources"]:
        key = "access.unread" if one["source"] == ANNUAIRE else "access.unused"
        console.print(say(key, source=source_text(one["source"]), found=one["message"]), markup=False)


def _correspondence(console: Console, posts: Sequence[dict[str, Any]]) -> None:
    """How many posts ever answered, and those of which nobody knows that they ever opened a report."""
    if not posts:
        return
    silent = [one for one in posts if one["answered_on"] is None]
    console.print(say("pending.answered", count=len(posts) - len(silent), total=len(posts)), markup=False)
    for one in silent:
        day = f"{date.fromisoformat(one['first_told_on']):%d/%m/%Y}"
        post = post_text(PostRef(post=one["post"], scope=one["scope"]))
        console.print("  " + say("pending.silent", post=post, day=day), markup=False)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at else "left")
    return table


def _pending(updaters: Sequence[dict[str, Any]]) -> Table:
    severities = [say(f"severity.{name}") for name in SEVERITIES]
    table = _table(say("console.updater"), *severities, say("pending.oldest"), say("pending.overdue"))
    for one in updaters:
        name = post_text(PostRef(post=one["post"], scope=one["scope"]))
        quiet = [f"{say(f'status.{status}')} {count}" for status, count in one["answered"].items()]
        if quiet:
            told = say("pending.statuses", counts=", ".join(quiet))
            name += "\n" + fill(
                told, _NAME_WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
            )
        days = "–" if one["oldest_days"] is None else f"{one['oldest_days']} j"
        numbers = (str(one["severities"][name]) for name in SEVERITIES)
        table.add_row(name, *numbers, days, str(one["overdue"]))
    return table


def _access(console: Console, found: Sequence[dict[str, Any]] | None) -> None:
    """The regions where an access ends, and those of which too little is known to say that none does."""
    if found is None:
        return
    console.print(f"[bold]{say('access.title')}[/]")
    regions = [one for one in found if one["lost"] or one["weeks"] or not one["enough"]]
    if not regions:
        console.print(say("access.nothing_known" if found else "access.nothing"))
    for at in range(0, len(regions), _REGIONS_ABREAST):
        console.print(_weeks(regions[at : at + _REGIONS_ABREAST]))
    if any(not one["region"] for one in regions):
        console.print(say("access.national_note"), markup=False)
    if not all(one["enough"] for one in regions):
        console.print(say("access.unknown_note"), markup=False)


def _weeks(regions: Sequence[dict[str, Any]]) -> Table:
    table = _table(
        say("access.week"), *(one["region"] or say("access.national") for one in regions), say("access.total")
    )
    rows = [(say("access.lost"), [one["lost"] or 0 for one in regions])]
    for week in sorted({week for one in regions for week in one["weeks"]}):
        rows.append((f"{date.fromisoformat(week):%d/%m/%Y}", [one["weeks"].get(week, 0) for one in regions]))
    enough = [one["enough"] for one in regions]
    for label, counts in rows:
        cells = (_cell(count, known) for count, known in zip(counts, enough, strict=True))
        table.add_row(label, *cells, _cell(sum(counts), all(enough), "0"))
    unknown = [one["unknown"] for one in regions]
    if any(unknown):
        table.add_row(say("access.unknown"), *(_cell(count, True) for count in unknown), str(sum(unknown)))
    return table


def _cell(count: int, enough: bool, none: str = "·") -> str:
    """« 3 », « ≥ 3 » and « ? » where too little is known."""
    if enough:
        return str(count or none)
    return say("known.cell_at_least", count=count) if count else "?"
