"""What a witness knows to have been announced, and a store put back from a backup has forgotten."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from schemas.changes.change import Change
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.changes.witness import Announced


def regain(
    announced: Mapping[str, Announced], known: Mapping[str, ChangeState], tonight: Iterable[Change]
) -> dict[str, ChangeState]:
    """Return the changes of which the witness knows more than the store, as they stand: told, and waiting.

    Of those that neither tonight finds nor the store knows there is nothing to say, tonight.
    """
    there = {key: known[key].change for key in announced if key in known and known[key].is_open}
    there |= {change.id: change for change in tonight if change.id in announced}
    states = ((key, _told(change, known.get(key), announced[key])) for key, change in sorted(there.items()))
    return {key: state for key, state in states if state is not None}


def still_lost(
    announced: Mapping[str, Announced], known: Mapping[str, ChangeState], tonight: Iterable[Change], *, whole: bool
) -> dict[str, Announced]:
    """Return what was announced, is not open in the store, and was not met `tonight`: it may only have been unreadable.

    `whole`: the night read everything there was: then it is not true, and starts anew when it is.
    """
    met = {change.id for change in tonight} | {key for key, state in known.items() if state.is_open}
    return {} if whole else {key: one for key, one in announced.items() if key not in met}


def _told(change: Change, state: ChangeState | None, told: Announced) -> ChangeState | None:
    """None where the store knows as much."""
    if state is not None and state.postponed_to and state.postponed_to <= told.told_on:
        return replace(
            state, status="notified", since=told.told_on, postponed_to=None, told_on=told.told_on, told_to=told.to
        )
    if state is not None and state.is_open and state.status != "new":
        behind = state.told_on is None or state.told_on < told.told_on
        return replace(state, told_on=told.told_on, told_to=told.to) if behind else None
    first_seen = min(told.first_seen, state.first_seen) if state else told.first_seen
    return ChangeState(
        change.model_copy(update={"first_seen": first_seen, "status": "notified"}),
        slot_of(change),
        "notified",
        first_seen,
        since=told.new_on,
        told_on=told.told_on,
        told_to=told.to,
        origin=state.origin if state else "data",
    )
