"""What each source was like when it was last used, and which structures a workbook was ever about."""

import sqlalchemy as sa
from alembic import op

revision = "store_0005"
down_revision = "store_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; the rows of the last nights are in `run_source`, the accounts in `account_version`."""
    op.create_table(
        "footprint",
        sa.Column("source", sa.Text, primary_key=True, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("ending", sa.Text, nullable=False),
    )
    op.create_table(
        "mention",
        sa.Column("scope", sa.Text, primary_key=True, nullable=False),
        sa.Column("structure_code", sa.Text, primary_key=True, nullable=False),
    )


def downgrade() -> None:
    """Drop them: no source is held against an earlier one."""
    op.drop_table("mention")
    op.drop_table("footprint")
