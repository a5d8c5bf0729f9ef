"""edited memberships, full readings."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("memberships", sa.Column("edited", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("crm_syncs", sa.Column("full_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("crm_syncs", "full_since")
    op.drop_column("memberships", "edited")
