"""Contacts that were accepted are written to the CRMs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KINDS = op.f("ck_crm_outbox_kind")


def upgrade() -> None:
    """Apply."""
    op.add_column("proposals", sa.Column("person_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_proposals_person_id"), "proposals", "people", ["person_id"], ["id"], ondelete="SET NULL"
    )
    op.create_index(op.f("ix_proposals_person_id"), "proposals", ["person_id"])
    op.alter_column("crm_outbox", "conversation_id", nullable=True)
    op.add_column("crm_outbox", sa.Column("proposal_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_crm_outbox_proposal_id"),
        "crm_outbox",
        "proposals",
        ["proposal_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_unique_constraint(
        op.f("uq_crm_outbox_proposal_id_source"), "crm_outbox", ["proposal_id", "source"]
    )
    op.drop_constraint(_KINDS, "crm_outbox")
    op.create_check_constraint(_KINDS, "crm_outbox", "kind IN ('ticket', 'transcript', 'contact')")
    op.create_check_constraint(
        op.f("ck_crm_outbox_about"), "crm_outbox", "num_nonnulls(conversation_id, proposal_id) = 1"
    )


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM crm_outbox WHERE kind = 'contact'")
    op.drop_constraint(op.f("ck_crm_outbox_about"), "crm_outbox")
    op.drop_constraint(_KINDS, "crm_outbox")
    op.create_check_constraint(_KINDS, "crm_outbox", "kind IN ('ticket', 'transcript')")
    op.drop_constraint(op.f("uq_crm_outbox_proposal_id_source"), "crm_outbox")
    op.drop_column("crm_outbox", "proposal_id")
    op.alter_column("crm_outbox", "conversation_id", nullable=False)
    op.drop_index(op.f("ix_proposals_person_id"), table_name="proposals")
    op.drop_column("proposals", "person_id")
