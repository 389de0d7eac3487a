"""Matches of collected files, and the files to match again when the bank or the matcher changed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from storage.documents import box, box_document
from storage.errors import StoreError
from storage.records import Fingerprint, Match
from storage.shelves.batches import Place, stale
from storage.shelves.examinations import fingerprints_of
from storage.shelves.media import judge_again
from storage.tables.base import AnyRow
from storage.tables.examined import FileRow, MatchRow
from storage.tables.published import MediaItemRow
from storage.text import stamp_key


def to_match(
    connection: Connection, stamp: str, place: Place
) -> list[tuple[str, str, tuple[str, tuple[Fingerprint, ...]]]]:
    """A batch of (stamp, sha256, fingerprints). Files that nobody has examined yet wait for that."""
    query = stale(
        select(FileRow.matched, FileRow.sha256), FileRow.matched, FileRow.sha256, stamp_key(stamp), place
    )
    query = query.where(FileRow.collected.is_(True), FileRow.staged != "")
    rows = connection.execute(query).all()
    prints = fingerprints_of(connection, [row.sha256 for row in rows])
    return [(row.matched, row.sha256, (row.sha256, prints.get(row.sha256, ()))) for row in rows]


def save(connection: Connection, sha256: str, stamp: str, matches: Sequence[Match]) -> None:
    stamped = connection.execute(
        update(FileRow).where(FileRow.sha256 == sha256).values(matched=stamp_key(stamp))
    )
    if stamped.rowcount != 1:
        raise StoreError("no such file was collected or registered", kind="no_file", where=sha256)
    if matches_of(connection, [sha256]).get(sha256, ()) == tuple(matches):
        return
    connection.execute(delete(MatchRow).where(MatchRow.sha256 == sha256))
    if matches:
        connection.execute(insert(MatchRow), [_values(sha256, match) for match in matches])
    judge_again(connection, MediaItemRow.sha256 == sha256)


def _values(sha256: str, match: Match) -> dict[str, Any]:
    return {
        "sha256": sha256,
        "reference": match.reference,
        "kind": match.kind,
        "algorithm": match.algorithm,
        "distance": match.distance,
        "threshold": match.threshold,
        "twin": match.twin,
        "reference_kind": match.reference_kind,
        "region": box_document(match.region),
        "transform": match.transform,
        "overlap": match.overlap,
        "inliers": match.inliers,
    }


def _match(row: AnyRow) -> Match:
    return Match(
        reference=row.reference,
        kind=row.kind,
        algorithm=row.algorithm,
        distance=row.distance,
        threshold=row.threshold,
        twin=row.twin,
        reference_kind=row.reference_kind,
        region=box(row.region),
        transform=row.transform,
        overlap=row.overlap,
        inliers=row.inliers,
    )


def matches_of(connection: Connection, files: Sequence[str]) -> dict[str, tuple[Match, ...]]:
    found: dict[str, tuple[Match, ...]] = {}
    for row in connection.execute(select(MatchRow).where(MatchRow.sha256.in_(files)).order_by(MatchRow.id)):
        found[row.sha256] = (*found.get(row.sha256, ()), _match(row))
    return found
