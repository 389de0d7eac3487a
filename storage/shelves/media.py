"""Media items of post versions: inserted with their version, filled in later, never lost."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, insert, select, update
from sqlalchemy.orm import aliased

from storage.documents import failure_document
from storage.records import MediaItem, PostVersion
from storage.shelves import sameness
from storage.shelves.counters import FINGERPRINTED, take
from storage.shelves.writing import insert_many, upsert
from storage.tables.base import AnyRow
from storage.tables.examined import FileRow
from storage.tables.judged import FindingRow
from storage.tables.published import MediaItemRow
from storage.text import key

_COLUMNS = (
    MediaItemRow.id,
    MediaItemRow.position,
    MediaItemRow.url,
    MediaItemRow.native_id,
    MediaItemRow.alt,
    MediaItemRow.sha256,
    MediaItemRow.format,
    MediaItemRow.size,
    MediaItemRow.failure,
)

_ITEMS = (
    select(*_COLUMNS).where(MediaItemRow.version_id == bindparam("version")).order_by(MediaItemRow.position)
)
_INSERT = insert(MediaItemRow)
_CAME = (FileRow.sha256, FileRow.fingerprinted)


def items(connection: Connection, version_id: int) -> list[AnyRow]:
    return list(connection.execute(_ITEMS, {"version": version_id}))


def judge_again(connection: Connection, which: ColumnElement[bool]) -> None:
    """Something these items' verdicts rest on has changed."""
    connection.execute(update(MediaItemRow).where(which).values(judged="", basis=MediaItemRow.basis + 1))


def rows(version_id: int, post: PostVersion, earlier: list[AnyRow], *, current: bool) -> list[dict[str, Any]]:
    """The items of a version, to be inserted. `earlier`: those of the version before; bytes kept of the same
    picture are carried over where it failed."""
    return [
        _values(version_id, item, _kept_before(item, earlier), current=current)
        for item in sameness.in_order(post)
    ]


def insert_rows(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """The items of one or many versions, and the files they name."""
    add_files(connection, rows)
    insert_many(connection, _INSERT, rows)


def _kept_before(item: MediaItem, earlier: list[AnyRow]) -> AnyRow | None:
    if item.sha256:
        return None
    return next((row for row in earlier if row.sha256 and sameness.same_media(row, item)), None)


def _values(version_id: int, item: MediaItem, kept: AnyRow | None, *, current: bool) -> dict[str, Any]:
    # The same id of the content is the same bytes; the same URL may not be, so there the failure stays on
    # record.
    certain = kept is not None and bool(kept.native_id and item.native_id)
    return {
        "version_id": version_id,
        "position": item.position,
        "current": current,
        "judged": "",
        "basis": 0,
        "look": 0,
        "kind": item.kind,
        "url": item.url,
        "native_id": item.native_id,
        "native_key": key(item.native_id),
        "alt": item.alt,
        "claimed_type": item.claimed_type,
        "sha256": (kept.sha256 if kept else item.sha256) or None,
        "format": kept.format if kept else item.format,
        "size": kept.size if kept else item.size,
        "failure": None if certain else failure_document(item.failure),
    }


def add_files(connection: Connection, rows: list[dict[str, Any]], *, collected: bool = True) -> None:
    """Rows for bytes that we keep; sorted, so that two processes cannot wait for each other in a circle."""
    files = {
        row["sha256"]: {
            "sha256": row["sha256"],
            "collected": collected,
            "registered": False,
            "format": row["format"],
            "size": row["size"],
            "width": 0,
            "height": 0,
            "too_little": False,
            "staged": "",
            "stages": {},
            "failures": {},
            "matched": "",
            "fingerprinted": 0,
            "copy_of": None,
            "may_bear_text": None,
        }
        for row in rows
        if row["sha256"]
    }
    if not files:
        return
    ordered = [files[name] for name in sorted(files)]
    if not collected:
        connection.execute(upsert(connection, FileRow, ("sha256",)), ordered)
        return
    # A registered file that is now collected as well; one that is collected is left alone.
    statement = upsert(
        connection, FileRow, ("sha256",), ("collected", "format", "size"), unless="collected", returning=_CAME
    )
    _number_again(connection, [row.sha256 for row in connection.execute(statement, ordered) if row[1]])


def _number_again(connection: Connection, files: list[str]) -> None:
    """Registered and fingerprinted before, collected only now: new to whoever follows the collected files."""
    for sha256 in files:
        (number,) = take(connection, FINGERPRINTED)
        connection.execute(update(FileRow).where(FileRow.sha256 == sha256).values(fingerprinted=number))


def fill_in(connection: Connection, post_row: int, kept: list[AnyRow], post: PostVersion) -> list[str]:
    """Bytes that failed before and came now: which. Those that came before and failed now stay."""
    came = []
    for row, item in zip(kept, sameness.in_order(post), strict=True):
        if item.sha256 and (not row.sha256 or row.failure is not None):
            if item.sha256 != row.sha256 or not _fails_as_before(row, item):
                _fill(connection, post_row, row, item)
                came.append(item.sha256)
        elif not item.sha256 and not row.sha256:
            _still_missing(connection, row, item)
    return came


def _fill(connection: Connection, post_row: int, row: AnyRow, item: MediaItem) -> None:
    came = {"sha256": item.sha256, "format": item.format, "size": item.size}
    add_files(connection, [came])
    connection.execute(
        update(MediaItemRow)
        .where(MediaItemRow.id == row.id)
        .values(**came, url=item.url, claimed_type=item.claimed_type, failure=failure_document(item.failure))
    )
    judge_again(connection, MediaItemRow.id == row.id)
    _name_finding(connection, post_row, row.position, item.sha256)


def _name_finding(connection: Connection, post_row: int, position: int, sha256: str) -> None:
    """A finding made on the words alone, before the bytes came, goes on under the bytes' name."""
    other = aliased(FindingRow)
    taken = exists().where(
        and_(other.post_id == post_row, other.position == position, other.sha256 == sha256)
    )
    connection.execute(
        update(FindingRow)
        .where(
            FindingRow.post_id == post_row, FindingRow.position == position, FindingRow.sha256 == "", ~taken
        )
        .values(sha256=sha256)
    )


def _fails_as_before(row: AnyRow, item: MediaItem) -> bool:
    """Bytes may come and still not be the picture they were called: they are kept with their failure."""
    return (row.failure or {}).get("kind") == (item.failure.kind if item.failure else None)


def _still_missing(connection: Connection, row: AnyRow, item: MediaItem) -> None:
    said = failure_document(item.failure)
    if said is None or _fails_as_before(row, item):
        return
    connection.execute(update(MediaItemRow).where(MediaItemRow.id == row.id).values(failure=said))
    judge_again(connection, MediaItemRow.id == row.id)
