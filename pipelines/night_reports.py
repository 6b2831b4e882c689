"""Which changes and rejects go into whose report, with the notices of the night in the administrator's."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial

from pipelines.access import register_cause, register_why
from pipelines.findings import Findings
from pipelines.foresee import by_updater
from pipelines.health import (
    Past,
    add_up,
    nothing_of,
    past_of,
    past_of_updater,
    updaters_health,
    with_last,
)
from pipelines.notices import notices_of, vanished_texts
from pipelines.report import Accesses, build_reports
from pipelines.route import stand_in
from pipelines.unable import unable_of, unable_texts
from pipelines.upgrade import RULES, by_rules_alone
from pipelines.world import World
from schemas.change import Change, PostRef
from schemas.health import Health
from schemas.issue import Issue
from schemas.ledger import RunRow
from schemas.nomenclatures import CHV_ST_ETS_POST, CRH_ST_POST
from schemas.report import Report
from schemas.source import WorkbookScope
from schemas.source_names import ANNUAIRE

ADMIN = PostRef(post="ADMIN_EFIT")
Runs = Callable[[], Sequence[RunRow]]  # of the past, the last begun first
Sign = Callable[[str, PostRef], str]  # (text, updater) → signature


def reports_of(findings: Findings, runs: Runs, run_id: str, sign: Sign) -> tuple[Report, ...]:
    """One report per updater with something to do; rejects go to who keeps the workbook, the rest to the administrator.

    What only an upgrade of our rules brought stands in the administrator's report until it is released. `runs`: those
    of the past, asked for where a figure of tonight is not known.
    """
    snapshot, lives = findings.snapshot, findings.lives
    told = lives.listed - findings.kept_back
    changes = [_in_the_batch(change, findings) for change in lives.open_changes if change.id in told]
    having: set[tuple[str, str]] = {(change.updater.post, change.updater.scope) for change in changes}
    notices = notices_of(findings, run_id)
    reports = build_reports(
        changes,
        as_of=snapshot.day,
        lot=lot_of(changes, snapshot.day),
        structures=snapshot.structures,
        rejects=[(_keeper(issue, snapshot.scopes, having), issue) for issue in _to_correct(snapshot)],
        notices={ADMIN: notices} if notices else {},
        sign=sign,
        overdue=lives.due,
        perhaps=lives.perhaps,
        recipients={ADMIN: findings.comparison.book.admin},
        accesses=_accesses(findings, runs),
    )
    unable = unable_texts(unable_of(lives.open_changes, findings.comparison.book))
    vanished = tuple(vanished_texts(findings.missing, snapshot))
    reports = tuple(replace(one, unable=unable, vanished=vanished) if one.updater == ADMIN else one for one in reports)
    return tuple(
        replace(one, born=tuple((key, lives.born[key]) for key in sorted(one.statuses) if key in lives.fresh))
        for one in reports
    )


def lot_of(changes: Sequence[Change], day: date) -> str:
    """What the reports of one night have in common: equal changes of a day are an equal lot."""
    digest = hashlib.sha256("".join(sorted(change.id for change in changes)).encode()).hexdigest()
    return f"{day:%Y%m%d}-{digest[:8].upper()}"


def _accesses(findings: Findings, runs: Runs) -> Accesses:
    """How the accesses stand, by the updater who answers for the account; what is not known as it was known last."""
    snapshot, comparison = findings.snapshot, findings.comparison
    if snapshot.sources.annuaire_held:
        return remembered(findings.lives.open_changes, snapshot.day, runs, ANNUAIRE)
    before = cache(runs)
    mine = updaters_health(snapshot, comparison)
    country = add_up(mine.values())
    # who leaves for good is no loss
    stay = [end for end in comparison.ends if end.account_id not in comparison.closing]
    return Accesses(
        health={ref: with_last(one, partial(_past, before, snapshot.day, ref)) for ref, one in mine.items()},
        ends=by_updater(stay, snapshot.accounts, comparison.book),
        country=with_last(country, lambda: past_of(before(), snapshot.day, None)),
        cause=register_cause(snapshot.sources.reports, country),
        why=register_why(snapshot.sources.reports, country),
        elsewhere=add_up(one for ref, one in mine.items() if ref != ADMIN),
    )


def remembered(changes: Iterable[Change], day: date, runs: Runs, cause: str) -> Accesses:
    """Where nobody looked: nobody knows how the accesses stand, but how they stood."""
    before = runs()
    found: dict[PostRef, Health | None] = {}
    for updater in {PostRef(post=one.updater.post, scope=one.updater.scope) for one in changes} | {ADMIN}:
        found[updater] = _as_it_stood(partial(past_of_updater, before, day, updater), cause)
    country = _as_it_stood(partial(past_of, before, day, None), cause)
    return Accesses(health=found, ends={}, country=country or Health("", unlooked=True))


def _as_it_stood(past: Callable[[], Past], cause: str) -> Health | None:
    before = next((one for _, one in past()), None)
    return with_last(nothing_of(before, cause), past) if before else None


def _past(runs: Runs, day: date, updater: PostRef) -> Past:
    return past_of_updater(runs(), day, updater)


def _in_the_batch(change: Change, findings: Findings) -> Change:
    waiting = {(hold.post, hold.scope) for hold in findings.held if hold.what == RULES}
    updater = change.updater
    if not by_rules_alone(change, findings.origins) or (updater.post, updater.scope) not in waiting:
        return change
    return change.model_copy(update={"updater": stand_in(updater, findings.comparison.book.admin, "rules")})


def _to_correct(snapshot: World) -> Iterator[Issue]:
    """The rows and values to correct; a file that could not be used is told of among the notices, once."""
    told = {report.name for report in snapshot.sources.reports if report.message}
    return (one for one in snapshot.sources.issues if one.effect != "file" or one.source not in told)


def _keeper(issue: Issue, scopes: Sequence[WorkbookScope], having: set[tuple[str, str]]) -> PostRef:
    """Who keeps the workbook an issue is about, when they get a report tonight; else the administrator."""
    scope = next((scope for scope in scopes if scope.source == issue.source), None)
    post = {"region": CRH_ST_POST, "ets": CHV_ST_ETS_POST}.get(scope.kind if scope else "", "")
    if scope and post and (post, scope.code) in having:
        return PostRef.model_validate({"post": post, "scope": scope.code})
    return ADMIN
