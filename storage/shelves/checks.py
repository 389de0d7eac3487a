"""Checks that somebody kept, with a small copy of the picture in the row: it goes with the row, and with
nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from storage.checks import KeptCheck
from storage.errors import StoreError
from storage.shelves import holds
from storage.shelves.batches import chunks
from storage.tables.base import AnyRow
from storage.tables.desk import CheckRow
from storage.tables.registered import TwinRow
from storage.text import clean_document

_COLUMNS = (
    *(CheckRow.id, CheckRow.at, CheckRow.by, CheckRow.note, CheckRow.asked, CheckRow.told, CheckRow.twins),
    (func.length(CheckRow.picture) > 0).label("pictured"),
)


def keep(connection: Connection, given: KeptCheck, picture: bytes) -> int:
    """Its number. A twin that is not registered (any more) is not remembered as one."""
    numbers = {name: number for number, name in _names(connection).items()}
    statement = insert(CheckRow).values(
        at=given.at,
        by=given.by,
        note=given.note,
        asked=clean_document(dict(given.asked)),
        told=clean_document(dict(given.told)),
        twins=sorted({numbers[name] for name in given.twins if name in numbers}),
        picture=picture,
    )
    return connection.execute(statement.returning(CheckRow.id)).scalar_one()


def one(connection: Connection, number: int) -> KeptCheck | None:
    row = connection.execute(select(*_COLUMNS).where(CheckRow.id == number)).first()
    return _record(row, _names(connection)) if row else None


def latest(connection: Connection, before: int | None, limit: int) -> Sequence[KeptCheck]:
    query = select(*_COLUMNS).order_by(CheckRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(CheckRow.id < before)
    names = _names(connection)
    return [_record(row, names) for row in connection.execute(query)]


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(CheckRow)).scalar_one()


def picture(connection: Connection, number: int) -> bytes:
    return connection.execute(select(CheckRow.picture).where(CheckRow.id == number)).scalar() or b""


def let_go(connection: Connection, number: int) -> bool:
    found = one(connection, number)
    if found is None:
        return False
    held = [each for each in holds.every(connection, standing=True) if each.twin in found.twins]
    if held:
        raise StoreError(
            f"hold {held[0].id} covers a twin that it matched", kind="held", where=f"check {number}"
        )
    forget(connection, [number])
    return True


def forget(connection: Connection, numbers: Iterable[int]) -> None:
    """Whatever holds."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    for part in chunks(sorted(numbers)):
        connection.execute(delete(CheckRow).where(CheckRow.id.in_(part)))


def of_twin(connection: Connection, twin_id: int) -> Mapping[int, Sequence[str]]:
    """Number → the other twins that it matched, of each check that matched this one."""
    names = _names(connection)
    rows = connection.execute(select(CheckRow.id, CheckRow.twins)).all()
    return {
        row.id: [names[one] for one in row.twins if one != twin_id and one in names]
        for row in rows
        if twin_id in row.twins
    }


def _names(connection: Connection) -> Mapping[int, str]:
    return dict(connection.execute(select(TwinRow.id, TwinRow.name)).all())


def _record(row: AnyRow, names: Mapping[int, str]) -> KeptCheck:
    known: dict[str, Any] = {"asked": row.asked, "told": row.told, "pictured": bool(row.pictured)}
    twins = tuple(names[number] for number in row.twins if number in names)
    return KeptCheck(id=row.id, at=row.at, by=row.by, note=row.note, twins=twins, **known)
