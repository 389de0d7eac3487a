"""What was done to a registered picture is kept with the match.

Revision 0004, after 0003. Created 2026-11-27. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("matches", sa.Column("changes", DOCUMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("matches", "changes")
