"""What the last finished run's changes rested on: digests by digests, nobody's name."""

from collections.abc import Mapping

import sqlalchemy as sa

from connectors.store.batches import BATCH, execute_all
from connectors.store.tables import evidence


def read(connection: sa.Connection) -> dict[str, str]:
    """Return subject → digest."""
    return {row.subject: row.digest for row in connection.execute(sa.select(evidence))}


def replace(connection: sa.Connection, found: Mapping[str, str]) -> None:
    """Make the table say `found`, writing only what differs."""
    if connection.execute(sa.select(evidence).limit(1)).first() is None:  # a first night, of millions perhaps
        execute_all(connection, sa.insert(evidence), ({"subject": key, "digest": one} for key, one in found.items()))
        return
    come, gone = dict(found.items()), []
    for subject, digest in connection.execute(sa.select(evidence).execution_options(yield_per=BATCH)):
        if come.get(subject) == digest:
            del come[subject]
        else:
            gone.append(subject)
    this = evidence.c.subject == sa.bindparam("key")
    execute_all(connection, sa.delete(evidence).where(this), ({"key": key} for key in gone))
    execute_all(connection, sa.insert(evidence), ({"subject": key, "digest": digest} for key, digest in come.items()))
