"""What updaters decided of who is who, each until it is taken back."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa

from connectors.store.tables import judgement
from schemas.changes.change import Post, PostRef
from schemas.changes.judgement import Judgement


def record(connection: sa.Connection, answered: Collection[str], found: Sequence[Judgement], now: datetime) -> None:
    """Write them down. Whatever was decided by an earlier answer to these questions is replaced by the new one."""
    _end(connection, answered, now.date(), "answer", now)
    rows = [
        {
            "change_id": one.change_id,
            "at": now,
            "day": one.day,
            "about": one.about,
            "choice": one.choice,
            "keys": json.dumps(one.keys, ensure_ascii=False),
            "name": one.name,
            "place": one.place,
            "number": one.number,
            "account": one.account,
            "said": one.said,
            "updater_post": one.by.post if one.by else "",
            "updater_scope": one.by.scope if one.by else "",
        }
        for one in found
    ]
    if rows:
        connection.execute(sa.insert(judgement), rows)


def undo(connection: sa.Connection, change_id: str, by: str, now: datetime) -> int:
    """Take back what was decided by the answers to one question; how many stood."""
    return _end(connection, (change_id,), now.date(), by, now)


def _end(connection: sa.Connection, answered: Collection[str], day: date, by: str, now: datetime) -> int:
    if not answered:
        return 0
    these = judgement.c.change_id.in_(sorted(answered)) & judgement.c.undone_on.is_(None)
    done = connection.execute(sa.update(judgement).where(these).values(undone_on=day, undone_by=by, undone_at=now))
    return done.rowcount


def read(connection: sa.Connection) -> list[Judgement]:
    """Return all of them, those taken back included, in the order they came."""
    return [_judgement(row) for row in connection.execute(sa.select(judgement).order_by(judgement.c.id))]


def forget(connection: sa.Connection, before: date) -> int:
    """Return those that were taken back before a day; the others are still needed."""
    return connection.execute(sa.delete(judgement).where(judgement.c.undone_on < before)).rowcount


def _judgement(row: sa.Row[Any]) -> Judgement:
    by = PostRef(post=cast(Post, row.updater_post), scope=row.updater_scope) if row.updater_post else None
    return Judgement(
        change_id=row.change_id,
        about=row.about,
        choice=row.choice,
        keys=tuple(json.loads(row.keys)),
        day=row.day,
        name=row.name,
        place=row.place,
        number=row.number,
        account=row.account,
        said=row.said,
        by=by,
        undone_on=row.undone_on,
    )
