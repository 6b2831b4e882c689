"""What the nights before and the updaters' answers leave to be known of tonight."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipelines import names
from pipelines.changes.proof import assignment_of
from pipelines.judgements import two_registered
from pipelines.phrase import loss_day
from schemas.changes.change import ENDING, Change, PersonRef, change_id
from schemas.changes.lifecycle import ChangeState
from schemas.reading.export_figures import Asked, Held

WHO_IS_WHO = frozenset(
    ("ambiguous_match", "number_of_another", "shared_number", "duplicate_account", "not_in_register")
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """`kept`: accounts whose end an updater refused or put off: they need their card all the same. `locked_out`: the
    posts (by name) of which nobody could log in, which stays so while nothing else is known. `sharing`: the accounts
    on which it was asked whose a shared number is, which stands until the register tells otherwise. `known`: ids of
    the open changes; `in_question`: the accounts that an open question of who is who is about;
    `card_ends`: account → its first day without access, of the open alerts of cards; `held`: the accounts whose end a
    safeguard holds tonight.
    """

    kept: frozenset[str] = frozenset()
    locked_out: frozenset[str] = frozenset()
    sharing: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    in_question: frozenset[str] = frozenset()
    card_ends: Mapping[str, date] = field(default_factory=dict)
    held: frozenset[str] = frozenset()


def earlier_of(states: Iterable[ChangeState], day: date) -> Earlier:
    """Return what stands, out of the changes as they stood before the night of a day."""
    kept: set[str] = set()
    locked_out: set[str] = set()
    sharing: set[str] = set()
    known: set[str] = set()
    in_question: set[str] = set()
    card_ends: dict[str, date] = {}
    for state in states:
        change = state.change
        if change.account_id and change.kind in ENDING and _stays(state, day):
            kept.add(change.account_id)
        if state.is_open and change.updater.escalated_from and change.updater.escalated_because == "locked_out":
            locked_out.add(change.updater.escalated_from)
        if state.is_open and change.account_id and "shared_number" in change.reasons:
            sharing.add(change.account_id)
        if state.is_open:
            known.add(change.id)
        if state.is_open and change.account_id and (lost := loss_day(change)):
            card_ends[change.account_id] = lost
        if state.is_open and state.status != "refused" and not WHO_IS_WHO.isdisjoint(change.reasons):
            in_question.update((change.account_id or "", *change.candidates))
    in_question.discard("")
    return Earlier(
        kept=frozenset(kept),
        locked_out=frozenset(locked_out),
        sharing=frozenset(sharing),
        known=frozenset(known),
        in_question=frozenset(in_question),
        card_ends=card_ends,
    )


def _stays(state: ChangeState, day: date) -> bool:
    """Refused; or put off, and the day that was named has not come."""
    put_off = state.status == "postponed" and (state.postponed_to is None or state.postponed_to > day)
    return state.status == "refused" or put_off


def asked_of(states: Iterable[ChangeState]) -> Asked:
    """Return what is to be taken away, and nobody has refused."""
    off: set[str] = set()
    ended: set[tuple[str, Held]] = set()
    for state in states:
        change = state.change
        if not change.account_id or not state.is_open or state.status == "refused":
            continue
        if change.kind == "deactivate_account":
            off.add(change.account_id)
        elif change.kind == "end_assignment":
            held = assignment_of(change.assignment)
            ended.add((change.account_id, (held.structure_code, held.function, held.rank)))
    return Asked(frozenset(off), frozenset(ended))


def in_their_own_lives(before: Mapping[str, ChangeState], changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes, those about an account that has become somebody else's under ids of their own: what was
    announced and answered of the former one says nothing of whoever has it now.
    """
    new = {
        one.id: change_id(
            f"{one.id}|{names.full_key(one.person.last_name, one.person.first_name)}", one.kind, one.assignment, ""
        )
        for one in changes
        if one.account_id and (known := before.get(one.id)) and _another(known.change.person, one.person)
    }
    if not new:
        return tuple(changes)
    return tuple(
        one.model_copy(
            update={
                "id": new.get(one.id, one.id),
                "linked_to": tuple(sorted(new.get(key, key) for key in one.linked_to)),
            }
        )
        for one in changes
    )


def _another(one: PersonRef, other: PersonRef) -> bool:
    """Two people: nothing of the name is the same, or half of it, and the number is not."""
    theirs = (one.last_name, one.first_name), (other.last_name, other.first_name)
    if names.compare(*theirs).strong or (one.national_id and one.national_id == other.national_id):
        return False
    return not names.agree(*theirs) or two_registered(one.national_id, other.national_id)
