"""Accounts, what servers said about URLs, runs, and what went wrong in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Digest, Id


class AccountRow(Base):
    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("platform", "handle"),)

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


class ValidatorRow(Base):
    __tablename__ = "validators"

    key: Mapped[str] = mapped_column(primary_key=True)  # storage.text.key of the URL
    url: Mapped[str]
    etag: Mapped[str]
    last_modified: Mapped[str]
    sha256: Mapped[str]


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
