"""What stands on pictures, by file and surface, and which files are to be looked at.

A reading stands under the stamp of its reader. Under "" stands one that says only why there is none yet
(budget, a reader that missed its control): the file is asked for again. What was read before is not replaced
by such a one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, true, update
from sqlalchemy.orm import aliased

from storage import documents
from storage.records import PARTLY_SEEN, Reading, ReadingState, Surface
from storage.shelves.batches import chunks
from storage.shelves.groups import judge_kin_again
from storage.shelves.matches import lock_file
from storage.shelves.media import judge_again
from storage.shelves.writing import upsert
from storage.tables.examined import FileRow, LookRow
from storage.tables.published import MediaItemRow
from storage.text import clean_document, stamp_key

NOT_YET = ""  # the stamp of a reading that stands for one

Looks = Mapping[Surface, Reading]


@dataclass(frozen=True, slots=True)
class FileToLook:
    """A file, and the surfaces that were not looked at under today's stamps. `weight` says how much it
    matters, `waits` that an earlier pass could not come to it, `cut` that it is a video known in part;
    `newest` grows with the time when it was last published anew."""

    sha256: str
    format: str
    weight: int
    surfaces: tuple[Surface, ...]
    waits: bool
    cut: bool
    newest: int


def of_files(connection: Connection, files: Sequence[str]) -> Mapping[str, Looks]:
    found: dict[str, dict[Surface, Reading]] = {}
    for part in chunks(files):
        query = select(LookRow.sha256, LookRow.surface, LookRow.reading).where(LookRow.sha256.in_(part))
        for row in connection.execute(query):
            found.setdefault(row.sha256, {})[row.surface] = documents.readings((row.reading,))[0]
    return found


# --- what is to be looked at --------------------------------------------------------------------------------

_WEIGH = (
    update(MediaItemRow)
    .where(
        MediaItemRow.version_id == bindparam("of_version"),
        MediaItemRow.position == bindparam("at_position"),
    )
    .values(look=bindparam("weight"))
)


def weigh(connection: Connection, weights: Sequence[tuple[int, int, int]]) -> None:
    """(version id, position, weight) of media items."""
    rows = [
        {"of_version": version_id, "at_position": position, "weight": weight}
        for version_id, position, weight in weights
    ]
    if rows:
        connection.execute(_WEIGH, rows)


def waiting(connection: Connection, stamps: Mapping[Surface, str]) -> Sequence[FileToLook]:
    """In no order."""
    seen = {surface: aliased(LookRow) for surface in stamps}
    columns = [row.stamp.label(surface.value) for surface, row in seen.items()]
    weight, newest = func.max(MediaItemRow.look).label("weight"), func.max(MediaItemRow.id).label("newest")
    query = (
        select(FileRow.sha256, FileRow.format, FileRow.failures, weight, newest, *columns)
        .join(MediaItemRow, MediaItemRow.sha256 == FileRow.sha256)
        .where(MediaItemRow.current == true(), MediaItemRow.look > 0)
        .group_by(FileRow.sha256, *columns)
    )
    for surface, row in seen.items():
        query = query.outerjoin(row, (row.sha256 == FileRow.sha256) & (row.surface == surface))
    keys = {surface: stamp_key(stamp) for surface, stamp in stamps.items()}
    found = []
    for one in connection.execute(query):
        carried = {surface: getattr(one, surface.value) for surface in stamps}
        missing = tuple(surface for surface in stamps if carried[surface] != keys[surface])
        if missing:
            cut = any(failure["kind"] in PARTLY_SEEN for failure in one.failures.values())
            waits = NOT_YET in carried.values()
            found.append(FileToLook(one.sha256, one.format, one.weight, missing, waits, cut, one.newest))
    return found


# --- what was read ------------------------------------------------------------------------------------------


def save(
    connection: Connection,
    sha256: str,
    readings: Iterable[Reading],
    stamps: Mapping[Surface, str],
    at: datetime,
) -> bool:
    lock_file(connection, sha256)
    found = [(reading, stamp_key(stamps[reading.surface])) for reading in readings]
    return _write(connection, sha256, found, at)


def put_off(connection: Connection, files: Iterable[tuple[str, Iterable[Reading]]], at: datetime) -> None:
    for sha256, readings in files:
        lock_file(connection, sha256)
        query = select(LookRow.surface).where(LookRow.sha256 == sha256, LookRow.stamp != NOT_YET)
        read = set(connection.execute(query).scalars())
        left = [(reading, NOT_YET) for reading in readings if reading.surface not in read]
        _write(connection, sha256, left, at)


def _write(connection: Connection, sha256: str, found: Sequence[tuple[Reading, str]], at: datetime) -> bool:
    """Whether any reading says something else than before."""
    columns = (LookRow.surface, LookRow.stamp, LookRow.reading)
    query = select(*columns).where(LookRow.sha256 == sha256)
    before = {row.surface: (row.stamp, row.reading) for row in connection.execute(query)}
    changed, told = False, False
    for reading, stamp in found:
        document: dict[str, Any] = clean_document(documents.readings_document((reading,))[0])
        known = before.get(reading.surface)
        if known == (stamp, document):
            continue
        row = {
            "sha256": sha256,
            "surface": reading.surface,
            "stamp": stamp,
            "reading": document,
            "at": at,
        }
        connection.execute(
            upsert(connection, LookRow, ("sha256", "surface"), ("stamp", "reading", "at")), row
        )
        if known is None or known[1] != document:
            changed = True
            told = told or _tells(document) or (known is not None and _tells(known[1]))
    if told:
        judge_kin_again(connection, [sha256])
        _siblings_again(connection, sha256)
    if changed:
        judge_again(connection, MediaItemRow.sha256 == sha256)
    return changed


def _tells(document: Mapping[str, Any]) -> bool:
    return bool(document["state"] == ReadingState.PRESENT)


def _siblings_again(connection: Connection, sha256: str) -> None:
    """A label on one picture of a carousel is told of the others too."""
    shown = select(MediaItemRow.version_id).where(
        MediaItemRow.sha256 == sha256, MediaItemRow.current == true()
    )
    versions = connection.execute(shown).scalars().all()
    for part in chunks(sorted(set(versions))):
        judge_again(
            connection, MediaItemRow.version_id.in_(part) & (MediaItemRow.sha256.is_distinct_from(sha256))
        )
