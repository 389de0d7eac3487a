"""Matches as rows and as records: with what a person decided about the pair, and always in one order.

The order is not that of storing: a picture matched with a whole bank and one matched with each newcomer in
its turn come to the same answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from storage.documents import box, box_document, changes, changes_document
from storage.errors import StoreError
from storage.records import Match, MatchKind, PairDecision
from storage.shelves.batches import chunks
from storage.shelves.decided import Pair, decided
from storage.shelves.media import judge_again
from storage.tables.base import AnyRow
from storage.tables.examined import FileRow, MatchRow
from storage.tables.published import MediaItemRow

_KINDS = list(MatchKind)  # surest first


def no_file(sha256: str) -> StoreError:
    return StoreError("no such file was collected or registered", kind="no_file", where=sha256)


def lock_file(connection: Connection, sha256: str) -> None:
    """One writer at a time for what is known of a file. Raises StoreError(kind="no_file")."""
    query = select(FileRow.sha256).where(FileRow.sha256 == sha256).with_for_update()
    if connection.execute(query).first() is None:
        raise no_file(sha256)


def of_files(connection: Connection, files: Sequence[str]) -> dict[str, tuple[Match, ...]]:
    found: dict[str, list[Match]] = {}
    decisions = decided(connection, files)
    for part in chunks(files):
        for row in connection.execute(select(MatchRow).where(MatchRow.sha256.in_(part))):
            found.setdefault(row.sha256, []).append(record(row, decisions))
    return {sha256: tuple(sorted(matches, key=order)) for sha256, matches in found.items()}


def order(match: Match) -> tuple[Any, ...]:
    """Registered pictures before links; the surest kind first, then by pixels, then by bits."""
    return (
        not match.twin,
        _KINDS.index(match.kind),
        -(match.agreement or 0.0),
        match.distance,
        match.twin,
        match.reference,
        match.span or (0.0, 0.0),
    )


def replace_matches(
    connection: Connection, sha256: str, which: ColumnElement[bool], matches: Iterable[Match]
) -> bool:
    """Put these in the place of the file's own that `which` says; False if they are the same. What rests on
    them is judged again."""
    here = (MatchRow.sha256 == sha256, which)
    rows = connection.execute(select(MatchRow).where(*here))
    before = sorted((record(row, {}) for row in rows), key=order)
    now = sorted((replace(match, decided=None) for match in matches), key=order)
    if before == now:
        return False
    connection.execute(delete(MatchRow).where(*here))
    if now:
        connection.execute(insert(MatchRow), [_values(sha256, match) for match in now])
    judge_again(connection, MediaItemRow.sha256 == sha256)
    return True


def _values(sha256: str, match: Match) -> dict[str, Any]:
    first, last = match.span or (None, None)
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
        "agreement": match.agreement,
        "residual": match.residual,
        "span_from": first,
        "span_to": last,
        "reason": match.reason,
        "changes": changes_document(match.changes),
        "spans": [list(span) for span in match.spans] or None,
    }


def record(row: AnyRow, decisions: Mapping[Pair, PairDecision]) -> Match:
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
        agreement=row.agreement,
        residual=row.residual,
        span=None if row.span_from is None else (row.span_from, row.span_to),
        reason=row.reason,
        changes=changes(row.changes),
        spans=tuple((first, last) for first, last in row.spans or ()),
        decided=decisions.get((row.sha256, row.reference)),
    )
