"""What came back and its receipt; what was written into it that is no decision."""

import sqlalchemy as sa
from alembic import op

revision = "store_0009"
down_revision = "store_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; what came back before has had no receipt, and gets none."""
    op.create_table(
        "returned",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("key", "digest")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("file_name", "sender", "message_id", "post", "scope", "outcome", "facts")
        ),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("receipt", "receipt_outcome", "outbox")),
        sa.UniqueConstraint("key", "digest"),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("returned_id", sa.Integer, sa.ForeignKey("returned.id"), nullable=False, index=True),
        sa.Column("change_id", sa.Text, nullable=False, index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "code", "sheet", "text", "message")),
        sa.Column("row", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop them: the version before forgets what was written beside the decisions."""
    op.drop_table("remark")
    op.drop_table("returned")
