"""Groups of copies: who belongs together, and who is judged again when one of them says something else."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, Text, and_, bindparam, cast, exists, func, or_, select, true

from storage.shelves.batches import chunks
from storage.shelves.counters import KIN, hold
from storage.shelves.media import judge_again
from storage.tables.examined import EvidenceRow, FileRow, LookRow
from storage.tables.published import MediaItemRow, ReadingsRow

TELLS = 2  # level of evidence that travels (records.OriginEvidence)
# A quote's own quotation marks are escaped within a document, so only a state can stand there like this.
SAYS = cast(ReadingsRow.readings, Text).like('%"present"%')
BEARS = cast(LookRow.reading, Text).like('%"present"%')  # a label stands on the picture itself


# --- who belongs together -----------------------------------------------------------------------------------


def roots(connection: Connection, files: Iterable[str]) -> dict[str, str]:
    """The group of each of those among these that were collected."""
    found: dict[str, str] = {}
    for part in chunks(sorted(set(files))):
        query = select(FileRow.sha256, func.coalesce(FileRow.copy_of, FileRow.sha256)).where(
            FileRow.sha256.in_(part), FileRow.collected == true()
        )
        found.update((sha256, root) for sha256, root in connection.execute(query))
    return found


def members(connection: Connection, groups: Iterable[str]) -> dict[str, str]:
    """Every picture of these groups, with its group."""
    found: dict[str, str] = {}
    for part in chunks(sorted(set(groups))):
        found.update((sha256, root) for sha256, root in connection.execute(_MEMBERS, {"groups": part}))
    return found


_MEMBERS = select(FileRow.sha256, func.coalesce(FileRow.copy_of, FileRow.sha256)).where(
    or_(
        FileRow.copy_of.in_(bindparam("groups", expanding=True)),
        FileRow.sha256.in_(bindparam("groups", expanding=True)),
    )
)


# --- what changed is judged again ---------------------------------------------------------------------------


def alone(connection: Connection) -> None:
    """Nobody else has groups judged again until this transaction ends. To be said when files are locked, and
    before any media item is: two that want the same items in another order would wait in a circle."""
    hold(connection, KIN)


def judge_kin_again(connection: Connection, files: Iterable[str]) -> None:
    """What one of these pictures says has changed: every copy of it is judged again where it stands now."""
    _judge_again(connection, members(connection, roots(connection, files).values()))


def judge_speaking_again(connection: Connection, files: Iterable[str]) -> None:
    """Links of these pictures have changed: all of their groups are judged again, if one of them says
    something."""
    _judge_again(connection, speaking(connection, files))


def judge_met_again(connection: Connection, files: Iterable[str]) -> None:
    """The groups of these pictures are about to become one: each is judged again for what the others say, so
    that a newcomer with nothing to say costs a large group nothing."""
    groups = set(roots(connection, files).values())
    if len(groups) == 1:
        judge_speaking_again(connection, groups)
        return
    telling = {group for group in groups if speak(connection, members(connection, [group]))}
    judge_kin_again(connection, (group for group in groups if telling - {group}))


def speaking(connection: Connection, files: Iterable[str]) -> Collection[str]:
    """All pictures of the groups of these, if one of them says something; else none."""
    found = members(connection, roots(connection, files).values())
    return found if speak(connection, found) else ()


def _judge_again(connection: Connection, pictures: Collection[str]) -> None:
    if pictures:
        alone(connection)
    for part in chunks(sorted(pictures)):
        judge_again(connection, and_(MediaItemRow.sha256.in_(part), MediaItemRow.current == true()))


def speak(connection: Connection, files: Iterable[str]) -> bool:
    """Whether one of these pictures says something that travels."""
    return any(
        connection.execute(select(1).where(or_(*(way(part) for way in _WAYS)))).first() is not None
        for part in chunks(sorted(set(files)))
    )


def _credential(files: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(EvidenceRow.sha256.in_(files), EvidenceRow.level >= TELLS)


def _saying(files: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(MediaItemRow.sha256.in_(files), ReadingsRow.item_id == MediaItemRow.id, SAYS)


def _bearing(files: Sequence[str]) -> ColumnElement[bool]:
    return exists().where(LookRow.sha256.in_(files), BEARS)


_WAYS = (_credential, _saying, _bearing)
