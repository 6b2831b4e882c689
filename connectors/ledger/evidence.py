"""What the last finished run's changes rested on: digests by digests, nobody's name."""

from collections.abc import Mapping

import sqlalchemy as sa

from connectors.ledger.tables import evidence


def read(connection: sa.Connection) -> dict[str, str]:
    """Subject → digest."""
    return {row.subject: row.digest for row in connection.execute(sa.select(evidence))}


def replace(connection: sa.Connection, found: Mapping[str, str]) -> None:
    """Make the table say `found`, writing only what differs."""
    before = read(connection)
    gone = [key for key, digest in before.items() if found.get(key) != digest]
    come = [{"subject": key, "digest": digest} for key, digest in found.items() if before.get(key) != digest]
    if gone:
        connection.execute(
            sa.delete(evidence).where(evidence.c.subject == sa.bindparam("key")), [{"key": key} for key in gone]
        )
    if come:
        connection.execute(sa.insert(evidence), come)
