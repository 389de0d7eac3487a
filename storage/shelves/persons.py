"""What people saw on the surfaces of a finding's picture, append-only, and which of it holds.

It belongs to the media item of the version that the finding was judged by: when the post changes, somebody
has to look again.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, insert, select

from storage.errors import StoreError
from storage.records import Surface
from storage.shelves.batches import chunks
from storage.shelves.media import judge_again
from storage.tables.base import AnyRow
from storage.tables.judged import AnswerRow, FindingRow, PersonReadingRow
from storage.tables.published import MediaItemRow, VersionRow
from storage.testimony import PersonReading

Seen = Mapping[Surface, PersonReading]


def add(connection: Connection, reading: PersonReading) -> None:
    finding = connection.execute(
        select(FindingRow).where(FindingRow.id == reading.finding_id).with_for_update()
    ).first()
    if finding is None:
        raise StoreError("no such finding", kind="no_finding", where=str(reading.finding_id))
    item_id = _item_of(connection, finding)
    if reading.state is None and reading.surface not in of_items(connection, [item_id]).get(item_id, {}):
        said = f"no reading of this surface stands that could be taken back: {reading.surface}"
        raise StoreError(said, kind="nothing_to_undo", where=str(reading.finding_id))
    connection.execute(
        insert(PersonReadingRow).values(
            item_id=item_id,
            finding_id=reading.finding_id,
            surface=reading.surface,
            state=reading.state,
            quote=reading.quote,
            note=reading.note,
            screenshot=reading.screenshot,
            by=reading.by,
            at=reading.at,
        )
    )
    of_post = select(VersionRow.id).where(VersionRow.post_id == finding.post_id, VersionRow.current.is_(True))
    judge_again(connection, MediaItemRow.version_id.in_(of_post.scalar_subquery()))


def of_finding(connection: Connection, finding_id: int) -> Sequence[PersonReading]:
    """All that were ever given, oldest first."""
    return [_record(row) for row in connection.execute(_OF_FINDING, {"finding": finding_id})]


_OF_FINDING = (
    select(PersonReadingRow)
    .where(PersonReadingRow.finding_id == bindparam("finding"))
    .order_by(PersonReadingRow.id)
)


def of_items(connection: Connection, items: Sequence[int]) -> Mapping[int, Seen]:
    """What holds, by media item. One that takes back takes the last that stands, and can go on to the one
    before."""
    stacks: dict[int, dict[Surface, list[PersonReading]]] = {}
    for part in chunks(items):
        query = select(PersonReadingRow).where(PersonReadingRow.item_id.in_(part))
        for row in connection.execute(query.order_by(PersonReadingRow.id)):
            _stack(stacks.setdefault(row.item_id, {}).setdefault(row.surface, []), _record(row))
    return {
        item_id: {surface: stack[-1] for surface, stack in by_surface.items() if stack}
        for item_id, by_surface in stacks.items()
    }


def _stack(stack: list[PersonReading], reading: PersonReading) -> None:
    if reading.state is not None:
        stack.append(reading)
    elif stack:
        stack.pop()


def _item_of(connection: Connection, finding: AnyRow) -> int:
    """The media item that the finding's last answer was about."""
    query = (
        select(MediaItemRow.id)
        .join(AnswerRow, AnswerRow.version_id == MediaItemRow.version_id)
        .where(AnswerRow.finding_id == finding.id, AnswerRow.number == finding.answers)
        .where(MediaItemRow.position == finding.position)
    )
    return int(connection.execute(query).scalar_one())


def _record(row: AnyRow) -> PersonReading:
    return PersonReading(
        finding_id=row.finding_id,
        surface=row.surface,
        state=row.state,
        by=row.by,
        at=row.at,
        quote=row.quote,
        note=row.note,
        screenshot=row.screenshot,
    )
