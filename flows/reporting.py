"""Which changes, rejects and notices go into whose report."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial

from flows.occasion import Findings, Occasion
from flows.pages import past_runs
from flows.settings import Settings
from flows.signing import signer
from flows.state import NightState
from pipelines.access import register_cause
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
from pipelines.miss import Unsaid
from pipelines.phrase import source_text
from pipelines.report import Accesses, build_reports
from pipelines.route import stand_in
from pipelines.unable import unable_of, unable_texts
from pipelines.upgrade import RULES, by_rules_alone
from pipelines.wait import unheard
from pipelines.world import World
from schemas.absence import GONE_AFTER, Absence
from schemas.change import Change, PostRef
from schemas.health import Health
from schemas.issue import Issue
from schemas.ledger import RunRow
from schemas.nomenclatures import CHV_ST_ETS_POST, CRH_ST_POST, say
from schemas.report import Report
from schemas.source import SourceReport
from schemas.source_names import ANNUAIRE

ADMIN = PostRef(post="ADMIN_EFIT")
_MOST_IDS = 20  # of the accounts that vanished; all of them are in the store


def reports_of(
    settings: Settings,
    occasion: Occasion,
    world: World,
    found: Findings,
    state: NightState,
) -> tuple[Report, ...]:
    """One report per updater with something to do; rejects go to who keeps the workbook, the rest to the administrator.

    What only an upgrade of our rules brought stands in the administrator's report until it is released.
    """
    told = found.lives.listed - found.kept_back
    changes = [_in_the_batch(change, found) for change in found.lives.open_changes if change.id in told]
    having: set[tuple[str, str]] = {(change.updater.post, change.updater.scope) for change in changes}
    notices = [
        *_notices(world, found, state.run_id),
        *absence_notices(found.missing.news),
        *unsaid_notices(found.unsaid),
    ]
    reports = build_reports(
        changes,
        as_of=occasion.day,
        lot=lot_of(changes, occasion.day),
        structures=world.structures,
        rejects=[(_keeper(issue, world, having), issue) for issue in world.sources.issues],
        notices={ADMIN: notices} if notices else {},
        sign=signer(settings, write=not occasion.dry_run),
        overdue=found.lives.due,
        perhaps=found.lives.perhaps,
        recipients={ADMIN: found.comparison.book.admin},
        accesses=_accesses(world, found, state),
    )
    born = found.lives.born
    unable = unable_texts(unable_of(found.lives.open_changes, found.comparison.book))
    reports = tuple(replace(one, unable=unable) if one.updater == ADMIN else one for one in reports)
    return tuple(
        replace(one, born=tuple((key, born[key]) for key in sorted(one.statuses) if key in found.lives.fresh))
        for one in reports
    )


def lot_of(changes: Sequence[Change], day: date) -> str:
    """What the reports of one night have in common: equal changes of a day are an equal lot."""
    digest = hashlib.sha256("".join(sorted(change.id for change in changes)).encode()).hexdigest()
    return f"{day:%Y%m%d}-{digest[:8].upper()}"


def _accesses(world: World, found: Findings, state: NightState) -> Accesses:
    """How the accesses stand, by the updater who answers for the account; what is not known as it was known last."""
    if world.sources.annuaire_held:
        return remembered(found.lives.open_changes, world.day, state, ANNUAIRE)
    comparison = found.comparison
    runs = cache(partial(past_runs, state.ledger))
    mine = updaters_health(world, comparison)
    country = add_up(mine.values())
    stay = [
        end for end in comparison.ends if end.account_id not in comparison.closing
    ]  # who leaves for good is no loss
    return Accesses(
        health={ref: with_last(one, partial(_past, runs, world.day, ref)) for ref, one in mine.items()},
        ends=by_updater(stay, world.accounts, comparison.book),
        country=with_last(country, lambda: past_of(runs(), world.day, None)),
        cause=register_cause(world.sources.reports, country),
    )


def remembered(changes: Iterable[Change], day: date, state: NightState, cause: str) -> Accesses:
    """Where nobody looked: nobody knows how the accesses stand, but how they stood."""
    runs = past_runs(state.ledger)
    found: dict[PostRef, Health | None] = {}
    for updater in {PostRef(post=one.updater.post, scope=one.updater.scope) for one in changes} | {ADMIN}:
        found[updater] = _as_it_stood(partial(past_of_updater, runs, day, updater), cause)
    country = _as_it_stood(partial(past_of, runs, day, None), cause)
    return Accesses(health=found, ends={}, country=country or Health("", unlooked=True))


def _as_it_stood(past: Callable[[], Past], cause: str) -> Health | None:
    before = next((one for _, one in past()), None)
    return with_last(nothing_of(before, cause), past) if before else None


def _past(runs: Callable[[], list[RunRow]], day: date, updater: PostRef) -> Past:
    return past_of_updater(runs(), day, updater)


def _in_the_batch(change: Change, found: Findings) -> Change:
    waiting = {(hold.post, hold.scope) for hold in found.held if hold.what == RULES}
    updater = change.updater
    if not by_rules_alone(change, found.origins) or (updater.post, updater.scope) not in waiting:
        return change
    return change.model_copy(update={"updater": stand_in(updater, found.comparison.book.admin, "rules")})


def _notices(world: World, found: Findings, run_id: str) -> list[str]:
    """What the administrator must know of the run itself, each with what to do."""
    notices = [
        say(f"run.{_state(report)}", source=report.name, path=report.path, found=report.message)
        for report in world.sources.reports
        if report.message
    ]
    notices += world.sources.notices
    if found.waiting:
        names = ", ".join(map(source_text, unheard(world)))
        notices.append(say("run.waiting_deactivations", count=len(found.waiting), sources=names))
    for hold in found.held:
        if not hold.post:
            continue  # said above, with its reason
        updater = say(f"post.{hold.post}", scope=hold.scope)
        key = "run.upgrade" if hold.what == RULES else f"run.held_{hold.what}"
        notices.append(say(key, updater=updater, count=hold.count, total=hold.total, run=run_id))
    return notices


def _state(report: SourceReport) -> str:
    """Not used at all, used for what stands in it, or used but for a column of it."""
    if report.usable:
        return "uncertain"
    return "presence" if report.lines_count else "source"


def absence_notices(news: Sequence[Absence]) -> list[str]:
    """Which accounts the annuaire has no more, by how long: said until that proves something."""
    by_length: defaultdict[int, list[Absence]] = defaultdict(list)
    for one in news:
        by_length[one.exports].append(one)
    return [
        say(
            "run.gone" if exports >= GONE_AFTER else "run.vanished",
            count=len(those),
            ids=_some([one.account_id for one in those]),
            since=f"{min(one.since for one in those):%d/%m/%Y}",
            exports=exports,
            limit=GONE_AFTER,
        )
        for exports, those in sorted(by_length.items())
    ]


def unsaid_notices(unsaid: Unsaid) -> list[str]:
    """How much is not said because of them."""
    told = {"creations": unsaid.creations, "structures": unsaid.structures}
    return [say(f"run.unsaid_{name}", count=count) for name, count in told.items() if count]


def _some(ids: Sequence[str]) -> str:
    """The first of them, and how many more."""
    shown = ", ".join(ids[:_MOST_IDS])
    more = len(ids) - _MOST_IDS
    return say("run.and_more", ids=shown, count=more) if more > 0 else shown


def _keeper(issue: Issue, world: World, having: set[tuple[str, str]]) -> PostRef:
    """Who keeps the workbook an issue is about, when they get a report tonight; else the administrator."""
    scope = next((scope for scope in world.scopes if scope.source == issue.source), None)
    post = {"region": CRH_ST_POST, "ets": CHV_ST_ETS_POST}.get(scope.kind if scope else "", "")
    if scope and post and (post, scope.code) in having:
        return PostRef.model_validate({"post": post, "scope": scope.code})
    return ADMIN
