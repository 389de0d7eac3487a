"""Matching: measured pixels and spans, decisions on pairs, negatives, quarantine, groups of copies, the bank's stamps.

Revision 0002, after 0001. Created 2026-11-24. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _widen_files()
    _widen_results()
    _create_pair_reviews()
    _create_negatives()
    _create_quarantines()
    _create_banks()
    _create_counters()
    _fill()


def _widen_files() -> None:
    op.add_column("files", sa.Column("registered", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("files", sa.Column("fingerprinted", BIG, nullable=False, server_default="0"))
    op.add_column("files", sa.Column("copy_of", sa.String(length=64), nullable=True))
    op.drop_index(op.f("ix_files_staged_sha256"), table_name="files")
    op.create_index(op.f("ix_files_registered_staged_sha256"), "files", ["registered", "staged", "sha256"])
    op.create_index(op.f("ix_files_collected_fingerprinted"), "files", ["collected", "fingerprinted"])
    op.create_index(op.f("ix_files_copy_of"), "files", ["copy_of"])


def _widen_results() -> None:
    op.add_column("fingerprints", sa.Column("at", sa.Double(), nullable=True))
    for name in ("agreement", "residual", "span_from", "span_to"):
        op.add_column("matches", sa.Column(name, sa.Double(), nullable=True))
    op.add_column("matches", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_matches_kind"), "matches", ["kind"])
    op.add_column("reference_images", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def _create_pair_reviews() -> None:
    op.create_table(
        "pair_reviews",
        sa.Column("id", BIG, nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["picture"], ["files.sha256"], name=op.f("fk_pair_reviews_picture")),
        sa.ForeignKeyConstraint(["reference"], ["files.sha256"], name=op.f("fk_pair_reviews_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_reviews")),
    )
    op.create_index(
        op.f("ix_pair_reviews_picture_reference_id"), "pair_reviews", ["picture", "reference", "id"]
    )
    op.create_index(op.f("ix_pair_reviews_reference"), "pair_reviews", ["reference"])


def _create_negatives() -> None:
    op.create_table(
        "negatives",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_negatives_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_negatives")),
        sa.UniqueConstraint("name", name=op.f("uq_negatives_name")),
    )
    op.create_index(op.f("ix_negatives_sha256"), "negatives", ["sha256"])


def _create_quarantines() -> None:
    op.create_table(
        "quarantines",
        sa.Column("id", BIG, nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["files.sha256"], name=op.f("fk_quarantines_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantines")),
    )
    op.create_index(op.f("ix_quarantines_reference"), "quarantines", ["reference"])


def _create_banks() -> None:
    op.create_table(
        "banks",
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("members", DOCUMENT, nullable=True),
        sa.PrimaryKeyConstraint("stamp", name=op.f("pk_banks")),
        sa.UniqueConstraint("name", name=op.f("uq_banks_name")),
    )


def _create_counters() -> None:
    op.create_table(
        "counters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )


def _fill() -> None:
    """What an earlier program registered and fingerprinted, in the order in which it did so."""
    op.execute(
        "UPDATE files SET registered = true WHERE sha256 IN (SELECT sha256 FROM reference_images)"
    )
    op.execute(
        "UPDATE files SET fingerprinted = numbered.place FROM ("
        " SELECT sha256, row_number() OVER (ORDER BY max(id)) AS place FROM fingerprints GROUP BY sha256"
        ") AS numbered WHERE numbered.sha256 = files.sha256"
    )
    op.execute(
        "INSERT INTO counters (name, value)"
        " SELECT 'fingerprinted', max(fingerprinted) FROM files HAVING max(fingerprinted) > 0"
    )


def downgrade() -> None:
    for table in ("counters", "banks", "quarantines", "negatives", "pair_reviews"):
        op.drop_table(table)
    op.drop_column("reference_images", "withdrawn_at")
    op.drop_index(op.f("ix_matches_kind"), table_name="matches")
    for name in ("reason", "span_to", "span_from", "residual", "agreement"):
        op.drop_column("matches", name)
    op.drop_column("fingerprints", "at")
    op.drop_index(op.f("ix_files_copy_of"), table_name="files")
    op.drop_index(op.f("ix_files_collected_fingerprinted"), table_name="files")
    op.drop_index(op.f("ix_files_registered_staged_sha256"), table_name="files")
    op.create_index(op.f("ix_files_staged_sha256"), "files", ["staged", "sha256"])
    for name in ("copy_of", "fingerprinted", "registered"):
        op.drop_column("files", name)
