"""What stands on pictures: readings of files, what people saw, and how much it matters to look.

Revision 0003, after 0002. Created 2026-11-27. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("files", sa.Column("may_bear_text", sa.Boolean(), nullable=True))
    op.add_column("media_items", sa.Column("look", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_media_items_current_look"), "media_items", ["current", "look"])
    _create_looks()
    _create_person_readings()


def _create_looks() -> None:
    op.create_table(
        "looks",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("surface", sa.String(length=32), nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("reading", DOCUMENT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_looks_sha256")),
        sa.PrimaryKeyConstraint("sha256", "surface", name=op.f("pk_looks")),
    )


def _create_person_readings() -> None:
    op.create_table(
        "person_readings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("finding_id", BIG, nullable=False),
        sa.Column("surface", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("screenshot", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_person_readings_finding_id")),
        sa.ForeignKeyConstraint(["item_id"], ["media_items.id"], name=op.f("fk_person_readings_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_readings")),
    )
    op.create_index(op.f("ix_person_readings_item_id_id"), "person_readings", ["item_id", "id"])
    op.create_index(op.f("ix_person_readings_finding_id"), "person_readings", ["finding_id"])


def downgrade() -> None:
    op.drop_table("person_readings")
    op.drop_table("looks")
    op.drop_index(op.f("ix_media_items_current_look"), table_name="media_items")
    op.drop_column("media_items", "look")
    op.drop_column("files", "may_bear_text")
