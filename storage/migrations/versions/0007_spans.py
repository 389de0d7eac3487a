"""A match in a video is kept stretch by stretch.

Revision 0007, after 0006. Created 2026-11-29. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("matches", sa.Column("spans", DOCUMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("matches", "spans")
