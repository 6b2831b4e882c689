"""What updaters decided of who is who, remembered until it is taken back; and the answer as it was written."""

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
    with op.batch_alter_table("decision") as table:
        table.add_column(sa.Column("said", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them: the questions are asked again."""
    with op.batch_alter_table("decision") as table:
        table.drop_column("said")
    op.drop_table("judgement")
