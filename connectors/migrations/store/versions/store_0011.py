"""How far the columns of each source were filled when it was last used: an emptied one is known for lost."""

import sqlalchemy as sa
from alembic import op

revision = "store_0011"
down_revision = "store_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing is known of the nights before."""
    with op.batch_alter_table("footprint") as table:
        table.add_column(sa.Column("filled", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("footprint") as table:
        table.drop_column("filled")
