"""What a decision about one half of a linked pair settles of the other, which has no meaning without it.

`schemas/tables/pairs.csv` says which. A half that was answered for itself is left as it was answered; of two that are
one decision (a question about several accounts, a change of rank) the last answer on either counts for both.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from schemas.changes.change import Change, ChangeStatus
from schemas.changes.lifecycle import ChangeState, Event, PairRule, may_move, pair_contradictions, pair_rule

_RANK = {"add_assignment", "end_assignment"}
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
            if other is None or key in answered:
                continue
            rule = _rule(state.change, event.after, other.change)
            if rule is None or not (rule.pair or other.status in _UNANSWERED):
                continue
            becomes = _from(other.status, rule)
            if becomes == other.status != "postponed":
                continue
            if may_move(other.status, becomes, "decision"):
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
        if (rule := _rule(state.change, state.status, change)) and _unasked(rule, known.get(change.id))
    )


def _unasked(rule: PairRule, own: ChangeState | None) -> bool:
    if rule.becomes == "withdrawn":
        return True
    untold = own is None or own.status == "new" or not own.is_open
    if rule.pair == "rank" and rule.becomes == "refused" and untold:
        return True  # nobody loses the rank they keep
    return rule.becomes == "postponed" and not (own and own.is_open)


def _from(status: ChangeStatus, rule: PairRule) -> ChangeStatus:
    """One of which nobody was told yet is not refused, it is no longer asked."""
    return "withdrawn" if status == "new" and rule.becomes == "refused" else rule.becomes


def _rule(decided: Change, status: str, other: Change) -> PairRule | None:
    """What is settled of the other half; None when it has a meaning of its own."""
    rule = pair_rule(decided.kind, status, other.kind)
    if rule is None or (rule.pair == "question" and decided.reasons != other.reasons):
        return None
    if rule.pair == "rank" and not same_rank_change(decided, other):
        return None
    return rule if rule.anybody or decided.updater.ref == other.updater.ref else None


def becomes_with(decided: Change, status: str, other: Change) -> tuple[ChangeStatus | None, bool]:
    """Return what an answer to one half makes of the other, None where that has a meaning of its own; and whether both
    are one decision, with the same answers.
    """
    rule = _rule(decided, status, other)
    return (rule.becomes, rule.pair == "question") if rule else (None, False)


def entered_since(
    open_changes: Iterable[Change], before: Mapping[str, ChangeState], tonight: Iterable[Event]
) -> dict[str, date]:
    """Return the id of an end → the day the annuaire showed the function that its account took elsewhere: it waited for
    it.
    """
    done = {event.change_id: event.day for event in tonight if event.after == "done"}
    shown: dict[str, date] = {}
    for key, state in before.items():
        day = done.get(key) or (state.since if state.status == "done" else None)
        if day and state.change.kind == "add_assignment" and state.change.account_id:
            shown[state.change.account_id] = max(day, shown.get(state.change.account_id, day))
    ends = (one for one in open_changes if one.kind == "end_assignment" and one.account_id in shown)
    return {one.id: shown[one.account_id or ""] for one in ends if shown[one.account_id or ""] >= one.first_seen}


def are_opposed(kind: str, answered: str, other: str, beside: str) -> bool:
    """Tell whether the answers to two linked changes cannot both be meant: the function stays, the account goes."""
    table = pair_contradictions()
    return (kind, answered, other, beside) in table or (other, beside, kind, answered) in table


def same_rank_change(one: Change, other: Change) -> bool:
    """Tell whether a function to add and one to end are one thing for one updater: somebody's rank at a place."""
    return (
        {one.kind, other.kind} == _RANK
        and one.account_id == other.account_id is not None
        and one.updater.ref == other.updater.ref
        and _without_rank(one) == _without_rank(other)
        and one.assignment.rank != other.assignment.rank
    )


def _without_rank(change: Change) -> tuple[str, str]:
    return change.assignment.structure_code, change.assignment.function
