"""Decisions as they came back: those that counted, each with its event, and those that were refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from connectors.store.tables import decision
from schemas.changes.change import Post, PostRef
from schemas.changes.decision import DecisionEntry
from schemas.changes.stored import StoredDecision


def record(
    connection: sa.Connection, entries: Sequence[DecisionEntry], events: Mapping[str, int], now: datetime
) -> None:
    """Write the decisions; `events` has the number of the event that each accepted one brought about."""
    rows = [
        {
            "change_id": entry.change_id,
            "at": now,
            "file_name": entry.file_name,
            "file_digest": entry.file_digest,
            "verdict": entry.verdict,
            "postponed_to": entry.postponed_to,
            "comment": entry.comment,
            "updater_post": entry.updater.post if entry.updater else "",
            "updater_scope": entry.updater.scope if entry.updater else "",
            "outcome": entry.outcome,
            "reason": entry.reason,
            "lot": entry.lot,
            "said": entry.said,
            "event": events.get(entry.change_id) if entry.outcome == "accepted" else None,
        }
        for entry in entries
    ]
    if rows:
        connection.execute(sa.insert(decision), rows)


def file_seen(connection: sa.Connection, digest: str) -> bool:
    """Tell whether a file of this content was taken in before."""
    return connection.execute(sa.select(decision.c.id).where(decision.c.file_digest == digest)).first() is not None


def read(connection: sa.Connection, change_id: str | None) -> list[StoredDecision]:
    """Return the decisions of one change, or all, in the order they came."""
    wanted = sa.select(decision).order_by(decision.c.id)
    if change_id is not None:
        wanted = wanted.where(decision.c.change_id == change_id)
    return [_decision(row) for row in connection.execute(wanted)]


def answered(connection: sa.Connection) -> dict[str, str]:
    """Change id → the lot that its last counted answer stands on."""
    last = sa.select(sa.func.max(decision.c.id)).where(decision.c.outcome == "accepted").group_by(decision.c.change_id)
    rows = connection.execute(sa.select(decision.c.change_id, decision.c.lot).where(decision.c.id.in_(last)))
    return {row.change_id: row.lot for row in rows}


def _decision(row: sa.Row[Any]) -> StoredDecision:
    updater = None
    if row.updater_post:
        updater = PostRef(post=cast(Post, row.updater_post), scope=row.updater_scope)
    entry = DecisionEntry(
        change_id=row.change_id,
        verdict=row.verdict,
        postponed_to=row.postponed_to,
        comment=row.comment,
        updater=updater,
        file_name=row.file_name,
        file_digest=row.file_digest,
        outcome=row.outcome,
        reason=row.reason,
        lot=row.lot,
        said=row.said,
    )
    return StoredDecision(row.id, row.at, entry, row.event)
