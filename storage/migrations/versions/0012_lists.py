"""A registered picture says its document, the digest of it, and a note.

Revision 0012, after 0011. Created 2026-11-29. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WORDS = ("document", "document_sha256", "note")


def upgrade() -> None:
    for name in WORDS:
        op.add_column("reference_images", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in reversed(WORDS):
        op.drop_column("reference_images", name)
