"""A licence says its document, whether it is exclusive, who added it, what it supersedes; and how it ended.

Revision 0009, after 0008. Created 2026-11-29. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("document", "added_by")


def upgrade() -> None:
    for name in WORDS:
        op.add_column("consents", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("consents", sa.Column("exclusive", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("consents", sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("consents", sa.Column("supersedes", BIG, nullable=True))
    op.create_table(
        "endings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("consent_id", BIG, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consent_id"], ["consents.id"], name=op.f("fk_endings_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endings")),
    )
    op.create_index(op.f("ix_endings_consent_id"), "endings", ["consent_id"])


def downgrade() -> None:
    op.drop_table("endings")
    for name in ("supersedes", "added_at", "exclusive", *reversed(WORDS)):
        op.drop_column("consents", name)
