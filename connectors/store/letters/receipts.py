"""What came back, file by file, and how far its receipt has come."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

import sqlalchemy as sa
from pydantic import TypeAdapter

from connectors.store.tables import decision, returned
from schemas.changes.change import Post, PostRef
from schemas.changes.receipt import UNUSED, Facts, KeptReturn, Parcel, ReceiptOutcome, Return

_FACTS = TypeAdapter(Facts)


def record(connection: sa.Connection, found: Return, day: date, now: datetime) -> int | None:
    """Write it down with a receipt that is due; its number, None where it was written down before.

    What could not be read or taken then, and is now, is told again.
    """
    this = (returned.c.key == found.parcel.key) & (returned.c.digest == found.digest)
    before = connection.execute(sa.select(returned.c.id, returned.c.outcome).where(this)).first()
    if before is not None and not (before.outcome in UNUSED and found.facts.outcome not in (*UNUSED, "seen")):
        return None
    values = {
        "key": found.parcel.key,
        "digest": found.digest,
        "at": now,
        "day": day,
        "file_name": found.file_name,
        "sender": found.parcel.sender,
        "message_id": found.parcel.message_id,
        "post": found.post.post if found.post else "",
        "scope": found.post.scope if found.post else "",
        "outcome": found.facts.outcome,
        "facts": json.dumps(_FACTS.dump_python(found.facts, mode="json"), ensure_ascii=False),
        "receipt": "",
        "receipt_outcome": "due",
        "outbox": "",
    }
    if before is not None:
        connection.execute(sa.update(returned).where(this).values(values))
        return int(before.id)
    added = connection.execute(sa.insert(returned).values(values)).inserted_primary_key
    return int(added[0]) if added else None


def file_seen(connection: sa.Connection, digest: str) -> bool:
    """Tell whether a file of this content was read to its end before, whether it decided anything or not."""
    read_to_its_end = returned.c.outcome.in_(("recorded", "empty", "workbook"))
    found = sa.select(returned.c.id).where(returned.c.digest == digest, read_to_its_end)
    return connection.execute(found).first() is not None


def sent(connection: sa.Connection) -> dict[str, datetime]:
    """Change id → when the mail was sent with the answer that counts; without those that came by no mail."""
    last = sa.select(sa.func.max(decision.c.id)).where(decision.c.outcome == "accepted").group_by(decision.c.change_id)
    told = sa.select(decision.c.change_id, returned.c.facts).join(returned, returned.c.digest == decision.c.file_digest)
    rows = connection.execute(told.where(decision.c.id.in_(last), returned.c.outcome == "recorded"))
    found = ((row.change_id, json.loads(row.facts or "{}").get("sent")) for row in rows)
    return {change_id: datetime.fromisoformat(moment) for change_id, moment in found if moment}


def mail_taken(connection: sa.Connection, message_id: str) -> bool:
    """Tell whether a mail of this Message-ID was looked at before."""
    found = sa.select(returned.c.id).where(returned.c.message_id == message_id)
    return connection.execute(found).first() is not None


def read(connection: sa.Connection, digest: str | None, outcome: ReceiptOutcome | None) -> list[KeptReturn]:
    """Return the returns that are so, oldest first."""
    wanted = sa.select(returned).order_by(returned.c.id)
    if digest is not None:
        wanted = wanted.where(returned.c.digest == digest)
    if outcome is not None:
        wanted = wanted.where(returned.c.receipt_outcome == outcome)
    return [_kept(row) for row in connection.execute(wanted)]


def set_receipt(
    connection: sa.Connection, numbers: Sequence[int], outcome: ReceiptOutcome, message_id: str, outbox: str
) -> None:
    """Write where their receipt stands."""
    values = {"receipt": message_id, "receipt_outcome": outcome, "outbox": outbox}
    connection.execute(sa.update(returned).where(returned.c.id.in_(numbers)).values(values))


def _kept(row: sa.Row[Any]) -> KeptReturn:
    post = PostRef(post=cast(Post, row.post), scope=row.scope) if row.post else None
    parcel = Parcel(row.key, row.sender, row.message_id)
    facts = _FACTS.validate_python(json.loads(row.facts)) if row.facts else Facts(row.outcome)
    found = Return(parcel, row.file_name, row.digest, post, facts)
    return KeptReturn(row.id, row.at, row.day, found, row.receipt, row.receipt_outcome)
