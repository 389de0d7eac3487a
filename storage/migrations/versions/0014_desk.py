"""What the desk lists, who may see it, and what they did.

Revision 0014, after 0013. Created 2026-11-29. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TIME = sa.DateTime(timezone=True)
TABLES = ("inbox_rules", "inbox_twins", "inbox", "links", "sessions", "attempts", "audit", "users")


def upgrade() -> None:
    _create_inbox()
    _create_users()
    _create_record()


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("finding_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("place", BIG, nullable=False),
        sa.Column("posted_at", TIME, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("labelling", sa.String(length=32), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_inbox_account_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_inbox_finding_id")),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_inbox")),
    )
    for columns in (
        ("status", "place", "finding_id"),
        ("place", "finding_id"),
        ("picture", "place"),
        ("account_id", "status"),
        ("sha256",),
    ):
        op.create_index(op.f(f"ix_inbox_{'_'.join(columns)}"), "inbox", list(columns))
    for table, column in (("inbox_twins", "twin"), ("inbox_rules", "rule")):
        op.create_table(
            table,
            sa.Column("finding_id", BIG, nullable=False),
            sa.Column(column, sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(["finding_id"], ["inbox.finding_id"], name=op.f(f"fk_{table}_finding_id")),
            sa.PrimaryKeyConstraint("finding_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}_finding_id"), table, [column, "finding_id"])


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("whose", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("disabled_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )
    for table, columns in (
        ("links", (sa.Column("expires_at", TIME, nullable=False), sa.Column("used_at", TIME, nullable=True))),
        (
            "sessions",
            (
                sa.Column("began_at", TIME, nullable=False),
                sa.Column("seen_at", TIME, nullable=False),
                sa.Column("ended_at", TIME, nullable=True),
            ),
        ),
    ):
        op.create_table(
            table,
            sa.Column("id", BIG, nullable=False),
            sa.Column("user_id", BIG, nullable=False),
            sa.Column("secret", sa.String(length=64), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"fk_{table}_user_id")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("secret", name=op.f(f"uq_{table}_secret")),
        )
        op.create_index(op.f(f"ix_{table}_user_id"), table, ["user_id"])


def _create_record() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    for column in ("name", "origin"):
        op.create_index(op.f(f"ix_attempts_{column}_at"), "attempts", [column, "at"])
    op.create_table(
        "audit",
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("detail", DOCUMENT, nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("before", name=op.f("uq_audit_before")),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
