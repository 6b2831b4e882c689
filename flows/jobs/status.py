"""`status`: what waits for whom and since when, and who will lose access (counts only, no name)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from flows.jobs.mails import summary
from flows.looking.look import facts_of_look, look, looking_at
from flows.run.exits import EXIT_PARTIAL
from flows.run.run import Run
from flows.settings.load import load_settings
from flows.terminal.console import print_json, progress
from flows.terminal.status_screen import print_status
from pipelines.changes.access import register_cause
from pipelines.changes.foresee import by_region
from pipelines.lifecycle.hold_texts import held_last
from pipelines.lifecycle.pending import Pending, pending
from pipelines.reports.pages.dashboard import PageFacts, country
from pipelines.reports.pages.health import access_document, nothing_of, past_of, with_last
from pipelines.reports.unable_updaters import Unable, unable_of, unable_text
from schemas.changes.lifecycle import ChangeState
from schemas.changes.stored import Correspondence, RunRow
from schemas.errors import AnnuaireError
from schemas.reading.source_names import ANNUAIRE, STORE
from schemas.reports.health import Health


def play_status(config: Path, *, as_of: str | None, as_json: bool) -> int:
    """Print the state of things; 3 when the sources could not be read, the rest being complete."""
    settings = load_settings(config)
    with progress() as tell, looking_at(settings, as_of, tell) as run:
        store, states = run.state.store, run.state.store.states(as_of=run.day if as_of else None)
        facts, problems = _facts(run, states)
        document = _document(run, states, problems)
        runs = run.state.past_runs()
        document |= _known(facts) if facts else _remembered(runs, run.day)
        broken = store.verify_chain()
        document |= {"broken_event": broken, "unknown_mails": [summary(row) for row in store.unknown_mails()]}
        document["posts"] = [_post(one) for one in store.correspondence()]
    open_changes = (one.change.model_copy(update={"status": one.status}) for one in states.values() if one.is_open)
    document["held"] = _held(runs)
    document["unable"] = [_unable(one) for one in unable_of(open_changes)]
    if as_json:
        print_json(document)
    else:
        print_status(document)
    return EXIT_PARTIAL if problems or broken is not None else 0


def _facts(run: Run, states: Mapping[str, ChangeState]) -> tuple[PageFacts | None, list[tuple[str, str]]]:
    """(how the accesses stand, None when the annuaire cannot be read; (source, why it could not be used))."""
    try:
        found = look(run, states)
    except AnnuaireError as error:
        return None, [(ANNUAIRE, str(error))]
    return facts_of_look(run, found, states), found.unused


def _document(run: Run, states: Mapping[str, ChangeState], problems: Sequence[tuple[str, str]]) -> dict[str, Any]:
    days = run.settings.policy.remind_after_days
    waiting = pending([*states.values()], run.day, days)
    return {
        "as_of": run.day.isoformat(),
        "remind_after_days": days,
        "updaters": [_updater(one) for one in waiting],
        "waiting": sum(one.waiting for one in waiting),
        "overdue": sum(one.overdue for one in waiting),
        "unused_sources": [{"source": name, "message": message} for name, message in problems],
    }


def _held(runs: Sequence[RunRow]) -> dict[str, Any] | None:
    """What the last run holds, and the way to let it go; None where nothing waits. `store_in_doubt`: our own state is
    not the one that its witness knows, so what waits is unknown.
    """
    last = next((run for run in runs if run.status not in ("running", "failed")), None)
    texts = held_last(last.counts) if last else []
    if not last or not texts:
        return None
    in_doubt = any(one["scope"] == STORE for one in last.counts["held"])
    return {"run_id": last.run_id, "as_of": last.as_of.isoformat(), "sets": texts, "store_in_doubt": in_doubt}


def _post(one: Correspondence) -> dict[str, Any]:
    """« answered_on » is null for a post of which nobody knows that it ever opened its report."""
    return {
        **one.updater.model_dump(),
        "told_on": one.last_told.isoformat(),
        "first_told_on": one.first_told.isoformat(),
        "answered_on": one.last_answer.isoformat() if one.last_answer else None,
    }


def _unable(one: Unable) -> dict[str, Any]:
    """A post of which nobody can act, as the last night found it."""
    return {
        "post": one.updater.escalated_from,
        "because": one.because,
        "waiting": one.count,
        "sentence": unable_text(one, "engineer"),
    }


def _updater(one: Pending) -> dict[str, Any]:
    return {
        **one.updater.model_dump(),
        "waiting": one.waiting,
        "severities": {name: one.severities[name] for name in ("access", "important", "info")},
        "statuses": dict(sorted(one.statuses.items())),
        "answered": one.answered,
        "oldest_days": one.oldest,
        "overdue": one.overdue,
    }


def _known(facts: PageFacts) -> dict[str, Any]:
    """`access`: the regions with an access that ends or is unknown; `known`: what that rests on in the country."""
    total = country(facts)
    ends = by_region(facts.ends)
    shown = [one for region, one in sorted(facts.health.items()) if region in ends or one.unknown]
    return {
        "access": [_region(one, ends.get(one.region, Counter())) for one in shown],
        "known": access_document(total, register_cause(facts.sources, total)),
    }


def _region(one: Health, weeks: Counter[date | None]) -> dict[str, Any]:
    """`lost` is null for a 0 that nobody knows; `at_least`: it and the weeks are a minimum; `enough`: so much is known
    that a week without an end has none.
    """
    return {
        "region": one.region,
        "lost": one.figure("lost").value,
        "at_least": not one.figure("losing").whole,
        "weeks": {week.isoformat(): weeks[week] for week in sorted(filter(None, weeks))},
        "accounts": one.accounts,
        "known": one.ready + one.lost,
        "unknown": one.unknown,
        "enough": one.figure("losing").basis != "unknown",
    }


def _remembered(runs: Sequence[RunRow], day: date) -> dict[str, Any]:
    """Without the annuaire nothing is known but what was; « known » is None where nothing ever was."""
    past = partial(past_of, runs, day, None)
    before = next((one for _, one in past() if one.accounts), None)
    one = with_last(nothing_of(before), past) if before else None
    return {"access": None, "known": access_document(one, "", "remembered") if one else None}
