"""What is waiting for whom: the open changes by updater, with their age (contract §1 `status`, §7)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schemas.changes.change import PostRef
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import POSTS

# A refused change is open, but waits for nobody until its target changes (contract §7).
WAITING = ("new", "notified", "accepted", "postponed")
# What the reports show: the rest was answered, and waits for the annuaire.
SHOWN = ("new", "notified")
# Somebody was told and the annuaire does not show it: these can be late.
_DUE = ("notified", "accepted")


@dataclass(frozen=True, slots=True)
class Pending:
    """One updater's open changes: how many wait by severity, how many stand in each status, the oldest, the late.

    `oldest`: days since the first of those that wait was seen, None when none does. `overdue`: those that have not
    moved for as long as a reminder takes.
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


def pending(states: Iterable[ChangeState], day: date, remind_after_days: int) -> list[Pending]:
    """A row per updater with an open change, the administrator first."""
    found: dict[PostRef, list[ChangeState]] = {}
    for state in states:
        if state.is_open:
            updater = state.change.updater.ref
            found.setdefault(updater, []).append(state)
    order = sorted(found, key=lambda ref: (POSTS.index(ref.post), ref.scope))
    return [_pending(updater, found[updater], day, remind_after_days) for updater in order]


def _pending(updater: PostRef, states: list[ChangeState], day: date, remind_after_days: int) -> Pending:
    waiting = [state for state in states if state.status in WAITING]
    return Pending(
        updater,
        Counter(state.change.severity for state in waiting),
        Counter(state.status for state in states),
        max(((day - state.first_seen).days for state in waiting), default=None),
        sum(1 for state in waiting if state.status in _DUE and (day - state.since).days >= remind_after_days),
    )
