"""The three tables of contract §4."""

import sqlalchemy as sa
from alembic import op

revision = "annuaire_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "efit_structure",
        sa.Column("code", sa.String(50), primary_key=True),
        sa.Column("type", sa.String(50), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("region_code", sa.String(10), nullable=False),
        sa.Column("parent_code", sa.String(50), nullable=False),
    )
    op.create_table(
        "efit_account",
        sa.Column("account_id", sa.String(100), primary_key=True),
        sa.Column("civility", sa.String(50), nullable=False),
        sa.Column("last_name", sa.String(200), nullable=False),
        sa.Column("first_name", sa.String(200), nullable=False),
        sa.Column("profession", sa.String(200), nullable=False),
        sa.Column("cpx_number", sa.String(100), nullable=False),
        sa.Column("card_type", sa.String(100), nullable=False),
        sa.Column("card_expires_on", sa.Date, nullable=True),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("phone", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "efit_assignment",
        sa.Column("account_id", sa.String(100), sa.ForeignKey("efit_account.account_id"), primary_key=True),
        sa.Column("structure_code", sa.String(50), sa.ForeignKey("efit_structure.code"), primary_key=True),
        sa.Column("function", sa.String(100), primary_key=True),
        sa.Column("rank", sa.String(50), primary_key=True),
    )


def downgrade() -> None:
    """Drop them, the one that refers to the others first."""
    for table in ("efit_assignment", "efit_account", "efit_structure"):
        op.drop_table(table)
