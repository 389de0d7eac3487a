"""Marks that users registered: one drawing a name, and never another one under it."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from storage.errors import RegistryError
from storage.marks import RegisteredMark
from storage.records import Saved
from storage.shelves.writing import upsert
from storage.tables.base import AnyRow
from storage.tables.registered import MarkRow
from storage.text import clean


def add(connection: Connection, mark: RegisteredMark) -> Saved:
    """Of one that is there already the words and the drawing follow, and a withdrawal is taken back; who
    added it and when stays."""
    _check(mark)
    drawn = {
        "says": clean(mark.says),
        "letters": clean(mark.letters),
        "width": mark.width,
        "height": mark.height,
        "drawing": zlib.compress(mark.grey + mark.alpha),
        "see_through": mark.see_through,
        "withdrawn_at": None,
    }
    statement = upsert(connection, MarkRow, ("name",)).values(
        name=mark.name,
        sha256=mark.sha256,
        source=mark.source,
        added_by=mark.added_by,
        added_at=mark.added_at,
        **drawn,
    )
    if connection.execute(statement.returning(MarkRow.id)).first():
        return Saved.NEW
    row = _locked(connection, mark.name)
    if row.sha256 != mark.sha256:
        raise RegistryError(
            f"{mark.name} is the name of another file: use another name (`twinwatch marks show` says which)",
            kind="other_picture",
            where=mark.name,
        )
    if all(_plain(getattr(row, name)) == _plain(value) for name, value in drawn.items()):
        return Saved.KNOWN
    connection.execute(update(MarkRow).where(MarkRow.id == row.id).values(drawn))
    return Saved.CHANGED


def withdraw(connection: Connection, name: str, at: datetime | None) -> bool:
    """`at` None: it is looked for again. False if that was so before."""
    row = _locked(connection, name)
    if (row.withdrawn_at is None) == (at is None):
        return False
    connection.execute(update(MarkRow).where(MarkRow.id == row.id).values(withdrawn_at=at))
    return True


def every(connection: Connection) -> Sequence[RegisteredMark]:
    return sorted(map(_mark, connection.execute(select(MarkRow))), key=lambda one: one.name)


def _check(mark: RegisteredMark) -> None:
    if not mark.name.strip():
        raise RegistryError("a mark needs a name", kind="no_name")
    if not len(mark.grey) == len(mark.alpha) == mark.width * mark.height > 0:
        raise RegistryError("its drawing is not of the size it says", kind="no_drawing", where=mark.name)


def _locked(connection: Connection, name: str) -> AnyRow:
    row = connection.execute(select(MarkRow).where(MarkRow.name == name).with_for_update()).first()
    if row is None:
        raise RegistryError(f"no mark is called {name}", kind="no_mark", where=name)
    return row


def _plain(value: Any) -> Any:
    return zlib.decompress(value) if isinstance(value, bytes) else value


def _mark(row: AnyRow) -> RegisteredMark:
    planes, size = zlib.decompress(row.drawing), row.width * row.height
    return RegisteredMark(
        name=row.name,
        sha256=row.sha256,
        says=row.says,
        letters=row.letters,
        width=row.width,
        height=row.height,
        grey=planes[:size],
        alpha=planes[size:],
        see_through=row.see_through,
        source=row.source,
        added_by=row.added_by,
        added_at=row.added_at,
        withdrawn_at=row.withdrawn_at,
    )
