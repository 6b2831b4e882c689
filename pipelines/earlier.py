"""What the nights before and the updaters' answers leave to be known of tonight."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.lifecycle import ChangeState

_ENDS = ("end_assignment", "deactivate_account")


@dataclass(frozen=True, slots=True)
class Earlier:
    """`kept`: accounts whose end an updater refused or put off: they need their card all the same. `locked_out`: the
    posts (by name) of which nobody could log in, which stays so while nothing else is known.
    """

    kept: frozenset[str] = frozenset()
    locked_out: frozenset[str] = frozenset()


def earlier_of(states: Iterable[ChangeState]) -> Earlier:
    """Out of the changes as they stood before the night."""
    kept: set[str] = set()
    locked_out: set[str] = set()
    for state in states:
        change = state.change
        if change.account_id and change.kind in _ENDS and state.status in ("refused", "postponed"):
            kept.add(change.account_id)
        if state.is_open and change.updater.escalated_from and change.updater.escalated_because == "locked_out":
            locked_out.add(change.updater.escalated_from)
    return Earlier(frozenset(kept), frozenset(locked_out))
