"""Which changes, rejects and notices go into whose report."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial

from flows.heard import heard
from flows.holders import holder_notes
from flows.occasion import Findings, Occasion
from flows.pages import past_runs
from flows.settings import Settings
from flows.signing import signer
from flows.state import NightState
from flows.words import word_lines, word_notices
from pipelines.access import register_cause, register_why
from pipelines.expect import limits_of
from pipelines.filling import is_held
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
from pipelines.keepers import ADMIN, keeper_notices, keeper_of
from pipelines.miss import Missing, Unsaid
from pipelines.phrase import source_text
from pipelines.report import Accesses, build_reports, noted
from pipelines.roster import places_of
from pipelines.route import stand_in
from pipelines.troubles import troubles_of
from pipelines.unable import unable_of, unable_texts
from pipelines.upgrade import RULES, by_rules_alone
from pipelines.wait import unheard
from pipelines.world import World
from schemas.absence import GONE_AFTER, Absence
from schemas.assignment import Assignment
from schemas.change import Change, PostRef
from schemas.health import Health
from schemas.issue import Issue
from schemas.ledger import RunRow
from schemas.nomenclatures import say
from schemas.report import RemarkLine, Report
from schemas.source import SourceReport, SourceStatus, WorkbookScope
from schemas.source_names import ANNUAIRE
from schemas.typography import share_text
from schemas.vocabulary import WordLine

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
    having = {change.updater.ref for change in changes}
    scopes = {scope.source: scope for scope in world.scopes}
    lot, sign = lot_of(changes, occasion.day), signer(settings, write=not occasion.dry_run)
    words = [] if world.sources.annuaire_held else state.words()
    said = heard(state.ledger, state.states(), occasion.day)
    notices = [
        *_notices(world, found, state.run_id),
        *absence_notices(found.missing.news),
        *unsaid_notices(found.unsaid),
        *said.notices,
        *word_notices(words, world, occasion.day),
    ]
    keepers = keeper_notices(world.sources.reports, world.scopes, having)
    reports = build_reports(
        changes,
        as_of=occasion.day,
        lot=lot,
        structures=world.structures,
        rejects=[(_reader(issue, scopes, having), issue) for issue in _to_correct(world)],
        notices={**({ADMIN: notices} if notices else {}), **keepers},
        sign=sign,
        overdue=found.lives.due,
        perhaps=found.lives.perhaps,
        recipients={ADMIN: found.comparison.book.admin},
        accesses=_accesses(world, found, state),
        answers=said.answers,
    )
    born = found.lives.born
    asked = word_lines(words, world, occasion.day, lot, sign)
    reports = tuple(_for_admin(one, world, found, words=asked, remarks=said.lines) for one in reports)
    places = places_of(changes, world, found.comparison)
    notes = holder_notes(settings, changes, occasion.day, state)
    reports = tuple(
        replace(noted(one, notes), places=places.get((one.updater.post, one.updater.scope), ())) for one in reports
    )
    return tuple(
        replace(one, born=tuple((key, born[key]) for key in sorted(one.statuses) if key in found.lives.fresh))
        for one in reports
    )


def _for_admin(
    report: Report, world: World, found: Findings, *, words: tuple[WordLine, ...], remarks: tuple[RemarkLine, ...]
) -> Report:
    """The administrator's report with what nobody else is told; any other as it is."""
    if report.updater != ADMIN:
        return report
    return replace(
        report,
        unable=unable_texts(unable_of(found.lives.open_changes, found.comparison.book)),
        vanished=tuple(_vanished(found.missing, world)),
        words=words,
        remarks=remarks,
        troubles=troubles_of(world.sources.reports, found.missing.news),
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
        why=register_why(world.sources.reports, country),
        elsewhere=add_up(one for ref, one in mine.items() if ref != ADMIN),
    )


def remembered(changes: Iterable[Change], day: date, state: NightState, cause: str) -> Accesses:
    """Where nobody looked: nobody knows how the accesses stand, but how they stood."""
    runs = past_runs(state.ledger)
    found: dict[PostRef, Health | None] = {}
    for updater in {one.updater.ref for one in changes} | {ADMIN}:
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
    release, limits = say("run.release", run=run_id), limits_of(world.policy)
    notices = [_of_source(report, release) for report in world.sources.reports if report.message]
    notices += world.sources.notices
    if found.waiting:
        names = ", ".join(map(source_text, unheard(world)))
        notices.append(say("run.waiting_deactivations", count=len(found.waiting), sources=names))
    for hold in found.held:
        if not hold.post:
            continue  # said above, with its reason
        updater = say(f"post.{hold.post}", scope=hold.scope)
        key = "run.upgrade" if hold.what == RULES else f"run.held_{hold.what}"
        limit = share_text(limits[hold.what][0]) if hold.what in limits else ""
        notices.append(say(key, updater=updater, count=hold.count, total=hold.total, limit=limit, release=release))
    return notices


def _of_source(report: SourceReport, release: str) -> str:
    """What is wrong with a source, by its name and its file; what waits, with the way to let it go."""
    name, path = source_text(report.name), report.path.rpartition("/")[2]  # where on the server helps nobody
    named = name if path in name else say("run.of_file", source=name, path=path)
    notice = say(f"run.{_state(report)}", source=named, found=report.message)
    if report.status is not SourceStatus.HELD and not any(is_held(one, report) for one in report.emptied):
        return notice
    return say("run.release_source", notice=notice, release=release)


def _state(report: SourceReport) -> str:
    """Not used at all, used for what stands in it, or used but for a column of it."""
    if report.usable:
        return "uncertain"
    return "presence" if report.lines_count else "source"


def _vanished(missing: Missing, world: World) -> Iterator[str]:
    """Who they were: account, name, functions; those that are told of tonight."""
    known = {**missing.former, **missing.accounts}
    for one in missing.news[:_MOST_IDS]:
        if account := known.get(one.account_id):
            held = (_held(assignment, world, missing) for assignment in account.assignments)
            name = f"{account.last_name} {account.first_name}".strip()
            functions = ", ".join(held) or say("explain.no_function")
            yield say("run.gone_person", account=one.account_id, name=name, functions=functions)


def _held(assignment: Assignment, world: World, missing: Missing) -> str:
    place = world.structures.get(assignment.structure_code) or missing.structures.get(assignment.structure_code)
    return say("view.held", function=assignment.label(), structure=place.name if place else assignment.structure_code)


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


def _to_correct(world: World) -> Iterator[Issue]:
    """The rows and values to correct; a file that could not be used is told of among the notices, once."""
    told = {report.name for report in world.sources.reports if report.message}
    return (one for one in world.sources.issues if one.effect != "file" or one.source not in told)


def _reader(issue: Issue, scopes: Mapping[str, WorkbookScope], having: Collection[PostRef]) -> PostRef:
    """Who keeps the workbook an issue is about, when they get a report tonight; else the administrator."""
    keeper = keeper_of(scopes.get(issue.source))
    return keeper if keeper in having else ADMIN
