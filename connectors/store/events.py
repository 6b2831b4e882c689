"""The events of every change, append-only, in one chain of hashes over the whole store."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from connectors.store.batches import execute_all
from connectors.store.tables import decision, event, run
from schemas.changes.lifecycle import Event, StoredEvent, check_transition, event_hash
from schemas.errors import StoreError
from schemas.nomenclatures import say

_HEAD = sa.select(event.c.seq, event.c.hash).order_by(event.c.seq.desc()).limit(1)
_AT = sa.select(event.c.hash).where(event.c.seq == sa.bindparam("number"))
_LAST = sa.select(sa.func.max(event.c.seq)).group_by(event.c.change_id)
_THESE = event.c.change_id.in_(sa.bindparam("these", expanding=True))
_STAND, _STAND_OF = (
    sa.select(event.c.change_id, event.c.after).where(event.c.seq.in_(last)) for last in (_LAST, _LAST.where(_THESE))
)
FEW = 500  # ids in one query; for more, the whole table is looked through once


def head(connection: sa.Connection) -> tuple[int, str]:
    """Return (number, hash) of the last event; (0, "") before the first."""
    row = connection.execute(_HEAD).one_or_none()
    return (row.seq, row.hash) if row else (0, "")


def remembers(connection: sa.Connection, number: int, digest: str) -> bool:
    """Tell whether the event of this number is there, and is the one of this hash; before the first event there is
    none.
    """
    found = connection.execute(_AT, {"number": number}).scalar_one_or_none()
    return (found or "") == digest


def append(connection: sa.Connection, run_id: str, events: Sequence[Event], now: datetime) -> dict[str, int]:
    """Write events at the end of the chain; change id → number of its (last) event.

    Raises IllegalTransitionError for a move the table of the life does not have, StoreError for one that does
    not start where the change stands: somebody else moved it since it was looked at.
    """
    if not events:
        return {}
    status = statuses(connection, {one.change_id for one in events})
    seq, last = head(connection)
    at = _at(now)
    numbers: dict[str, int] = {}

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal seq, last
        for one in events:
            check_transition(one.before, one.after, one.by)
            found = status.get(one.change_id, "")
            if found != one.before:
                raise StoreError(say("store.moved", id=one.change_id, expected=one.before or "∅", found=found or "∅"))
            status[one.change_id] = one.after
            seq, previous, last = seq + 1, last, event_hash(last, one, run_id, at)
            numbers[one.change_id] = seq
            values = {name: getattr(one, name) for name in Event.__slots__}
            yield {**values, "seq": seq, "run_id": run_id, "at": now, "prev_hash": previous, "hash": last}

    execute_all(connection, sa.insert(event), rows())
    return numbers


def append_missing(connection: sa.Connection, run_id: str, events: Sequence[Event], now: datetime) -> None:
    """Write those events of a run that it has not written yet, each as often as it is given: a run may be resumed."""
    written = Counter(_of_run(connection, run_id))
    missing = []
    for one in events:
        if written[one]:
            written[one] -= 1
        else:
            missing.append(one)
    append(connection, run_id, missing, now)


def statuses(connection: sa.Connection, change_ids: set[str]) -> dict[str, str]:
    """Tell where each of these changes stands now; one that has no event is left out."""
    few = len(change_ids) <= FEW
    rows = connection.execute(_STAND_OF, {"these": list(change_ids)}) if few else connection.execute(_STAND)
    return {row.change_id: row.after for row in rows if row.change_id in change_ids}


def _of_run(connection: sa.Connection, run_id: str) -> list[Event]:
    """What a run wrote itself, in order, without what its mails brought about."""
    mine = (event.c.run_id == run_id) & (event.c.by != "mail")
    return [_event(row) for row in connection.execute(sa.select(event).where(mine).order_by(event.c.seq))]


def history(connection: sa.Connection, change_id: str) -> list[StoredEvent]:
    """Return the life of a change, oldest first, with the comment of each decision."""
    rows = connection.execute(
        sa.select(event, decision.c.comment)
        .outerjoin(decision, decision.c.event == event.c.seq)
        .where(event.c.change_id == change_id)
        .order_by(event.c.seq)
    )
    return [StoredEvent(row.seq, row.run_id, row.at, _event(row), row.hash, comment=row.comment or "") for row in rows]


def first_broken(connection: sa.Connection) -> int | None:
    """Return number of the first event that is altered, moved or missing; None while the chain holds."""
    ends = dict(connection.execute(sa.select(run.c.last_event, run.c.last_hash).where(run.c.last_event > 0)).all())
    expected, previous = 1, ""
    wanted = sa.select(event).order_by(event.c.seq).execution_options(yield_per=2000)
    with connection.execute(wanted) as rows:
        for row in rows:
            intact = row.hash == event_hash(previous, _event(row), row.run_id, _at(row.at))
            in_place = row.seq == expected and row.prev_hash == previous and ends.get(row.seq, row.hash) == row.hash
            if not (intact and in_place):
                return expected
            expected, previous = row.seq + 1, row.hash
    return expected if ends and max(end for end in ends if end) >= expected else None


def _event(row: sa.Row[Any]) -> Event:
    return Event(**{name: getattr(row, name) for name in Event.__slots__})


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
