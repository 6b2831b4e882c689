"""What updaters decided of who is who, until it is taken back; the answer as it was written; the mails to holders."""

import sqlalchemy as sa
from alembic import op

revision = "store_0008"
down_revision = "store_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; of answers given before, none named anybody."""
    texts = ("about", "choice", "keys", "name", "place", "number", "account", "said", "updater_post", "updater_scope")
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("change_id", sa.Text, nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("undone_on", sa.Date),
        sa.Column("undone_by", sa.Text, nullable=False, server_default=""),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "holder_mail",
        sa.Column("account_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("ends_on", sa.Date, primary_key=True, nullable=False),
        sa.Column("days", sa.Integer, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("said", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them: the questions are asked again."""
    with op.batch_alter_table("decision") as table:
        table.drop_column("said")
    op.drop_table("holder_mail")
    op.drop_table("judgement")
