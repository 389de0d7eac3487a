"""Which files are registered: references and negatives that are not withdrawn. More stages run over those; of
a reference by its fingerprints alone there is nothing to run over."""

from collections.abc import Iterable

from sqlalchemy import Connection, exists, or_, select, update

from storage.handed import Handed
from storage.shelves.batches import chunks
from storage.tables.examined import FileRow
from storage.tables.registered import NegativeRow, ReferenceRow

_WANTED = or_(
    exists().where(
        ReferenceRow.sha256 == FileRow.sha256,
        ReferenceRow.withdrawn_at.is_(None),
        ReferenceRow.handed == Handed.PICTURE,
    ),
    exists().where(NegativeRow.sha256 == FileRow.sha256, NegativeRow.withdrawn_at.is_(None)),
)


def mark(connection: Connection, files: Iterable[str]) -> None:
    """Say it anew of these files. Their rows are locked first: the next statement then sees what others, who
    came before, registered or withdrew."""
    for part in chunks(sorted(set(files))):
        locked = select(FileRow.sha256).where(FileRow.sha256.in_(part)).order_by(FileRow.sha256)
        connection.execute(locked.with_for_update()).all()
        of_these = update(FileRow).where(FileRow.sha256.in_(part))
        connection.execute(of_these.where(FileRow.registered.is_(False), _WANTED).values(registered=True))
        connection.execute(of_these.where(FileRow.registered.is_(True), ~_WANTED).values(registered=False))
