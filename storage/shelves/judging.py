"""Media items with everything that their verdict rests on, loaded a batch at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, true

from storage import documents
from storage.kin import Kin
from storage.records import Failure, Match, OriginEvidence, Reading, StoredVersion
from storage.shelves import batches, kin, looks, matches, persons, versions
from storage.shelves.batches import Place, stale
from storage.shelves.examinations import evidence_of
from storage.shelves.seen import Looks, seen
from storage.tables.base import AnyRow
from storage.tables.examined import FileRow
from storage.tables.judged import FindingRow
from storage.tables.published import MediaItemRow, ReadingsRow, VersionRow
from storage.tables.taken_out import RemovalRow
from storage.text import stamp_key

_History = tuple[tuple[datetime, tuple[Reading, ...]], ...]


@dataclass(frozen=True, slots=True)
class ItemToJudge:
    """One media item of a post's current version with everything stored that its verdict rests on."""

    version: StoredVersion
    position: int
    evidence: tuple[OriginEvidence, ...]  # of these bytes, level 0 included
    matches: tuple[Match, ...]
    readings: tuple[Reading, ...]  # of the current version at this position
    history: _History  # (first seen, readings) per version, oldest first
    too_little: bool
    failure: Failure | None  # why the bytes could not be had or looked at
    may_bear_text: bool = False  # by the cheap detector: small text near an edge
    look: int = 0  # how much it mattered what stands on the picture, when that was last weighed
    kin: Kin | None = None  # what the copies of the picture say; None: nothing
    basis: int = 0  # the store's own count of changes beneath the verdict: hand it back unaltered


def to_judge(connection: Connection, stamp: str, place: Place) -> list[tuple[str, int, ItemToJudge]]:
    """A batch of (stamp, item id, item)."""
    query = stale(
        select(MediaItemRow.judged, MediaItemRow.id),
        MediaItemRow.judged,
        MediaItemRow.id,
        stamp_key(stamp),
        place,
    )
    rows = connection.execute(query.where(MediaItemRow.current == true())).all()
    loaded = _load(connection, [row.id for row in rows])
    return [(row.judged, row.id, loaded[row.id]) for row in rows]


def every(connection: Connection, after: int) -> list[tuple[int, ItemToJudge]]:
    """A batch of (item id, item) of all current versions."""
    query = (
        select(MediaItemRow.id)
        .where(MediaItemRow.current.is_(True), MediaItemRow.id > after)
        .order_by(MediaItemRow.id)
        .limit(batches.BATCH)
    )
    ids = connection.execute(query).scalars().all()
    loaded = _load(connection, ids)
    return [(item_id, loaded[item_id]) for item_id in ids]


def of_finding(connection: Connection, finding_id: int) -> ItemToJudge | None:
    """The media item of the current version that a finding is about; None where the picture no longer stands
    there."""
    query = (
        select(MediaItemRow.id)
        .join(VersionRow, VersionRow.id == MediaItemRow.version_id)
        .join(FindingRow, FindingRow.post_id == VersionRow.post_id)
        .where(FindingRow.id == finding_id, MediaItemRow.current == true())
        .where(MediaItemRow.position == FindingRow.position)
        .where(func.coalesce(MediaItemRow.sha256, "") == FindingRow.sha256)
    )
    item_id = connection.execute(query).scalar()
    return None if item_id is None else _load(connection, [item_id])[item_id]


_ITEM = (
    MediaItemRow.id,
    MediaItemRow.version_id,
    MediaItemRow.position,
    MediaItemRow.sha256,
    MediaItemRow.url,
    MediaItemRow.native_key,
    MediaItemRow.basis,
    MediaItemRow.failure,
    MediaItemRow.look,
    VersionRow.post_id.label("post_row"),
    FileRow.too_little,
    FileRow.failures,
    FileRow.may_bear_text,
    RemovalRow.at.label("erased_at"),
)


def _load(connection: Connection, ids: Sequence[int]) -> dict[int, ItemToJudge]:
    rows = connection.execute(
        select(*_ITEM)
        .join(VersionRow, VersionRow.id == MediaItemRow.version_id)
        .outerjoin(FileRow, FileRow.sha256 == MediaItemRow.sha256)
        .outerjoin(RemovalRow, (RemovalRow.sha256 == MediaItemRow.sha256) & RemovalRow.erased.is_(True))
        .where(MediaItemRow.id.in_(ids))
    ).all()
    files = sorted({row.sha256 for row in rows if row.sha256})
    evidence, matched = evidence_of(connection, files), matches.of_files(connection, files)
    copies = kin.of_files(connection, files)
    stored = versions.load(connection, sorted({row.version_id for row in rows}))
    past = _past(connection, sorted({row.post_row for row in rows}))
    return {
        row.id: ItemToJudge(
            version=stored[row.version_id],
            position=row.position,
            evidence=evidence.get(row.sha256, ()),
            matches=matched.get(row.sha256, ()),
            readings=_readings_now(past[row.post_row], row),
            history=_history(past[row.post_row], row),
            too_little=bool(row.too_little),
            failure=_failure(row),
            may_bear_text=bool(row.may_bear_text),
            look=row.look,
            kin=copies.get(row.sha256),
            basis=row.basis,
        )
        for row in rows
    }


def _failure(row: AnyRow) -> Failure | None:
    """Why the bytes could not be had, else why a stage could not look at them."""
    if row.erased_at is not None:
        return Failure("erased", f"the picture was erased on {row.erased_at:%Y-%m-%d}")
    if row.failure is not None:
        return documents.failure(row.failure)
    failed: Mapping[str, Any] = row.failures or {}
    return documents.failure(failed[min(failed)]) if failed else None


_PAST = (
    VersionRow.post_id.label("post_row"),
    VersionRow.id.label("version_id"),
    VersionRow.seen_at,
    MediaItemRow.id.label("item_id"),
    MediaItemRow.position,
    MediaItemRow.sha256,
    MediaItemRow.url,
    MediaItemRow.native_key,
    ReadingsRow.readings,
)


@dataclass(frozen=True, slots=True)
class _Past:
    """One media item of one version of a post, with its readings."""

    version_id: int
    seen_at: datetime
    position: int
    sha256: str | None
    url: str
    native_key: str  # the platform's own id of it, "" where it has none
    readings: tuple[Reading, ...]


def _past(connection: Connection, post_rows: Sequence[int]) -> Mapping[int, list[_Past]]:
    """Every media item of every version of these posts with its readings, oldest first."""
    query = (
        select(*_PAST)
        .join(MediaItemRow, MediaItemRow.version_id == VersionRow.id)
        .outerjoin(ReadingsRow, ReadingsRow.item_id == MediaItemRow.id)
        .where(VersionRow.post_id.in_(post_rows))
        .order_by(VersionRow.seen_at, VersionRow.number, MediaItemRow.position)
    )
    rows = connection.execute(query).all()
    looked = looks.of_files(connection, sorted({row.sha256 for row in rows if row.sha256}))
    told = persons.of_items(connection, [row.item_id for row in rows])
    slides: dict[int, list[Looks]] = defaultdict(list)
    for row in rows:
        slides[row.version_id].append(looked.get(row.sha256, {}))
    past: dict[int, list[_Past]] = defaultdict(list)
    for row in rows:
        readings = seen(
            documents.readings(row.readings),
            looked.get(row.sha256, {}),
            told.get(row.item_id, {}),
            kept=bool(row.sha256),
            slides=slides[row.version_id],
        )
        one = (row.version_id, row.seen_at, row.position, row.sha256, row.url, row.native_key)
        past[row.post_row].append(_Past(*one, readings))
    return past


def _readings_now(past: list[_Past], item: AnyRow) -> tuple[Reading, ...]:
    own = (one for one in past if one.version_id == item.version_id and one.position == item.position)
    return next(own).readings


def _history(past: list[_Past], item: AnyRow) -> _History:
    """The versions in which this picture stood, wherever it stood in them. A version without it says nothing
    of it."""
    by_version: dict[int, _Past] = {}
    for one in past:
        if one.version_id == item.version_id:
            if one.position == item.position:
                by_version[one.version_id] = one
        elif _same_picture(one, item) and not _better(by_version.get(one.version_id), item):
            by_version[one.version_id] = one
    return tuple((one.seen_at, one.readings) for one in by_version.values())


def _same_picture(one: _Past, item: AnyRow) -> bool:
    """By its bytes. Of what could not be fetched, by the platform's own id or, at the same place, by its
    address: the place alone may have been given to another picture, of which nobody has said anything."""
    if one.sha256 and item.sha256:
        return bool(one.sha256 == item.sha256)
    if one.native_key and item.native_key:
        return bool(one.native_key == item.native_key)
    return bool(one.url) and (one.position, one.url) == (item.position, item.url)


def _better(found: _Past | None, item: AnyRow) -> bool:
    """A copy at the same place speaks before one elsewhere in the carousel, and any before none."""
    return found is not None and (found.position == item.position or found.sha256 == item.sha256)
