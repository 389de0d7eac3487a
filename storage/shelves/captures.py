"""Retrievals: kept once each, and tied to the post versions they stand behind."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from storage.crawled import Capture, capture_digest
from storage.records import PostVersion
from storage.shelves.writing import insert_many, upsert
from storage.tables.published import CaptureRow, PostRow, VersionCaptureRow, VersionRow
from storage.tables.watched import AccountRow
from storage.text import key


def save(connection: Connection, captures: Sequence[Capture]) -> list[str]:
    """Their digests, sorted: every process inserts in the same order, so none waits for another in a
    circle."""
    return save_named(connection, by_digest(captures))


def by_digest(captures: Iterable[Capture]) -> dict[str, Capture]:
    return {capture_digest(capture): capture for capture in captures}


def save_named(connection: Connection, captures: Mapping[str, Capture]) -> list[str]:
    """`save`, where the digests are known."""
    digests = sorted(captures)
    insert_many(
        connection,
        upsert(connection, CaptureRow, ("digest",)),
        [_values(name, captures[name]) for name in digests],
    )
    return digests


def _values(name: str, capture: Capture) -> dict[str, object]:
    return {
        "digest": name,
        "url_asked": capture.url_asked,
        "url_final": capture.url_final,
        "at": capture.at,
        "status": capture.status,
        "headers": [list(pair) for pair in capture.headers],
        "sha256": capture.sha256,
        "size": capture.size,
        "spider": capture.spider,
    }


def tie(connection: Connection, pairs: Iterable[tuple[int, str]]) -> None:
    """Version ids with the digests of retrievals that stand behind them."""
    rows = [{"version_id": version_id, "capture": name} for version_id, name in pairs]
    insert_many(connection, upsert(connection, VersionCaptureRow, ("version_id", "capture")), rows)


def behind(connection: Connection, post: PostVersion) -> Sequence[Capture]:
    """Oldest first. The version is the one seen at the post's `seen_at`; without one, the current version."""
    asked: dict[str, object] = {"platform": post.platform, "handle": post.handle, "key": key(post.post_id)}
    if post.seen_at is not None:
        asked |= {"seen_at": post.seen_at, "revision": post.revision}
    query = _OF_CURRENT if post.seen_at is None else _OF_VERSION
    return [
        Capture(
            row.url_asked,
            row.url_final,
            row.at,
            row.status,
            tuple((name, value) for name, value in row.headers),
            row.sha256,
            row.size,
            row.spider,
        )
        for row in connection.execute(query, asked)
    ]


_TIED = (
    select(VersionCaptureRow.capture)
    .join(VersionRow, VersionRow.id == VersionCaptureRow.version_id)
    .join(PostRow, PostRow.id == VersionRow.post_id)
    .join(AccountRow, AccountRow.id == PostRow.account_id)
    .where(AccountRow.platform == bindparam("platform"), AccountRow.handle == bindparam("handle"))
    .where(PostRow.key == bindparam("key"))
)
_SEEN = _TIED.where(VersionRow.seen_at == bindparam("seen_at"), VersionRow.revision == bindparam("revision"))
_OF_CURRENT, _OF_VERSION = (
    select(CaptureRow).where(CaptureRow.digest.in_(tied)).order_by(CaptureRow.at, CaptureRow.digest)
    for tied in (_TIED.where(VersionRow.current.is_(True)), _SEEN)
)
