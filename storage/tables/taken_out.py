"""What was taken out of belief, consent, reach and keeping: contests, withdrawals, holds, exports, erasures,
receipts, and bytes that are gone on purpose."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigInt, Id, Sha256


class ContestRow(Base):
    """Append-only. `reference` "": the whole twin; `undone`: it takes back what was said of the same before.
    The newest row of each counts."""

    __tablename__ = "contests"

    id: Mapped[Id]
    twin_id: Mapped[int] = mapped_column(BigInt, ForeignKey("twins.id"), index=True)
    reference: Mapped[Sha256]
    undone: Mapped[bool]
    by: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[str]


class WithdrawalRow(Base):
    """A withdrawal of consent, and the endings of licences that it made: [[licence, ending, last day
    before]]."""

    __tablename__ = "withdrawals"

    id: Mapped[Id]
    twin_id: Mapped[int] = mapped_column(BigInt, ForeignKey("twins.id"), index=True)
    since: Mapped[datetime]
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    endings: Mapped[list[Any]]
    restored_at: Mapped[datetime | None]
    restored_by: Mapped[str]


class HoldRow(Base):
    """Of a twin or of a finding; lifted ones stay told."""

    __tablename__ = "holds"

    id: Mapped[Id]
    twin_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("twins.id"))
    finding_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("findings.id"))
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str]
    lifted_because: Mapped[str]


class ExportRow(Base):
    """A file that left the house. `path` "": it went to standard output. `twins`: rows of the twins shown."""

    __tablename__ = "exports"

    id: Mapped[Id]
    at: Mapped[datetime]
    by: Mapped[str]
    command: Mapped[str]
    format: Mapped[str]
    path: Mapped[str]
    sha256: Mapped[Sha256]
    size: Mapped[int] = mapped_column(BigInteger)
    findings: Mapped[list[Any]]
    twins: Mapped[list[Any]]
    thumbnails: Mapped[bool]
    erased_at: Mapped[datetime | None]


class ErasureRow(Base):
    """One that was begun. `step`: "begun" (files are going), "rows" (the rows are gone, the database file
    may still hold what they said), "done" (there is a receipt). `told`: what the receipt will say."""

    __tablename__ = "erasures"

    id: Mapped[Id]
    twin_id: Mapped[int] = mapped_column(BigInt, ForeignKey("twins.id"))
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    captures: Mapped[bool]
    step: Mapped[str]
    told: Mapped[dict[str, Any]]


class ReceiptRow(Base):
    __tablename__ = "receipts"

    number: Mapped[Id]
    at: Mapped[datetime]
    digest: Mapped[Sha256]
    previous: Mapped[Sha256]
    document: Mapped[dict[str, Any]]


class RemovalRow(Base):
    """Bytes that are gone from media on purpose, and why: nothing that is damaged."""

    __tablename__ = "removals"

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    why: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    erased: Mapped[bool]
