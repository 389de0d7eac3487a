"""What leaves by itself: notices that are owed, and addresses of feeds."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.notices import NoticeState
from storage.tables.base import Base, BigInt, Id, Sha256, choice


class NoticeRow(Base):
    """One message to one channel, sent once or tried until it is given up. `told` and `body`: see
    storage/notices.py."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "state", "next_at"), Index(None, "channel", "made_at"))

    id: Mapped[Id]
    message: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    run: Mapped[str]
    kind: Mapped[str]
    made_at: Mapped[datetime]
    told: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    state: Mapped[NoticeState] = mapped_column(choice(NoticeState))
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    error: Mapped[str]


class FeedRow(Base):
    """An address that a feed reader knows. Its secret is not kept, its digest is."""

    __tablename__ = "feeds"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("users.id"), index=True)
    secret: Mapped[Sha256] = mapped_column(unique=True)
    sought: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    served: Mapped[str]
