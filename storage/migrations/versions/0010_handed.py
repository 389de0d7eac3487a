"""Whether a registered picture was handed over itself, or its fingerprints alone.

Revision 0010, after 0009. Created 2026-11-29. Frozen: it imports no tables. Until now there were pictures
only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "reference_images",
        sa.Column("handed", sa.String(length=32), nullable=False, server_default="picture"),
    )


def downgrade() -> None:
    op.drop_column("reference_images", "handed")
