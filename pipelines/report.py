"""Turns the night's changes into one report per updater, with only their own lines in it (contract §9)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from pipelines.access import UNREAD
from pipelines.foresee import AccessEnd
from pipelines.mark import mark_difference
from pipelines.phrase import (
    because_text,
    detail_text,
    field_text,
    form_link,
    function_text,
    guidance_text,
    loss_day,
    note_texts,
    person_text,
    post_text,
    state_text,
    structure_text,
    value_text,
)
from pipelines.stakes import stakes_of
from pipelines.summarize import (
    SEVERITIES,
    age_bars,
    count_changes,
    count_deadlines,
    count_weeks,
    reject_line,
    reject_place,
    sheet_key,
    week_bars,
)
from pipelines.told_apart import ToldApart, candidate_lines, told_apart
from schemas.change import Change, FieldChange, Kind, PostRef
from schemas.decision import signed_text
from schemas.health import Health
from schemas.issue import Issue
from schemas.nomenclatures import ADMIN_EFIT, POSTS, say
from schemas.report import (
    SHEET_KEYS,
    Part,
    Report,
    ReportLine,
    ReportSheet,
)
from schemas.structure import Structure
from schemas.unknown import unknown_texts
from schemas.words import fold

Sign = Callable[[str, PostRef], str]

# What one reads, and types in, from top to bottom.
FIELD_ORDER = (
    "cpx_number",
    "card_type",
    "card_expires_on",
    "card_opposed_on",
    "last_name",
    "first_name",
    "civility",
    "profession",
    "email",
    "phone",
)
ORDER: dict[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
KINDS: tuple[str, ...] = get_args(Kind)  # in the order one enters them: a function is ended before its account
HELP_KEYS = ("ans", "efit", "cards", "nurses")


@dataclass(frozen=True, slots=True)
class _Edition:
    """What all reports of a night share: the day, the lot, every change by its id, the ids to remind of, and those
    that were perhaps announced before.
    """

    as_of: date
    lot: str
    structures: Mapping[str, Structure]
    known: Mapping[str, Change]
    overdue: frozenset[str]
    perhaps: frozenset[str]
    sign: Sign

    def token(self, change: Change) -> str:
        """`<change id>:<signature>`."""
        return f"{change.id}:{self.sign(signed_text(self.lot, change.id), _ref(change))}"


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
    perhaps: Collection[str] = (),
    recipients: Mapping[PostRef, Sequence[str]] | None = None,
    accesses: Accesses | None = None,
) -> tuple[Report, ...]:
    """One report per updater (post, scope) that has a change, a reject or a notice; administrator first.

    `sign(text, updater)` signs `schemas.decision.signed_text(lot, change id)`; the token of a line is
    `<change id>:<signature>`. `overdue` are the ids of the pending changes this report reminds of; `perhaps`
    those of new ones that a mail of unknown fate may have announced: here they are not new.
    `recipients` serves the updaters without a change, whose addresses no change tells. `accesses`: how the accesses
    of their accounts stand; without it nothing is known of them, and the report says so.
    """
    told = {"status": "notified"}
    changes = [change.model_copy(update=told) if change.id in perhaps else change for change in changes]
    known = {change.id: change for change in changes}
    edition = _Edition(as_of, lot, structures, known, frozenset(overdue), frozenset(perhaps), sign)
    mine: defaultdict[PostRef, list[Change]] = defaultdict(list)
    for change in changes:
        mine[_ref(change)].append(change)
    theirs: defaultdict[PostRef, list[Issue]] = defaultdict(list)
    for updater, found in rejects:
        theirs[updater].append(found)
    everybody = sorted({*mine, *theirs, *notices}, key=lambda ref: (POSTS.index(ref.post), ref.scope))
    return tuple(
        replace(
            _report(edition, updater, mine[updater]),
            recipients=_recipients(mine[updater], (recipients or {}).get(updater, ())),
            rejects=tuple(map(reject_line, sorted(theirs[updater], key=reject_place))),
            notices=tuple(notices.get(updater, ())),
            ages=age_bars(mine[updater], as_of),
            **(_known(accesses, updater, as_of) if accesses else {}),
        )
        for updater in everybody
    )


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


def _report(edition: _Edition, updater: PostRef, changes: Sequence[Change]) -> Report:
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
    )


def _ref(change: Change) -> PostRef:
    return PostRef(post=change.updater.post, scope=change.updater.scope)


def _recipients(changes: Iterable[Change], others: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*others, *(name for change in changes for name in change.updater.recipients)]))


def _sheets(edition: _Edition, changes: Sequence[Change]) -> tuple[ReportSheet, ...]:
    found: defaultdict[str, list[list[ReportLine]]] = defaultdict(list)
    for change in changes:
        found[sheet_key(change)].append(_lines(edition, change))
    return tuple(
        ReportSheet(
            key,
            say(f"sheet.{key}"),
            tuple(line for block in sorted(found[key], key=_reading_order) for line in block),
        )
        for key in SHEET_KEYS
    )


def _reading_order(block: list[ReportLine]) -> tuple[int, str, str, str, int, str]:
    """Access first, then by structure and person, then as one enters them; the lines of one change stay together."""
    line = block[0]
    place = fold(line.structure), line.structure_code
    return ORDER[line.severity], *place, fold(line.person), KINDS.index(line.kind), line.change_id


def _lines(edition: _Edition, change: Change) -> list[ReportLine]:
    """One line per changed field of an account, one line for any other change."""
    known = edition.known
    links = {link: _link(known[link], change, edition.structures) for link in change.linked_to if link in known}
    fields = sorted(change.fields, key=_field_order)
    by_field = change.kind == "update_account" and bool(fields)

    apart = told_apart(change)

    def line(field: FieldChange | None, first: bool = True) -> ReportLine:
        before, after = _marked(field) if field else ((), ())
        return ReportLine(
            change_id=change.id,
            token=edition.token(change),
            kind=change.kind,
            severity=change.severity,
            urgency=say(f"severity.{change.severity}"),
            status=change.status,
            action=say(f"action.{change.kind}"),
            account_id=change.account_id or "",
            person=person_text(change),
            national_id=change.person.national_id,
            function=function_text(change.assignment) if change.person.last_name or change.account_id else "",
            structure=structure_text(change.assignment, edition.structures),
            structure_code=change.assignment.structure_code,
            field=field_text(field.field) if field else "",
            before=before,
            after=after,
            details=() if field else _details(change, fields, apart),
            reason=because_text(change, [field] if field else fields, field.field if field else ""),
            guidance=guidance_text(apart.guidance) if first else say("report.same_change"),
            notes=note_texts(change, links) if first else (),
            lost_on=loss_day(change),
            state=state_text(change, edition.as_of, change.id in edition.overdue, change.id in edition.perhaps),
            form=form_link(change) if change.kind == "card_alert" else None,
        )

    return [line(field, field is fields[0]) for field in fields] if by_field else [line(None)]


def _details(change: Change, fields: Iterable[FieldChange], apart: ToldApart) -> tuple[str, ...]:
    """What to type in, or what is known: one « label : value » each; the function where one is to be added."""
    adds = change.kind in ("create_account", "add_assignment")
    told = ("detail", "function", "rank") if adds else ("detail",)
    details = [detail_text(field) for field in fields if field.field not in (*told, "candidate")]
    details += candidate_lines(change, apart)
    if adds:
        role = function_text(change.assignment)
        details.append(detail_text(FieldChange(field="function", before=None, after=role, source="")))
    return tuple(details)


def _field_order(field: FieldChange) -> tuple[int, str, str]:
    at = FIELD_ORDER.index(field.field) if field.field in FIELD_ORDER else len(FIELD_ORDER)
    return at, field.field, field.after or ""


def _marked(field: FieldChange) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    return mark_difference(value_text(field.field, field.before), value_text(field.field, field.after))


def _link(other: Change, change: Change, structures: Mapping[str, Structure]) -> str:
    """The other half, and where it stands: on a sheet of this report, or at another updater's."""
    told = {
        "action": say(f"action.{other.kind}"),
        "structure": structure_text(other.assignment, structures),
        "id": other.id,
    }
    if _ref(other) == _ref(change):
        return say("report.link_here", **told, sheet=say(f"sheet.{sheet_key(other)}"))
    return say("report.link_elsewhere", **told, post=post_text(_ref(other)))
