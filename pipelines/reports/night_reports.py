"""Which changes and rejects go into whose report, with the notices of the night in the administrator's."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial

from pipelines.changes.access import register_cause, register_why
from pipelines.changes.foresee import by_updater
from pipelines.changes.routing import stand_in
from pipelines.lifecycle.findings import Findings
from pipelines.lifecycle.linked_pairs import entered_since
from pipelines.lifecycle.new_rules import RULES, by_rules_alone
from pipelines.lifecycle.pending import SHOWN
from pipelines.phrase import day_text
from pipelines.reports.mailing.beside_lines import with_the_rest
from pipelines.reports.notices import notices_of, troubles_of, vanished_texts
from pipelines.reports.pages.health import (
    PastHealth,
    add_up,
    nothing_of,
    past_of,
    past_of_updater,
    updaters_health,
    with_last,
)
from pipelines.reports.remark_lines import Heard
from pipelines.reports.report import Accesses, build_reports, noted
from pipelines.reports.report_lines import Sign
from pipelines.reports.roster import places_of
from pipelines.reports.stakes import still_lost
from pipelines.reports.unable_updaters import unable_of, unable_texts
from pipelines.reports.word_lines import word_lines, word_notices
from pipelines.sources.snapshot import Snapshot
from pipelines.workbook_keepers import ADMIN, keeper_notices, keeper_of
from schemas.changes.change import Change, PostRef
from schemas.changes.stored import RunRow
from schemas.nomenclatures import say
from schemas.people.vocabulary import Word, WordLine
from schemas.reading.issue import Issue
from schemas.reading.source import WorkbookScope
from schemas.reading.source_names import ANNUAIRE
from schemas.reports.health import Health
from schemas.reports.report import RemarkLine, Report

Runs = Callable[[], Sequence[RunRow]]  # of the past, the last begun first


@dataclass(frozen=True, slots=True)
class Besides:
    """What stands in the reports beside what the night found.

    `heard`: what the updaters wrote; `words`: the installation's own, whatever was answered; `notes`: change id → what
    the holder of its card was told directly; `remind_after_days`: when what has no answer comes again.
    """

    heard: Heard = field(default_factory=Heard)
    words: Sequence[Word] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    remind_after_days: int = 0


def reports_of(
    findings: Findings, runs: Runs, run_id: str, sign: Sign, besides: Besides | None = None
) -> Iterator[Report]:
    """Yield one report per updater with something to do, made when it is asked for; rejects go to who keeps the
    workbook, the rest to the administrator.

    What only an upgrade of our rules brought stands in the administrator's report until it is released. `runs`: those
    of the past, asked for where a figure of tonight is not known.
    """
    snapshot, lives, besides = findings.snapshot, findings.lives, besides or Besides()
    changes = told_of(findings)
    having = {change.updater.ref for change in changes}
    scopes = {scope.source: scope for scope in snapshot.scopes}
    lot = lot_of(changes, snapshot.day)
    words = () if snapshot.sources.annuaire_held else besides.words
    news = word_notices(words, snapshot, snapshot.day)
    notices = [*notices_of(findings, run_id), *besides.heard.notices, *news]
    keepers = keeper_notices(snapshot.sources.reports, snapshot.scopes, having)
    reports = build_reports(
        changes,
        as_of=snapshot.day,
        lot=lot,
        structures=snapshot.structures,
        rejects=[(_reader(issue, scopes, having), issue) for issue in _to_correct(snapshot)],
        notices={**({ADMIN: notices} if notices else {}), **keepers},
        sign=sign,
        overdue=lives.due,
        returning=lives.returning,
        perhaps=lives.perhaps,
        recipients={ADMIN: findings.comparison.routing.admin},
        accesses=_accesses(findings, runs),
        answers=besides.heard.answers,
        aside=[one for one in lives.open_changes if one.id not in lives.listed],
    )
    asked = word_lines(words, snapshot, snapshot.day, lot, sign, besides.heard.answers)
    entered = _entered(findings)
    places = places_of(changes, snapshot, findings.comparison)
    theirs: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in lives.open_changes:
        theirs[change.updater.post, change.updater.scope].append(change)
    for bare in reports:
        post = bare.updater.post, bare.updater.scope
        one = with_the_rest(bare, findings, having, besides.remind_after_days)
        one = _for_admin(one, findings, asked, besides.heard.lines)
        one = noted(noted(one, besides.notes), entered)
        yield replace(
            one,
            places=places(post),
            answered=_answered(one, theirs[post]),
            born=tuple((key, lives.born[key]) for key in sorted(one.statuses) if key in lives.fresh),
        )


def _entered(findings: Findings) -> Mapping[str, str]:
    """Id of an end that waited for an addition → that it waits no more."""
    lives = findings.lives
    found = entered_since(lives.open_changes, findings.before, lives.events)
    return {key: say("report.entered", day=day_text(day)) for key, day in found.items()}


def _answered(report: Report, mine: Sequence[Change]) -> str:
    """« Parmi les comptes déjà sans accès, 5 ont déjà votre réponse »: they stand on no sheet tonight."""
    stand = report.statuses  # put together once: of thirty thousand lines it takes as long as a report
    aside = [one for one in mine if one.status not in SHOWN and one.id not in stand]
    listed = [one for one in mine if one.id in stand]
    count = len(still_lost(aside, report.as_of) - still_lost(listed, report.as_of))
    return say("report.answered", count=count) if count else ""


def told_of(findings: Findings) -> list[Change]:
    """Return the changes that stand in the reports, each with who enters it tonight."""
    told = findings.lives.listed - findings.kept_back
    return [_in_the_batch(change, findings) for change in findings.lives.open_changes if change.id in told]


def _for_admin(
    report: Report, findings: Findings, words: tuple[WordLine, ...], remarks: tuple[RemarkLine, ...]
) -> Report:
    """The administrator's report with what nobody else is told; any other as it is."""
    if report.updater != ADMIN:
        return report
    snapshot, missing = findings.snapshot, findings.missing
    return replace(
        report,
        unable=unable_texts(unable_of(findings.lives.open_changes, findings.comparison.routing)),
        vanished=tuple(vanished_texts(missing, snapshot)),
        words=words,
        remarks=remarks,
        troubles=troubles_of(snapshot.sources.reports, missing.news),
    )


def lot_of(changes: Sequence[Change], day: date) -> str:
    """Return what the reports of one night have in common: equal changes of a day are an equal lot."""
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
        ends=by_updater(stay, snapshot.accounts, comparison.routing),
        country=with_last(country, lambda: past_of(before(), snapshot.day, None)),
        cause=register_cause(snapshot.sources.reports, country),
        why=register_why(snapshot.sources.reports, country),
        elsewhere=add_up(one for ref, one in mine.items() if ref != ADMIN),
    )


def remembered(changes: Iterable[Change], day: date, runs: Runs, cause: str) -> Accesses:
    """Tell where nobody looked: nobody knows how the accesses stand, but how they stood."""
    before = runs()
    found: dict[PostRef, Health | None] = {}
    for updater in {one.updater.ref for one in changes} | {ADMIN}:
        found[updater] = _as_it_stood(partial(past_of_updater, before, day, updater), cause)
    country = _as_it_stood(partial(past_of, before, day, None), cause)
    return Accesses(health=found, ends={}, country=country or Health("", unlooked=True))


def _as_it_stood(past: Callable[[], PastHealth], cause: str) -> Health | None:
    before = next((one for _, one in past()), None)
    return with_last(nothing_of(before, cause), past) if before else None


def _past(runs: Runs, day: date, updater: PostRef) -> PastHealth:
    return past_of_updater(runs(), day, updater)


def _in_the_batch(change: Change, findings: Findings) -> Change:
    waiting = {(hold.post, hold.scope) for hold in findings.held if hold.what == RULES}
    updater = change.updater
    if not by_rules_alone(change, findings.origins) or (updater.post, updater.scope) not in waiting:
        return change
    stands_in = {"updater": stand_in(updater, findings.comparison.routing.admin, "rules")}
    before = findings.lives.born.get(change.id, "") < findings.snapshot.day.isoformat()
    # the administrator was shown it the night it came: it is new to its own updater alone
    return change.model_copy(update=stands_in | ({"status": "notified"} if before else {}))


def _to_correct(snapshot: Snapshot) -> Iterator[Issue]:
    """The rows and values to correct; a file that could not be used is told of among the notices, once."""
    told = {report.name for report in snapshot.sources.reports if report.message}
    return (one for one in snapshot.sources.issues if one.effect != "file" or one.source not in told)


def _reader(issue: Issue, scopes: Mapping[str, WorkbookScope], having: Collection[PostRef]) -> PostRef:
    """Who keeps the workbook an issue is about, when they get a report tonight; else the administrator."""
    keeper = keeper_of(scopes.get(issue.source))
    return keeper if keeper in having else ADMIN
