"""What the last finished run's changes rested on: digests by digests, nobody's name."""

from collections.abc import Mapping

import sqlalchemy as sa

from connectors.store.batches import BATCH, execute_all
from connectors.store.tables import evidence
from schemas.reading.fingerprints import in_order


def read(connection: sa.Connection) -> dict[str, str]:
    """Return subject → digest."""
    return {row.subject: row.digest for row in connection.execute(sa.select(evidence))}


def replace(connection: sa.Connection, found: Mapping[str, str]) -> None:
    """Make the table say `found`, writing only what differs."""
    if connection.execute(sa.select(evidence).limit(1)).first() is None:  # a first night, of millions perhaps
        execute_all(connection, sa.insert(evidence), ({"subject": key, "digest": one} for key, one in found.items()))
        return
    come, gone = _differing(connection, found)
    this = evidence.c.subject == sa.bindparam("key")
    execute_all(connection, sa.delete(evidence).where(this), ({"key": key} for key in gone))
    execute_all(connection, sa.insert(evidence), ({"subject": key, "digest": digest} for key, digest in come))


def _differing(connection: sa.Connection, found: Mapping[str, str]) -> tuple[list[tuple[str, str]], list[str]]:
    """(what is to be written, subjects of what no longer stands): both passed through side by side, in one order, and
    held of neither: there may be millions.
    """
    come: list[tuple[str, str]] = []
    gone: list[str] = []
    tonight = in_order(found)
    here = next(tonight, None)
    for row in connection.execute(_in_order(connection).execution_options(yield_per=BATCH)):
        while here and here[0] < row.subject:
            come.append(here)
            here = next(tonight, None)
        if here and here == (row.subject, row.digest):
            here = next(tonight, None)
        else:
            gone.append(row.subject)
    return [*come, *filter(None, (here,)), *tonight], gone


def _in_order(connection: sa.Connection) -> sa.Select[tuple[str, str]]:
    """By the bytes of the subjects, whatever language the database orders in."""
    bytewise = "C" if connection.dialect.name == "postgresql" else "BINARY"
    return sa.select(evidence).order_by(evidence.c.subject.collate(bytewise))
