"""The queue of what is owed to channels. A notice is claimed before it is sent, so that two senders at once
send it once; a claim that was not redeemed (a killed night) runs out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from storage.notices import Notice, NoticeState
from storage.tables.base import AnyRow
from storage.tables.leaving import NoticeRow


def owe(connection: Connection, notices: Sequence[Notice]) -> None:
    for one in notices:
        connection.execute(
            insert(NoticeRow).values(
                message=one.message,
                channel=one.channel,
                run=one.run,
                kind=one.kind,
                made_at=one.made_at,
                told={number: list(alarms) for number, alarms in one.told.items()},
                body=dict(one.body),
                state=NoticeState.OWED,
                attempts=0,
                next_at=one.next_at or one.made_at,
                ended_at=None,
                error="",
            )
        )


def told(connection: Connection, channel: str, since: datetime) -> Mapping[int, frozenset[str]]:
    """Finding → its alarms that this channel was told, or is owed, since then."""
    query = select(NoticeRow.told).where(NoticeRow.channel == channel, NoticeRow.made_at > since)
    found: dict[int, frozenset[str]] = {}
    for document in connection.execute(query).scalars():
        for number, alarms in document.items():
            found[int(number)] = found.get(int(number), frozenset()) | frozenset(alarms)
    return found


def claim(connection: Connection, now: datetime, held: timedelta, besides: Collection[str]) -> Notice | None:
    """The notice that is due for longest, which nobody else gets until `held` is over. `besides`: not these
    messages."""
    query = (
        select(NoticeRow)
        .where(NoticeRow.state == NoticeState.OWED, NoticeRow.next_at <= now)
        .order_by(NoticeRow.next_at, NoticeRow.id)
    )
    if besides:
        query = query.where(NoticeRow.message.not_in(sorted(besides)))
    for row in connection.execute(query.limit(20)).all():
        done = connection.execute(
            update(NoticeRow)
            .where(
                NoticeRow.id == row.id,
                NoticeRow.state == NoticeState.OWED,
                NoticeRow.next_at == row.next_at,
                NoticeRow.attempts == row.attempts,
            )
            .values(next_at=now + held, attempts=row.attempts + 1)
            .returning(NoticeRow.id)
        ).first()
        if done is not None:
            return one(connection, row.id)
    return None


def one(connection: Connection, number: int) -> Notice:
    return _notice(connection.execute(select(NoticeRow).where(NoticeRow.id == number)).one())


def due(connection: Connection, now: datetime) -> list[Notice]:
    query = select(NoticeRow).where(NoticeRow.state == NoticeState.OWED, NoticeRow.next_at <= now)
    return [_notice(row) for row in connection.execute(query.order_by(NoticeRow.next_at, NoticeRow.id))]


def ended(connection: Connection, number: int, state: NoticeState, at: datetime, error: str) -> None:
    """What it said is kept no longer; what it told is, so that it is not told again."""
    values = {"state": state, "ended_at": at, "error": error, "body": {}}
    connection.execute(update(NoticeRow).where(NoticeRow.id == number).values(**values))


def failed(connection: Connection, number: int, next_at: datetime, error: str) -> None:
    connection.execute(update(NoticeRow).where(NoticeRow.id == number).values(next_at=next_at, error=error))


def latest(connection: Connection, limit: int, before: int | None = None) -> list[Notice]:
    """Newest first."""
    query = select(NoticeRow).order_by(NoticeRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(NoticeRow.id < before)
    return [_notice(row) for row in connection.execute(query)]


def _notice(row: AnyRow) -> Notice:
    return Notice(
        message=row.message,
        channel=row.channel,
        run=row.run,
        kind=row.kind,
        made_at=row.made_at,
        told={number: tuple(alarms) for number, alarms in row.told.items()},
        body=row.body,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at,
        ended_at=row.ended_at,
        error=row.error,
        id=row.id,
    )
