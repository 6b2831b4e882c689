"""What the last run's changes rested on, as digests: to tell an upgrade of our rules from a change of the data."""

import sqlalchemy as sa
from alembic import op

revision = "store_0002"
down_revision = "store_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "evidence",
        sa.Column("subject", sa.Text, primary_key=True, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("evidence")
