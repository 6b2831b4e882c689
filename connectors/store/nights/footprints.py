"""What each source was like when it was last used or released, and which structures a workbook was ever about."""

import json
from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from connectors.store.tables import change, event, footprint, mention
from schemas.changes.change import Change
from schemas.reading.filled import from_text, to_text
from schemas.reading.footprint import Ending, Footprint

_ANY_DAY = "2000-01-01"  # the day it was first seen stands beside the payload, and is of no use here


def read(connection: sa.Connection) -> dict[str, Footprint]:
    """Return source → its footprint."""
    rows = connection.execute(sa.select(footprint))
    return {
        row.source: Footprint(row.rows, row.people, Ending(row.ending), from_text(row.filled), tuple(row.cuts.split()))
        for row in rows
    }


def mentioned(connection: sa.Connection) -> dict[str, frozenset[str]]:
    """Return what a workbook is complete for → codes of the structures that one mentioned."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(sa.select(mention)):
        found[row.scope].add(row.structure_code)
    return {scope: frozenset(codes) for scope, codes in found.items()}


def accepted_at(connection: sa.Connection, reason: str) -> frozenset[str]:
    """Return codes of the structures of which the question of this reason was last answered « Fait »."""
    last = sa.select(sa.func.max(event.c.seq)).group_by(event.c.change_id)
    rows = connection.execute(
        sa.select(change.c.payload)
        .join(event)
        .where(event.c.seq.in_(last), event.c.after == "accepted", change.c.payload.contains(f'"{reason}"'))
    )
    found = (Change.model_validate({**json.loads(row.payload), "first_seen": _ANY_DAY}) for row in rows)
    return frozenset(one.assignment.structure_code for one in found if reason in one.reasons)


def remember(connection: sa.Connection, found: Mapping[str, Footprint], mentions: Mapping[str, frozenset[str]]) -> None:
    """Replace the footprints of these sources; add what is mentioned for the first time."""
    rows = [
        {
            "source": name,
            "rows": one.rows,
            "people": one.people,
            "ending": one.ending.value,
            "filled": to_text(one.filled),
            "cuts": " ".join(one.cuts),
        }
        for name, one in sorted(found.items())
    ]
    if rows:
        connection.execute(sa.delete(footprint).where(footprint.c.source.in_(sorted(found))))
        connection.execute(sa.insert(footprint), rows)
    known = mentioned(connection)
    come = [
        {"scope": scope, "structure_code": code}
        for scope, codes in sorted(mentions.items())
        for code in sorted(codes - known.get(scope, frozenset()))
    ]
    if come:
        connection.execute(sa.insert(mention), come)
