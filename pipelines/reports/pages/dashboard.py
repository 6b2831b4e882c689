"""The figures of the administrator's page, for the country or for one region alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from pipelines.changes.access import register_cause
from pipelines.changes.foresee import HORIZON_DAYS, AccessEnd
from pipelines.lifecycle.hold_texts import held_last
from pipelines.lifecycle.pending import SHOWN, Pending, pending, states_asked_once
from pipelines.phrase import post_text, source_text
from pipelines.reports.pages.health import add_up, health_kept, past_of, with_last
from pipelines.reports.remark_lines import remark_rows
from schemas.changes.change import FINISHED, SUCCEEDED, PostRef
from schemas.changes.lifecycle import ChangeState
from schemas.changes.stored import RunRow
from schemas.nomenclatures import issue_effects, regions
from schemas.reading.source import SourceReport, WorkbookScope
from schemas.reading.source_names import ANNUAIRE, is_workbook
from schemas.reports.dashboard import (
    AGES,
    Dashboard,
    EndingWeek,
    NightPoint,
    NightStatus,
    RejectRow,
    SourceRow,
    WaitingRow,
)
from schemas.reports.health import Health, health_states

NIGHTS = 90
# What costs most first: a file, a row, a value; what was repaired asks for nothing.
_EFFECTS = ("file", "row", "field", "warning", "duplicate", "repair")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the page is counted from: a night's own findings, and what the store tells of those before.

    `updaters`: of the accounts that each answers for. `rejects`: (source, code) → how many. `runs`: the last begun
    first, tonight's among them once it is recorded. `remarks`: (post, reason) → how many, of a month.
    """

    day: date
    health: Mapping[str, Health]
    updaters: Mapping[PostRef, Health]
    ends: Sequence[AccessEnd]
    states: Sequence[ChangeState]
    rejects: Mapping[tuple[str, str], int]
    sources: Sequence[SourceReport]
    scopes: Sequence[WorkbookScope]
    runs: Sequence[RunRow]
    remind_after_days: int
    remarks: Mapping[tuple[PostRef | None, str], int] = field(default_factory=dict)


def dashboard(facts: PageFacts, region: str | None = None) -> Dashboard:
    """Return the page; of one region, nothing but that region's figures."""
    own = _own_sources(facts, region)
    here = [
        with_last(one, partial(past_of, facts.runs, facts.day, code))
        for code, one in facts.health.items()
        if region in (None, code)
    ]
    total = _added_up(facts, region)
    nights = _nights(facts, region, own)
    last = next((run for run in facts.runs if run.as_of <= facts.day), None)
    done = (run for run in facts.runs if run.status in SUCCEEDED and run.as_of <= facts.day)
    success = max(done, key=lambda run: run.as_of, default=None)
    return Dashboard(
        as_of=facts.day,
        region=region,
        total=total,
        regions=tuple(worst_first(here)),
        weeks=_weeks([end for end in facts.ends if region in (None, end.region_code)], facts.day),
        waiting=_waiting(facts, region),
        rejects=_rejects(facts, own),
        sources=tuple(_source(one, facts) for one in facts.sources if one.name in own),
        nights=nights,
        since=nights[0].day if nights else None,
        last_success=success.as_of if success else None,
        success_status=success.status if success else "none",
        held=tuple(held_last(last.counts)) if last and region is None else (),
        last_status=last.status if last else "none",
        remind_after_days=facts.remind_after_days,
        unused=tuple(source_text(one.name) for one in facts.sources if not one.usable and one.name not in own),
        cause=register_cause(facts.sources, total),
        remarks=remark_rows(facts.remarks, region),
    )


def country(facts: PageFacts) -> Health:
    """Return the health of all regions together, with what was known last."""
    return _added_up(facts, None)


def _added_up(facts: PageFacts, region: str | None) -> Health:
    total = add_up((one for code, one in facts.health.items() if region in (None, code)), region or "")
    held = any(one.name == ANNUAIRE and not one.usable for one in facts.sources)
    total = replace(total, unlooked=held and not (total.accounts or total.structures))
    return with_last(total, partial(past_of, facts.runs, facts.day, region))


def worst_first(found: Iterable[Health]) -> list[Health]:
    """Sort them by state, then by how many are concerned, then by name."""
    order, names = list(health_states()), regions()
    return sorted(
        found,
        key=lambda one: (
            order.index(one.state),
            -one.blocked,
            -one.lost,
            -one.ending,
            -one.late,
            names.get(one.region, "~"),
        ),
    )


def reject_counts(rejects: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Return what the store keeps of a night's rejects: source → code → count."""
    found: dict[str, dict[str, int]] = {}
    for (source, code), count in sorted(rejects.items()):
        found.setdefault(source, {})[code] = count
    return found


def _own_sources(facts: PageFacts, region: str | None) -> frozenset[str]:
    """All of them; of a region, the workbooks that are complete for it."""
    if region is None:
        return frozenset(one.name for one in facts.sources)
    return frozenset(one.source for one in facts.scopes if (one.kind, one.code) == ("region", region))


def _weeks(ends: Sequence[AccessEnd], day: date) -> tuple[EndingWeek, ...]:
    """Those lost already, then every week of the horizon, the empty ones too."""
    found: dict[date | None, Counter[str]] = {}
    for end in ends:
        found.setdefault(None if end.lost else end.week, Counter())[end.region_code] += 1
    monday = day - timedelta(days=day.weekday())
    last = day + timedelta(days=HORIZON_DAYS + 1)  # the first day without what serves until the horizon
    mondays = [monday + timedelta(days=at) for at in range(0, (last - monday).days + 1, 7)]
    return tuple(EndingWeek(week, _most_first(found.get(week, Counter()))) for week in (None, *mondays))


def _most_first(found: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _waiting(facts: PageFacts, region: str | None) -> tuple[WaitingRow, ...]:
    """The most late first, then the oldest."""
    states = [one for one in facts.states if region in (None, one.change.assignment.region_code)]
    ages: dict[PostRef, Counter[int]] = {}
    for state in states_asked_once(states):
        if state.status in SHOWN:
            updater = state.change.updater.ref
            ages.setdefault(updater, Counter())[_age_column((facts.day - state.first_seen).days)] += 1
    told = pending(states, facts.day, facts.remind_after_days)
    found = [_row(one, ages.get(one.updater, Counter())) for one in told if one.waiting or one.overdue]
    return tuple(sorted(found, key=lambda row: (-row.late, -row.oldest)))


def _row(one: Pending, ages: Counter[int]) -> WaitingRow:
    columns = tuple(ages[at] for at in range(len(AGES)))
    return WaitingRow(
        one.updater,
        post_text(one.updater),
        one.waiting,
        one.severities["access"],
        columns,
        one.oldest or 0,
        one.overdue,
    )


def _age_column(days: int) -> int:
    return next(at for at, last in enumerate(AGES) if last is None or days <= last)


def _rejects(facts: PageFacts, own: frozenset[str]) -> tuple[RejectRow, ...]:
    nights = [run for _, run in sorted(_by_day(facts).items(), reverse=True) if run.status in FINISHED]
    found = [
        RejectRow(source, source_text(source), code, count, _since(source, code, nights, facts.day))
        for (source, code), count in facts.rejects.items()
        if source in own
    ]
    effects = issue_effects()
    return tuple(sorted(found, key=lambda row: (_EFFECTS.index(effects[row.code]), -row.count, row.source, row.code)))


def _since(source: str, code: str, nights: Sequence[RunRow], day: date) -> date:
    """The first of the nights in a row, back from the last, that have this reject."""
    since = day
    for run in nights:
        if code in run.counts.get("rejects_by_source", {}).get(source, {}):
            since = run.as_of
        elif run.as_of != day and run.status != "held":  # which may have read no more than the annuaire
            break
    return since


def _source(one: SourceReport, facts: PageFacts) -> SourceRow:
    used = (
        run.as_of
        for run in facts.runs
        for source in run.sources
        if source.name == one.name and source.status == "ok" and run.as_of <= facts.day
    )
    last = facts.day if one.usable else max(used, default=None)
    return SourceRow(
        one.name, source_text(one.name), one.status.value, one.stamp, one.rows_read, one.rows_rejected, last
    )


def _by_day(facts: PageFacts) -> dict[date, RunRow]:
    """One run for each day: the last that ended, else one that was killed, else one at work."""
    found: dict[date, RunRow] = {}
    for run in sorted(facts.runs, key=_weight):  # stable: the last begun of equals stays first
        found.setdefault(run.as_of, run)
    first = facts.day - timedelta(days=NIGHTS - 1)
    return {day: run for day, run in found.items() if first <= day <= facts.day}


def _weight(run: RunRow) -> int:
    return 0 if run.status in FINISHED else 1 if run.status == "failed" else 2


def _nights(facts: PageFacts, region: str | None, own: frozenset[str]) -> tuple[NightPoint, ...]:
    """Every day from the first that was kept; today only once its night was played."""
    runs = _by_day(facts)
    if not runs:
        return ()
    first, last = min(runs), max(max(runs), facts.day - timedelta(days=1))
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return tuple(_night(day, runs.get(day), region, own) for day in days)


def _night(day: date, run: RunRow | None, region: str | None, own: frozenset[str]) -> NightPoint:
    if run is None:
        return NightPoint(day, "none")
    books = [one for one in run.sources if is_workbook(one.name) and (region is None or one.name in own)]
    status: NightStatus = run.status
    read, rejected = sum(one.rows_read for one in books), sum(one.rows_rejected for one in books)
    kept = _kept(run.counts.get("health", {}), region)
    return NightPoint(day, status, read, rejected, kept.share, kept.figure("lost").basis if kept.accounts else "")


def _kept(kept: Mapping[str, Any], region: str | None) -> Health:
    return add_up(health_kept(code, counts) for code, counts in kept.items() if region in (None, code))
