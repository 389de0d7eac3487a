"""Files that left the house, so that it can be said who has what was contested or erased since."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.keeping import Export
from storage.tables.base import AnyRow
from storage.tables.registered import TwinRow
from storage.tables.taken_out import ExportRow


def record(connection: Connection, export: Export) -> int:
    """Its number."""
    ids = {name: number for number, name in _names(connection).items()}
    statement = insert(ExportRow).values(
        at=export.at,
        by=export.by,
        command=export.command,
        format=export.format,
        path=export.path,
        sha256=export.sha256,
        size=export.size,
        findings=sorted(export.findings),
        twins=sorted(ids[name] for name in set(export.twins) if name in ids),
        thumbnails=export.thumbnails,
        erased_at=None,
    )
    return connection.execute(statement.returning(ExportRow.id)).scalar_one()


def every(connection: Connection) -> Sequence[Export]:
    """Oldest first."""
    names = _names(connection)
    rows = connection.execute(select(*ExportRow.__table__.c).order_by(ExportRow.id))
    return [_record(row, names) for row in rows]


def erased(connection: Connection, number: int, at: datetime) -> None:
    """The file is gone, or is another one now."""
    connection.execute(update(ExportRow).where(ExportRow.id == number).values(erased_at=at))


def _names(connection: Connection) -> Mapping[int, str]:
    return dict(connection.execute(select(TwinRow.id, TwinRow.name)).all())


def _record(row: AnyRow, names: Mapping[int, str]) -> Export:
    return Export(
        at=row.at,
        by=row.by,
        command=row.command,
        format=row.format,
        path=row.path,
        sha256=row.sha256,
        size=row.size,
        findings=tuple(row.findings),
        twins=tuple(names[number] for number in row.twins if number in names),
        thumbnails=row.thumbnails,
        erased_at=row.erased_at,
        id=row.id,
    )
