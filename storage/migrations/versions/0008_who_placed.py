"""Who said where the mark of a registered picture stands: the program, or a person.

Revision 0008, after 0007. Created 2026-11-29. Frozen: it imports no tables. Of what was registered before
nobody knows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "reference_images",
        sa.Column("mark_placed", sa.String(length=32), nullable=False, server_default="unknown"),
    )


def downgrade() -> None:
    op.drop_column("reference_images", "mark_placed")
