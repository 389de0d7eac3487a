"""The first shape: accounts, posts and their versions, files, the registry, findings.

Revision 0001, after nothing. Created 2026-11-23. Frozen: it imports no tables.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_accounts()
    _create_captures()
    _create_files()
    _create_problems()
    _create_runs()
    _create_twins()
    _create_validators()
    _create_consents()
    _create_fingerprints()
    _create_matches()
    _create_origin_evidence()
    _create_posts()
    _create_reference_images()
    _create_findings()
    _create_tombstones()
    _create_versions()
    _create_answers()
    _create_media_items()
    _create_reviews()
    _create_version_captures()
    _create_readings()


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("retailer", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("tags", DOCUMENT, nullable=False),
        sa.Column("stable_id", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("high_water", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_success", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("platform", "handle", name=op.f("uq_accounts_platform_handle")),
    )


def _create_captures() -> None:
    op.create_table(
        "captures",
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("url_asked", sa.Text(), nullable=False),
        sa.Column("url_final", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", DOCUMENT, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("spider", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_captures")),
    )


def _create_files() -> None:
    op.create_table(
        "files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("collected", sa.Boolean(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("too_little", sa.Boolean(), nullable=False),
        sa.Column("staged", sa.String(length=32), nullable=False),
        sa.Column("stages", DOCUMENT, nullable=False),
        sa.Column("failures", DOCUMENT, nullable=False),
        sa.Column("matched", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_files")),
    )
    op.create_index(
        op.f("ix_files_collected_matched_sha256"), "files", ["collected", "matched", "sha256"], unique=False
    )
    op.create_index(op.f("ix_files_staged_sha256"), "files", ["staged", "sha256"], unique=False)


def _create_problems() -> None:
    op.create_table(
        "problems",
        sa.Column("id", BIG, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("where", sa.Text(), nullable=False),
        sa.Column("raw_sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problems")),
        sa.UniqueConstraint("run", "content", name=op.f("uq_problems_run_content")),
    )


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_started"), "runs", ["started"], unique=False)


def _create_twins() -> None:
    op.create_table(
        "twins",
        sa.Column("id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_twins")),
        sa.UniqueConstraint("name", name=op.f("uq_twins_name")),
    )


def _create_validators() -> None:
    op.create_table(
        "validators",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_validators")),
    )


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", BIG, nullable=False),
        sa.Column("twin_id", BIG, nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("licensee", sa.Text(), nullable=False),
        sa.Column("channels", DOCUMENT, nullable=False),
        sa.Column("territories", DOCUMENT, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("label_duty", DOCUMENT, nullable=False),
        sa.Column("pay_note", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["twin_id"], ["twins.id"], name=op.f("fk_consents_twin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("twin_id", "content", name=op.f("uq_consents_twin_id_content")),
    )


def _create_fingerprints() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("id", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_fingerprints_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fingerprints")),
    )
    op.create_index(op.f("ix_fingerprints_sha256"), "fingerprints", ["sha256"], unique=False)


def _create_matches() -> None:
    op.create_table(
        "matches",
        sa.Column("id", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("distance", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("twin", sa.Text(), nullable=False),
        sa.Column("reference_kind", sa.String(length=32), nullable=True),
        sa.Column("region", DOCUMENT, nullable=True),
        sa.Column("transform", sa.Text(), nullable=False),
        sa.Column("overlap", sa.Double(), nullable=True),
        sa.Column("inliers", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_matches_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
    )
    op.create_index(op.f("ix_matches_reference"), "matches", ["reference"], unique=False)
    op.create_index(op.f("ix_matches_sha256"), "matches", ["sha256"], unique=False)


def _create_origin_evidence() -> None:
    op.create_table(
        "origin_evidence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("extent", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_origin_evidence_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origin_evidence")),
    )
    op.create_index(op.f("ix_origin_evidence_sha256"), "origin_evidence", ["sha256"], unique=False)


def _create_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_posts_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_posts_account_id_key")),
    )


def _create_reference_images() -> None:
    op.create_table(
        "reference_images",
        sa.Column("id", BIG, nullable=False),
        sa.Column("twin_id", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("attested_by", sa.Text(), nullable=False),
        sa.Column("mark_box", DOCUMENT, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_reference_images_sha256")),
        sa.ForeignKeyConstraint(["twin_id"], ["twins.id"], name=op.f("fk_reference_images_twin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_images")),
        sa.UniqueConstraint("twin_id", "sha256", name=op.f("uq_reference_images_twin_id_sha256")),
    )
    op.create_index(op.f("ix_reference_images_sha256"), "reference_images", ["sha256"], unique=False)


def _create_findings() -> None:
    op.create_table(
        "findings",
        sa.Column("id", BIG, nullable=False),
        sa.Column("post_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_findings_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint(
            "post_id", "position", "sha256", name=op.f("uq_findings_post_id_position_sha256")
        ),
    )


def _create_tombstones() -> None:
    op.create_table(
        "tombstones",
        sa.Column("id", BIG, nullable=False),
        sa.Column("post_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("capture", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["captures.digest"], name=op.f("fk_tombstones_capture")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_tombstones_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("post_id", "at", name=op.f("uq_tombstones_post_id_at")),
    )


def _create_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("id", BIG, nullable=False),
        sa.Column("post_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("read", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("hashtags", DOCUMENT, nullable=False),
        sa.Column("content_warning", sa.Text(), nullable=True),
        sa.Column("platform_tag", DOCUMENT, nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("raw_sha256", sa.Text(), nullable=False),
        sa.Column("problems", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_versions_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_versions_post_id_number")),
    )
    op.create_index(op.f("ix_versions_read_id"), "versions", ["read", "id"], unique=False)


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", BIG, nullable=False),
        sa.Column("finding_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("labelling", sa.String(length=32), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("answer", DOCUMENT, nullable=False),
        sa.Column("failure", DOCUMENT, nullable=True),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_answers_finding_id")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_answers_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("finding_id", "number", name=op.f("uq_answers_finding_id_number")),
    )


def _create_media_items() -> None:
    op.create_table(
        "media_items",
        sa.Column("id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("judged", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("native_id", sa.Text(), nullable=False),
        sa.Column("native_key", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=True),
        sa.Column("claimed_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("size", BIG, nullable=False),
        sa.Column("failure", DOCUMENT, nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_media_items_sha256")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_media_items_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_items")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_media_items_version_id_position")),
    )
    op.create_index(
        op.f("ix_media_items_current_judged_id"), "media_items", ["current", "judged", "id"], unique=False
    )
    op.create_index(op.f("ix_media_items_native_key"), "media_items", ["native_key"], unique=False)
    op.create_index(op.f("ix_media_items_sha256"), "media_items", ["sha256"], unique=False)


def _create_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", BIG, nullable=False),
        sa.Column("finding_id", BIG, nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_reviews_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_finding_id_id"), "reviews", ["finding_id", "id"], unique=False)


def _create_version_captures() -> None:
    op.create_table(
        "version_captures",
        sa.Column("version_id", BIG, autoincrement=False, nullable=False),
        sa.Column("capture", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["captures.digest"], name=op.f("fk_version_captures_capture")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_version_captures_version_id")),
        sa.PrimaryKeyConstraint("version_id", "capture", name=op.f("pk_version_captures")),
    )


def _create_readings() -> None:
    op.create_table(
        "readings",
        sa.Column("item_id", BIG, autoincrement=False, nullable=False),
        sa.Column("readings", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["media_items.id"], name=op.f("fk_readings_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_readings")),
    )


def downgrade() -> None:
    op.drop_table("readings")
    op.drop_table("version_captures")
    op.drop_index(op.f("ix_reviews_finding_id_id"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_index(op.f("ix_media_items_sha256"), table_name="media_items")
    op.drop_index(op.f("ix_media_items_native_key"), table_name="media_items")
    op.drop_index(op.f("ix_media_items_current_judged_id"), table_name="media_items")
    op.drop_table("media_items")
    op.drop_table("answers")
    op.drop_index(op.f("ix_versions_read_id"), table_name="versions")
    op.drop_table("versions")
    op.drop_table("tombstones")
    op.drop_table("findings")
    op.drop_index(op.f("ix_reference_images_sha256"), table_name="reference_images")
    op.drop_table("reference_images")
    op.drop_table("posts")
    op.drop_index(op.f("ix_origin_evidence_sha256"), table_name="origin_evidence")
    op.drop_table("origin_evidence")
    op.drop_index(op.f("ix_matches_sha256"), table_name="matches")
    op.drop_index(op.f("ix_matches_reference"), table_name="matches")
    op.drop_table("matches")
    op.drop_index(op.f("ix_fingerprints_sha256"), table_name="fingerprints")
    op.drop_table("fingerprints")
    op.drop_table("consents")
    op.drop_table("validators")
    op.drop_table("twins")
    op.drop_index(op.f("ix_runs_started"), table_name="runs")
    op.drop_table("runs")
    op.drop_table("problems")
    op.drop_index(op.f("ix_files_staged_sha256"), table_name="files")
    op.drop_index(op.f("ix_files_collected_matched_sha256"), table_name="files")
    op.drop_table("files")
    op.drop_table("captures")
    op.drop_table("accounts")
