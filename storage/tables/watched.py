"""Accounts, whose they are, what servers said about URLs, runs, and what went wrong in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, BigInt, Digest, Id, choice
from storage.verification import Outcome


class AccountRow(Base):
    """`stable_id` as the platform's interface for programs names the account, `owner_id` as its pages do
    (imports): the two are often different numbers. `doubt`: why what
    the last whole look saw is not believed; "" where nothing is odd."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("platform", "handle"),
        Index(None, "platform", "stable_id"),
        Index(None, "platform", "owner_id"),
    )

    id: Mapped[Id]
    platform: Mapped[str]
    handle: Mapped[str]
    retailer: Mapped[str]
    country: Mapped[str | None]
    service: Mapped[str]
    tags: Mapped[list[Any]]
    stable_id: Mapped[str]
    endpoint: Mapped[str]
    high_water: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    owner_id: Mapped[str] = mapped_column(server_default="")
    doubt: Mapped[str] = mapped_column(server_default="")


class VerificationRow(Base):
    """Append-only: a look at whether the account is the retailer's, or a person's word."""

    __tablename__ = "verifications"
    __table_args__ = (Index(None, "account_id", "id"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("accounts.id"))
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    at: Mapped[datetime]
    ids: Mapped[list[Any]]
    by: Mapped[str]
    note: Mapped[str]
    reason: Mapped[str]
    website: Mapped[str]
    glances: Mapped[list[Any]]


class ValidatorRow(Base):
    __tablename__ = "validators"

    key: Mapped[str] = mapped_column(primary_key=True)  # storage.text.key of the URL
    url: Mapped[str]
    etag: Mapped[str]
    last_modified: Mapped[str]
    sha256: Mapped[str]
    checked_at: Mapped[datetime | None]  # when it was last asked for; unknown of rows before revision 0022


class RunRow(Base):
    __tablename__ = "runs"

    run: Mapped[str] = mapped_column(primary_key=True)
    started: Mapped[datetime] = mapped_column(index=True)
    ended: Mapped[datetime | None]
    summary: Mapped[dict[str, Any]]


class ProblemRow(Base):
    """One that repeats word for word within a run is one problem."""

    __tablename__ = "problems"
    __table_args__ = (UniqueConstraint("run", "content"),)

    id: Mapped[Id]
    run: Mapped[str]
    content: Mapped[Digest]
    recorded_at: Mapped[datetime]
    kind: Mapped[str]
    message: Mapped[str]
    where: Mapped[str]
    raw_sha256: Mapped[str]
