"""Post versions as records, loaded a batch at a time: texts, tags, media and what the whole post is known to
be."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, select

from storage import documents
from storage.records import MediaItem, PostVersion, StoredVersion
from storage.shelves import accounts
from storage.shelves.batches import chunks
from storage.tables.base import AnyRow
from storage.tables.published import MediaItemRow, PostRow, VersionRow
from storage.tables.watched import AccountRow

_VERSION = (
    VersionRow.id.label("version_id"),
    VersionRow.post_id.label("post_row"),
    VersionRow.number,
    VersionRow.seen_at,
    VersionRow.url,
    VersionRow.posted_at,
    VersionRow.text,
    VersionRow.hashtags,
    VersionRow.content_warning,
    VersionRow.platform_tag,
    VersionRow.revision,
    VersionRow.raw_sha256,
    VersionRow.problems,
    PostRow.post_id,
    PostRow.first_seen,
    PostRow.gone_at,
    *accounts.COLUMNS,
)


_VERSIONS = (
    select(*_VERSION)
    .join(PostRow, PostRow.id == VersionRow.post_id)
    .join(AccountRow, AccountRow.id == PostRow.account_id)
    .where(VersionRow.id.in_(bindparam("versions", expanding=True)))
)
_MEDIA = (
    select(MediaItemRow)
    .where(MediaItemRow.version_id.in_(bindparam("versions", expanding=True)))
    .order_by(MediaItemRow.version_id, MediaItemRow.position)
)
_OF_POST = (
    select(VersionRow.id)
    .where(VersionRow.post_id == bindparam("post"))
    .order_by(VersionRow.seen_at, VersionRow.number)
)


def load(connection: Connection, ids: Sequence[int]) -> Mapping[int, StoredVersion]:
    """By version id."""
    stored: dict[int, StoredVersion] = {}
    for part in chunks(ids):
        media = _media(connection, part)
        for row in connection.execute(_VERSIONS, {"versions": part}):
            stored[row.version_id] = _stored(row, media[row.version_id])
    return stored


def _media(connection: Connection, version_ids: Sequence[int]) -> Mapping[int, list[MediaItem]]:
    media: dict[int, list[MediaItem]] = defaultdict(list)
    for row in connection.execute(_MEDIA, {"versions": version_ids}):
        media[row.version_id].append(_media_item(row))
    return media


def _media_item(row: AnyRow) -> MediaItem:
    return MediaItem(
        position=row.position,
        kind=row.kind,
        url=row.url,
        native_id=row.native_id,
        alt=row.alt,
        claimed_type=row.claimed_type,
        sha256=row.sha256 or "",
        format=row.format,
        size=row.size,
        failure=documents.failure(row.failure),
    )


def _stored(row: AnyRow, media: list[MediaItem]) -> StoredVersion:
    post = PostVersion(
        platform=row.platform,
        handle=row.handle,
        post_id=row.post_id,
        url=row.url,
        posted_at=row.posted_at,
        text=row.text,
        platform_tag=documents.tag(row.platform_tag),
        media=tuple(media),
        hashtags=tuple(row.hashtags),
        content_warning=row.content_warning,
        revision=row.revision,
        seen_at=row.seen_at,
        raw_sha256=row.raw_sha256,
        problems=documents.failures(row.problems),
    )
    return StoredVersion(row.version_id, row.number, accounts.record(row), post, row.first_seen, row.gone_at)


def of_post(connection: Connection, post_row: int) -> Sequence[StoredVersion]:
    """Oldest first, as they were seen."""
    ids = connection.execute(_OF_POST, {"post": post_row}).scalars().all()
    stored = load(connection, ids)
    return [stored[version_id] for version_id in ids]
