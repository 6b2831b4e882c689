"""What a decision about one half of a linked pair settles of the other, which has no meaning without it.

`schemas/tables/pairs.csv` says which. A half that was answered for itself is left as it was answered.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from schemas.changes.change import Change, ChangeStatus
from schemas.changes.lifecycle import ChangeState, Event, may_move, pair_rule

_UNANSWERED: tuple[ChangeStatus, ...] = ("new", "notified", "postponed")
# Two halves may have been decided: what is gone is not put off, and what is put off waits for the last day.
_STRONGEST: tuple[ChangeStatus, ...] = ("withdrawn", "postponed", "accepted", "refused")


def settle(
    decided: Sequence[Event], states: Mapping[str, ChangeState], answered: Collection[str], day: date
) -> tuple[Event, ...]:
    """Return the moves of the other halves of what was `decided`, less those `answered` themselves.

    `note`: the date of a postponed one, else the id of the half that was decided.
    """
    found: dict[str, list[tuple[ChangeStatus, str]]] = defaultdict(list)
    for event in decided:
        state = states[event.change_id]
        for key in state.change.linked_to:
            other = states.get(key)
            if other is None or key in answered or other.status not in _UNANSWERED:
                continue
            becomes = _becomes(state.change, event.after, other.change)
            if becomes and may_move(other.status, becomes, "decision"):
                found[key].append((becomes, event.note if becomes == "postponed" else event.change_id))
    return tuple(_event(states[key], moves, day) for key, moves in sorted(found.items()))


def _event(state: ChangeState, moves: Sequence[tuple[ChangeStatus, str]], day: date) -> Event:
    becomes = min((after for after, _ in moves), key=_STRONGEST.index)
    note = max(text for after, text in moves if after == becomes)
    return Event(state.change.id, day, state.status, becomes, "decision", note)


def meaningless(known: Mapping[str, ChangeState], tonight: Iterable[Change]) -> frozenset[str]:
    """Return those of tonight that are not to be asked, because of what was decided of their other half.

    One whose half is put off is left out while it is not open itself: it is asked when that day has come.
    """
    return frozenset(
        change.id
        for change in tonight
        for state in (known[key] for key in change.linked_to if key in known)
        if (becomes := _becomes(state.change, state.status, change)) == "withdrawn"
        or (becomes == "postponed" and not (change.id in known and known[change.id].is_open))
    )


def _becomes(decided: Change, status: str, other: Change) -> ChangeStatus | None:
    """What the other half becomes; None when it has a meaning of its own."""
    rule = pair_rule(decided.kind, status, other.kind)
    if rule is None or (decided.kind == "review" and decided.reasons != other.reasons):
        return None
    theirs = (decided.updater.post, decided.updater.scope) == (other.updater.post, other.updater.scope)
    return rule.becomes if theirs or rule.anybody else None
