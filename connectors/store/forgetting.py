"""Personal data older than a day, forgotten; the counts and the chain of events stay."""

import json
from datetime import UTC, date, datetime, time

import sqlalchemy as sa

from connectors.store.letters import holders, judgements
from connectors.store.nights.versions import TABLES
from connectors.store.tables import change, decision, event, mail, remark, returned
from connectors.store.vocabulary import forget as forget_words
from schemas.changes.change import Change, FieldChange, PersonRef
from schemas.changes.lifecycle import CLOSED


def forget(connection: sa.Connection, before: date) -> dict[str, int]:
    """Tell how many changes, versions, decisions, mails, remarks and words lost what they said of people. See
    `Store.purge`.
    """
    moment = datetime.combine(before, time(), UTC)
    said = sa.or_(*(decision.c[name] != "" for name in ("comment", "file_name", "reason", "said")))
    decisions = connection.execute(
        sa.update(decision).where(decision.c.at < moment, said).values(comment="", file_name="", reason="", said="")
    )
    old = sa.select(returned.c.id).where(returned.c.at < moment)
    remarks = connection.execute(
        sa.update(remark).where(remark.c.returned_id.in_(old), remark.c.text != "").values(text="", message="")
    )
    forgotten = {"file_name": "", "sender": "", "facts": ""}
    connection.execute(sa.update(returned).where(returned.c.at < moment).values(forgotten))
    mails = connection.execute(sa.update(mail).where(mail.c.at < moment, mail.c.error != "").values(error=""))
    versions = [connection.execute(sa.delete(table).where(table.c.valid_to <= before)) for table in TABLES]
    return {
        "changes": _forget_changes(connection, before),
        "versions": sum(done.rowcount for done in versions),
        "decisions": decisions.rowcount + judgements.forget(connection, before),
        "mails": mails.rowcount + holders.forget(connection, before),
        "remarks": remarks.rowcount,
        "words": forget_words(connection, before),
    }


def _forget_changes(connection: sa.Connection, before: date) -> int:
    last = sa.select(sa.func.max(event.c.seq)).group_by(event.c.change_id)
    over = sa.and_(event.c.seq.in_(last), event.c.after.in_(CLOSED), event.c.day < before)
    rows = connection.execute(
        sa.select(change.c.change_id, change.c.payload).join(event).where(over, change.c.erased.is_(False))
    ).all()
    if rows:
        # The slot is a digest of account or number and place: few enough to be guessed, so it goes too.
        this = change.c.change_id == sa.bindparam("the_id")
        emptied = sa.update(change).where(this).values(payload=sa.bindparam("payload"), slot="", erased=True)
        connection.execute(emptied, [{"the_id": row.change_id, "payload": _nameless(row.payload)} for row in rows])
    return len(rows)


def _nameless(payload: str) -> str:
    """The change without whom it was about: kind, reasons, structure and updater stay, to be counted."""
    seen = Change.model_validate(json.loads(payload) | {"first_seen": date.min})
    fields = tuple(FieldChange(field=one.field, before=None, after=None, source=one.source) for one in seen.fields)
    emptied = {"account_id": None, "person": PersonRef(), "fields": fields, "guidance": ""}
    updater = seen.updater.model_copy(update={"recipients": ()})
    return seen.model_copy(update=emptied | {"updater": updater}).model_dump_json(exclude={"status", "first_seen"})
