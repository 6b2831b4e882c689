"""The lines of a sheet: a change in the words of a report, one line per changed field of an account."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.answer_choices import LINE, REGISTER, besides, named_in, offers_of, shown_fields
from pipelines.lifecycle.linked_pairs import same_rank_change
from pipelines.lifecycle.pending import one_question
from pipelines.phrase import (
    action_text,
    because_text,
    detail_text,
    field_text,
    form_link,
    function_text,
    guidance_text,
    loss_day,
    note_texts,
    person_text,
    place_text,
    post_text,
    source_text,
    state_text,
    structure_text,
    value_text,
)
from pipelines.reports.candidate_evidence import ToldApart, told_apart
from pipelines.reports.highlight import mark_difference
from pipelines.reports.holder import mailto
from pipelines.reports.summarize import sheet_key
from schemas.changes.change import Change, FieldChange, PostRef
from schemas.changes.decision import signed_text
from schemas.nomenclatures import label_of, say
from schemas.people.structure import Structure
from schemas.reports.report import Part, ReportLine

_ANSWERED = ("accepted", "refused", "postponed")
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


@dataclass(frozen=True, slots=True)
class Edition:
    """What all reports of a night share: the day, the lot, every change by its id, the ids to remind of, and those
    that were perhaps announced before; `answers`: change id → what to say of the last answer to it; `aside`: the open
    changes that stand in no report tonight; `asked`: the ids of those that have a line of their own; `returning`: of
    those that were put off until today.
    """

    as_of: date
    lot: str
    structures: Mapping[str, Structure]
    known: Mapping[str, Change]
    overdue: frozenset[str]
    perhaps: frozenset[str]
    sign: Sign
    answers: Mapping[str, str]
    aside: Mapping[str, Change] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    returning: frozenset[str] = frozenset()

    def with_a_line(self, change: Change) -> Change:
        """Return the change, or of a half of a question that has no line the one that is asked for both."""
        if change.id in self.asked:
            return change
        others = (self.known[key] for key in change.linked_to if key in self.asked)
        return next((other for other in others if one_question(change, other)), change)

    def linked(self, change: Change) -> dict[str, Change]:
        """Return the changes that it is linked to, by their ids: those that are open."""
        found = ((link, self.known.get(link) or self.aside.get(link)) for link in change.linked_to)
        return {link: other for link, other in found if other}

    def state(self, change: Change) -> str:
        """Say since when it is known, and what was answered last."""
        known = state_text(change, self.as_of, change.id in self.overdue, change.id in self.perhaps)
        if change.id in self.returning:
            known = say("report.due_today")
        return "\n".join(filter(None, (known, self.answers.get(change.id, ""))))

    def with_it(self, change: Change) -> tuple[tuple[str, str], ...]:
        """Return the other halves of one question, with where they stand."""
        others = (self.known[key] for key in change.linked_to if key in self.known)
        return tuple((other.id, other.status) for other in others if one_question(change, other))

    def one_answer(self, change: Change) -> tuple[str, ...]:
        """Say that one answer is enough for all of them."""
        if self.with_it(change):
            return (say("report.one_answer"),)
        others = [self.known[key] for key in change.linked_to if key in self.known]
        if any(same_rank_change(change, one) for one in others):
            return (say("report.one_answer_rank"),)
        closing = (one for one in others if change.kind == "end_assignment" and one.kind == "deactivate_account")
        return tuple(say("report.two_answers", action=action_text(one)) for one in closing if one.id in self.asked)

    def token(self, change: Change) -> str:
        """Return `<change id>:<signature>`."""
        return f"{change.id}:{self.sign(signed_text(self.lot, change.id), change.updater.ref)}"


def lines_of(edition: Edition, change: Change) -> list[ReportLine]:
    """Return one line per changed field of an account, one line for any other change."""
    known = edition.linked(change)
    stand = {link: edition.with_a_line(other) for link, other in known.items()}
    same = {link for link, other in stand.items() if other.id == change.id or one_question(change, known[link])}
    told = {other.id: link for link, other in reversed(stand.items())}  # of two halves of a question one is named
    links = {
        link: "" if link in same or told[other.id] != link else _link(other, change, edition)
        for link, other in stand.items()
    }
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
            action=action_text(change),
            account_id=change.account_id or "",
            person=person_text(change),
            national_id=_number_today(change),
            function=function_text(change.assignment) if change.person.last_name or change.account_id else "",
            structure=structure_text(change.assignment, edition.structures),
            structure_code=change.assignment.structure_code,
            field=field_text(field.field) if field else "",
            before=before,
            after=after,
            details=() if field else _details(edition, change, fields, apart),
            values=() if field else _values(change, fields),
            offers=tuple(one.text for one in offers_of(change)),
            with_it=edition.with_it(change),
            reason=because_text(change, [field] if field else fields, field.field if field else ""),
            guidance=guidance_text(apart.guidance) if first else say("report.same_change"),
            notes=(*note_texts(change, links), *edition.one_answer(change)) if first else (),
            lost_on=loss_day(change),
            state=edition.state(change),
            **_card_holder(change, edition.as_of),
        )

    return [line(field, field is fields[0]) for field in fields] if by_field else [line(None)]


def _number_today(change: Change) -> str:
    """Return the number under which e-FIT has the account: where another is to be entered, the one that it replaces."""
    replaced = (one.before for one in change.fields if change.kind == "update_account" and one.field == "cpx_number")
    return next(filter(None, replaced), change.person.national_id)


def _details(edition: Edition, change: Change, fields: Iterable[FieldChange], apart: ToldApart) -> tuple[str, ...]:
    """What to type in, or what is known: one « label : value » each; the function where one is to be added.

    Of a question, where the line stands, and each candidate with what differs and what tells it from the others.
    """
    if change.kind == "review":
        return tuple(_asked(edition, change, apart))
    adds = change.kind in ("create_account", "add_assignment")
    told = ("detail", "function", "rank") if adds else ("detail", "email", "phone")
    details = [detail_text(field) for field in fields if field.field not in told]
    if adds:
        role = function_text(change.assignment)
        details.append(detail_text(FieldChange(field="function", before=None, after=role, source="")))
    return tuple(details)


def _asked(edition: Edition, change: Change, apart: ToldApart) -> Iterator[str]:
    shown = [one for one in shown_fields(change) if one.field != "detail"]
    for one in (one for one in shown if one.field == LINE):
        yield say("report.stands_at", source=source_text(one.source), place=place_text(one.after or ""))
    told = besides(change)
    for named in named_in(change):
        differs = [
            say(
                "report.differs",
                field=field_text(one.field),
                mine=_valued(edition, one.field, one.before),
                theirs=_valued(edition, one.field, one.after),
            )
            for one in told.get(named.key, ())
        ]
        if why := apart.why.get(f"{named.key} {named.label}"):
            differs.append(say("report.told_apart", why=why))
        if differs or not _is_its_own_account(change, named.key):
            kind = "person" if named.source == REGISTER else "account"
            yield "\n".join((say(f"report.candidate_{kind}", label=named.label, key=named.key), *differs))
    for one in (one for one in shown if one.field not in (LINE, "candidate")):
        if one.after or one.before != change.person.national_id:  # which stands beside the name
            yield detail_text(one)


def _is_its_own_account(change: Change, key: str) -> bool:
    """The account that the line is about, and no other to choose from: it stands beside « Personne » already."""
    return key == change.account_id and len(named_in(change)) == 1


def _valued(edition: Edition, field: str, value: str | None) -> str:
    """As people say it: of a structure its name."""
    known = edition.structures.get(value or "") if field == "structure" else None
    return known.name if known and known.name else value_text(field, value)


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
    if field.field.endswith("_on"):  # of a day nobody reads half a figure
        return _whole(field.field, field.before), _whole(field.field, field.after)
    return mark_difference(value_text(field.field, field.before), value_text(field.field, field.after))


def _whole(field: str, value: str | None) -> tuple[Part, ...]:
    return ((value_text(field, value), True),) if value else ()


def _link(other: Change, change: Change, edition: Edition) -> str:
    """The other half, and where it stands: on a sheet of this report, or at another updater's; or that it is not in
    this report.
    """
    told = {
        "action": action_text(other),
        "structure": structure_text(other.assignment, edition.structures),
        "id": other.id,
    }
    if other.status in _ANSWERED:
        never = other.status == "refused" and (change.kind, other.kind) == ("end_assignment", "add_assignment")
        told["id"] = say("report.link_never_added" if never else f"report.link_{other.status}", id=other.id)
    if other.updater.ref == change.updater.ref and other.status in _ANSWERED:
        return say("report.link_aside", **told)
    if other.updater.ref == change.updater.ref and other.id not in edition.asked:
        return say("report.link_aside", **{**told, "id": say("report.link_not_here", id=other.id)})
    if other.updater.ref == change.updater.ref:
        return say("report.link_here", **told, sheet=say(f"sheet.{sheet_key(other)}"))
    return say("report.link_elsewhere", **told, post=post_text(other.updater.ref))
