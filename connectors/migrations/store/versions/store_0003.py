"""Mails by SMTP: whom the server refused, and who said what became of a mail whose fate was unknown."""

import sqlalchemy as sa
from alembic import op

revision = "store_0003"
down_revision = "store_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and the two columns."""
    op.create_table(
        "mail_refusal",
        sa.Column("message_id", sa.Text, sa.ForeignKey("mail.message_id"), primary_key=True, nullable=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("code", sa.Integer, nullable=False),
    )
    with op.batch_alter_table("mail") as table:
        table.add_column(sa.Column("settled_by", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("settled_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drop them; a mail whose fate was unknown is one that failed, for the version before, and would leave again.

    It is called sent instead: a mail twice is worse than a mail that a human asks for.
    """
    op.execute("UPDATE mail SET outcome = 'sent' WHERE outcome IN ('sending', 'unknown', 'replaced')")
    with op.batch_alter_table("mail") as table:
        table.drop_column("settled_at")
        table.drop_column("settled_by")
    op.drop_table("mail_refusal")
