"""Which changes, rejects and notices go into whose report."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flows.gathered import Gathered
from flows.occasion import Findings, Occasion
from flows.settings import Settings
from flows.signing import signer
from pipelines.compare import Comparison
from pipelines.foresee import AccessEnd, by_updater
from pipelines.report import build_reports
from pipelines.upgrade import RULES
from pipelines.world import World
from schemas.absence import GONE_AFTER, Absence
from schemas.change import Change, PostRef, Updater
from schemas.issue import Issue
from schemas.nomenclatures import CHV_ST_ETS_POST, CRH_ST_POST, say
from schemas.report import Report
from schemas.safeguard import Hold

ADMIN = PostRef(post="ADMIN_EFIT")
_MOST_IDS = 20  # of the accounts that vanished; all of them are in the store


def reports_of(
    settings: Settings,
    occasion: Occasion,
    world: World,
    gathered: Gathered,
    found: Findings,
    run_id: str,
) -> tuple[Report, ...]:
    """One report per updater with something to do; rejects go to who keeps the workbook, the rest to the administrator.

    What only an upgrade of our rules brought stands in the administrator's report until it is released.
    """
    changes = [_in_the_batch(change, found) for change in found.lives.open_changes if change.id in found.lives.listed]
    having: set[tuple[str, str]] = {(change.updater.post, change.updater.scope) for change in changes}
    notices = [*_notices(gathered, found.held, run_id), *absence_notices(found.missing.news)]
    reports = build_reports(
        changes,
        as_of=occasion.day,
        lot=lot_of(changes, occasion.day),
        structures=world.structures,
        rejects=[(_keeper(issue, world, having), issue) for issue in gathered.issues],
        notices={ADMIN: notices} if notices else {},
        sign=signer(settings, write=not occasion.dry_run),
        overdue=found.lives.due,
        perhaps=found.lives.perhaps,
        recipients={ADMIN: found.comparison.book.admin},
        ends=_ends(world, found.comparison),
    )
    born = found.lives.born
    return tuple(
        replace(one, born=tuple((key, born[key]) for key in sorted(one.statuses) if key in found.lives.fresh))
        for one in reports
    )


def lot_of(changes: Sequence[Change], day: date) -> str:
    """What the reports of one night have in common: equal changes of a day are an equal lot."""
    digest = hashlib.sha256("".join(sorted(change.id for change in changes)).encode()).hexdigest()
    return f"{day:%Y%m%d}-{digest[:8].upper()}"


def _ends(world: World, comparison: Comparison) -> dict[PostRef, list[AccessEnd]]:
    """Who will lose access, by the updater who answers for the account."""
    return by_updater(comparison.ends, world.accounts, comparison.book)


def _in_the_batch(change: Change, found: Findings) -> Change:
    waiting = {(hold.post, hold.scope) for hold in found.held if hold.what == RULES}
    updater = change.updater
    if found.origins.get(change.id) != RULES or (updater.post, updater.scope) not in waiting:
        return change
    admin = Updater(post="ADMIN_EFIT", recipients=found.comparison.book.admin, escalated_from=updater.post)
    return change.model_copy(update={"updater": admin})


def _notices(gathered: Gathered, held: Sequence[Hold], run_id: str) -> list[str]:
    """What the administrator must know of the run itself, each with what to do."""
    notices = [
        say("run.source", source=report.name, path=report.path, found=report.message)
        for report in gathered.reports
        if not report.usable
    ]
    for hold in held:
        if hold.what == "source":
            continue  # said above, with its reason
        updater = say(f"post.{hold.post}", scope=hold.scope)
        key = "run.upgrade" if hold.what == RULES else f"run.held_{hold.what}"
        notices.append(say(key, updater=updater, count=hold.count, total=hold.total, run=run_id))
    return notices


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
