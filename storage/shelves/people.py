"""Users of the desk, their one-time links, sessions and failed logins."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.errors import DeskError
from storage.people import Role, Session, User
from storage.shelves.writing import upsert
from storage.tables.base import AnyRow
from storage.tables.desk import AttemptRow, LinkRow, SessionRow, UserRow


def add(connection: Connection, name: str, role: Role, whose: str, at: datetime) -> User:
    statement = upsert(connection, UserRow, ("name",)).values(
        name=name, role=role, whose=whose, password="", added_at=at, disabled_at=None
    )
    if connection.execute(statement.returning(UserRow.id)).first() is None:
        raise DeskError(f"there is a user {name!r} already", kind="user_exists", where=name)
    return one(connection, name)


def one(connection: Connection, name: str) -> User:
    row = connection.execute(select(UserRow).where(UserRow.name == name)).first()
    if row is None:
        raise DeskError(f"there is no user {name!r} (`twinwatch desk user list`)", kind="no_user", where=name)
    return user_of(row)


def every(connection: Connection) -> Sequence[User]:
    return [user_of(row) for row in connection.execute(select(UserRow).order_by(UserRow.name))]


def password(connection: Connection, name: str) -> tuple[User, str] | None:
    """Of a user who may log in: the user and the stored hash."""
    query = select(UserRow).where(UserRow.name == name, UserRow.disabled_at.is_(None), UserRow.password != "")
    row = connection.execute(query).first()
    return (user_of(row), row.password) if row else None


def set_password(connection: Connection, user_id: int, hashed: str) -> None:
    connection.execute(update(UserRow).where(UserRow.id == user_id).values(password=hashed))


def disable(connection: Connection, name: str, at: datetime | None) -> User:
    """Sessions end; None: the user may log in again."""
    user = one(connection, name)
    connection.execute(update(UserRow).where(UserRow.id == user.id).values(disabled_at=at))
    if at is not None:
        end_all(connection, user.id, at)
        connection.execute(delete(LinkRow).where(LinkRow.user_id == user.id))
    return one(connection, name)


# --- links --------------------------------------------------------------------------------------------------


def make_link(connection: Connection, user_id: int, secret: str, expires: datetime) -> None:
    """The links before it no longer work."""
    connection.execute(delete(LinkRow).where(LinkRow.user_id == user_id, LinkRow.used_at.is_(None)))
    connection.execute(
        insert(LinkRow).values(user_id=user_id, secret=secret, expires_at=expires, used_at=None)
    )


def use_link(connection: Connection, secret: str, hashed: str, now: datetime) -> User | None:
    """The password is set, all sessions end, and the link works no more. None: it does not, or no more."""
    claimed = connection.execute(
        update(LinkRow)
        .where(LinkRow.secret == secret, LinkRow.used_at.is_(None), LinkRow.expires_at > now)
        .values(used_at=now)
        .returning(LinkRow.user_id)
    ).first()
    if claimed is None:
        return None
    set_password(connection, claimed.user_id, hashed)
    end_all(connection, claimed.user_id, now)
    row = connection.execute(
        select(UserRow).where(UserRow.id == claimed.user_id, UserRow.disabled_at.is_(None))
    ).first()
    return user_of(row) if row else None


def link_holds(connection: Connection, secret: str, now: datetime) -> bool:
    query = select(LinkRow.id).where(
        LinkRow.secret == secret, LinkRow.used_at.is_(None), LinkRow.expires_at > now
    )
    return connection.execute(query).first() is not None


def link_waits(connection: Connection, user_id: int, now: datetime) -> bool:
    query = select(LinkRow.id).where(
        LinkRow.user_id == user_id, LinkRow.used_at.is_(None), LinkRow.expires_at > now
    )
    return connection.execute(query).first() is not None


# --- sessions -----------------------------------------------------------------------------------------------


def begin(connection: Connection, user_id: int, secret: str, now: datetime) -> None:
    connection.execute(
        insert(SessionRow).values(user_id=user_id, secret=secret, began_at=now, seen_at=now, ended_at=None)
    )


def session(connection: Connection, secret: str) -> Session | None:
    """One that has not been ended, of a user who may log in."""
    query = (
        select(SessionRow.id.label("session"), SessionRow.began_at, SessionRow.seen_at, *UserRow.__table__.c)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(SessionRow.secret == secret, SessionRow.ended_at.is_(None), UserRow.disabled_at.is_(None))
    )
    row = connection.execute(query).first()
    return Session(row.session, user_of(row), row.began_at, row.seen_at) if row else None


def touch(connection: Connection, session_id: int, now: datetime) -> None:
    connection.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=now))


def end(connection: Connection, session_id: int, now: datetime) -> None:
    connection.execute(update(SessionRow).where(SessionRow.id == session_id).values(ended_at=now))


def end_all(connection: Connection, user_id: int, now: datetime) -> None:
    connection.execute(
        update(SessionRow)
        .where(SessionRow.user_id == user_id, SessionRow.ended_at.is_(None))
        .values(ended_at=now)
    )


# --- failed logins ------------------------------------------------------------------------------------------


def failed(connection: Connection, name: str, origin: str, at: datetime, keep: timedelta) -> None:
    connection.execute(delete(AttemptRow).where(AttemptRow.at < at - keep))
    connection.execute(insert(AttemptRow).values(name=name, origin=origin, at=at))


def failures(connection: Connection, name: str, origin: str, since: datetime) -> tuple[int, int]:
    """Since then: with this name, and from there."""
    count = select(func.count()).select_from(AttemptRow).where(AttemptRow.at >= since)
    by_name = connection.execute(count.where(AttemptRow.name == name)).scalar_one()
    return by_name, connection.execute(count.where(AttemptRow.origin == origin)).scalar_one()


def succeeded(connection: Connection, name: str) -> None:
    connection.execute(delete(AttemptRow).where(AttemptRow.name == name))


def user_of(row: AnyRow) -> User:
    """Of a row that has all columns of a user."""
    return User(
        id=row.id,
        name=row.name,
        role=row.role,
        whose=row.whose,
        added_at=row.added_at,
        disabled_at=row.disabled_at,
        has_password=bool(row.password),
    )
