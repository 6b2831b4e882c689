"""The installation as its last night saw it: a command that sees another one stops."""

import sqlalchemy as sa
from alembic import op

revision = "store_0012"
down_revision = "store_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the next night fills it."""
    op.create_table(
        "installation",
        sa.Column("name", sa.Text, primary_key=True, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("installation")
