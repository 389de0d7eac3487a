"""Files (the bytes themselves, collected or registered) and what the detector found in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from storage.records import Extent, MatchKind, ReferenceKind, Surface
from storage.tables.base import Base, BigInt, Digest, Document, Id, Sha256, choice


class FileRow(Base):
    """`staged` is the digest of `stages`, `matched` the key of the bank that the file was matched with ("":
    not yet, for both).

    `failures` goes by stage, so that a later run of one stage cannot hide why another could not look.
    `registered`: a reference or a negative that is not withdrawn; more stages run over those.
    `fingerprinted` grows over all files whenever one's fingerprints change (0: not yet). `copy_of` is the
    earliest picture of its group of copies, itself included (None: alone).
    """

    __tablename__ = "files"
    __table_args__ = (
        Index(None, "registered", "staged", "sha256"),
        Index(None, "collected", "matched", "sha256"),
        Index(None, "collected", "fingerprinted"),
    )

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    collected: Mapped[bool]
    registered: Mapped[bool]
    format: Mapped[str]
    size: Mapped[int] = mapped_column(BigInt)
    width: Mapped[int]
    height: Mapped[int]
    too_little: Mapped[bool]
    staged: Mapped[Digest]
    stages: Mapped[dict[str, Any]]
    failures: Mapped[dict[str, Any]]
    matched: Mapped[Digest]
    fingerprinted: Mapped[int] = mapped_column(BigInt)
    copy_of: Mapped[Sha256 | None] = mapped_column(index=True)
    may_bear_text: Mapped[bool | None]


class FingerprintRow(Base):
    __tablename__ = "fingerprints"

    id: Mapped[Id]
    sha256: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    stage: Mapped[str]
    algorithm: Mapped[str]
    bits: Mapped[bytes] = mapped_column(LargeBinary)
    quality: Mapped[int | None]
    at: Mapped[float | None]


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
    __table_args__ = (Index("ix_matches_copies", "reference", "kind", "twin", "sha256"),)

    id: Mapped[Id]
    sha256: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    reference: Mapped[Sha256]
    kind: Mapped[MatchKind] = mapped_column(choice(MatchKind), index=True)
    algorithm: Mapped[str]
    distance: Mapped[float]
    threshold: Mapped[float]
    twin: Mapped[str]
    reference_kind: Mapped[ReferenceKind | None] = mapped_column(choice(ReferenceKind))
    region: Mapped[dict[str, Any] | None] = mapped_column(Document)
    transform: Mapped[str]
    overlap: Mapped[float | None]
    inliers: Mapped[int | None]
    agreement: Mapped[float | None]
    residual: Mapped[float | None]
    span_from: Mapped[float | None]
    span_to: Mapped[float | None]
    reason: Mapped[str]
    changes: Mapped[list[Any] | None] = mapped_column(Document)
    spans: Mapped[list[Any] | None] = mapped_column(Document)


class LookRow(Base):
    """What stands on a picture, by surface. `stamp`: of the reader and what it looks for ("": it could not be
    looked at yet, and is asked for again)."""

    __tablename__ = "looks"

    sha256: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), primary_key=True)
    surface: Mapped[Surface] = mapped_column(choice(Surface), primary_key=True)
    stamp: Mapped[Digest]
    reading: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class BankRow(Base):
    """What a stamp of matcher and bank stands for: its members, each with the digest of its entry (None:
    nobody said). `stamp` is the key that files carry, `name` the stamp that it stands for today."""

    __tablename__ = "banks"

    stamp: Mapped[Digest] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    members: Mapped[dict[str, Any] | None] = mapped_column(Document)


class CounterRow(Base):
    """Numbers that only grow, in the order of the transactions that took them: who takes one holds its row
    until the end. (A sequence of the database's own would show a later number before an earlier one.)"""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInt)
