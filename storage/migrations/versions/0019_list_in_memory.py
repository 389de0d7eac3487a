"""The desk's list says what has changed in it; the wide indexes that answered its pages and counts go.

Revision 0019, after 0018. Created 2026-11-29. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LISTED = ["status", "place", "finding_id", "picture", "level", "account_id", "labelling", "consent", "posted_at"]
COPIES = ["reference", "kind", "twin", "sha256"]


def upgrade() -> None:
    op.add_column("inbox", sa.Column("changed", BIG, nullable=False, server_default="0"))
    op.create_index(op.f("ix_inbox_changed"), "inbox", ["changed"])
    unknown = sa.Column("consent", sa.String(length=32), nullable=False, server_default="no_terms")
    op.add_column("inbox_twins", unknown)  # listed anew, since the list's version is another one
    op.drop_index("ix_inbox_listed", "inbox")
    op.drop_index(op.f("ix_inbox_picture_status_place"), "inbox")
    op.create_index(op.f("ix_inbox_status_place_finding_id"), "inbox", ["status", "place", "finding_id"])
    op.drop_index(op.f("ix_matches_reference"), "matches")
    op.create_index("ix_matches_copies", "matches", COPIES)


def downgrade() -> None:
    op.drop_index("ix_matches_copies", "matches")
    op.create_index(op.f("ix_matches_reference"), "matches", ["reference"])
    op.drop_index(op.f("ix_inbox_status_place_finding_id"), "inbox")
    op.create_index(op.f("ix_inbox_picture_status_place"), "inbox", ["picture", "status", "place"])
    op.create_index("ix_inbox_listed", "inbox", LISTED)
    op.drop_index(op.f("ix_inbox_changed"), "inbox")
    op.drop_column("inbox_twins", "consent")
    op.drop_column("inbox", "changed")
