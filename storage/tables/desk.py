"""What the desk lists, who may see it, and what they did. The list can be made anew from the findings."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.people import Role
from storage.records import ConsentVerdict, FindingStatus, Labelling
from storage.tables.base import Base, BigInt, Document, Id, Sha256, choice


class InboxRow(Base):
    """One row a finding, as its last answer has it. `place` orders them: strength, then the newest post;
    `number` and `version` say of which answer and by which order; `picture` is the group of copies. `changed`
    grows over all rows whenever one changes: who holds the list in memory (storage/listed.py) reads what is
    behind the last one she saw."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(None, "status", "place", "finding_id"),
        Index(None, "place", "finding_id"),
        Index(None, "changed"),
        Index(None, "account_id", "status"),
        Index("ix_inbox_pictures", "sha256", "account_id", "posted_at", "finding_id"),
    )

    finding_id: Mapped[int] = mapped_column(BigInt, ForeignKey("findings.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("accounts.id"))
    place: Mapped[int] = mapped_column(BigInt)
    posted_at: Mapped[datetime]
    level: Mapped[int]
    labelling: Mapped[Labelling] = mapped_column(choice(Labelling))
    consent: Mapped[ConsentVerdict] = mapped_column(choice(ConsentVerdict))
    status: Mapped[FindingStatus] = mapped_column(choice(FindingStatus))
    sha256: Mapped[str]
    picture: Mapped[str]
    number: Mapped[int]
    version: Mapped[str]
    changed: Mapped[int] = mapped_column(BigInt)


class InboxTwinRow(Base):
    __tablename__ = "inbox_twins"
    __table_args__ = (Index(None, "twin", "finding_id"),)

    finding_id: Mapped[int] = mapped_column(BigInt, ForeignKey("inbox.finding_id"), primary_key=True)
    twin: Mapped[str] = mapped_column(primary_key=True)
    consent: Mapped[ConsentVerdict] = mapped_column(choice(ConsentVerdict))


class InboxRuleRow(Base):
    __tablename__ = "inbox_rules"
    __table_args__ = (Index(None, "rule", "finding_id"),)

    finding_id: Mapped[int] = mapped_column(BigInt, ForeignKey("inbox.finding_id"), primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)


class SightingRow(Base):
    """What figures count of a finding, as its last answer has it (storage/figures.py). `number` and `version`
    say of which answer and by which way of writing. It can be made anew."""

    __tablename__ = "sightings"

    finding_id: Mapped[int] = mapped_column(BigInt, ForeignKey("findings.id"), primary_key=True)
    grounds: Mapped[str]
    told: Mapped[str]
    whole: Mapped[bool]
    late: Mapped[bool]
    number: Mapped[int]
    version: Mapped[str]


class UserRow(Base):
    """`whose`: the agency or the model whose twins a user of that role sees."""

    __tablename__ = "users"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    whose: Mapped[str]
    password: Mapped[str]  # Argon2id, "" until one is set
    added_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class LinkRow(Base):
    """A link that works once, to set a password. Its secret is not kept, its digest is."""

    __tablename__ = "links"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"), index=True)
    secret: Mapped[Sha256] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SessionRow(Base):
    """Whoever is logged in. The secret in the cookie is not kept, its digest is."""

    __tablename__ = "sessions"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"), index=True)
    secret: Mapped[Sha256] = mapped_column(unique=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TokenRow(Base):
    """What a program shows to the HTTP API. The secret is not kept, its digest is; `scopes` with a space
    between them. One name stands for one token of a user at a time: a revoked one gives it free."""

    __tablename__ = "tokens"
    __table_args__ = (
        Index(
            "ix_tokens_living",
            "user_id",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"))
    name: Mapped[str]
    secret: Mapped[Sha256] = mapped_column(unique=True)
    scopes: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AttemptRow(Base):
    """Failed logins, by the name that was tried and by where from."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "name", "at"), Index(None, "origin", "at"))

    id: Mapped[Id]
    name: Mapped[str]
    origin: Mapped[str]
    at: Mapped[datetime]


class CheckRow(Base):
    """A check that somebody kept (storage/checks.py). `twins`: the rows of those that it matched; `picture` a
    small copy, empty where there is none: in the row, so that it is never there without it."""

    __tablename__ = "kept_checks"

    id: Mapped[Id]
    at: Mapped[datetime]
    by: Mapped[str]
    note: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(Document)
    told: Mapped[dict[str, Any]] = mapped_column(Document)
    twins: Mapped[list[int]] = mapped_column(Document)
    picture: Mapped[bytes]


class AuditRow(Base):
    """Append-only, each row chained to the one before by its digest."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("before"),)

    id: Mapped[Id]
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(Document)
    before: Mapped[Sha256]
    digest: Mapped[Sha256]
