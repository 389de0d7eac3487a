"""Consent that is withdrawn ends every licence of the twin; what one withdrawal ended is what taking it back
restores. Nothing is edited: an ending is a further row, and so is its being taken back."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.keeping import Withdrawal
from storage.shelves import terms
from storage.shelves.contests import twin_row
from storage.tables.base import AnyRow
from storage.tables.registered import EndingRow, TwinRow
from storage.tables.taken_out import WithdrawalRow

TAKEN_BACK = "the withdrawal of consent was taken back"


def withdraw(connection: Connection, given: Withdrawal) -> Withdrawal | None:
    """As it stands then, with the licences that it ended; None: consent was withdrawn before."""
    twin_id = twin_row(connection, given.twin)
    free = (TwinRow.id == twin_id, TwinRow.withdrawn_at.is_(None))
    if connection.execute(update(TwinRow).where(*free).values(withdrawn_at=given.since)).rowcount != 1:
        return None
    ended = list(_ended(connection, given))
    connection.execute(
        insert(WithdrawalRow).values(
            twin_id=twin_id,
            since=given.since,
            at=given.at,
            by=given.by,
            reason=given.reason,
            endings=ended,
            restored_at=None,
            restored_by="",
        )
    )
    return of(connection, given.twin)[-1]


def _ended(connection: Connection, given: Withdrawal) -> Iterator[list[Any]]:
    """[licence, ending, last day said before]; those that were over by then are left alone."""
    last = (given.since.astimezone(UTC) - timedelta(microseconds=1)).date()
    reason = f"consent was withdrawn: {given.reason}" if given.reason else "consent was withdrawn"
    for one in terms.every(connection):
        if one.twin == given.twin and (one.last_day is None or one.last_day > last):
            ending = _end(connection, one.id, last, given.at, given.by, reason)
            before = one.ending.last_day if one.ending else None
            yield [one.id, ending, before.isoformat() if before else None]


def _end(connection: Connection, licence: int, last: date | None, at: datetime, by: str, reason: str) -> int:
    values = {"consent_id": licence, "last_day": last, "at": at, "by": by, "reason": reason}
    return connection.execute(insert(EndingRow).values(**values).returning(EndingRow.id)).scalar_one()


def restore(connection: Connection, twin: str, at: datetime, by: str) -> tuple[bool, Sequence[int]]:
    """Whether consent was withdrawn, and the licences that hold again as before. One that somebody ended anew
    since stays ended: that was said for another reason."""
    twin_id = twin_row(connection, twin)
    withdrawn = (TwinRow.id == twin_id, TwinRow.withdrawn_at.is_not(None))
    if connection.execute(update(TwinRow).where(*withdrawn).values(withdrawn_at=None)).rowcount != 1:
        return False, ()
    row = connection.execute(_open(twin_id)).first()
    if row is None:  # withdrawn before withdrawals were kept
        return True, ()
    back = []
    for licence, ending, before in row.endings:
        if _newest_ending(connection, licence) == ending:
            _end(connection, licence, date.fromisoformat(before) if before else None, at, by, TAKEN_BACK)
            back.append(licence)
    done = update(WithdrawalRow).where(WithdrawalRow.id == row.id)
    connection.execute(done.values(restored_at=at, restored_by=by))
    return True, back


def _open(twin_id: int) -> Any:
    return (
        select(*WithdrawalRow.__table__.c)
        .where(WithdrawalRow.twin_id == twin_id, WithdrawalRow.restored_at.is_(None))
        .order_by(WithdrawalRow.id.desc())
        .limit(1)
    )


def _newest_ending(connection: Connection, licence: int) -> int | None:
    query = select(EndingRow.id).where(EndingRow.consent_id == licence).order_by(EndingRow.id.desc()).limit(1)
    return connection.execute(query).scalar()


def of(connection: Connection, twin: str | None = None) -> Sequence[Withdrawal]:
    """Oldest first; None: of all twins."""
    query = (
        select(TwinRow.name, *WithdrawalRow.__table__.c)
        .join(TwinRow, TwinRow.id == WithdrawalRow.twin_id)
        .order_by(WithdrawalRow.id)
    )
    if twin is not None:
        query = query.where(TwinRow.name == twin)
    return [_record(row) for row in connection.execute(query)]


def _record(row: AnyRow) -> Withdrawal:
    return Withdrawal(
        twin=row.name,
        since=row.since,
        at=row.at,
        by=row.by,
        reason=row.reason,
        licences=tuple(licence for licence, _, _ in row.endings),
        restored_at=row.restored_at,
        restored_by=row.restored_by,
    )
