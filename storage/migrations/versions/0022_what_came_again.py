"""When a picture was last asked for again, and which import met which posts.

Revision 0022, after 0021. Created 2026-11-30. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("validators", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "imported",
        sa.Column("post_id", BIG, autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("capture", sa.String(length=32), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_imported_post_id")),
        sa.PrimaryKeyConstraint("post_id", "source", "capture", name=op.f("pk_imported")),
    )
    op.create_index(op.f("ix_imported_source"), "imported", ["source"])


def downgrade() -> None:
    op.drop_table("imported")
    with op.batch_alter_table("validators") as table:
        table.drop_column("checked_at")
