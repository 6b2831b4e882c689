"""What was taken out of the national files last, so that the same file is not read again."""

import sqlalchemy as sa
from alembic import op

revision = "store_0004"
down_revision = "store_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "extraction",
        sa.Column("source", sa.Text, primary_key=True, nullable=False),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop it: the files are read again."""
    op.drop_table("extraction")
