"""The life of a change (contract §7) as one table, `tables/transitions.csv`: whoever moves a change asks here.

`new → notified → accepted | refused | postponed → done`, or superseded, or withdrawn; a closed change that becomes true
again starts anew, its `first_seen` unchanged.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import cast

from schemas.changes.change import Change, ChangeStatus, PostRef
from schemas.errors import IllegalTransitionError
from schemas.nomenclatures import rows, say

OPEN: frozenset[str] = frozenset({"new", "notified", "accepted", "refused", "postponed"})
CLOSED: frozenset[str] = frozenset({"done", "superseded", "withdrawn"})


@cache
def transitions() -> frozenset[tuple[str, str, str]]:
    """Return (from, to, who may do it: run, mail or decision)."""
    return frozenset((row["from"], row["to"], row["by"]) for row in rows("transitions"))


def may_move(before: str, after: str, by: str) -> bool:
    """Tell whether the table allows `by` to move a change from `before` ("": unborn)."""
    return (before, after, by) in transitions()


def check_transition(before: str, after: str, by: str) -> None:
    """Refuse a move that the table does not allow. Raises IllegalTransitionError."""
    if not may_move(before, after, by):
        raise IllegalTransitionError(say("lifecycle.illegal", before=before or "∅", after=after, by=by))


@dataclass(frozen=True, slots=True)
class PairRule:
    """What a half becomes when the other was decided; `anybody`: also where another updater has it.

    `pair`: what makes the two one decision, a `question` or a `rank`; "" where only the one follows from the other.
    """

    becomes: ChangeStatus
    anybody: bool
    pair: str


@cache
def _pairs() -> dict[tuple[str, str, str], PairRule]:
    """`tables/pairs.csv`: (kind decided, what it became, kind of the other half) → what that becomes."""
    return {
        (row["decided"], row["verdict"], row["other"]): PairRule(
            cast(ChangeStatus, row["becomes"]), row["updater"] == "any", row["pair"]
        )
        for row in rows("pairs")
    }


def pair_rule(decided: str, status: str, other: str) -> PairRule | None:
    """Return none where each half has a meaning without the other."""
    return _pairs().get((decided, status, other))


@cache
def pair_contradictions() -> frozenset[tuple[str, str, str, str]]:
    """Return (kind, its answer, kind of the other half, its answer) of what cannot both be meant."""
    return frozenset((row["kind"], row["answered"], row["other"], row["beside"]) for row in rows("pair_contradictions"))


@dataclass(frozen=True, slots=True)
class Event:
    """One step in the life of a change; append-only. No personal data: comments and names live elsewhere.

    `note`: the successor's id of a superseded change, the date of a postponed one, the digest of a returned file…
    """

    change_id: str
    day: date
    before: str
    after: ChangeStatus
    by: str
    note: str = ""


def event_hash(previous: str, event: Event, run_id: str, at: str) -> str:
    """Return SHA-256 of the event and the hash of the one before it: an altered history shows."""
    parts = [
        previous,
        event.change_id,
        event.day.isoformat(),
        event.before,
        event.after,
        event.by,
        event.note,
        run_id,
        at,
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChangeState:
    """A change as the store knows it: its status is what its events add up to.

    `change`: as last seen. `slot`: what it is about, whatever the target; a new target in the same slot supersedes.
    `told_on`: the last day its updater was written to about it, `told_to` who that was. `since`: the day of the last
    event; `announced_on`: the day it was announced as new in its present life, `born_at` the moment that life began.
    """

    change: Change
    slot: str
    status: ChangeStatus
    first_seen: date
    since: date
    told_on: date | None = None
    told_to: PostRef | None = None
    postponed_to: date | None = None
    successor: str = ""
    origin: str = "data"
    announced_on: date | None = None
    born_at: datetime | None = field(default=None, compare=False)

    @property
    def is_open(self) -> bool:
        """Somebody still has to do something, or said they did."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Told:
    """A mail that may have announced a change: of which day, to whom."""

    day: date
    to: PostRef
    message_id: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it stands in the store, with its place in the chain."""

    seq: int
    run_id: str
    at: datetime
    event: Event
    hash: str
    comment: str = field(default="")


def slot_of(change: Change) -> str:
    """Account or person, kind, reason and place: what a change is about, without its target.

    A card alert and a review are about the account or structure as such; an update about its reason.
    """
    who = change.account_id or change.person.national_id or f"{change.person.last_name}|{change.person.first_name}"
    place = change.assignment
    parts = [who, change.kind]
    if change.kind in ("update_account", "review"):
        parts += change.reasons
    if change.kind in ("create_account", "add_assignment", "end_assignment") or not change.account_id:
        parts += [place.structure_code, place.function, place.rank]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:24]
