"""What a night leaves on the terminal; apart from `console.py`, for `delta` needs a terminal and no verb of a night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from flows.terminal.console import Terminal, stdout
from pipelines.lifecycle.hold_texts import held_last
from pipelines.lifecycle.pending import SHOWN, asked_once
from pipelines.phrase import source_text
from schemas.glyphs import NBSP, Count, pair
from schemas.nomenclatures import ADMIN_EFIT, issue_label, post_said, say
from schemas.reading.source_names import workbook_path

if TYPE_CHECKING:
    from flows.night.nightly import Night


def print_night(night: Night, out: Path, mails: str) -> None:
    """Print sources and rejects first; the last screen has the status, the changes, the mails and where to look."""
    console = stdout()
    _read(console, night)
    day = f"{night.changeset.as_of:%d/%m/%Y}"
    console.print(f"[bold]{say('console.title', day=day)}[/]{NBSP}: {say(f'console.status_{night.changeset.status}')}")
    for held in held_last(night.summary["counts"]):
        console.print(f"  {pair(say('console.held'), held)}", markup=False)
    console.print()
    console.print(_changes(night) if night.changeset.changes else say(_nothing(night)))
    if answered := _answered(night):
        console.print(answered, markup=False)
    console.print()
    access = night.summary["counts"]["access"]
    if access["message"]:
        console.print(access["message"], markup=False)
        console.print()
    for line in _deliveries(night):
        console.print(line, markup=False)
    for line in _to_do(night):
        console.print(line, style="bold", markup=False, soft_wrap=True)
        console.print()
    console.print(f"[bold]{say('console.where')}[/]")
    places = {
        "reports": out / "reports",
        "mails": mails,
        "dashboard": out / "dashboard" / "index.html",
        "changeset": out / "changeset.json",
        "rejects_file": out / "rejects.csv",
        "unknown_file": out / "unknown.csv" if access["unknown"] else "",
        "run_file": out / "run.json",
    }
    for key, place in places.items():
        if place:
            console.print(f"  {say(f'console.{key}'):<16} {place}", markup=False, soft_wrap=True)


def _read(console: Terminal, night: Night) -> None:
    """What was read, what could not be, what was rejected or repaired."""
    console.print(_sources(night.summary["sources"]))
    for source in night.summary["sources"]:
        if source["status"] != "ok":
            console.print(say("console.unusable", path=source["path"], found=source["message"]), markup=False)
    for one in night.summary["fetched"]:
        if one["message"]:
            key = "fetch.not_brought" if one["outcome"] == "failed" else "fetch.brought"
            console.print(say(key, source=source_text(one["name"]), found=one["message"]), markup=False)
    console.print()
    if codes := Counter(entry.code for entry in night.changeset.rejects):
        console.print(_rejects(codes))
        console.print()


def _nothing(night: Night) -> str:
    """Nothing differs; or nobody could look."""
    return "console.nothing_compared" if night.changeset.status == "held" else "console.nothing"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(say(f"console.{column}"), justify="left" if number == 0 else "right", overflow="fold")
    return table


def _sources(sources: Sequence[dict[str, Any]]) -> Table:
    table = _table(say("console.sources"), "source", "read", "accepted", "rejected", "duplicate", "outcome")
    for one in sources:
        name = workbook_path(one["name"])
        numbers = (f"{Count(one[key]):n}" for key in _COUNTS)
        table.add_row(source_text(name), *numbers, say(f"console.source_{one['status']}"))
    return table


_COUNTS = ("rows_read", "rows_accepted", "rows_rejected", "rows_duplicate")


def _changes(night: Night) -> Table:
    table = _table(say("console.changes"), "updater", "total")
    for severity in ("access", "important", "info"):
        table.add_column(say(f"severity.{severity}"), justify="right")
    counts: dict[tuple[str, str], Counter[str]] = {}
    for change in asked_once(one for one in night.changeset.changes if one.status in SHOWN):
        key = (change.updater.post, change.updater.scope)
        counts.setdefault(key, Counter())[change.severity] += 1
    for (post, scope), found in sorted(counts.items()):
        numbers = (str(found[severity]) for severity in ("access", "important", "info"))
        table.add_row(post_said(post, scope), str(found.total()), *numbers)
    return table


def _answered(night: Night) -> str:
    """What is open and asked of nobody tonight, by what was answered; "" where there is none."""
    told = asked_once(one for one in night.changeset.changes if one.status not in SHOWN)
    found = Counter(one.status for one in told)
    counts = ", ".join(f"{say(f'status.{status}')} {count}" for status, count in sorted(found.items()))
    return say("console.answered", counts=counts) if found else ""


def _rejects(codes: Counter[str]) -> Table:
    table = _table(say("console.rejects"), "code", "count")
    table.add_column(say("console.what"))
    for code, count in sorted(codes.items()):
        table.add_row(code, str(count), issue_label(code))
    return table


def _to_do(night: Night) -> Iterator[str]:
    """What somebody at this terminal has to do: let out what is held, give passwords to whom none was given."""
    if night.summary["held"] and not night.dry_run:
        yield f"{say('console.release')}\n  {say('run.release', run=night.changeset.run_id)}"
    if sealed := night.summary["without_password"]:
        yield say("console.without_password", count=len(sealed), names=", ".join(sealed))


def _deliveries(night: Night) -> Iterator[str]:
    sent = sum(1 for one in night.deliveries if one.sent)
    again = sum(1 for one in night.deliveries if one.told and not one.sent)
    if night.dry_run:
        yield say("console.dry")
        return
    if not night.deliveries:
        yield say("console.silent_held" if night.changeset.status == "held" else "console.silent")
        return
    yield say("console.sent", count=sent)
    if again:
        yield say("console.already_sent", count=again)
    unheard = any(one.error and (one.refused or one.updater.post == ADMIN_EFIT) for one in night.deliveries)
    for one in night.deliveries:
        updater = post_said(one.updater.post, one.updater.scope)
        if one.escalated:
            yield say("console.escalated", updater=updater)
        elif one.refused:
            yield say("console.refused_unheard" if unheard else "console.refused", updater=updater, count=one.refused)
        if one.error:
            yield one.error
