"""What is taken out of the registry, and put back. A withdrawn picture leaves the bank; the pictures of a
withdrawn twin stay in it, since whatever shows the twin now must be found."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.boxes import Box, Placed
from storage.documents import box, box_document
from storage.errors import RegistryError
from storage.shelves import enrolled
from storage.shelves.batches import chunks
from storage.tables.registered import ReferenceRow, TwinRow


def withdraw(connection: Connection, twin: str, at: datetime, files: Sequence[str] | None) -> Sequence[str]:
    """The pictures that were withdrawn now; None: all that the twin has."""
    twin_id = _find(connection, twin)
    changed = _set(connection, twin_id, _chosen(connection, twin_id, twin, files), at)
    enrolled.mark(connection, changed)
    return changed


def restore(connection: Connection, twin: str, files: Sequence[str] | None) -> Sequence[str]:
    twin_id = _find(connection, twin)
    changed = restored(connection, twin_id, _chosen(connection, twin_id, twin, files))
    enrolled.mark(connection, changed)
    return changed


def restored(connection: Connection, twin_id: int, files: Sequence[str]) -> Sequence[str]:
    """Those among these that were withdrawn, and are not now."""
    return _set(connection, twin_id, files, None)


def mark(connection: Connection, twin: str, files: Sequence[str], where: Box | None) -> Sequence[str]:
    """Those whose mark stood elsewhere until now, as far as anybody said."""
    twin_id = _find(connection, twin)
    placed = Placed.UNKNOWN if where is None else Placed.GIVEN
    changed: list[str] = []
    for part in chunks(sorted(set(_chosen(connection, twin_id, twin, files)))):
        mine = (ReferenceRow.twin_id == twin_id, ReferenceRow.sha256.in_(part))
        rows = connection.execute(select(ReferenceRow.sha256, ReferenceRow.mark_box).where(*mine))
        changed += [row.sha256 for row in rows if box(row.mark_box) != where]
        connection.execute(
            update(ReferenceRow).where(*mine).values(mark_box=box_document(where), mark_placed=placed)
        )
    return sorted(changed)


def _set(connection: Connection, twin_id: int, files: Sequence[str], at: datetime | None) -> Sequence[str]:
    column = ReferenceRow.withdrawn_at
    changed: list[str] = []
    for part in chunks(sorted(set(files))):
        statement = (
            update(ReferenceRow)
            .where(ReferenceRow.twin_id == twin_id, ReferenceRow.sha256.in_(part))
            .where(column.is_not(None) if at is None else column.is_(None))
            .values(withdrawn_at=at)
            .returning(ReferenceRow.sha256)
        )
        changed += connection.execute(statement).scalars()
    return sorted(changed)


def _chosen(connection: Connection, twin_id: int, twin: str, files: Sequence[str] | None) -> Sequence[str]:
    query = select(ReferenceRow.sha256).where(ReferenceRow.twin_id == twin_id)
    registered = connection.execute(query).scalars().all()
    if files is None:
        return registered
    strangers = sorted(set(files) - set(registered))
    if strangers:
        raise RegistryError(
            f"no such picture of {twin} is registered", kind="no_reference", where=strangers[0]
        )
    return files


def _find(connection: Connection, twin: str) -> int:
    twin_id = connection.execute(select(TwinRow.id).where(TwinRow.name == twin)).scalar()
    if twin_id is None:
        raise RegistryError(f"no twin is called {twin}", kind="no_twin", where=twin)
    return twin_id
