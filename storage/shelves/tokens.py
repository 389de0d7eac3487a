"""Tokens of the HTTP API: what programs show in place of a person who logs in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from storage.errors import DeskError
from storage.people import Token
from storage.shelves import people
from storage.tables.base import AnyRow, AnySelect
from storage.tables.desk import TokenRow, UserRow
from storage.tables.leaving import FeedRow

MOST = 20  # living ones of a user: more are forgotten somewhere


def add(
    connection: Connection,
    user_name: str,
    name: str,
    secret: str,
    scopes: Iterable[str],
    at: datetime,
    expires: datetime,
) -> Token:
    user = people.one(connection, user_name)
    living = TokenRow.user_id == user.id, TokenRow.revoked_at.is_(None)
    if connection.execute(select(TokenRow.id).where(*living, TokenRow.name == name)).first():
        raise DeskError(f"{user_name} has a token {name!r} already", kind="token_exists", where=name)
    held = select(func.count()).select_from(TokenRow).where(*living, TokenRow.expires_at > at)
    if connection.execute(held).scalar_one() >= MOST:
        message = f"{user_name} has {MOST} tokens already: revoke one first"
        raise DeskError(message, kind="too_many_tokens", where=user_name)
    values = {
        "user_id": user.id,
        "name": name,
        "secret": secret,
        "scopes": " ".join(sorted(scopes)),
        "made_at": at,
        "expires_at": expires,
    }
    made = connection.execute(insert(TokenRow).values(**values).returning(TokenRow.id)).scalar_one()
    return _token(connection.execute(_all().where(TokenRow.id == made)).one())


def find(connection: Connection, secret: str, now: datetime) -> Token | None:
    """The one with this digest, if it holds."""
    row = connection.execute(_all().where(TokenRow.secret == secret)).first()
    found = _token(row) if row else None
    return found if found and found.holds(now) else None


def every(connection: Connection, user_id: int | None) -> Sequence[Token]:
    """Those that are not revoked; of one user, or (None) of all."""
    query = _all().where(TokenRow.revoked_at.is_(None)).order_by(UserRow.name, TokenRow.name)
    if user_id is not None:
        query = query.where(TokenRow.user_id == user_id)
    return [_token(row) for row in connection.execute(query)]


def touch(connection: Connection, token_id: int, now: datetime) -> None:
    connection.execute(update(TokenRow).where(TokenRow.id == token_id).values(used_at=now))


def revoke(connection: Connection, token_id: int, at: datetime) -> bool:
    """False: there was nothing left to revoke."""
    query = update(TokenRow).where(TokenRow.id == token_id, TokenRow.revoked_at.is_(None))
    return connection.execute(query.values(revoked_at=at).returning(TokenRow.id)).first() is not None


def revoke_all(connection: Connection, user_id: int, at: datetime) -> tuple[int, int]:
    """Tokens and feeds; how many of each held."""
    counts = []
    for kind in (TokenRow, FeedRow):
        query = update(kind).where(kind.user_id == user_id, kind.revoked_at.is_(None))
        counts.append(len(connection.execute(query.values(revoked_at=at).returning(kind.id)).all()))
    return counts[0], counts[1]


def _all() -> AnySelect:
    mine: list[Any] = [
        TokenRow.id.label("token"),
        TokenRow.name.label("called"),
        TokenRow.scopes,
        TokenRow.made_at,
        TokenRow.expires_at,
        TokenRow.used_at,
        TokenRow.revoked_at,
    ]
    return select(*mine, *UserRow.__table__.c).join(UserRow, UserRow.id == TokenRow.user_id)


def _token(row: AnyRow) -> Token:
    return Token(
        id=row.token,
        name=row.called,
        user=people.user_of(row),
        scopes=frozenset(row.scopes.split()),
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
