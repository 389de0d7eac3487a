"""What the text and tag readers said of each post version, and the versions they have not read yet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from storage.documents import readings_document
from storage.errors import StoreError
from storage.records import Reading, ReadingState, StoredVersion
from storage.shelves import groups, versions
from storage.shelves.batches import Place, stale
from storage.shelves.media import judge_again
from storage.shelves.writing import upsert
from storage.tables.published import MediaItemRow, ReadingsRow, VersionRow
from storage.text import clean_document, stamp_key


def to_read(connection: Connection, stamp: str, place: Place) -> list[tuple[str, int, StoredVersion]]:
    """A batch of (stamp, version id, version), retired versions too: the history of a label is made of
    them."""
    query = stale(
        select(VersionRow.read, VersionRow.id), VersionRow.read, VersionRow.id, stamp_key(stamp), place
    )
    rows = connection.execute(query).all()
    stored = versions.load(connection, [row.id for row in rows])
    return [(row.read, row.id, stored[row.id]) for row in rows]


def save(
    connection: Connection,
    version_id: int,
    stamp: str,
    readings: Mapping[int, Sequence[Reading]],
    *,
    keep: bool = False,
) -> None:
    row = connection.execute(
        select(VersionRow.post_id).where(VersionRow.id == version_id).with_for_update()
    ).first()
    if row is None:
        raise StoreError("no such post version", kind="no_version", where=str(version_id))
    connection.execute(update(VersionRow).where(VersionRow.id == version_id).values(read=stamp_key(stamp)))
    before = connection.execute(
        select(MediaItemRow.id, MediaItemRow.position, MediaItemRow.sha256, ReadingsRow.readings)
        .outerjoin(ReadingsRow, ReadingsRow.item_id == MediaItemRow.id)
        .where(MediaItemRow.version_id == version_id)
    ).all()
    changed, told = [], set()
    for item in before:
        document = clean_document(readings_document(readings.get(item.position, ())))
        if document != item.readings and not (keep and item.readings):
            changed.append({"item_id": item.id, "readings": document})
            if item.sha256 and _present(document) != _present(item.readings or ()):
                told.add(item.sha256)
    for values in changed:
        connection.execute(upsert(connection, ReadingsRow, ("item_id",), ("readings",)), values)
    groups.judge_kin_again(connection, told)
    if changed:  # of an older version too: the history is part of what a verdict rests on
        of_post = select(VersionRow.id).where(VersionRow.post_id == row.post_id, VersionRow.current.is_(True))
        judge_again(connection, MediaItemRow.version_id.in_(of_post.scalar_subquery()))


def _present(document: Iterable[Mapping[str, Any]]) -> list[Any]:
    """What travels to the copies of the picture."""
    return [reading for reading in document if reading["state"] == ReadingState.PRESENT]
