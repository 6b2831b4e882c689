"""The administrator's pages: what they are counted from, what the store keeps of it, where they are written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from connectors.ledger import Ledger
from connectors.page import INDEX, page_name, remove_others, write_page
from flows.settings import Settings
from flows.state import NightState
from pipelines.access import register_cause
from pipelines.compare import Comparison
from pipelines.dashboard import NIGHTS, Facts, country, dashboard, reject_counts
from pipelines.health import access_document, health, kept_counts, unseen, updater_name, updaters_health
from pipelines.life import Lives
from pipelines.world import World
from schemas.change import Change, RunStatus
from schemas.dashboard import Dashboard
from schemas.ledger import RunRow
from schemas.lifecycle import CLOSED, ChangeState, slot_of
from schemas.nomenclatures import regions
from schemas.source_names import ANNUAIRE

FOLDER = "dashboard"
_RUNS_A_DAY = 4  # the store is asked for so many: a night played again, a night limited to a region


def facts_of(
    settings: Settings,
    world: World,
    comparison: Comparison,
    open_changes: Iterable[Change],
    states: Sequence[ChangeState],
    runs: Sequence[RunRow] = (),
) -> Facts:
    """Everything a page is counted from. `open_changes`: those of this reading, `states`: where each stands."""
    whole = all(one.usable for one in world.sources.reports if one.name == ANNUAIRE)
    ends = comparison.ends if whole else ()
    days = settings.policy.remind_after_days
    found = health(world, comparison.identities, ends, open_changes, states, days)
    return Facts(
        day=world.day,
        health=found if whole else unseen(found, runs, world.day),
        updaters=updaters_health(world, comparison) if whole else {},
        ends=ends,
        states=states,
        rejects=Counter((one.source, one.code) for one in world.sources.issues),
        sources=world.sources.reports,
        scopes=world.scopes,
        runs=runs,
        remind_after_days=days,
    )


def night_facts(
    settings: Settings,
    world: World,
    comparison: Comparison,
    lives: Lives,
    state: NightState,
) -> Facts:
    """Of the night that was just played; on a dry run as if it had been recorded."""
    if state.ledger is not None and state.writes:
        states = [*state.ledger.states().values()]
    else:
        states = _as_if(state.states(), lives, world.day)
    return facts_of(settings, world, comparison, lives.open_changes, states, past_runs(state.ledger))


def kept(facts: Facts) -> dict[str, Any]:
    """What joins the counts of the run: what is known of the accesses, and what the nights to come need of it.

    Those are counts by region, updater, source and code.
    """
    total = country(facts)
    return {
        "access": access_document(total, register_cause(facts.sources, total)),
        "health": {region: kept_counts(one) for region, one in facts.health.items()},
        "updaters": {updater_name(updater): kept_counts(one) for updater, one in facts.updaters.items()},
        "rejects_by_source": reject_counts(facts.rejects),
    }


def write_night(facts: Facts, state: NightState, status: RunStatus, counts: Mapping[str, Any], out: Path) -> None:
    """The pages of a night under `out`, the run among those of the past as it is about to be closed.

    Before it is closed: a night that is killed here is played again, pages and all.
    """
    runs = [replace(run, status=status, counts=counts) if run.run_id == state.run_id else run for run in facts.runs]
    write_pages(replace(facts, runs=runs), out / FOLDER)


def past_runs(ledger: Ledger | None) -> list[RunRow]:
    """The runs that a page may show, the present one among them once it has begun."""
    return ledger.runs(limit=NIGHTS * _RUNS_A_DAY) if ledger is not None else []


def write_pages(facts: Facts, folder: Path) -> list[Path]:
    """The country's page and one for each region that has something; pages of an earlier run are replaced.

    Raises DeliveryError when the disk or the rights refuse.
    """
    pages = pages_of(facts)
    names = {code: page_name(code) if code else INDEX for code in pages}
    for code, page in pages.items():
        write_page(page, folder / names[code], [other for other in pages if other])
    remove_others(folder, pages)
    return [folder / name for name in names.values()]


def pages_of(facts: Facts) -> dict[str, Dashboard]:
    """Region code → page, "" for the country's, which is first."""
    shown = [code for code, one in facts.health.items() if code in regions() and (one.accounts or one.structures)]
    return {"": dashboard(facts), **{code: dashboard(facts, code) for code in shown}}


def _as_if(known: Mapping[str, ChangeState], lives: Lives, day: date) -> list[ChangeState]:
    """Where the changes would stand: what the night closed is gone, what it found is new."""
    gone = {event.change_id for event in lives.events if event.after in CLOSED}
    open_before = {key: one for key, one in known.items() if one.is_open and key not in gone}
    born = (change for change in lives.open_changes if change.id not in open_before)
    return [*open_before.values(), *(ChangeState(change, slot_of(change), "new", day, day) for change in born)]
