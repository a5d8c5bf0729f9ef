"""digests of records."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("origins", sa.Column("digest", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("origins", "digest")
