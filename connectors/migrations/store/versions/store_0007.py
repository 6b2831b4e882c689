"""An account that vanished, as it last was: the day it was seen may be played again, and then forgets it."""

import sqlalchemy as sa
from alembic import op

revision = "store_0007"
down_revision = "store_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of those that vanished before, the versions tell."""
    with op.batch_alter_table("absence") as table:
        table.add_column(sa.Column("last_seen", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("absence") as table:
        table.drop_column("last_seen")
