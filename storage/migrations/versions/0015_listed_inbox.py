"""An index that answers the pages and counts of the desk's list without its rows, and one that finds a
picture's rows among them.

Revision 0015, after 0014. Created 2026-11-29. Frozen: it imports no tables.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LISTED = ["status", "place", "finding_id", "picture", "level", "account_id", "labelling", "consent", "posted_at"]
PICTURES = ["sha256", "account_id", "posted_at", "finding_id"]


def upgrade() -> None:
    op.drop_index(op.f("ix_inbox_picture_place"), "inbox")
    op.drop_index(op.f("ix_inbox_status_place_finding_id"), "inbox")
    op.create_index(op.f("ix_inbox_picture_status_place"), "inbox", ["picture", "status", "place"])
    op.create_index("ix_inbox_listed", "inbox", LISTED)
    op.drop_index(op.f("ix_inbox_sha256"), "inbox")
    op.create_index("ix_inbox_pictures", "inbox", PICTURES)


def downgrade() -> None:
    op.drop_index("ix_inbox_pictures", "inbox")
    op.create_index(op.f("ix_inbox_sha256"), "inbox", ["sha256"])
    op.drop_index("ix_inbox_listed", "inbox")
    op.drop_index(op.f("ix_inbox_picture_status_place"), "inbox")
    op.create_index(op.f("ix_inbox_status_place_finding_id"), "inbox", ["status", "place", "finding_id"])
    op.create_index(op.f("ix_inbox_picture_place"), "inbox", ["picture", "place"])
