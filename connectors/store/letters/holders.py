"""Which holders of cards were written to themselves, for which of the days before the end of which card."""

from datetime import date, datetime

import sqlalchemy as sa

from connectors.store.tables import holder_mail
from schemas.reports.mail import HolderTold


def record(
    connection: sa.Connection, account_id: str, ends_on: date, days: int, outcome: str, day: date, now: datetime
) -> None:
    """Record what became of a mail: « sending » before it goes, then « sent », « failed » or « unknown »."""
    this = (holder_mail.c.account_id == account_id) & (holder_mail.c.ends_on == ends_on) & (holder_mail.c.days == days)
    done = connection.execute(sa.update(holder_mail).where(this).values(outcome=outcome, day=day, at=now))
    if not done.rowcount:
        row = {"account_id": account_id, "ends_on": ends_on, "days": days, "outcome": outcome, "day": day, "at": now}
        connection.execute(sa.insert(holder_mail), [row])


def read(connection: sa.Connection) -> list[HolderTold]:
    """Return all of them, oldest first."""
    wanted = sa.select(holder_mail).order_by(holder_mail.c.at, holder_mail.c.account_id)
    return [
        HolderTold(row.account_id, row.ends_on, row.days, row.outcome, row.day) for row in connection.execute(wanted)
    ]


def forget(connection: sa.Connection, before: date) -> int:
    """Return those of cards that ended before a day."""
    return connection.execute(sa.delete(holder_mail).where(holder_mail.c.ends_on < before)).rowcount
