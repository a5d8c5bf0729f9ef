"""cases at the desk, by account."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_RENAMED = {"order_in_work": "colleagues_case_in_work", "order_in_queue": "colleagues_case_in_queue"}


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_conversations_at_desk",
        "conversations",
        ["account_id"],
        postgresql_where=sa.text("turn IN ('WAITING', 'AGENT')"),
    )
    _rename(_RENAMED)


def downgrade() -> None:
    """Take back."""
    _rename({new: old for old, new in _RENAMED.items()})
    op.drop_index("ix_conversations_at_desk", "conversations")


def _rename(keys: dict[str, str]) -> None:
    """What admins have worded keeps its place in the catalogue."""
    answers = sa.table("answers", sa.column("key", sa.Text()))
    for old, new in keys.items():
        op.execute(answers.update().where(answers.c.key == old).values(key=new))
