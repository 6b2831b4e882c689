"""Mails that left, or did not, or perhaps did, and which changes each spoke of."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connectors.store import events
from connectors.store.tables import mail, mail_change, mail_refusal
from schemas.changes.change import PostRef
from schemas.changes.lifecycle import Event
from schemas.errors import RecipientRefusal
from schemas.reports.mail import MailOutcome, MailRow

UNKNOWN = ("sending", "unknown")
# Statements are made once: SQLAlchemy takes longer to put one together than SQLite to answer it.
_ALL = sa.select(mail).order_by(mail.c.at, mail.c.message_id)
_UNKNOWN = _ALL.where(mail.c.outcome.in_(UNKNOWN))
_INTERRUPTED = _ALL.where(mail.c.outcome == "sending")
_REFUSED = _ALL.where(
    mail.c.run_id == sa.bindparam("run"),
    mail.c.outcome == "sent",
    sa.exists().where(mail_refusal.c.message_id == mail.c.message_id),
)
_SENT = sa.select(mail.c.message_id).where(mail.c.message_id == sa.bindparam("this"), mail.c.outcome == "sent")

_THIS = sa.bindparam("this", type_=mail.c.message_id.type)
_KNOWN = sa.select(mail.c.lot, mail.c.outbox).where(mail.c.message_id == _THIS)
_FORGET = tuple(sa.delete(table).where(table.c.message_id == _THIS) for table in (mail_refusal, mail_change, mail))
_INSERT, _INSERT_CHANGES, _INSERT_REFUSALS = sa.insert(mail), sa.insert(mail_change), sa.insert(mail_refusal)


def is_sent(connection: sa.Connection, message_id: str) -> bool:
    """Tell whether this very mail has left already."""
    return connection.execute(_SENT, {"this": message_id}).first() is not None


def record(connection: sa.Connection, row: MailRow, now: datetime) -> None:
    """Write what became of a mail over what was known of it, of which lot and outbox stay."""
    this = {"this": row.message_id}
    before = connection.execute(_KNOWN, this).first()
    for statement in _FORGET if before else ():
        connection.execute(statement, this)
    values = {
        "message_id": row.message_id,
        "run_id": row.run_id,
        "post": row.updater.post,
        "scope": row.updater.scope,
        "day": row.day,
        "at": now,
        "outcome": row.outcome,
        "error": row.error or ("?" if row.outcome == "failed" else ""),
        "lot": row.lot or (before.lot if before else ""),
        "outbox": row.outbox or (before.outbox if before else ""),
    }
    connection.execute(_INSERT, values)
    changes = [{"message_id": row.message_id, "change_id": one} for one in sorted(set(row.change_ids))]
    if changes:
        connection.execute(_INSERT_CHANGES, changes)
    refused = [{"message_id": row.message_id, "position": one.position, "code": one.code} for one in row.refusals]
    if refused:
        connection.execute(_INSERT_REFUSALS, refused)


def find_interrupted(connection: sa.Connection) -> None:
    """Find a mail that was being sent when its run was killed: nobody heard the answer."""
    connection.execute(sa.update(mail).where(mail.c.outcome == "sending").values(outcome="unknown"))


def replace_unknown(connection: sa.Connection, updater: PostRef, told: Collection[str]) -> None:
    """Note that a mail is telling this updater of `told`: an unknown one that has nothing else to announce matters no
    more.
    """
    theirs = _UNKNOWN.where(mail.c.post == updater.post, mail.c.scope == updater.scope)
    for row in _read(connection, theirs):
        status = events.statuses(connection, set(row.change_ids))
        if {key for key in row.change_ids if status.get(key) == "new"} <= set(told):
            this = mail.c.message_id == row.message_id
            connection.execute(sa.update(mail).where(this).values(outcome="replaced"))


def _read(
    connection: sa.Connection, wanted: sa.Select[Any], values: Mapping[str, object] | None = None
) -> list[MailRow]:
    rows = connection.execute(wanted, values).all()
    if not rows:  # as in most nights, which ask several times
        return []
    these = [row.message_id for row in rows]
    changes: dict[str, list[str]] = defaultdict(list)
    refusals: dict[str, list[RecipientRefusal]] = defaultdict(list)
    for row in connection.execute(sa.select(mail_change).where(mail_change.c.message_id.in_(these))):
        changes[row.message_id].append(row.change_id)
    for row in connection.execute(sa.select(mail_refusal).where(mail_refusal.c.message_id.in_(these))):
        refusals[row.message_id].append(RecipientRefusal(row.position, row.code))
    return [
        MailRow(
            row.message_id,
            row.run_id,
            PostRef(post=row.post, scope=row.scope),
            row.day,
            row.outcome,
            tuple(sorted(changes[row.message_id])),
            tuple(sorted(refusals[row.message_id])),
            row.outbox,
        )
        for row in rows
    ]


def message_ids(connection: sa.Connection) -> set[str]:
    """Return those of every mail that was ever written down."""
    return set(connection.execute(sa.select(mail.c.message_id)).scalars())


def unknown(connection: sa.Connection) -> list[MailRow]:
    """Return those of which nobody knows whether they arrived."""
    return _read(connection, _UNKNOWN)


def interrupted(connection: sa.Connection) -> list[MailRow]:
    """Return those that were about to leave and of which nothing was recorded after."""
    return _read(connection, _INTERRUPTED)


def lots(connection: sa.Connection) -> dict[str, datetime]:
    """Return lot → when a mail last carried it."""
    last = sa.select(mail.c.lot, sa.func.max(mail.c.at).label("at")).where(mail.c.outcome == "sent", mail.c.lot != "")
    return {row.lot: row.at for row in connection.execute(last.group_by(mail.c.lot))}


def last_in(connection: sa.Connection, outbox: str) -> str:
    """Return the Message-ID of the last mail that was put into this outbox, "" before the first."""
    there = (mail.c.outcome == "sent") & (mail.c.outbox == outbox)
    row = connection.execute(sa.select(mail.c.message_id).where(there).order_by(mail.c.at.desc()).limit(1)).first()
    return row.message_id if row else ""


def unsent(connection: sa.Connection, run_id: str) -> int:
    """Tell how many mails of a run did not leave."""
    mine = sa.select(sa.func.count()).where(mail.c.run_id == run_id, mail.c.outcome == "failed")
    return int(connection.execute(mine).scalar_one())


def refused(connection: sa.Connection, run_id: str) -> list[MailRow]:
    """Return those of a run that left, but not for every recipient."""
    return _read(connection, _REFUSED, {"run": run_id})


def settle(connection: sa.Connection, row: MailRow, *, arrived: bool, by: str, now: datetime) -> None:
    """Record what a human says became of an unknown mail: it arrived, so its changes are told; or not, so it leaves
    again.
    """
    this = mail.c.message_id == row.message_id
    outcome: MailOutcome = "sent" if arrived else "failed"
    connection.execute(sa.update(mail).where(this).values(outcome=outcome, settled_by=by, settled_at=now))
    if arrived:
        status = events.statuses(connection, set(row.change_ids))
        told = [Event(key, row.day, "new", "notified", "mail") for key in row.change_ids if status.get(key) == "new"]
        events.append(connection, row.run_id, told, now)
