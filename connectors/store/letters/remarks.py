"""What was written into a report, or beside it, and is no decision that counts; and the last answer to each change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from connectors.store.tables import decision, remark, returned
from schemas.changes.change import Post, PostRef
from schemas.changes.receipt import LastAnswer
from schemas.changes.remark import KeptRemark, Remark, RemarkKind

_ANSWERS = ("asked", "uncounted")
_ALONE = ("comment", "day", "note")


def record(connection: sa.Connection, number: int, post: PostRef | None, said: Sequence[Remark]) -> None:
    """Write them down; what the same post wrote before at the same place is not written a second time."""
    known = _known(connection, post)
    rows = [
        {
            "returned_id": number,
            "change_id": one.change_id,
            "kind": one.kind,
            "code": one.code,
            "sheet": one.sheet,
            "row": one.row,
            "text": one.text,
            "message": one.message,
        }
        for one in said
        if one.kind in _ANSWERS or (one.kind, one.change_id, one.text) not in known
    ]
    if rows:
        connection.execute(sa.insert(remark), rows)


def _known(connection: sa.Connection, post: PostRef | None) -> set[tuple[str, str, str]]:
    theirs = (returned.c.post == (post.post if post else "")) & (returned.c.scope == (post.scope if post else ""))
    wanted = sa.select(remark.c.kind, remark.c.change_id, remark.c.text).join(returned).where(theirs)
    return {(row.kind, row.change_id, row.text) for row in connection.execute(wanted)}


def read(connection: sa.Connection, change_id: str | None, since: datetime | None) -> list[KeptRemark]:
    """Return those that are so, oldest first."""
    wanted = sa.select(remark, returned).join(returned).order_by(remark.c.id)
    if change_id is not None:
        wanted = wanted.where(remark.c.change_id == change_id)
    if since is not None:
        wanted = wanted.where(returned.c.at > since)
    return [_kept(row) for row in connection.execute(wanted)]


def _kept(row: sa.Row[Any]) -> KeptRemark:
    post = PostRef(post=cast(Post, row.post), scope=row.scope) if row.post else None
    found = Remark(cast(RemarkKind, row.kind), row.text, row.change_id, row.sheet, row.row, row.code, row.message)
    return KeptRemark(row.id, row.at, row.day, post, row.sender, row.file_name, found)


def last_answers(connection: sa.Connection) -> dict[str, LastAnswer]:
    """Change id → its last decision, counted or not; where it did not count, with what was to be made plain."""
    last = sa.select(sa.func.max(decision.c.id)).group_by(decision.c.change_id)
    days = {row.digest: row.day for row in connection.execute(sa.select(returned.c.digest, returned.c.day))}
    told: dict[tuple[str, str], tuple[str, str]] = {}
    found: dict[str, LastAnswer] = {}
    written = sa.select(returned.c.digest, returned.c.day, remark).join(returned).order_by(remark.c.id)
    for row in connection.execute(written.where(remark.c.change_id != "", remark.c.kind.in_((*_ANSWERS, *_ALONE)))):
        if row.kind in _ANSWERS:
            told.setdefault((row.digest, row.change_id), (row.text, row.message))
        else:
            found[row.change_id] = LastAnswer(row.day, "", counted=False, said=row.text)
    for row in connection.execute(sa.select(decision).where(decision.c.id.in_(last))):
        said, why = told.get((row.file_digest, row.change_id), ("", row.reason))
        counted = row.outcome == "accepted"
        day = days.get(row.file_digest, row.at.date())
        if row.change_id in found and found[row.change_id].day > day:
            continue  # a comment alone, written later
        found[row.change_id] = LastAnswer(
            day=day,
            verdict=row.verdict,
            counted=counted,
            postponed_to=row.postponed_to,
            comment=row.comment,
            said=row.said if counted else said,
            why="" if counted else why,
        )
    return found
