"""Who was written to, and who ever answered: per post, from the mails that left and the decisions that came back."""

from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from connectors.store.tables import decision, mail
from schemas.changes.change import Post, PostRef
from schemas.changes.stored import Correspondence


def read_replies(connection: sa.Connection) -> tuple[Correspondence, ...]:
    """Read each post that a mail left for, in order; a post is known to have opened its report when it answered
    once.
    """
    told = sa.select(mail.c.post, mail.c.scope, sa.func.min(mail.c.day), sa.func.max(mail.c.day))
    told = told.where(mail.c.outcome == "sent").group_by(mail.c.post, mail.c.scope)
    heard = sa.select(decision.c.updater_post, decision.c.updater_scope, sa.func.max(decision.c.at))
    heard = heard.where(decision.c.updater_post != "").group_by(decision.c.updater_post, decision.c.updater_scope)
    last = {(post, scope): _day(moment) for post, scope, moment in connection.execute(heard)}
    rows = connection.execute(told.order_by(mail.c.post, mail.c.scope))
    return tuple(
        Correspondence(PostRef(post=cast(Post, post), scope=scope), _day(first), _day(latest), last.get((post, scope)))
        for post, scope, first, latest in rows
    )


def _day(found: Any) -> Any:
    """The day of what a function of the database gives: SQLite has it as text."""
    if isinstance(found, str):
        return date.fromisoformat(found[:10])
    return found.date() if hasattr(found, "date") else found
