"""Matches of collected files, and the files to match again when the bank or the matcher changed: all of them,
or only with what came and went."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, true, update

from storage.records import Fingerprint, Match, MatchKind
from storage.shelves import batches, copies, groups, matches, stamps
from storage.shelves.batches import Place, chunks, stale
from storage.shelves.examinations import fingerprints_of
from storage.shelves.media import judge_again
from storage.tables.examined import FileRow, MatchRow
from storage.tables.published import MediaItemRow
from storage.tables.registered import TwinRow

_WITH_TWIN = MatchRow.twin != ""
_ERASED = MatchRow.twin.in_(select(TwinRow.name).where(TwinRow.erased_at.is_not(None)))
_LIVING = and_(
    _WITH_TWIN, ~_ERASED
)  # matches with erased twins are what is left of them: nothing finds them anew

ToMatch = tuple[str, tuple[Fingerprint, ...]]


def to_match(connection: Connection, key: str, place: Place) -> list[tuple[str, str, ToMatch]]:
    """A batch of (key, sha256, fingerprints) of files that carry another key. Files that nobody has examined
    yet wait for that."""
    query = stale(select(FileRow.matched, FileRow.sha256), FileRow.matched, FileRow.sha256, key, place)
    query = query.where(FileRow.collected.is_(True), FileRow.staged != "")
    rows = connection.execute(query).all()
    prints = fingerprints_of(connection, [row.sha256 for row in rows])
    return [(row.matched, row.sha256, (row.sha256, prints.get(row.sha256, ()))) for row in rows]


def stamped(connection: Connection, stamp: str, after: str) -> Sequence[ToMatch]:
    """A batch of the files that carry the stamp, by SHA-256."""
    key = stamps.key_asked_for(connection, stamp)
    query = (
        select(FileRow.sha256)
        .where(FileRow.collected == true(), FileRow.matched == key, FileRow.sha256 > after)
        .where(FileRow.staged != "")
        .order_by(FileRow.sha256)
        .limit(batches.BATCH)
    )
    files = connection.execute(query).scalars().all()
    prints = fingerprints_of(connection, files)
    return [(sha256, prints.get(sha256, ())) for sha256 in files]


def save(connection: Connection, sha256: str, stamp: str, found: Sequence[Match]) -> None:
    links = [match for match in found if not match.twin]
    if links:
        copies.alone(connection)
    key = stamps.key_of(connection, stamp)
    done = connection.execute(update(FileRow).where(FileRow.sha256 == sha256).values(matched=key))
    if done.rowcount != 1:
        raise matches.no_file(sha256)
    gone = set(connection.execute(select(TwinRow.name).where(TwinRow.erased_at.is_not(None))).scalars())
    _replace(connection, sha256, _LIVING, [one for one in found if one.twin and one.twin not in gone])
    if links:
        copies.link(connection, sha256, links)


def add(connection: Connection, sha256: str, found: Sequence[Match]) -> bool:
    if not all(match.twin for match in found):
        raise ValueError("links to earlier pictures are saved by copies.link")
    matches.lock_file(connection, sha256)
    which = [and_(MatchRow.reference == one.reference, MatchRow.twin == one.twin) for one in found]
    return bool(which) and _replace(connection, sha256, or_(*which), found)


def _replace(connection: Connection, sha256: str, which: ColumnElement[bool], found: Sequence[Match]) -> bool:
    """A copy of an original lets nothing through to its copies."""
    kin = groups.speaking(connection, [sha256])
    if kin:
        groups.alone(connection)
    changed = matches.replace_matches(connection, sha256, which, found)
    if changed:
        groups.judge_kin_again(connection, kin)
    return changed


def pictures(
    connection: Connection, reference: str, twin: str | None, kinds: Sequence[MatchKind]
) -> Sequence[str]:
    query = select(MatchRow.sha256).where(
        MatchRow.reference == reference, _of(twin), MatchRow.kind.in_(kinds)
    )
    return sorted(set(connection.execute(query).scalars()))


def _of(twin: str | None) -> ColumnElement[bool]:
    return _WITH_TWIN if twin is None else and_(_WITH_TWIN, MatchRow.twin == twin)


def drop(connection: Connection, references: Sequence[str], twin: str | None) -> int:
    which = _of(twin)
    touched: set[str] = set()
    for part in chunks(sorted(set(references))):
        query = select(MatchRow.sha256).where(MatchRow.reference.in_(part), which)
        touched.update(connection.execute(query).scalars())
        connection.execute(delete(MatchRow).where(MatchRow.reference.in_(part), which))
    groups.judge_speaking_again(connection, touched)
    for files in chunks(sorted(touched)):
        judge_again(connection, MediaItemRow.sha256.in_(files))
    return len(touched)


# --- over all files -----------------------------------------------------------------------------------------


def spread(connection: Connection, kinds: Sequence[MatchKind]) -> Mapping[str, int]:
    picture = func.coalesce(FileRow.copy_of, FileRow.sha256)
    query = (
        select(MatchRow.reference, func.count(picture.distinct()))
        .join(FileRow, FileRow.sha256 == MatchRow.sha256)
        .where(MatchRow.kind.in_(kinds), _WITH_TWIN, FileRow.collected == true())
        .group_by(MatchRow.reference)
    )
    return dict(connection.execute(query).all())


def fingerprinted(connection: Connection, after: int) -> Sequence[tuple[int, str, tuple[Fingerprint, ...]]]:
    """A batch of collected files in the order in which they were fingerprinted, behind a number."""
    query = (
        select(FileRow.fingerprinted, FileRow.sha256)
        .where(FileRow.collected == true(), FileRow.fingerprinted > after)
        .order_by(FileRow.fingerprinted)
        .limit(batches.BATCH)
    )
    rows = connection.execute(query).all()
    prints = fingerprints_of(connection, [row.sha256 for row in rows])
    return [(row.fingerprinted, row.sha256, prints.get(row.sha256, ())) for row in rows]


def beginning(connection: Connection, prefix: str, limit: int) -> Sequence[str]:
    query = (
        select(FileRow.sha256)
        .where(FileRow.sha256 >= prefix, FileRow.sha256 < prefix + "g")  # "g" is behind every hex digit
        .order_by(FileRow.sha256)
        .limit(limit)
    )
    return connection.execute(query).scalars().all()
