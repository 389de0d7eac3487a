"""Collected pictures that are copies of earlier collected ones: links, and the groups that they join.

A group goes by its earliest picture: by the time when a post with it was first seen, then by SHA-256. A link
joins when the program may say that it is a copy and more than half of either picture is the other (a collage
joins nobody), or when a person has said so; a link that a person rejected joins nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, true, update

from storage.records import Account, Match, MatchKind, PairDecision
from storage.shelves import accounts, groups, listing, matches
from storage.shelves.batches import chunks
from storage.shelves.counters import COPIES, hold
from storage.shelves.decided import decided
from storage.tables.examined import FileRow, MatchRow
from storage.tables.published import MediaItemRow, PostRow, VersionRow
from storage.tables.watched import AccountRow

_LINK = MatchRow.twin == ""


@dataclass(frozen=True, slots=True)
class Showing:
    """Where a picture stands: one media item of a post's current version."""

    account: Account
    post_id: str
    post_url: str
    position: int
    sha256: str
    first_seen: datetime  # of the post


def alone(connection: Connection) -> None:
    """Nobody else changes groups until this transaction ends. To be said before a file is locked: two that do
    both the other way round would wait for each other in a circle."""
    hold(connection, COPIES)


def of(connection: Connection, sha256: str) -> tuple[Match, ...]:
    return tuple(match for match in matches.of_files(connection, [sha256]).get(sha256, ()) if not match.twin)


def link(connection: Connection, sha256: str, links: Sequence[Match]) -> str:
    if any(match.twin for match in links):
        raise ValueError("a link to an earlier picture names no twin")
    alone(connection)
    matches.lock_file(connection, sha256)
    groups.alone(connection)
    before = _joined(connection, [sha256])
    if matches.replace_matches(connection, sha256, _LINK, links):
        after = _joined(connection, [sha256])
        touched = {sha256, *(reference for _, reference in before | after)}
        if before:
            groups.judge_speaking_again(connection, touched)
        elif after:
            groups.judge_met_again(connection, touched)
        if before <= after:
            _join(connection, touched)
        else:
            _group_anew(connection, touched)
    return group_of(connection, sha256)


def regroup(connection: Connection, picture: str, reference: str) -> None:
    """A person decided about this pair: where the program linked them, the groups follow."""
    linked = select(MatchRow.id).where(MatchRow.sha256 == picture, MatchRow.reference == reference, _LINK)
    if connection.execute(linked).first() is not None:
        groups.judge_speaking_again(connection, {picture, reference})
        _group_anew(connection, {picture, reference})


def group_of(connection: Connection, sha256: str) -> str:
    row = connection.execute(_COPY_OF, {"sha256": sha256}).first()
    if row is None:
        raise matches.no_file(sha256)
    return row.copy_of or sha256


_COPY_OF = select(FileRow.copy_of).where(FileRow.sha256 == bindparam("sha256"))


def pictures(connection: Connection, sha256: str) -> Sequence[str]:
    return _by_age(connection, groups.members(connection, {group_of(connection, sha256)}))


def posts(connection: Connection, sha256: str) -> Sequence[Showing]:
    files = sorted(groups.members(connection, {group_of(connection, sha256)}))
    found = (one for shown in showings(connection, files).values() for one in shown)
    return sorted(found, key=lambda one: (one.first_seen, one.account.name, one.post_id, one.position))


# --- groups -------------------------------------------------------------------------------------------------


def _joined(connection: Connection, files: Sequence[str]) -> set[tuple[str, str]]:
    """The links of these files that join: (picture, earlier picture)."""
    decisions = decided(connection, files)
    found: set[tuple[str, str]] = set()
    for part in chunks(files):
        for row in connection.execute(select(MatchRow).where(_LINK, MatchRow.sha256.in_(part))):
            link = matches.record(row, decisions)
            alike = link.kind is MatchKind.COPY and link.mutual and link.decided is not PairDecision.REJECTED
            if alike or link.decided is PairDecision.CONFIRMED:
                found.add((row.sha256, row.reference))
    return found


def _join(connection: Connection, files: Iterable[str]) -> None:
    """The groups of all these become one. Only those that change are touched: a group can be large."""
    roots = set(groups.roots(connection, files).values())
    if len(roots) > 1:
        earliest = _by_age(connection, roots)[0]
        _name(connection, {*groups.members(connection, roots - {earliest}), earliest}, earliest)


def _group_anew(connection: Connection, files: Iterable[str]) -> None:
    """A link has gone: the groups of all these, made again from the links that are left."""
    members = groups.members(connection, groups.roots(connection, files).values())
    component = {sha256: {sha256} for sha256 in members}
    for picture, reference in _joined(connection, sorted(members)):
        if reference in component and component[picture] is not component[reference]:
            joined = component[picture] | component[reference]
            component.update(dict.fromkeys(joined, joined))
    for group in {id(group): group for group in component.values()}.values():
        _name(connection, group, _by_age(connection, group)[0] if len(group) > 1 else None)


def _name(connection: Connection, files: Iterable[str], earliest: str | None) -> None:
    for part in chunks(sorted(files)):
        connection.execute(update(FileRow).where(FileRow.sha256.in_(part)).values(copy_of=earliest))
    listing.name_group(connection, files, earliest)


def _by_age(connection: Connection, files: Iterable[str]) -> list[str]:
    """Earliest first; those that no post shows last."""
    seen: dict[str, datetime] = {}
    wanted = sorted(files)
    for part in chunks(wanted):
        query = (
            select(MediaItemRow.sha256, func.min(VersionRow.seen_at).label("first"))
            .join(VersionRow, VersionRow.id == MediaItemRow.version_id)
            .where(MediaItemRow.sha256.in_(part))
            .group_by(MediaItemRow.sha256)
        )
        seen.update((row.sha256, row.first) for row in connection.execute(query))
    unseen = [sha256 for sha256 in wanted if sha256 not in seen]
    return sorted(seen, key=lambda sha256: (seen[sha256], sha256)) + unseen


# --- where they stand ---------------------------------------------------------------------------------------


def showings(connection: Connection, files: Sequence[str]) -> Mapping[str, tuple[Showing, ...]]:
    """By SHA-256, the earliest post first; of the posts' current versions."""
    found: dict[str, list[Showing]] = {sha256: [] for sha256 in files}
    for part in chunks(files):
        for row in connection.execute(_SHOWINGS, {"files": part}):
            found[row.sha256].append(
                Showing(accounts.record(row), row.post_id, row.url, row.position, row.sha256, row.first_seen)
            )
    return {sha256: tuple(shown) for sha256, shown in found.items()}


_SHOWINGS = (
    select(
        MediaItemRow.sha256,
        MediaItemRow.position,
        PostRow.post_id,
        PostRow.url,
        PostRow.first_seen,
        *accounts.COLUMNS,
    )
    .join(VersionRow, VersionRow.id == MediaItemRow.version_id)
    .join(PostRow, PostRow.id == VersionRow.post_id)
    .join(AccountRow, AccountRow.id == PostRow.account_id)
    .where(MediaItemRow.sha256.in_(bindparam("files", expanding=True)), MediaItemRow.current == true())
    .order_by(PostRow.first_seen, PostRow.id, MediaItemRow.position)
)
