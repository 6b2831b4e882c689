"""Runs, changes and their events, decisions, mails, the annuaire of each night, holds and the lock."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "store_0001"
down_revision = None
branch_labels = None
depends_on = None

# A migration stands alone: the tables as they were made, whatever `connectors.store.tables` says since.
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, the one that is referred to first."""
    _runs()
    _changes()
    _mails()
    _annuaire()
    _safeguards()


def downgrade() -> None:
    """Drop them, the one that refers to the others first."""
    for table in (
        "lock", "release", "hold", "structure_version", "assignment_version", "account_version",
        "mail_change", "mail", "decision", "event", "change", "run_step", "run_source", "run",
    ):  # fmt: skip
        op.drop_table(table)


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, _MOMENT, nullable=False)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date, nullable=False)


def _of_run(*, key: bool = False) -> sa.Column[str]:
    return sa.Column("run_id", sa.Text, sa.ForeignKey("run.run_id"), primary_key=key, nullable=False)


def _of_change(*, key: bool = False) -> sa.Column[str]:
    return sa.Column("change_id", sa.Text, sa.ForeignKey("change.change_id"), primary_key=key, nullable=False)


def _runs() -> None:
    op.create_table(
        "run",
        _text("run_id", key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        _day("as_of"),
        *map(_text, ("inputs_digest", "rules_digest", "software")),
        _moment("started_at"),
        sa.Column("finished_at", _MOMENT),
        _text("status"),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("last_event", sa.Integer),
        sa.Column("last_hash", sa.Text),
    )
    op.create_table(
        "run_source",
        _of_run(key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        *map(_text, ("name", "path")),
        sa.Column("size", sa.BigInteger, nullable=False),
        _text("sha256"),
        sa.Column("stamp", sa.Date),
        *map(_text, ("status", "message")),
        *map(_number, ("rows_read", "rows_accepted", "rows_rejected", "rows_duplicate")),
    )
    op.create_table("run_step", _of_run(key=True), _text("step", key=True), _text("outcome"), _moment("at"))


def _changes() -> None:
    op.create_table(
        "change",
        _text("change_id", key=True),
        *map(_text, ("slot", "payload")),
        _day("first_seen"),
        _text("origin"),
        sa.Column("erased", sa.Boolean, nullable=False),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        _of_change(),
        _text("run_id"),
        _moment("at"),
        _day("day"),
        *map(_text, ("before", "after", "by", "note", "prev_hash", "hash")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("change_id"),
        _moment("at"),
        *map(_text, ("file_name", "file_digest", "verdict")),
        sa.Column("postponed_to", sa.Date),
        *map(_text, ("comment", "updater_post", "updater_scope", "outcome", "reason")),
        sa.Column("event", sa.Integer, sa.ForeignKey("event.seq")),
    )
    for table, column in (
        ("event", "change_id"), ("event", "run_id"), ("decision", "change_id"), ("decision", "file_digest"),
    ):  # fmt: skip
        op.create_index(f"ix_{table}_{column}", table, [column])


def _mails() -> None:
    op.create_table(
        "mail",
        _text("message_id", key=True),
        _of_run(),
        *map(_text, ("post", "scope")),
        _day("day"),
        _moment("at"),
        *map(_text, ("outcome", "error")),
    )
    op.create_index("ix_mail_run_id", "mail", ["run_id"])
    op.create_table(
        "mail_change",
        sa.Column("message_id", sa.Text, sa.ForeignKey("mail.message_id"), primary_key=True, nullable=False),
        _of_change(key=True),
    )


def _annuaire() -> None:
    account: tuple[sa.Column[Any], ...] = (
        *map(_text, ("civility", "last_name", "first_name", "profession", "cpx_number", "card_type")),
        sa.Column("card_expires_on", sa.Date),
        *map(_text, ("email", "phone")),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    structure = map(_text, ("type", "name", "region_code", "parent_code"))
    _version("account_version", ("account_id",), *account)
    _version("assignment_version", ("account_id", "structure_code", "function", "rank"))
    _version("structure_version", ("code",), *structure)


def _version(name: str, keys: tuple[str, ...], *content: sa.Column[Any]) -> None:
    op.create_table(
        name,
        *(_text(key, key=True) for key in keys),
        *content,
        sa.Column("valid_from", sa.Date, primary_key=True, nullable=False),
        sa.Column("valid_to", sa.Date),
    )
    for column in ("valid_from", "valid_to"):
        op.create_index(f"ix_{name}_{column}", name, [column])


def _safeguards() -> None:
    held = ("post", "scope", "what")
    op.create_table(
        "hold", _of_run(key=True), *(_text(name, key=True) for name in held), _number("count"), _number("total")
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer, primary_key=True),
        *map(_text, ("run_id", *held)),
        *map(_number, ("count", "total")),
        _text("by"),
        _moment("at"),
    )
    op.create_table(
        "lock",
        _text("name", key=True),
        _text("token"),
        _number("pid"),
        _text("host"),
        *map(_moment, ("since", "beat")),
    )
