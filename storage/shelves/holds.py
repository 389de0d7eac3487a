"""Legal holds: a twin or a finding that is neither erased nor purged until a person lifts the hold."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.errors import RegistryError, StoreError
from storage.keeping import Hold
from storage.shelves.contests import resting, twin_row
from storage.tables.judged import FindingRow
from storage.tables.registered import TwinRow
from storage.tables.taken_out import HoldRow


def add(connection: Connection, given: Hold) -> Hold:
    """With its number. Raises RegistryError(kind="no_twin"), StoreError(kind="no_finding")."""
    twin_id = twin_row(connection, given.twin) if given.twin else None
    if given.finding:
        query = select(FindingRow.id).where(FindingRow.id == given.finding)
        if connection.execute(query).first() is None:
            raise StoreError(
                f"there is no finding {given.finding}", kind="no_finding", where=str(given.finding)
            )
    statement = insert(HoldRow).values(
        twin_id=twin_id,
        finding_id=given.finding or None,
        reason=given.reason,
        by=given.by,
        at=given.at,
        lifted_at=None,
        lifted_by="",
        lifted_because="",
    )
    number = connection.execute(statement.returning(HoldRow.id)).scalar_one()
    return _one(connection, number)


def lift(connection: Connection, number: int, by: str, at: datetime, reason: str) -> Hold:
    """Raises RegistryError: "no_hold", "lifted" (it is so already)."""
    before = _one(connection, number)
    if before.lifted_at is not None:
        raise RegistryError(
            f"hold {number} was lifted on {before.lifted_at:%Y-%m-%d} already",
            kind="lifted",
            where=str(number),
        )
    values = {"lifted_at": at, "lifted_by": by, "lifted_because": reason}
    connection.execute(update(HoldRow).where(HoldRow.id == number).values(**values))
    return _one(connection, number)


def _one(connection: Connection, number: int) -> Hold:
    found = next((one for one in every(connection) if one.id == number), None)
    if found is None:
        raise RegistryError(
            f"there is no hold {number} (`twinwatch hold list`)", kind="no_hold", where=str(number)
        )
    return found


def every(connection: Connection, *, standing: bool = False) -> Sequence[Hold]:
    """Oldest first; `standing`: those not lifted."""
    query = (
        select(TwinRow.name, *HoldRow.__table__.c)
        .outerjoin(TwinRow, TwinRow.id == HoldRow.twin_id)
        .order_by(HoldRow.id)
    )
    if standing:
        query = query.where(HoldRow.lifted_at.is_(None))
    return [
        Hold(
            id=row.id,
            twin=row.name or "",
            finding=row.finding_id or 0,
            reason=row.reason,
            by=row.by,
            at=row.at,
            lifted_at=row.lifted_at,
            lifted_by=row.lifted_by,
            lifted_because=row.lifted_because,
        )
        for row in connection.execute(query)
    ]


def over(connection: Connection, twin: str) -> Sequence[Hold]:
    """Those that stand in the way of erasing the twin: its own, and those of findings that rest on it."""
    standing = every(connection, standing=True)
    found = set(resting(connection, twin)) if any(one.finding for one in standing) else set()
    return [one for one in standing if one.twin == twin or one.finding in found]
