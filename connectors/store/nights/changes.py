"""Changes as last seen, and where each stands: the sum of its events."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from sys import intern
from typing import Any, get_args

import sqlalchemy as sa

from connectors.store.batches import BATCH, execute_all
from connectors.store.letters import mails
from connectors.store.tables import change, event, mail, mail_change
from schemas.changes.change import Change, Post, PostRef
from schemas.changes.lifecycle import OPEN, ChangeState
from schemas.changes.stored import Origin
from schemas.changes.witness import Announced

_STATEFUL = {"status", "first_seen"}  # the events' and the first night's to say: not the payload's
_ORIGINS = get_args(Origin)
Limits = Mapping[str, object]
"""What is looked at: `without_run`, as if that run had written nothing; `as_of`, up to the end of a day."""
_ALL: Limits = {}


def record(connection: sa.Connection, changes: Mapping[str, tuple[Change, str, str]]) -> None:
    """Keep each change (with its slot and origin) as it was seen tonight; the first day it was seen stays."""
    known: set[str] = set()
    altered = []
    for before in connection.execute(sa.select(change).execution_options(yield_per=BATCH)):
        if found := changes.get(before.change_id):
            known.add(before.change_id)
            content = _content(*found)
            if any(getattr(before, name) != value for name, value in content.items()):
                altered.append({"the_id": before.change_id, **content})
    new = (
        {"change_id": key, "first_seen": found[0].first_seen, **_content(*found)}
        for key, found in changes.items()
        if key not in known
    )
    execute_all(connection, sa.insert(change), new)
    this = change.c.change_id == sa.bindparam("the_id")
    columns: dict[str, sa.BindParameter[Any]] = {
        name: sa.bindparam(name) for name in ("slot", "payload", "origin", "erased")
    }
    execute_all(connection, sa.update(change).where(this).values(columns), altered)


def _content(seen: Change, slot: str, origin: str) -> dict[str, Any]:
    if origin not in _ORIGINS:
        raise ValueError(f"origin {origin!r}")
    return {"slot": slot, "payload": seen.model_dump_json(exclude=_STATEFUL), "origin": origin, "erased": False}


def states(
    connection: sa.Connection, without_run: str | None, as_of: date | None, seen: Mapping[str, Change]
) -> dict[str, ChangeState]:
    """Change id → where it stands, in the order of ids; see `Store.states`."""
    given = {"without_run": without_run, "as_of": as_of}
    limits = {name: value for name, value in given.items() if value is not None}
    told = _told(connection, limits)
    announced_on = _last_events(connection, "by", "mail", limits)
    born = _last_events(connection, "after", "new", limits)
    return {
        row.change_id: _state(
            row,
            _change(row, seen.get(row.change_id)),
            told.get(row.change_id),
            announced_on.get(row.change_id),
            born.get(row.change_id),
        )
        for row in connection.execute(_states_within(frozenset(limits)), limits)
    }


# Statements are made once: SQLAlchemy takes longer to put one together than SQLite to answer it.
@cache
def _states_within(limits: frozenset[str]) -> sa.Select[Any]:
    last = sa.select(sa.func.max(event.c.seq)).where(*_within(event, limits)).group_by(event.c.change_id)
    return (
        sa.select(change, event.c.after, event.c.day, event.c.note)
        .join(event)
        .where(event.c.seq.in_(last))
        .order_by(change.c.change_id)
    )


def _told(connection: sa.Connection, limits: Limits = _ALL) -> dict[str, tuple[date, PostRef]]:
    """Change id → the last day on which a mail that left spoke of it, and to whom the last one went."""
    rows = connection.execute(_told_within(frozenset(limits)), limits)
    return {row.change_id: (row.day, _post(row.post, row.scope)) for row in rows}


@lru_cache(maxsize=1024)
def _post(post: Post, scope: str) -> PostRef:
    """One for all changes of a post."""
    return PostRef(post=post, scope=scope)


@cache
def _told_within(limits: frozenset[str]) -> sa.Select[Any]:
    this, at = mail_change.c.change_id, mail.c.at
    last = (
        sa.select(this, sa.func.max(at).label("at"), sa.func.max(mail.c.day).label("day"))
        .join(mail)
        .where(mail.c.outcome == "sent", *_within(mail, limits))
        .group_by(this)
        .subquery()
    )
    return (
        sa.select(this, last.c.day, mail.c.post, mail.c.scope)
        .join(mail)
        .join(last, (last.c.change_id == this) & (last.c.at == at))
        .where(mail.c.outcome == "sent", *_within(mail, limits))
    )


def _last_events(
    connection: sa.Connection, column: str, value: str, limits: Limits = _ALL
) -> dict[str, tuple[date, datetime]]:
    """Change id → the day and moment of its last event of which a column has this value."""
    rows = connection.execute(_last_within(column, frozenset(limits)), {**limits, "value": value})
    return {row.change_id: (row.day, row.at) for row in rows}


@cache
def _last_within(column: str, limits: frozenset[str]) -> sa.Select[Any]:
    these = (event.c[column] == sa.bindparam("value"), *_within(event, limits))
    last = sa.select(sa.func.max(event.c.seq)).where(*these).group_by(event.c.change_id)
    return sa.select(event.c.change_id, event.c.day, event.c.at).where(event.c.seq.in_(last))


def _within(table: sa.Table, limits: frozenset[str]) -> Iterable[sa.ColumnElement[bool]]:
    if "without_run" in limits:
        yield table.c.run_id != sa.bindparam("without_run")
    if "as_of" in limits:
        yield table.c.day <= sa.bindparam("as_of")


_NOW = (
    sa.select(change.c.change_id, change.c.first_seen, event.c.after)
    .join(event)
    .where(event.c.seq.in_(sa.select(sa.func.max(event.c.seq)).group_by(event.c.change_id)), event.c.after.in_(OPEN))
)


def announced(connection: sa.Connection) -> dict[str, Announced]:
    """Return the open changes that were announced, or perhaps were, by a mail whose fate is unknown."""
    told, new_on = _told(connection), _last_events(connection, "by", "mail")
    seen = {row.change_id: (row.first_seen, row.after) for row in connection.execute(_NOW)}
    found = {
        key: Announced(first_seen, new_on[key][0], *told[key])
        for key, (first_seen, status) in seen.items()
        if status != "new" and key in told and key in new_on
    }
    return found | {
        key: Announced(seen[key][0], row.day, row.day, row.updater)
        for row in mails.unknown(connection)
        for key in row.change_ids
        if key in seen and seen[key][1] == "new"
    }


def _change(row: sa.Row[Any], seen: Change | None) -> Change:
    """The change as it is kept; made of what was `seen`, where that is what was kept: most of it is there already."""
    its_own = {"status": row.after, "first_seen": row.first_seen}
    if seen and row.payload == seen.model_dump_json(exclude=_STATEFUL):
        return seen.model_copy(update=its_own)
    stored = json.loads(row.payload) | its_own
    stored["guidance"] = intern(stored["guidance"])  # one text for all to whom the same is said
    return Change.model_validate(stored)


def _state(
    row: sa.Row[Any],
    kept: Change,
    told: tuple[date, PostRef] | None,
    announced: tuple[date, datetime] | None,
    born: tuple[date, datetime] | None,
) -> ChangeState:
    return ChangeState(
        change=kept,
        slot=row.slot,
        status=row.after,
        first_seen=row.first_seen,
        since=row.day,
        told_on=told[0] if told else None,
        told_to=told[1] if told else None,
        postponed_to=date.fromisoformat(row.note) if row.after == "postponed" and row.note else None,
        successor=row.note if row.after == "superseded" else "",
        origin=row.origin,
        announced_on=announced[0] if announced and row.after != "new" else None,
        born_at=born[1] if born else None,
    )
