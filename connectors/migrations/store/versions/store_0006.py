"""Accounts that vanished; the lot of mails and decisions; the folder a mail was put into, to look for it there."""

import sqlalchemy as sa
from alembic import op

revision = "store_0006"
down_revision = "store_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the columns."""
    op.create_table(
        "absence",
        sa.Column("account_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("since", sa.Date, primary_key=True, nullable=False),
        sa.Column("exports", sa.Integer, nullable=False),
        sa.Column("last_missed", sa.Date, nullable=False),
        sa.Column("back_on", sa.Date),
    )
    with op.batch_alter_table("mail") as table:
        table.add_column(sa.Column("outbox", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("lot", sa.Text, nullable=False, server_default=""))
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("lot", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them: the version before takes a vanished account's changes for done or withdrawn."""
    with op.batch_alter_table("decision") as table:
        table.drop_column("lot")
    with op.batch_alter_table("mail") as table:
        table.drop_column("lot")
        table.drop_column("outbox")
    op.drop_table("absence")
