"""Files (the bytes themselves, collected or registered) and what the detector found in them."""

from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from storage.records import Extent, MatchKind, ReferenceKind
from storage.tables.base import Base, BigInt, Digest, Document, Id, Sha256, choice


class FileRow(Base):
    """`staged` is the digest of `stages`, `matched` the stamp of matcher and bank ("": not yet, for both).

    `failures` goes by stage, so that a later run of one stage cannot hide why another could not look.
    """

    __tablename__ = "files"
    __table_args__ = (Index(None, "staged", "sha256"), Index(None, "collected", "matched", "sha256"))

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    collected: Mapped[bool]
    format: Mapped[str]
    size: Mapped[int] = mapped_column(BigInt)
    width: Mapped[int]
    height: Mapped[int]
    too_little: Mapped[bool]
    staged: Mapped[Digest]
    stages: Mapped[dict[str, Any]]
    failures: Mapped[dict[str, Any]]
    matched: Mapped[Digest]


class FingerprintRow(Base):
    __tablename__ = "fingerprints"

    id: Mapped[Id]
    sha256: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    stage: Mapped[str]
    algorithm: Mapped[str]
    bits: Mapped[bytes] = mapped_column(LargeBinary)
    quality: Mapped[int | None]


class EvidenceRow(Base):
    __tablename__ = "origin_evidence"

    id: Mapped[Id]
    sha256: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    stage: Mapped[str]
    reader: Mapped[str]
    signal: Mapped[str]
    detail: Mapped[str]
    extent: Mapped[Extent] = mapped_column(choice(Extent))
    level: Mapped[int]


class MatchRow(Base):
    __tablename__ = "matches"

    id: Mapped[Id]
    sha256: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    reference: Mapped[Sha256] = mapped_column(index=True)
    kind: Mapped[MatchKind] = mapped_column(choice(MatchKind))
    algorithm: Mapped[str]
    distance: Mapped[float]
    threshold: Mapped[float]
    twin: Mapped[str]
    reference_kind: Mapped[ReferenceKind | None] = mapped_column(choice(ReferenceKind))
    region: Mapped[dict[str, Any] | None] = mapped_column(Document)
    transform: Mapped[str]
    overlap: Mapped[float | None]
    inliers: Mapped[int | None]
