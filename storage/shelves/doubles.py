"""Posts that are stored under both names of one account: the second of two that say the same goes, and what
stands behind it goes on behind the first.

Only where nothing is lost by it: each version says what a version of the other says, none of its pictures has
bytes that the other lacks, and there is no finding of it and no tombstone. Captures stay in any case.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, exists, select, update
from sqlalchemy.orm import aliased

from storage.shelves import captures, imported, undoing
from storage.shelves.batches import chunks
from storage.tables.judged import FindingRow
from storage.tables.published import MediaItemRow, PostRow, TombstoneRow, VersionCaptureRow, VersionRow


def merge(connection: Connection, gone: int, stays: int) -> int:
    """`gone`, `stays`: rows of accounts, both locked. How many posts of the first went."""
    merged = []
    for one, other in _pairs(connection, gone, stays):
        same = _same(_versions(connection, one), _versions(connection, other))
        if not same:
            continue
        query = select(VersionCaptureRow.version_id, VersionCaptureRow.capture)
        rows = connection.execute(query.where(VersionCaptureRow.version_id.in_(list(same))))
        behind = [(same[version], name) for version, name in rows]
        captures.tie(connection, behind)
        imported.move(connection, one, other)
        _first_seen(connection, one, other)
        merged.append(one)
    for part in chunks(merged):
        undoing.delete_posts(connection, part)
    return len(merged)


def _pairs(connection: Connection, gone: int, stays: int) -> Sequence[tuple[int, int]]:
    other = aliased(PostRow)
    query = (
        select(PostRow.id, other.id)
        .join(other, other.key == PostRow.key)
        .where(
            PostRow.account_id == gone,
            other.account_id == stays,
            PostRow.gone_at.is_(None),
            ~exists().where(FindingRow.post_id == PostRow.id),
            ~exists().where(TombstoneRow.post_id == PostRow.id),
        )
        .order_by(PostRow.id)
    )
    return [(one, two) for one, two in connection.execute(query)]


Version = tuple[int, str, Mapping[int, str]]  # row, digest of what it says, SHA-256 by position


def _versions(connection: Connection, post: int) -> Sequence[Version]:
    query = (
        select(VersionRow.id, VersionRow.content, MediaItemRow.position, MediaItemRow.sha256)
        .outerjoin(MediaItemRow, MediaItemRow.version_id == VersionRow.id)
        .where(VersionRow.post_id == post)
        .order_by(VersionRow.id)
    )
    found: dict[int, tuple[str, dict[int, str]]] = {}
    for row, content, position, sha256 in connection.execute(query):
        files = found.setdefault(row, (content, {}))[1]
        if position is not None and sha256:
            files[position] = sha256
    return [(row, content, files) for row, (content, files) in found.items()]


def _same(versions: Sequence[Version], others: Sequence[Version]) -> Mapping[int, int]:
    """Row of each version → the other post's that says the same; empty where one has none."""
    found: dict[int, int] = {}
    for row, content, files in versions:
        for other, what, theirs in others:
            if what == content and files.items() <= theirs.items():
                found[row] = other
    return found if len(found) == len(versions) else {}


def _first_seen(connection: Connection, one: int, other: int) -> None:
    query = select(PostRow.first_seen).where(PostRow.id.in_((one, other)))
    earliest = min(connection.execute(query).scalars())
    connection.execute(update(PostRow).where(PostRow.id == other).values(first_seen=earliest))
