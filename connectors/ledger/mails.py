"""Mails that left, or did not, and which changes each spoke of."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from connectors.ledger.tables import mail, mail_change, run
from schemas.change import PostRef

SENT, FAILED = "sent", "failed"


def is_sent(connection: sa.Connection, message_id: str) -> bool:
    """This very mail has left already."""
    this = (mail.c.message_id == message_id) & (mail.c.outcome == SENT)
    return connection.execute(sa.select(mail.c.message_id).where(this)).first() is not None


def record(
    connection: sa.Connection,
    run_id: str,
    message_id: str,
    updater: PostRef,
    change_ids: Sequence[str],
    now: datetime,
    *,
    error: str = "",
) -> None:
    """Write what became of a mail over what was known of it; with an error, it did not leave."""
    day = connection.execute(sa.select(run.c.as_of).where(run.c.run_id == run_id)).scalar_one()
    connection.execute(sa.delete(mail_change).where(mail_change.c.message_id == message_id))
    connection.execute(sa.delete(mail).where(mail.c.message_id == message_id))
    outcome = FAILED if error else SENT
    values = {"post": updater.post, "scope": updater.scope, "day": day, "at": now, "outcome": outcome, "error": error}
    connection.execute(sa.insert(mail).values(message_id=message_id, run_id=run_id, **values))
    if change_ids:
        rows = [{"message_id": message_id, "change_id": one} for one in sorted(set(change_ids))]
        connection.execute(sa.insert(mail_change), rows)
