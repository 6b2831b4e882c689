"""Drafts become changes: id, severity, updater, guidance, links; in an order that no file order can move."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from sys import intern

from pipelines.answer_choices import DIFFERS
from pipelines.changes.draft import Draft
from pipelines.changes.guidance import guidance
from pipelines.changes.routing import Routing, not_ones_own, owner_of, top_assignment, updater_at, updater_of
from pipelines.phrase import escalation_text
from schemas.changes.change import (
    ENDING,
    SEVERITIES,
    AssignmentRef,
    Change,
    FieldChange,
    PersonRef,
    PostRef,
    Updater,
    change_id,
)
from schemas.nomenclatures import label_of, reasons
from schemas.people.assignment import Assignment


def assemble(drafts: Iterable[Draft], routing: Routing, day: date) -> tuple[Change, ...]:
    """Return one change per draft, in the order access, important, info; ends last; then structure, person, id.

    Two drafts with the same id are one change said twice (two workbooks, one fact): the first is kept.
    """
    changes: dict[str, Change] = {}
    groups: dict[str, set[str]] = defaultdict(set)
    group_of: dict[str, str] = {}
    for draft in drafts:
        change = _change(draft, routing, day)
        changes.setdefault(change.id, change)
        if draft.group:
            groups[draft.group].add(change.id)
            group_of[change.id] = draft.group
    linked = (
        change.model_copy(update={"linked_to": tuple(sorted(groups[group_of[key]] - {key}))})
        if key in group_of
        else change
        for key, change in changes.items()
    )
    return tuple(sorted(linked, key=order))


def order(change: Change) -> tuple[object, ...]:
    """Return reading order: access first; what is added before what is ended."""
    return (
        SEVERITIES.index(change.severity),
        ENDING.index(change.kind) + 1 if change.kind in ENDING else 0,
        change.assignment.structure_code,
        change.person.last_name,
        change.person.first_name,
        change.id,
    )


def _change(draft: Draft, routing: Routing, day: date) -> Change:
    rule = reasons()[draft.reason]
    place = AssignmentRef() if draft.assignment is None else _place(draft.assignment, routing)
    updater, others = _with_concerned(draft, *_updater(draft, routing), routing)
    if draft.account and draft.kind in ENDING:
        updater = not_ones_own(updater, draft.account, routing)
    shown = draft.assignment or top_assignment(
        draft.at or (draft.account.assignments if draft.account else ()), routing
    )
    return Change.model_validate(
        {
            "id": change_id(draft.who, rule["kind"], place, draft.target),
            "kind": rule["kind"],
            "reasons": (draft.reason, *draft.also),
            "severity": draft.severity or min(_severities(draft), key=SEVERITIES.index),
            "account_id": _account_id(draft),
            "person": _person(draft),
            "assignment": _place(shown, routing) if shown else place,
            "fields": (*draft.fields, *_candidates(draft)),
            "updater": updater,
            "also_concerned": others,
            "guidance": intern(_guidance(draft, updater)),  # one text for all to whom the same is said
            "first_seen": day,
        }
    )


def _severities(draft: Draft) -> list[str]:
    return [reasons()[reason]["severity"] for reason in (draft.reason, *draft.also)]


def _with_concerned(
    draft: Draft, updater: Updater, others: tuple[PostRef, ...], routing: Routing
) -> tuple[Updater, tuple[PostRef, ...]]:
    """A review of several accounts or lines goes to one updater; those of the others are named beside."""
    more = {(u.post, u.scope) for u in (updater_of(one, routing) for one in draft.concerned)}
    known = {(one.post, one.scope) for one in others}
    new = sorted(more - known - {(updater.post, updater.scope)})
    return updater, (*others, *(PostRef.model_validate({"post": post, "scope": scope}) for post, scope in new))


def _guidance(draft: Draft, updater: Updater) -> str:
    """What to do; and for whom it was meant, where the administrator stands in."""
    return " ".join(filter(None, (guidance(draft), escalation_text(updater))))


def _account_id(draft: Draft) -> str | None:
    if draft.account:
        return draft.account.account_id
    return draft.values.get("account") or None if draft.kind == "review" else None


def _place(assignment: Assignment, routing: Routing) -> AssignmentRef:
    """In the contract's own words (§3): « CHV-ST », « Titulaire », « ETS régional »."""
    structure = routing.structures.get(assignment.structure_code)
    return AssignmentRef(
        structure_code=assignment.structure_code,
        structure_type=label_of("structure_types", structure.type) if structure else "",
        region_code=structure.region_code if structure else "",
        function=label_of("functions", assignment.function),
        rank=label_of("ranks", assignment.rank),
    )


def _person(draft: Draft) -> PersonRef:
    if draft.account:
        person_id = draft.person.person_id if draft.person else ""
        number = person_id or draft.account.number.number
        return PersonRef(national_id=number, last_name=draft.account.last_name, first_name=draft.account.first_name)
    return PersonRef(national_id=draft.number, last_name=draft.name[0], first_name=draft.name[1])


def _candidates(draft: Draft) -> Iterable[FieldChange]:
    """Candidates stand in `fields`, each with what differs, so that an updater sees them side by side."""
    for one in draft.candidates:
        yield FieldChange(field="candidate", before=None, after=f"{one.key} {one.label}", source=one.source)
    for one in draft.candidates:
        for name, mine, theirs in one.differing:
            yield FieldChange(field=f"{DIFFERS}{name}:{one.key}", before=mine, after=theirs, source="")


def _updater(draft: Draft, routing: Routing) -> tuple[Updater, tuple[PostRef, ...]]:
    """A function belongs to its own updater; an account to the updater of its highest function."""
    if draft.keeper is not None:
        return updater_at(*draft.keeper, routing), ()
    if draft.account is None or draft.kind in ("add_assignment", "end_assignment"):
        if draft.at:
            return owner_of(draft.at, routing)
        return updater_of(draft.assignment, routing), ()
    if draft.assignment is not None:
        return updater_of(draft.assignment, routing), ()
    return owner_of(draft.at or draft.account.assignments, routing)
