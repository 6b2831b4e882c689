"""The words that the people of an installation write, and what its administrator said that they mean."""

import sqlalchemy as sa
from alembic import op

revision = "store_0010"
down_revision = "store_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    texts = ("field", "key", "wording", "meaning", "state", "by")
    op.create_table(
        "word",
        sa.Column("word_id", sa.Text, primary_key=True, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("told_on", sa.Date),
        sa.Column("decided_on", sa.Date),
    )


def downgrade() -> None:
    """Drop it: the words are unknown again."""
    op.drop_table("word")
