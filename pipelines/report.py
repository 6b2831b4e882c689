"""Turns the night's changes into one report per updater, with only their own lines in it (contract §9)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from pipelines.access import UNREAD
from pipelines.foresee import AccessEnd
from pipelines.holder import mailto
from pipelines.mark import mark_difference
from pipelines.natural import natural
from pipelines.offers import LINE, beside, named_in, offers_of, shown_fields
from pipelines.phrase import (
    detail_text,
    field_text,
    form_link,
    function_text,
    guidance_text,
    loss_day,
    note_texts,
    person_text,
    post_text,
    reason_text,
    source_text,
    state_text,
    structure_text,
    value_text,
)
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
from schemas.change import Change, FieldChange, Kind, PostRef
from schemas.decision import signed_text
from schemas.health import Health
from schemas.issue import Issue
from schemas.nomenclatures import ADMIN_EFIT, POSTS, label_of, reasons, say
from schemas.report import (
    SHEET_KEYS,
    Part,
    Report,
    ReportLine,
    ReportSheet,
)
from schemas.structure import Structure
from schemas.unknown import unknown_texts

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
    answers: Mapping[str, str]

    def with_it(self, change: Change) -> tuple[tuple[str, str], ...]:
        """The other halves of one question, with where they stand."""
        others = (self.known[key] for key in change.linked_to if key in self.known)
        return tuple((other.id, other.status) for other in others if _one_question(change, other))

    def one_answer(self, change: Change) -> tuple[str, ...]:
        """That one answer is enough for all of them."""
        others = self.with_it(change)
        return (say("report.one_answer"),) if others else ()

    def token(self, change: Change) -> str:
        """`<change id>:<signature>`."""
        return f"{change.id}:{self.sign(signed_text(self.lot, change.id), _ref(change))}"


@dataclass(frozen=True, slots=True)
class Accesses:
    """How the accesses stand, by the updater who answers for the account, and in the whole annuaire.

    `health` is None for one of whom nothing was ever known. `ends`: those that are lost or end soon. `cause`: why the
    cards of the registered could not be looked at, "" when they could.
    """

    health: Mapping[PostRef, Health | None]
    ends: Mapping[PostRef, Sequence[AccessEnd]]
    country: Health
    cause: str = ""


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
    answers: Mapping[str, str] | None = None,
) -> tuple[Report, ...]:
    """One report per updater (post, scope) that has a change, a reject or a notice; administrator first.

    `sign(text, updater)` signs `schemas.decision.signed_text(lot, change id)`; the token of a line is
    `<change id>:<signature>`. `overdue` are the ids of the pending changes this report reminds of; `perhaps`
    those of new ones that a mail of unknown fate may have announced: here they are not new.
    `recipients` serves the updaters without a change, whose addresses no change tells. `accesses`: how the accesses
    of their accounts stand; without it nothing is known of them, and the report says so. `answers`: change id → what to
    say of the last answer to it.
    """
    told = {"status": "notified"}
    changes = [change.model_copy(update=told) if change.id in perhaps else change for change in changes]
    known = {change.id: change for change in changes}
    edition = _Edition(as_of, lot, structures, known, frozenset(overdue), frozenset(perhaps), sign, answers or {})
    mine: defaultdict[PostRef, list[Change]] = defaultdict(list)
    for change in changes:
        mine[_ref(change)].append(change)
    theirs: defaultdict[PostRef, list[Issue]] = defaultdict(list)
    for updater, found in rejects:
        theirs[updater].append(found)
    everybody = sorted({*mine, *theirs, *notices}, key=lambda ref: (POSTS.index(ref.post), ref.scope))
    return tuple(
        replace(
            _report(edition, updater, _asked_once(mine[updater])),
            recipients=_recipients(mine[updater], (recipients or {}).get(updater, ())),
            rejects=tuple(map(reject_line, sorted(theirs[updater], key=reject_place))),
            notices=tuple(notices.get(updater, ())),
            ages=age_bars(mine[updater], as_of),
            **(_known(accesses, updater, as_of) if accesses else {}),
        )
        for updater in everybody
    )


def _one_question(one: Change, other: Change) -> bool:
    """Two reviews of one updater about the same people: one is asked (`schemas/tables/pairs.csv`)."""
    return one.kind == other.kind == "review" and one.reasons == other.reasons and _ref(one) == _ref(other)


def _asked_once(changes: Sequence[Change]) -> list[Change]:
    """Of the halves of one question the first."""
    left: set[str] = set()
    kept: list[Change] = []
    for change in sorted(changes, key=lambda one: one.id):
        if change.id not in left:
            kept.append(change)
            left |= {other.id for other in changes if other.id in change.linked_to and _one_question(change, other)}
    return kept


def noted(report: Report, notes: Mapping[str, str]) -> Report:
    """The report with one more note on the lines of these changes."""
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
        return found
    return found | {
        "unknown": (*unknown_texts(accesses.country, accesses.cause, "country"), *found["unknown"]),
        "cause": accesses.cause,
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


def _reading_order(block: list[ReportLine]) -> tuple[object, ...]:
    """Access first, then by structure and person, then as one enters them; the lines of one change stay together."""
    line = block[0]
    place = natural(line.structure), line.structure_code
    return ORDER[line.severity], *place, natural(line.person), KINDS.index(line.kind), line.change_id


def _lines(edition: _Edition, change: Change) -> list[ReportLine]:
    """One line per changed field of an account, one line for any other change."""
    known = edition.known
    links = {link: _link(known[link], change, edition.structures) for link in change.linked_to if link in known}
    fields = sorted(change.fields, key=_field_order)
    by_field = change.kind == "update_account" and bool(fields)

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
            function=function_text(change.assignment),
            structure=structure_text(change.assignment, edition.structures),
            structure_code=change.assignment.structure_code,
            field=field_text(field.field) if field else "",
            before=before,
            after=after,
            details=() if field else _details(change, fields),
            values=() if field else _values(change, fields),
            offers=tuple(one.text for one in offers_of(change)),
            with_it=edition.with_it(change),
            reason=_because(change, [field] if field else fields, field.field if field else ""),
            guidance=guidance_text(change) if first else say("report.same_change"),
            notes=(*note_texts(change, links), *edition.one_answer(change)) if first else (),
            lost_on=loss_day(change),
            state=_state(edition, change),
            **_card_holder(change, edition.as_of),
        )

    return [line(field, field is fields[0]) for field in fields] if by_field else [line(None)]


def _state(edition: _Edition, change: Change) -> str:
    """Since when it is known, and what was answered last."""
    known = state_text(change, edition.as_of, change.id in edition.overdue, change.id in edition.perhaps)
    return "\n".join(filter(None, (known, edition.answers.get(change.id, ""))))


def _details(change: Change, fields: Iterable[FieldChange]) -> tuple[str, ...]:
    """What to type in, or what is known: one « label : value » each; the function where one is to be added.

    Of a question, where the line stands, and each candidate with what differs.
    """
    if change.kind == "review":
        return tuple(_asked(change))
    adds = change.kind in ("create_account", "add_assignment")
    told = ("detail", "function", "rank") if adds else ("detail", "email", "phone")
    details = [detail_text(field) for field in fields if field.field not in told]
    if adds:
        role = function_text(change.assignment)
        details.append(detail_text(FieldChange(field="function", before=None, after=role, source="")))
    return tuple(details)


def _asked(change: Change) -> Iterator[str]:
    shown = [one for one in shown_fields(change) if one.field != "detail"]
    for one in (one for one in shown if one.field == LINE):
        yield say("report.stands_at", source=source_text(one.source), place=one.after)
    for named in named_in(change):
        differs = [
            say("report.differs", field=field_text(one.field), mine=one.before, theirs=one.after)
            for one in beside(change, named.key)
        ]
        yield "\n".join((say("report.candidate", label=named.label, key=named.key), *differs))
    for one in (one for one in shown if one.field not in (LINE, "candidate")):
        yield detail_text(one)


def _values(change: Change, fields: Iterable[FieldChange]) -> tuple[tuple[str, str], ...]:
    """What to type in, a value for each field, as it is typed: the number alone, days as JJ/MM/AAAA."""
    if change.kind not in ("create_account", "add_assignment"):
        return ()
    place = change.assignment
    role = {"function": label_of("functions", place.function), "rank": label_of("ranks", place.rank)}
    given = {one.field: value_text(one.field, one.after) for one in fields if one.after}
    who = {"last_name": change.person.last_name, "first_name": change.person.first_name}
    named = who if change.kind == "create_account" else {}
    return tuple((named | given | role).items())


def _card_holder(change: Change, as_of: date) -> dict[str, Any]:
    """How the holder of a card is told, and the form they need."""
    if change.kind != "card_alert":
        return {}
    given = {one.field: one.after or "" for one in change.fields}
    return {
        "form": form_link(change),
        "email": given.get("email", ""),
        "phone": value_text("phone", given.get("phone")),
        "letter": mailto(change, as_of),
    }


def _field_order(field: FieldChange) -> tuple[int, str, str]:
    at = FIELD_ORDER.index(field.field) if field.field in FIELD_ORDER else len(FIELD_ORDER)
    return at, field.field, field.after or ""


def _marked(field: FieldChange) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    return mark_difference(value_text(field.field, field.before), value_text(field.field, field.after))


def _because(change: Change, fields: Iterable[FieldChange], field: str) -> str:
    """The reason and where it was read, in one sentence: « … (source : registre RPPS). ».

    Where no field says where it was read, the table of reasons does.
    """
    read_in = [item.source for item in fields if item.source]
    read_in = read_in or [name for reason in change.reasons for name in reasons()[reason]["read_in"].split("|")]
    source = ", ".join(dict.fromkeys(map(source_text, read_in)))
    return say("report.because", reason=reason_text(change, field).removesuffix("."), source=source)


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
