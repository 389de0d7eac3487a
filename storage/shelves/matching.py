"""Matches of collected files, and the files to match again when the bank or the matcher changed.

A bank that grows changes its stamp. What a stamp stood for is kept (`remember`), so that only the difference
need be matched: its matches are dropped or added, and the files are stamped anew.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, true, update

from storage.records import Fingerprint, Match, MatchKind
from storage.shelves import batches, copies, matches
from storage.shelves.batches import Place, chunks, stale
from storage.shelves.examinations import fingerprints_of
from storage.shelves.media import judge_again
from storage.shelves.writing import upsert
from storage.tables.examined import BankRow, FileRow, MatchRow
from storage.tables.published import MediaItemRow
from storage.text import stamp_key

RESTAMPED_AT_ONCE = 5_000  # files: a transaction of about 0.1 s, so that other writers get their turn
_UNKNOWN = "unknown:"  # a stamp that no bank was remembered for, by its key
_WITH_TWIN = MatchRow.twin != ""

ToMatch = tuple[str, tuple[Fingerprint, ...]]


def to_match(connection: Connection, stamp: str, place: Place) -> list[tuple[str, str, ToMatch]]:
    """A batch of (stamp, sha256, fingerprints). Files that nobody has examined yet wait for that."""
    query = stale(
        select(FileRow.matched, FileRow.sha256), FileRow.matched, FileRow.sha256, stamp_key(stamp), place
    )
    query = query.where(FileRow.collected.is_(True), FileRow.staged != "")
    rows = connection.execute(query).all()
    prints = fingerprints_of(connection, [row.sha256 for row in rows])
    return [(row.matched, row.sha256, (row.sha256, prints.get(row.sha256, ()))) for row in rows]


def stamped(connection: Connection, stamp: str, after: str) -> Sequence[ToMatch]:
    """A batch of the files that carry the stamp, by SHA-256."""
    query = (
        select(FileRow.sha256)
        .where(FileRow.collected == true(), FileRow.matched == _key(stamp), FileRow.sha256 > after)
        .where(FileRow.staged != "")
        .order_by(FileRow.sha256)
        .limit(batches.BATCH)
    )
    files = connection.execute(query).scalars().all()
    prints = fingerprints_of(connection, files)
    return [(sha256, prints.get(sha256, ())) for sha256 in files]


def save(connection: Connection, sha256: str, stamp: str, found: Sequence[Match]) -> None:
    done = connection.execute(
        update(FileRow).where(FileRow.sha256 == sha256).values(matched=stamp_key(stamp))
    )
    if done.rowcount != 1:
        raise matches.no_file(sha256)
    matches.replace_matches(connection, sha256, _WITH_TWIN, [match for match in found if match.twin])
    links = [match for match in found if not match.twin]
    if links:
        copies.link(connection, sha256, links)


def add(connection: Connection, sha256: str, found: Sequence[Match]) -> bool:
    if not all(match.twin for match in found):
        raise ValueError("links to earlier pictures are saved by copies.link")
    matches.lock_file(connection, sha256)
    which = [and_(MatchRow.reference == one.reference, MatchRow.twin == one.twin) for one in found]
    return bool(which) and matches.replace_matches(connection, sha256, or_(*which), found)


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
    for files in chunks(sorted(touched)):
        judge_again(connection, MediaItemRow.sha256.in_(files))
    return len(touched)


# --- the bank's stamps --------------------------------------------------------------------------------------


def _key(stamp: str) -> str:
    if not stamp:
        return ""
    return stamp.removeprefix(_UNKNOWN) if stamp.startswith(_UNKNOWN) else stamp_key(stamp)


def stamps(connection: Connection) -> Mapping[str, int]:
    """From the index alone; only files that were never matched are looked at for whether they were
    examined."""
    counted = select(FileRow.matched, func.count()).where(FileRow.collected == true())
    found = dict(connection.execute(counted.where(FileRow.matched > "").group_by(FileRow.matched)).all())
    never = connection.execute(
        select(func.count()).where(FileRow.collected == true(), FileRow.matched == "", FileRow.staged != "")
    ).scalar_one()
    names = dict(connection.execute(select(BankRow.stamp, BankRow.name)).all())
    named = {names.get(key, _UNKNOWN + key): count for key, count in found.items()}
    return {**named, "": never} if never else named


def restamp(connection: Connection, old: str, new: str) -> int:
    """A batch of the files that carry the old stamp."""
    if not old or not new:
        raise ValueError("what was never matched cannot be stamped")
    if _key(old) == _key(new):
        return 0
    some = (
        select(FileRow.sha256)
        .where(FileRow.collected == true(), FileRow.matched == _key(old))
        .order_by(FileRow.sha256)
        .limit(RESTAMPED_AT_ONCE)
    )
    statement = update(FileRow).where(FileRow.sha256.in_(some.scalar_subquery()))
    return connection.execute(statement.values(matched=_key(new))).rowcount


def remember(connection: Connection, stamp: str, members: Mapping[str, str]) -> None:
    """Banks that no file carries the stamp of any more are forgotten: nothing can be made of them."""
    carried = exists().where(FileRow.collected == true(), FileRow.matched == BankRow.stamp)
    connection.execute(delete(BankRow).where(BankRow.stamp != stamp_key(stamp), ~carried))
    connection.execute(
        upsert(connection, BankRow, ("stamp",), ("name", "members")),
        {"stamp": stamp_key(stamp), "name": stamp, "members": dict(members)},
    )


def members(connection: Connection, stamp: str) -> Mapping[str, str] | None:
    return connection.execute(select(BankRow.members).where(BankRow.stamp == _key(stamp))).scalar()


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
