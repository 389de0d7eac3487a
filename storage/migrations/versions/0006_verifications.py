"""Whether an account is the retailer's: looks and people's words. And the number by which imports know an owner.

Revision 0006, after 0005. Created 2026-11-29. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("owner_id", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_accounts_platform_stable_id"), "accounts", ["platform", "stable_id"])
    op.create_index(op.f("ix_accounts_platform_owner_id"), "accounts", ["platform", "owner_id"])
    op.create_index(op.f("ix_posts_key"), "posts", ["key"])
    op.create_table(
        "verifications",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ids", DOCUMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("glances", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_verifications_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    op.create_index(op.f("ix_verifications_account_id_id"), "verifications", ["account_id", "id"])


def downgrade() -> None:
    op.drop_table("verifications")
    op.drop_index(op.f("ix_posts_key"), table_name="posts")
    op.drop_index(op.f("ix_accounts_platform_owner_id"), table_name="accounts")
    op.drop_index(op.f("ix_accounts_platform_stable_id"), table_name="accounts")
    op.drop_column("accounts", "owner_id")
