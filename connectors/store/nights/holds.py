"""Sets that a safeguard held back, and who let them out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connectors.store import tables
from schemas.changes.safeguard import Hold
from schemas.changes.stored import Release

_HOLD = tuple(Hold.__slots__)


def record(connection: sa.Connection, run_id: str, held: Sequence[Hold]) -> None:
    """Record the holds of a run; said again, they replace those said before."""
    connection.execute(sa.delete(tables.hold).where(tables.hold.c.run_id == run_id))
    if held:
        connection.execute(sa.insert(tables.hold), [_values(run_id, one) for one in held])


def read(connection: sa.Connection, run_id: str) -> list[Hold]:
    """Return what the run held, in the order of updaters."""
    rows = connection.execute(sa.select(tables.hold).where(tables.hold.c.run_id == run_id))
    return sorted(map(_hold, rows))


def release(connection: sa.Connection, run_id: str, held: Hold, by: str, now: datetime) -> None:
    """Record who let it out, and up to what."""
    connection.execute(sa.insert(tables.release).values(**_values(run_id, held), by=by, at=now))


def releases(connection: sa.Connection, run_id: str | None) -> list[Release]:
    """Return what was let out of a run, or ever, oldest first."""
    wanted = sa.select(tables.release).order_by(tables.release.c.id)
    if run_id is not None:
        wanted = wanted.where(tables.release.c.run_id == run_id)
    return [Release(row.run_id, _hold(row), row.by, row.at) for row in connection.execute(wanted)]


def _values(run_id: str, held: Hold) -> dict[str, Any]:
    return {"run_id": run_id, **{name: getattr(held, name) for name in _HOLD}}


def _hold(row: sa.Row[Any]) -> Hold:
    mapping = row._mapping  # a row is a tuple, whose own `count` hides the column of that name
    return Hold(**{name: mapping[name] for name in _HOLD})
