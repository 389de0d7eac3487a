"""Why what the last whole look at an account saw is not believed.

Revision 0023, after 0022. Created 2026-11-30. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("doubt", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        table.drop_column("doubt")
