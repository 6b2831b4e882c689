"""Turns the night's changes into one report per updater, with only their own lines in it (contract §9)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from pipelines.changes.access import UNREAD
from pipelines.changes.foresee import AccessEnd
from pipelines.lifecycle.pending import asked_once
from pipelines.natural_order import natural
from pipelines.phrase import post_text
from pipelines.reports.report_lines import Edition, Sign, lines_of
from pipelines.reports.stakes import stakes_of
from pipelines.reports.summarize import (
    age_bars,
    count_changes,
    count_deadlines,
    count_weeks,
    reject_line,
    reject_place,
    sheet_key,
    week_bars,
)
from schemas.changes.change import SEVERITIES, Change, ChangeKind, PostRef
from schemas.nomenclatures import ADMIN_EFIT, POSTS, say
from schemas.people.structure import Structure
from schemas.reading.issue import Issue
from schemas.reports.health import Health
from schemas.reports.report import SHEET_KEYS, RejectLine, Report, ReportLine, ReportSheet
from schemas.reports.unknown_sentences import unknown_texts

ORDER: dict[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
KINDS: tuple[str, ...] = get_args(ChangeKind)  # in the order one enters them: a function is ended before its account
HELP_KEYS = ("ans", "efit", "cards", "nurses")


@dataclass(frozen=True, slots=True)
class Accesses:
    """How the accesses stand, by the updater who answers for the account, and in the whole annuaire.

    `health` is None for one of whom nothing was ever known. `ends`: those that are lost or end soon. `cause`: why the
    cards of the registered could not be looked at, "" when they could; `why`: the same as a sentence. `elsewhere`: of
    all but the administrator's.
    """

    health: Mapping[PostRef, Health | None]
    ends: Mapping[PostRef, Sequence[AccessEnd]]
    country: Health
    cause: str = ""
    why: str = ""
    elsewhere: Health | None = None


def build_reports(
    changes: Sequence[Change],
    *,
    as_of: date,
    lot: str,
    structures: Mapping[str, Structure],
    rejects: Sequence[tuple[PostRef, Issue]],
    notices: Mapping[PostRef, Sequence[str]],
    sign: Sign,
    overdue: Collection[str] = (),
    returning: Collection[str] = (),
    perhaps: Collection[str] = (),
    recipients: Mapping[PostRef, Sequence[str]] | None = None,
    accesses: Accesses | None = None,
    answers: Mapping[str, str] | None = None,
    aside: Iterable[Change] = (),
) -> Iterator[Report]:
    """Yield one report per updater (post, scope) that has a change, a reject or a notice; administrator first. Each is
    made when it is asked for: of a large country all of them are a tenth of the night's memory.

    `sign(text, updater)` signs `schemas.changes.decision.signed_text(lot, change id)`; the token of a line is
    `<change id>:<signature>`. `overdue` are the ids of the pending changes this report reminds of, `returning`
    those of them that were put off until today; `perhaps`
    those of new ones that a mail of unknown fate may have announced: here they are not new.
    `recipients` serves the updaters without a change, whose addresses no change tells. `accesses`: how the accesses
    of their accounts stand; without it nothing is known of them, and the report says so. `answers`: change id → what to
    say of the last answer to it. `aside`: open changes that stand in no report tonight, and lines may be linked to.
    """
    told = {"status": "notified"}
    changes = [change.model_copy(update=told) if change.id in perhaps else change for change in changes]
    known = {change.id: change for change in changes}
    told_of = {one.id: one for one in aside}
    mine: defaultdict[PostRef, list[Change]] = defaultdict(list)
    for change in changes:
        mine[change.updater.ref].append(change)
    mine = defaultdict(list, {updater: asked_once(found) for updater, found in mine.items()})
    asked = frozenset(one.id for found in mine.values() for one in found)
    late, back, maybe = frozenset(overdue), frozenset(returning), frozenset(perhaps)
    edition = Edition(as_of, lot, structures, known, late, maybe, sign, answers or {}, told_of, asked, back)
    theirs: defaultdict[PostRef, list[Issue]] = defaultdict(list)
    for updater, issue in rejects:
        theirs[updater].append(issue)
    everybody = sorted({*mine, *theirs, *notices}, key=lambda ref: (POSTS.index(ref.post), ref.scope))
    for updater in everybody:
        yield replace(
            _report(edition, updater, mine[updater]),
            recipients=_recipients(mine[updater], (recipients or {}).get(updater, ())),
            rejects=tuple(sorted(map(reject_line, sorted(theirs[updater], key=reject_place)), key=_mended)),
            notices=tuple(notices.get(updater, ())),
            ages=age_bars(mine[updater], as_of),
            **(_known(accesses, updater, as_of) if accesses else {}),
        )


def _mended(reject: RejectLine) -> bool:
    """What somebody has to correct comes first."""
    return reject.mended


def noted(report: Report, notes: Mapping[str, str]) -> Report:
    """Return the report with one more note on the lines of these changes."""
    sheets = (
        replace(sheet, lines=tuple(_noted(line, notes.get(line.change_id, "")) for line in sheet.lines))
        for sheet in report.sheets
    )
    return replace(report, sheets=tuple(sheets)) if notes else report


def _noted(line: ReportLine, note: str) -> ReportLine:
    return replace(line, notes=(*line.notes, note)) if note else line


def _known(accesses: Accesses, updater: PostRef, as_of: date) -> dict[str, Any]:
    """What a report says of the accesses; the administrator's of the whole annuaire too."""
    one, ends = accesses.health.get(updater, Health("")), accesses.ends.get(updater, ())
    if one is None:
        return {}
    found: dict[str, Any] = {
        "health": one,
        "weeks": count_weeks(ends, one),
        "calendar": week_bars(ends, as_of, one),
        "unknown": unknown_texts(one, accesses.cause),
    }
    if updater.post != ADMIN_EFIT:
        why = accesses.why if dict(one.because).get(UNREAD) and one.figure("losing").basis == "unknown" else ""
        told = (say("unknown.not_yours", why=why),) if why else ()
        return found | {"unknown": (*told, *unknown_texts(one, accesses.cause)), "unread": bool(why)}
    return found | {
        "unknown": (*unknown_texts(accesses.country, accesses.cause, "country"), *found["unknown"]),
        "cause": accesses.cause,
        "elsewhere": accesses.elsewhere,
        "unverified": dict(accesses.country.because).get(UNREAD, 0),
    }


def _report(edition: Edition, updater: PostRef, changes: Sequence[Change]) -> Report:
    late = sorted(change.id for change in changes if change.id in edition.overdue)
    return Report(
        updater=updater,
        title=say("report.title", post=post_text(updater)),
        addressee=post_text(updater),
        recipients=(),
        as_of=edition.as_of,
        lot=edition.lot,
        counts=count_changes(changes),
        deadlines=count_deadlines(changes, edition.as_of),
        sheets=_sheets(edition, changes),
        rejects=(),
        notices=(),
        help_lines=tuple(say(f"help.{key}") for key in HELP_KEYS),
        stakes=stakes_of(changes, edition.as_of),
        overdue=tuple((key, (edition.as_of - edition.known[key].first_seen).days) for key in late),
        only_put_off=bool(late) and edition.returning.issuperset(late),
    )


def _recipients(changes: Iterable[Change], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*others, *(name for change in changes for name in change.updater.recipients)]))


def _sheets(edition: Edition, changes: Sequence[Change]) -> tuple[ReportSheet, ...]:
    found: defaultdict[str, list[list[ReportLine]]] = defaultdict(list)
    for change in changes:
        found[sheet_key(change)].append(lines_of(edition, change))
    return tuple(
        ReportSheet(
            key,
            say(f"sheet.{key}"),
            tuple(line for block in sorted(found[key], key=_reading_order) for line in block),
        )
        for key in SHEET_KEYS
    )


def _reading_order(block: list[ReportLine]) -> tuple[object, ...]:
    """Access first, then by structure and person, then as one enters them; the lines of one change stay together."""
    line = block[0]
    place = natural(line.structure), line.structure_code
    return ORDER[line.severity], *place, natural(line.person), KINDS.index(line.kind), line.change_id
