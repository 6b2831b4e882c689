"""The tables of our own state. `connectors/migrations/store` makes them; a test compares the two."""

from typing import Any

import sqlalchemy as sa

from connectors.system.column_types import Plain, UtcDateTime


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, Plain, primary_key=key, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


metadata = sa.MetaData()

run = sa.Table(
    "run",
    metadata,
    _text("run_id", key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),  # in the order of beginning
    sa.Column("as_of", sa.Date, nullable=False),
    _text("inputs_digest"),
    _text("rules_digest"),
    _text("software"),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    _text("status"),  # running, complete, partial, held, failed
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("last_event", sa.Integer),  # where the history ended then: a tail cut off shows
    sa.Column("last_hash", sa.Text),
)

evidence = sa.Table("evidence", metadata, _text("subject", key=True), _text("digest"))

run_source = sa.Table(
    "run_source",
    metadata,
    sa.Column("run_id", sa.ForeignKey("run.run_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    _text("name"),
    _text("path"),
    sa.Column("size", sa.BigInteger, nullable=False),
    _text("sha256"),
    sa.Column("stamp", sa.Date),
    _text("status"),
    _text("message"),
    *map(_number, ("rows_read", "rows_accepted", "rows_rejected", "rows_duplicate")),
)

run_step = sa.Table(
    "run_step",
    metadata,
    sa.Column("run_id", sa.ForeignKey("run.run_id"), primary_key=True),
    _text("step", key=True),
    _text("outcome"),
    sa.Column("at", UtcDateTime, nullable=False),
)

change = sa.Table(
    "change",
    metadata,
    _text("change_id", key=True),
    _text("slot"),
    _text("payload"),  # the Change as last seen, as JSON, without its status and first_seen
    sa.Column("first_seen", sa.Date, nullable=False),
    _text("origin"),  # data or rules
    sa.Column("erased", sa.Boolean, nullable=False),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),  # ours: no gap, so that a deletion shows
    sa.Column("change_id", sa.ForeignKey("change.change_id"), nullable=False, index=True),
    sa.Column("run_id", Plain, nullable=False, index=True),  # "" for a decision
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    _text("before"),
    _text("after"),
    _text("by"),
    _text("note"),
    _text("prev_hash"),
    _text("hash"),
)

decision = sa.Table(
    "decision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("change_id", Plain, nullable=False, index=True),  # as the file says: perhaps unknown
    sa.Column("at", UtcDateTime, nullable=False),
    _text("file_name"),
    sa.Column("file_digest", Plain, nullable=False, index=True),
    _text("verdict"),
    sa.Column("postponed_to", sa.Date),
    _text("comment"),
    _text("updater_post"),
    _text("updater_scope"),
    _text("outcome"),  # accepted or refused
    _text("reason"),
    sa.Column("event", sa.ForeignKey("event.seq")),
    sa.Column("lot", Plain, nullable=False, server_default=""),  # of the report it stands on
    sa.Column(
        "said", Plain, nullable=False, server_default=""
    ),  # the answer as it was written, where it is one of ours
)

holder_mail = sa.Table(
    "holder_mail",
    metadata,
    _text("account_id", key=True),
    sa.Column("ends_on", sa.Date, primary_key=True),  # of which card
    sa.Column("days", sa.Integer, primary_key=True, autoincrement=False),  # before it: 90, 30 or 0
    _text("outcome"),  # sending, sent, failed or unknown
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

judgement = sa.Table(
    "judgement",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("change_id", Plain, nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    *map(_text, ("about", "choice", "keys", "name", "place", "number", "account", "said")),
    *map(_text, ("updater_post", "updater_scope")),
    sa.Column("undone_on", sa.Date),  # NULL: it stands
    sa.Column("undone_by", Plain, nullable=False, server_default=""),
    sa.Column("undone_at", UtcDateTime),
)

returned = sa.Table(
    "returned",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *map(_text, ("key", "digest")),  # the same thing come back has the same key, however often it is looked at
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    *map(_text, ("file_name", "sender", "message_id", "post", "scope", "outcome", "facts")),
    *map(
        _text, ("receipt", "receipt_outcome", "outbox")
    ),  # its Message-ID, schemas.changes.receipt.ReceiptOutcome, its folder
    sa.UniqueConstraint("key", "digest"),
)

remark = sa.Table(
    "remark",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("returned_id", sa.ForeignKey("returned.id"), nullable=False, index=True),
    sa.Column("change_id", Plain, nullable=False, index=True),  # "" where it is about no line
    *map(_text, ("kind", "code", "sheet", "text", "message")),
    _number("row"),
)

mail = sa.Table(
    "mail",
    metadata,
    _text("message_id", key=True),
    sa.Column("run_id", sa.ForeignKey("run.run_id"), nullable=False, index=True),
    _text("post"),
    _text("scope"),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    _text("outcome"),  # one of schemas.reports.mail.MailOutcome
    _text("error"),
    sa.Column("settled_by", Plain, nullable=False, server_default=""),  # who said what became of an unknown one
    sa.Column("settled_at", UtcDateTime),
    sa.Column("outbox", Plain, nullable=False, server_default=""),  # the folder it was put into; "" for a mail server
    sa.Column("lot", Plain, nullable=False, server_default=""),  # of the report that went with it
)

mail_change = sa.Table(
    "mail_change",
    metadata,
    sa.Column("message_id", sa.ForeignKey("mail.message_id"), primary_key=True),
    sa.Column("change_id", sa.ForeignKey("change.change_id"), primary_key=True),
)

mail_refusal = sa.Table(
    "mail_refusal",
    metadata,
    sa.Column("message_id", sa.ForeignKey("mail.message_id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),  # in the order of the post's addresses
    _number("code"),
)


def _version(name: str, keys: tuple[str, ...], *content: sa.Column[Any]) -> sa.Table:
    """A table of versions: valid from a day, to a day when it no longer was (NULL: it still is)."""
    validity = (
        sa.Column("valid_from", sa.Date, primary_key=True, index=True),
        sa.Column("valid_to", sa.Date, index=True),
    )
    return sa.Table(name, metadata, *(_text(key, key=True) for key in keys), *content, *validity)


account_version = _version(
    "account_version",
    ("account_id",),
    *map(_text, ("civility", "last_name", "first_name", "profession", "cpx_number", "card_type")),
    sa.Column("card_expires_on", sa.Date),
    *map(_text, ("email", "phone")),
    sa.Column("active", sa.Boolean, nullable=False),
)
assignment_version = _version("assignment_version", ("account_id", "structure_code", "function", "rank"))
structure_version = _version(
    "structure_version", ("code",), *map(_text, ("type", "name", "region_code", "parent_code"))
)

absence = sa.Table(
    "absence",
    metadata,
    _text("account_id", key=True),
    sa.Column("since", sa.Date, primary_key=True),  # the first night it was missing
    _number("exports"),  # whole ones in a row, no further than what proves it gone
    sa.Column("last_missed", sa.Date, nullable=False),  # the last night that was counted
    sa.Column("back_on", sa.Date),  # the night it was there again
    # the account as it was then; "" of those that an older version recorded
    sa.Column("last_seen", Plain, nullable=False, server_default=""),
)

hold = sa.Table(
    "hold",
    metadata,
    sa.Column("run_id", sa.ForeignKey("run.run_id"), primary_key=True),
    *(_text(key, key=True) for key in ("post", "scope", "what")),
    _number("count"),
    _number("total"),
)

release = sa.Table(
    "release",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("run_id"),
    *map(_text, ("post", "scope", "what")),
    _number("count"),
    _number("total"),
    _text("by"),
    sa.Column("at", UtcDateTime, nullable=False),
)

lock = sa.Table(
    "lock",
    metadata,
    _text("name", key=True),
    _text("token"),
    _number("pid"),
    _text("host"),
    sa.Column("since", UtcDateTime, nullable=False),
    sa.Column("beat", UtcDateTime, nullable=False),
)

extraction = sa.Table(
    "extraction",
    metadata,
    _text("source", key=True),
    _text("edition"),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    _text("digest"),
)

footprint = sa.Table(
    "footprint",
    metadata,
    _text("source", key=True),
    _number("rows"),
    _number("people"),
    _text("ending"),
    sa.Column("filled", Plain, nullable=False, server_default=""),  # as `schemas.reading.filled` writes it
    sa.Column("cuts", Plain, nullable=False, server_default=""),  # digests, a blank between two
)

word = sa.Table(
    "word",
    metadata,
    _text("word_id", key=True),
    *map(_text, ("field", "key", "wording", "meaning", "state", "by")),
    sa.Column("told_on", sa.Date),
    sa.Column("decided_on", sa.Date),
)

mention = sa.Table("mention", metadata, _text("scope", key=True), _text("structure_code", key=True))

installation = sa.Table("installation", metadata, _text("name", key=True), _text("payload"))
