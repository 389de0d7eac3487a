"""Posts, their versions and media items, their tombstones, and the retrievals behind them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.records import MediaKind
from storage.tables.base import Base, BigInt, Digest, Document, Id, Sha256, choice


class PostRow(Base):
    """What is known of the whole post; `url`, `revision` and `posted_at` as they were last seen."""

    __tablename__ = "posts"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("accounts.id"))
    key: Mapped[str] = mapped_column(index=True)  # storage.text.key of the platform's id
    post_id: Mapped[str]
    url: Mapped[str]
    revision: Mapped[str]
    posted_at: Mapped[datetime | None]
    first_seen: Mapped[datetime]
    gone_at: Mapped[datetime | None]


class TombstoneRow(Base):
    """Every absence, lifted ones too: that a post was away for a week is news."""

    __tablename__ = "tombstones"
    __table_args__ = (UniqueConstraint("post_id", "at"),)

    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(BigInt, ForeignKey("posts.id"))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    capture: Mapped[Digest] = mapped_column(ForeignKey("captures.digest"))


class VersionRow(Base):
    """`number` counts in the order of storing, `seen_at` in the order of being seen: an import may bring an
    older one.

    `content` is the digest that versions are compared by, `read` the stamp of the readers ("": not yet).
    """

    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("post_id", "number"), Index(None, "read", "id"))

    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(BigInt, ForeignKey("posts.id"))
    number: Mapped[int]
    current: Mapped[bool]
    seen_at: Mapped[datetime]
    content: Mapped[Digest]
    read: Mapped[Digest]
    url: Mapped[str]
    posted_at: Mapped[datetime | None]
    text: Mapped[str]
    hashtags: Mapped[list[Any]]
    content_warning: Mapped[str | None]
    platform_tag: Mapped[dict[str, Any]]
    revision: Mapped[str]
    raw_sha256: Mapped[str]
    problems: Mapped[list[Any]]


class MediaItemRow(Base):
    """`judged`: the stamp of its last verdict ("": to be judged). `basis` counts how often what it rests on
    changed, so that a verdict on an older state cannot stamp a newer one. `look`: how much it matters what
    stands on the picture (0: it does not)."""

    __tablename__ = "media_items"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        Index(None, "current", "judged", "id"),
        Index(None, "current", "look"),
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(BigInt, ForeignKey("versions.id"))
    position: Mapped[int]
    current: Mapped[bool]
    judged: Mapped[Digest]
    basis: Mapped[int]
    look: Mapped[int]
    kind: Mapped[MediaKind] = mapped_column(choice(MediaKind))
    url: Mapped[str]
    native_id: Mapped[str]
    native_key: Mapped[str] = mapped_column(index=True)
    alt: Mapped[str | None]
    claimed_type: Mapped[str]
    sha256: Mapped[Sha256 | None] = mapped_column(ForeignKey("files.sha256"), index=True)
    format: Mapped[str]
    size: Mapped[int] = mapped_column(BigInt)
    failure: Mapped[dict[str, Any] | None] = mapped_column(Document)


class ReadingsRow(Base):
    """All readings of one media item of one version, as one document: nothing asks for a single one."""

    __tablename__ = "readings"

    item_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("media_items.id"), primary_key=True, autoincrement=False
    )
    readings: Mapped[list[Any]]


class CaptureRow(Base):
    """`digest` is over the whole retrieval, so that saving it twice is nothing."""

    __tablename__ = "captures"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    url_asked: Mapped[str]
    url_final: Mapped[str]
    at: Mapped[datetime]
    status: Mapped[int]
    headers: Mapped[list[Any]]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInt)
    spider: Mapped[str]


class VersionCaptureRow(Base):
    __tablename__ = "version_captures"

    version_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("versions.id"), primary_key=True, autoincrement=False
    )
    capture: Mapped[Digest] = mapped_column(ForeignKey("captures.digest"), primary_key=True)


class ImportedRow(Base):
    """That an import met a post. `source`: the file's SHA-256, or the run of a folder's or an archive's
    import. `capture`: digest of a retrieval that it brought behind the post; "" where it found the post
    stored already, and of a file's imports, whose captures name the file. `taken_back`: that import
    was undone, and the post stayed because of others."""

    __tablename__ = "imported"
    __table_args__ = (Index(None, "source"),)

    post_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("posts.id"), primary_key=True, autoincrement=False
    )
    source: Mapped[str] = mapped_column(primary_key=True)
    capture: Mapped[Digest] = mapped_column(primary_key=True)
    taken_back: Mapped[bool]
