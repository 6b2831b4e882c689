"""What the administrator's pages are counted from, and what the store keeps of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.changes.access import register_cause
from pipelines.changes.compare import Comparison
from pipelines.lifecycle.advance import Lives
from pipelines.lifecycle.findings import Findings
from pipelines.reports.pages.dashboard import PageFacts, country, dashboard, reject_counts
from pipelines.reports.pages.health import access_document, health, kept_counts, unseen, updater_name, updaters_health
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change, PostRef
from schemas.changes.lifecycle import CLOSED, ChangeState, slot_of
from schemas.changes.stored import RunRow
from schemas.nomenclatures import regions
from schemas.reading.source_names import ANNUAIRE
from schemas.reports.dashboard import Dashboard


@dataclass(frozen=True, slots=True)
class KnownState:
    """What our own state knows beside a snapshot: where each change stands, the runs of the past, and how much came
    back for which reason.
    """

    states: Sequence[ChangeState]
    runs: Sequence[RunRow] = ()
    remarks: Mapping[tuple[PostRef | None, str], int] = field(default_factory=dict)


def facts_of(
    snapshot: Snapshot,
    comparison: Comparison,
    open_changes: Iterable[Change],
    known: KnownState,
    remind_after_days: int,
) -> PageFacts:
    """Return everything a page is counted from. `open_changes`: those of this reading, `known`: where each stands."""
    whole = all(one.usable for one in snapshot.sources.reports if one.name == ANNUAIRE)
    ends = comparison.ends if whole else ()
    found = health(snapshot, comparison.identities, ends, open_changes, known.states, remind_after_days)
    return PageFacts(
        day=snapshot.day,
        health=found if whole else unseen(found, known.runs, snapshot.day),
        updaters=updaters_health(snapshot, comparison) if whole else {},
        ends=ends,
        states=known.states,
        rejects=Counter((one.source, one.code) for one in snapshot.sources.issues),
        sources=snapshot.sources.reports,
        scopes=snapshot.scopes,
        runs=known.runs,
        remind_after_days=remind_after_days,
        remarks=known.remarks,
    )


def night_facts(findings: Findings, known: KnownState, remind_after_days: int) -> PageFacts:
    """Return of the night that was just played. `known`: the changes as it left them, or would have."""
    changes = findings.lives.open_changes
    return facts_of(findings.snapshot, findings.comparison, changes, known, remind_after_days)


def as_if_recorded(known: Mapping[str, ChangeState], lives: Lives, day: date) -> list[ChangeState]:
    """Tell where the changes would stand: what the night closed is gone, what it found is new."""
    gone = {event.change_id for event in lives.events if event.after in CLOSED}
    open_before = {key: one for key, one in known.items() if one.is_open and key not in gone}
    born = (change for change in lives.open_changes if change.id not in open_before)
    return [*open_before.values(), *(ChangeState(change, slot_of(change), "new", day, day) for change in born)]


def kept(facts: PageFacts) -> dict[str, Any]:
    """Return what joins the counts of the run: what is known of the accesses, and what the nights to come need of it.

    Those are counts by region, updater, source and code.
    """
    total = country(facts)
    return {
        "access": access_document(total, register_cause(facts.sources, total)),
        "health": {region: kept_counts(one) for region, one in facts.health.items()},
        "updaters": {updater_name(updater): kept_counts(one) for updater, one in facts.updaters.items()},
        "rejects_by_source": reject_counts(facts.rejects),
    }


def pages_of(facts: PageFacts) -> dict[str, Dashboard]:
    """Return region code → page, "" for the country's, which is first."""
    shown = [code for code, one in facts.health.items() if code in regions() and (one.accounts or one.structures)]
    return {"": dashboard(facts), **{code: dashboard(facts, code) for code in shown}}
