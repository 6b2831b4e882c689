"""`status`: what waits for whom and since when, and who will lose access (counts only, no name)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from connectors.ledger import Ledger
from flows.configuration import load_settings
from flows.days import day_or_today
from flows.mails import summary
from flows.nightly import admin, named, overrides
from flows.past import look_at_sources
from flows.settings import Settings
from flows.store import open_to_read
from flows.telling import Tell
from flows.terminal.console import print_json, progress
from flows.terminal.status_screen import print_status
from pipelines.compare import compare
from pipelines.foresee import AccessEnd, by_region
from pipelines.pending import Pending, pending
from pipelines.unable import Unable, unable_of, unable_text
from schemas.errors import AnnuaireError

EXIT_PARTIAL = 3


def play_status(config: Path, *, as_of: str | None, as_json: bool) -> int:
    """Print the state of things; 3 when the sources could not be read, the rest being complete."""
    settings = load_settings(config)
    day = day_or_today(as_of)
    with open_to_read(settings) as ledger:
        states = ledger.states(as_of=day if as_of else None)
        broken = ledger.verify_chain()
        unknown = [summary(row) for row in ledger.unknown_mails()]
        with progress() as tell:
            ends, problems = _ends(settings, day, tell, ledger)
    waiting = pending(states.values(), day, settings.policy.remind_after_days)
    document = _document(settings, day, waiting, ends, problems) | {"broken_event": broken, "unknown_mails": unknown}
    open_changes = (one.change.model_copy(update={"status": one.status}) for one in states.values() if one.is_open)
    document["unable"] = [_unable(one) for one in unable_of(open_changes)]
    if as_json:
        print_json(document)
    else:
        print_status(document)
    return EXIT_PARTIAL if problems or broken is not None else 0


def _ends(
    settings: Settings, day: date, tell: Tell, ledger: Ledger
) -> tuple[Sequence[AccessEnd] | None, list[tuple[str, str]]]:
    """(who will lose access, None when it cannot be told; (source, why it could not be used))."""
    try:
        world, gathered = look_at_sources(settings, day, tell, ledger)
    except AnnuaireError as error:
        return None, [("annuaire", str(error))]
    comparison = compare(world, overrides(settings), admin(settings), named(settings, world.day))
    problems = [(report.name, report.message) for report in gathered.reports if not report.usable]
    return comparison.ends, problems


def _document(
    settings: Settings,
    day: date,
    waiting: Sequence[Pending],
    ends: Sequence[AccessEnd] | None,
    problems: Sequence[tuple[str, str]],
) -> dict[str, Any]:
    return {
        "as_of": day.isoformat(),
        "remind_after_days": settings.policy.remind_after_days,
        "updaters": [_updater(one) for one in waiting],
        "waiting": sum(one.waiting for one in waiting),
        "overdue": sum(one.overdue for one in waiting),
        "access": None if ends is None else _access(ends),
        "unused_sources": [{"source": name, "message": message} for name, message in problems],
    }


def _unable(one: Unable) -> dict[str, Any]:
    """A post of which nobody can act, as the last night found it."""
    return {
        "post": one.updater.escalated_from,
        "because": one.because,
        "waiting": one.count,
        "sentence": unable_text(one),
    }


def _updater(one: Pending) -> dict[str, Any]:
    return {
        **one.updater.model_dump(),
        "waiting": one.waiting,
        "severities": {name: one.severities[name] for name in ("access", "important", "info")},
        "statuses": dict(sorted(one.statuses.items())),
        "oldest_days": one.oldest,
        "overdue": one.overdue,
    }


def _access(ends: Sequence[AccessEnd]) -> list[dict[str, Any]]:
    return [
        {
            "region": region,
            "lost": weeks[None],
            "weeks": {week.isoformat(): weeks[week] for week in sorted(filter(None, weeks))},
        }
        for region, weeks in by_region(ends).items()
    ]
