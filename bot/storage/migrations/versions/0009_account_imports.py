"""Imports that can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = ("accounts", "people", "memberships", "endpoints", "identity_links")

# Runs once a statement, and does nothing outside an import.
_REMEMBER = """
CREATE FUNCTION remember_import() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    current bigint := nullif(current_setting('bauruf.import', true), '')::bigint;
BEGIN
    IF current IS NULL THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO import_changes (import_id, relation, inserted)
        SELECT current, TG_TABLE_NAME, array_agg(n.id) FROM new_rows AS n HAVING count(*) > 0;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO import_changes (import_id, relation, before)
        SELECT current, TG_TABLE_NAME, to_jsonb(o) FROM old_rows AS o;
    ELSE
        INSERT INTO import_changes (import_id, relation, before, after)
        SELECT current, TG_TABLE_NAME, to_jsonb(o), to_jsonb(n)
        FROM old_rows AS o JOIN new_rows AS n USING (id)
        WHERE to_jsonb(o) - '{synced_at,changed}'::text[] <> to_jsonb(n) - '{synced_at,changed}'::text[];
    END IF;
    RETURN NULL;
END $$
"""
_REFERENCING = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account_imports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("files", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("accounts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_imports")),
    )
    op.create_table(
        "import_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("inserted", sa.ARRAY(sa.BigInteger()), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["account_imports.id"],
            name=op.f("fk_import_changes_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
    )
    op.create_index(op.f("ix_import_changes_import_id"), "import_changes", ["import_id"])
    op.execute(_REMEMBER)
    for table in _TABLES:
        for event, referencing in _REFERENCING.items():
            op.execute(
                f"CREATE TRIGGER remember_{event} AFTER {event.upper()} ON {table} REFERENCING {referencing}"
                " FOR EACH STATEMENT EXECUTE FUNCTION remember_import()"
            )


def downgrade() -> None:
    """Take back."""
    for table in _TABLES:
        for event in _REFERENCING:
            op.execute(f"DROP TRIGGER remember_{event} ON {table}")
    op.execute("DROP FUNCTION remember_import()")
    op.drop_table("import_changes")
    op.drop_table("account_imports")
