"""The accounts that vanished from the annuaire: since when, from how many exports in a row, and when they came back."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from connectors.store.batches import execute_all
from connectors.store.tables import absence
from schemas.reading.absence import Absence

# Statements are made once: SQLAlchemy takes longer to put one together than SQLite to answer it.
_KEPT = sa.select(absence).where(absence.c.last_seen != "")
_DAY = sa.bindparam("day", type_=absence.c.since.type)
_LASTING = (
    sa.select(absence)
    .where(absence.c.since < _DAY, sa.or_(absence.c.back_on.is_(None), absence.c.back_on >= _DAY))
    .order_by(absence.c.account_id)
)


def before(connection: sa.Connection, day: date) -> dict[str, Absence]:
    """Account → its absence as it stood before the night of `day`, which may have been played already."""
    return {row.account_id: _counted(row, day) for row in _lasting(connection, day)}


def begun_on(connection: sa.Connection, day: date) -> frozenset[str]:
    """Return the accounts that were missing on `day` for the first time, as that day was played last."""
    return frozenset(connection.execute(sa.select(absence.c.account_id).where(absence.c.since == day)).scalars())


def last_seen(connection: sa.Connection, wanted: Collection[Absence]) -> dict[str, str]:
    """Account → what `record` kept of it, of those of which it kept anything."""
    since = {one.account_id: one.since for one in wanted}
    return {
        row.account_id: row.last_seen for row in connection.execute(_KEPT) if since.get(row.account_id) == row.since
    }


def record(
    connection: sa.Connection, day: date, missing: Mapping[str, Absence], kept: Mapping[str, str] | None = None
) -> None:
    """Record who is missing on `day`, that night counted; who was and is not is back. A second call replaces the first.

    `kept`: account → what is to be known of it meanwhile.
    A day before the last recorded one leaves everything as it is.
    """
    latest = _latest(connection)
    if latest > day:
        return
    if latest == day:
        connection.execute(sa.delete(absence).where(absence.c.since == day))
    known = _lasting(connection, day)
    for row in known:
        this = sa.and_(absence.c.account_id == row.account_id, absence.c.since == row.since)
        connection.execute(sa.update(absence).where(this).values(_values(row, day, missing.get(row.account_id))))
    there = {row.account_id for row in known}
    new = (one for key, one in sorted(missing.items()) if key not in there)
    rows = (
        {"account_id": one.account_id, "since": day, "exports": one.exports, "last_missed": day}
        | {"last_seen": (kept or {}).get(one.account_id, "")}
        for one in new
    )
    execute_all(connection, sa.insert(absence), rows)


def forget(connection: sa.Connection, before_day: date) -> None:
    """Forget those that ended before the day, or have told all they had to tell by then."""
    last = sa.func.coalesce(absence.c.back_on, absence.c.last_missed)
    connection.execute(sa.delete(absence).where(last < before_day))


def _lasting(connection: sa.Connection, day: date) -> list[sa.Row[Any]]:
    """Those that had begun before `day` and were not over."""
    return list(connection.execute(_LASTING, {"day": day}))


def _counted(row: sa.Row[Any], day: date) -> Absence:
    """Without the night of `day` itself."""
    return Absence(row.account_id, row.since, row.exports - int(row.last_missed >= day))


def _values(row: sa.Row[Any], day: date, found: Absence | None) -> dict[str, Any]:
    """What a night makes of an absence: it lasts and counts, or lasts and is long enough, or is over."""
    was = _counted(row, day)
    if found is not None and found.exports > was.exports:
        return {"exports": found.exports, "last_missed": day, "back_on": None}
    earlier = min(row.last_missed, day - timedelta(days=1))
    return {"exports": was.exports, "last_missed": earlier, "back_on": None if found else day}


def _latest(connection: sa.Connection) -> date:
    """The last day that was recorded of any of them."""
    last = connection.execute(sa.select(sa.func.max(absence.c.last_missed), sa.func.max(absence.c.back_on))).one()
    return max((day for day in last if day is not None), default=date.min)
