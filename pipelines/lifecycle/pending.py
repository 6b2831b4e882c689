"""What is waiting for whom: the open changes by updater, with their age (contract §1 `status`, §7)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schemas.changes.change import Change, PostRef
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import POSTS

# What waits for a decision: the rest was answered, and waits for the annuaire, a day, or nothing. Every surface counts
# these, and the answered beside them: one number has one counter (mail, « Synthèse », page, terminal).
SHOWN = ("new", "notified")


@dataclass(frozen=True, slots=True)
class Pending:
    """One updater's open changes: how many wait for a decision by severity, how many stand in each status, the oldest
    and the late.

    `oldest`: days since the first of those that wait was seen, None when none does. `overdue`: those that have not
    moved for as long as a reminder takes, said to be done or not answered; a question that was answered is not one.
    """

    updater: PostRef
    severities: Counter[str]
    statuses: Counter[str]
    oldest: int | None
    overdue: int

    @property
    def waiting(self) -> int:
        """All severities."""
        return self.severities.total()

    @property
    def answered(self) -> dict[str, int]:
        """Status → how many are open and wait for no decision."""
        return {status: count for status, count in sorted(self.statuses.items()) if status not in SHOWN}


def one_question(one: Change, other: Change) -> bool:
    """Tell whether two reviews of one updater are about the same people: one is asked (`schemas/tables/pairs.csv`)."""
    return one.kind == other.kind == "review" and one.reasons == other.reasons and one.updater.ref == other.updater.ref


def asked_once(changes: Iterable[Change]) -> list[Change]:
    """Return them in the order of their ids; of the halves of one question the first, as the reports show and count
    them.
    """
    ordered = sorted(changes, key=lambda one: one.id)
    known = {change.id: change for change in ordered}
    left: set[str] = set()
    kept: list[Change] = []
    for change in ordered:
        if change.id not in left:
            kept.append(change)
            left |= {link for link in change.linked_to if link in known and one_question(change, known[link])}
    return kept


def states_asked_once(states: Iterable[ChangeState]) -> list[ChangeState]:
    """Return the open ones, each question once."""
    are_open = [state for state in states if state.is_open]
    kept = {change.id for change in asked_once(state.change for state in are_open)}
    return [state for state in are_open if state.change.id in kept]


def pending(states: Iterable[ChangeState], day: date, remind_after_days: int) -> list[Pending]:
    """Return a row per updater with an open change, the administrator first."""
    found: dict[PostRef, list[ChangeState]] = {}
    for state in states_asked_once(states):
        found.setdefault(state.change.updater.ref, []).append(state)
    order = sorted(found, key=lambda ref: (POSTS.index(ref.post), ref.scope))
    return [_pending(updater, found[updater], day, remind_after_days) for updater in order]


def _pending(updater: PostRef, states: list[ChangeState], day: date, remind_after_days: int) -> Pending:
    waiting = [state for state in states if state.status in SHOWN]
    return Pending(
        updater,
        Counter(state.change.severity for state in waiting),
        Counter(state.status for state in states),
        max(((day - state.first_seen).days for state in waiting), default=None),
        sum(1 for state in states if _due(state) and (day - state.since).days >= remind_after_days),
    )


def _due(state: ChangeState) -> bool:
    return state.status == "notified" or (state.status == "accepted" and state.change.kind != "review")
