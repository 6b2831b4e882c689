"""What a text would be without its last lines: one that was cut at the end of a line is known again."""

import sqlalchemy as sa
from alembic import op

revision = "store_0013"
down_revision = "store_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing is known of the nights before."""
    with op.batch_alter_table("footprint") as table:
        table.add_column(sa.Column("cuts", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("footprint") as table:
        table.drop_column("cuts")
