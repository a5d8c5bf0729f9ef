"""Rasa's model file beside the linear one."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("model_versions", sa.Column("rasa", sa.LargeBinary(), nullable=True))
    op.add_column("model_versions", sa.Column("rasa_sha256", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("model_versions", "rasa_sha256")
    op.drop_column("model_versions", "rasa")
