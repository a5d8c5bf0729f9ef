"""What finding an account by name, number, trunk and domain needs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBERS = {
    "number_key": "translate(upper(regexp_replace(customer_number, '[^[:alnum:]]', '', 'g')), 'OIL', '011')",
    "number_digits": "ltrim(regexp_replace(customer_number, '[^0-9]', '', 'g'), '0')",
}

_NAMED = """
CREATE FUNCTION account_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id()::text::bigint;
    IF TG_OP = 'UPDATE' AND NEW.name <> OLD.name AND NEW.former_names = OLD.former_names THEN
        NEW.former_names := array_append(array_remove(OLD.former_names, NEW.name), OLD.name);
    END IF;
    RETURN NEW;
END $$
"""
_TRIGGERS = (
    """
    CREATE TRIGGER account_named BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION account_named()
    """,
    """
    CREATE TRIGGER account_renamed BEFORE UPDATE OF name, city, former_names ON accounts FOR EACH ROW
    WHEN ((OLD.name, OLD.city, OLD.former_names) IS DISTINCT FROM (NEW.name, NEW.city, NEW.former_names))
    EXECUTE FUNCTION account_named()
    """,
)


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "accounts", sa.Column("former_names", sa.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column(
        "accounts",
        sa.Column(
            "changed",
            sa.BigInteger(),
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
            nullable=False,
        ),
    )
    op.create_index(op.f("ix_accounts_changed"), "accounts", ["changed"])
    for name, expression in _NUMBERS.items():
        op.create_index(f"ix_accounts_{name}", "accounts", [sa.literal_column(f"({expression})")])
    for name in ("trunk_phones", "domains"):
        op.create_index(f"ix_accounts_{name}", "accounts", [name], postgresql_using="gin")
    for statement in (_NAMED, *_TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    """Take back."""
    for name in ("account_renamed", "account_named"):
        op.execute(f"DROP TRIGGER {name} ON accounts")
    op.execute("DROP FUNCTION account_named()")
    for name in ("domains", "trunk_phones", "number_digits", "number_key", "changed"):
        op.drop_index(f"ix_accounts_{name}", table_name="accounts")
    for name in ("changed", "former_names"):
        op.drop_column("accounts", name)
