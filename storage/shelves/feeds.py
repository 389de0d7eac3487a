"""Addresses of feeds: who reads what, without a session."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.notices import Feed
from storage.shelves.people import user_of
from storage.tables.base import AnyRow
from storage.tables.desk import UserRow
from storage.tables.leaving import FeedRow

_COLUMNS = (
    FeedRow.id.label("feed"),
    FeedRow.sought,
    FeedRow.made_at,
    FeedRow.served,
    *UserRow.__table__.c,
)


def make(connection: Connection, user_id: int, secret: str, sought: str, at: datetime) -> int:
    """Its number."""
    statement = insert(FeedRow).values(
        user_id=user_id, secret=secret, sought=sought, made_at=at, revoked_at=None, served=""
    )
    return connection.execute(statement.returning(FeedRow.id)).scalar_one()


def of(connection: Connection, secret: str) -> Feed | None:
    """One that was not revoked, of a user who may log in."""
    query = (
        select(*_COLUMNS)
        .join(UserRow, UserRow.id == FeedRow.user_id)
        .where(FeedRow.secret == secret, FeedRow.revoked_at.is_(None), UserRow.disabled_at.is_(None))
    )
    row = connection.execute(query).first()
    return _feed(row) if row else None


def every(connection: Connection, user_id: int) -> Sequence[Feed]:
    query = (
        select(*_COLUMNS)
        .join(UserRow, UserRow.id == FeedRow.user_id)
        .where(FeedRow.user_id == user_id, FeedRow.revoked_at.is_(None))
        .order_by(FeedRow.id)
    )
    return [_feed(row) for row in connection.execute(query)]


def revoke(connection: Connection, number: int, user_id: int, at: datetime) -> bool:
    """False: this user has no such feed."""
    statement = (
        update(FeedRow)
        .where(FeedRow.id == number, FeedRow.user_id == user_id, FeedRow.revoked_at.is_(None))
        .values(revoked_at=at, sought="")
        .returning(FeedRow.id)
    )
    return connection.execute(statement).first() is not None


def served(connection: Connection, number: int, digest: str) -> None:
    connection.execute(update(FeedRow).where(FeedRow.id == number).values(served=digest))


def _feed(row: AnyRow) -> Feed:
    return Feed(row.feed, user_of(row), row.sought, row.made_at, row.served)
