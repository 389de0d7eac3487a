"""The registry: twins, their pictures, the licences to use them; pictures that must never match; marks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.boxes import Placed
from storage.handed import Handed
from storage.records import ReferenceKind
from storage.tables.base import Base, BigInt, Digest, Document, Id, Sha256, choice


class TwinRow(Base):
    __tablename__ = "twins"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[ReferenceKind] = mapped_column(choice(ReferenceKind))
    model: Mapped[str]
    agency: Mapped[str]
    note: Mapped[str]
    added_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # a tombstone: its name is a number now


class ReferenceRow(Base):
    __tablename__ = "reference_images"
    __table_args__ = (UniqueConstraint("twin_id", "sha256"),)

    id: Mapped[Id]
    twin_id: Mapped[int] = mapped_column(BigInt, ForeignKey("twins.id"))
    sha256: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    kind: Mapped[ReferenceKind] = mapped_column(choice(ReferenceKind))
    basis: Mapped[str]
    attested_by: Mapped[str]
    mark_box: Mapped[dict[str, Any] | None] = mapped_column(Document)
    mark_placed: Mapped[Placed] = mapped_column(choice(Placed), server_default=Placed.UNKNOWN.value)
    source: Mapped[str]
    added_at: Mapped[datetime | None]
    disputed: Mapped[bool]
    withdrawn_at: Mapped[datetime | None]
    handed: Mapped[Handed] = mapped_column(choice(Handed), server_default=Handed.PICTURE.value)
    document: Mapped[str] = mapped_column(server_default="")
    document_sha256: Mapped[str] = mapped_column(server_default="")
    note: Mapped[str] = mapped_column(server_default="")


class CorrectionRow(Base):
    """What was registered by mistake, and what took its place; append-only. `before` and `after`: by column,
    those that changed."""

    __tablename__ = "corrections"

    id: Mapped[Id]
    twin_id: Mapped[int] = mapped_column(BigInt, ForeignKey("twins.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class ConsentRow(Base):
    """`content` is the digest of the terms: the same licence given twice is one."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("twin_id", "content"),)

    id: Mapped[Id]
    twin_id: Mapped[int] = mapped_column(BigInt, ForeignKey("twins.id"))
    content: Mapped[Digest]
    licensee: Mapped[str]
    channels: Mapped[list[Any]]
    territories: Mapped[list[Any]]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    purposes: Mapped[str]
    label_duty: Mapped[list[Any]]
    pay_note: Mapped[str]
    document_sha256: Mapped[str]
    clause: Mapped[str]
    document: Mapped[str] = mapped_column(server_default="")
    exclusive: Mapped[bool] = mapped_column(server_default=false())
    added_by: Mapped[str] = mapped_column(server_default="")
    added_at: Mapped[datetime | None]
    supersedes: Mapped[int | None] = mapped_column(BigInt)


class EndingRow(Base):
    """What was said about the end of a licence, append-only: the newest row counts."""

    __tablename__ = "endings"

    id: Mapped[Id]
    consent_id: Mapped[int] = mapped_column(BigInt, ForeignKey("consents.id"), index=True)
    last_day: Mapped[date | None]
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]


class NegativeRow(Base):
    __tablename__ = "negatives"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    added_by: Mapped[str]
    note: Mapped[str]
    added_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class MarkRow(Base):
    """`drawing`: its luminance and then how much it covers, `height` rows of `width` bytes each, deflated.
    Its file lies in media and is no picture to be examined, so it is none of `files`."""

    __tablename__ = "marks"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[Sha256]
    says: Mapped[str]
    letters: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    drawing: Mapped[bytes] = mapped_column(LargeBinary)
    see_through: Mapped[bool]
    source: Mapped[str]
    added_by: Mapped[str]
    added_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class QuarantineRow(Base):
    """Every quarantine, lifted ones too: that a reference was not believed for a week is part of the
    record."""

    __tablename__ = "quarantines"

    id: Mapped[Id]
    reference: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    lifted_by: Mapped[str]
    lifted_at: Mapped[datetime | None]
    note: Mapped[str]
