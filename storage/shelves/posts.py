"""Saving posts: a version only where something changed, in one transaction that can be replayed.

The post's row is locked first, so two processes that save the same post come one after the other.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.crawled import Capture
from storage.documents import failure_document, tag, tag_document
from storage.errors import StoreError
from storage.records import Account, PostVersion, ReadingState, Saved
from storage.shelves import accounts, captures, groups, media, sameness
from storage.shelves.writing import upsert
from storage.tables.base import AnyRow
from storage.tables.published import MediaItemRow, PostRow, TombstoneRow, VersionRow
from storage.text import clean, key

_VERSION = (VersionRow.id, VersionRow.number, VersionRow.current, VersionRow.seen_at, VersionRow.content)
_POST = (PostRow.id, PostRow.gone_at, PostRow.url, PostRow.revision, PostRow.posted_at)


_FIND = (
    select(*_POST)
    .where(PostRow.account_id == bindparam("account"), PostRow.key == bindparam("key"))
    .with_for_update()
)
_VERSIONS = (
    select(*_VERSION)
    .where(VersionRow.post_id == bindparam("post"))
    .order_by(VersionRow.seen_at, VersionRow.number)
)
_TAG = select(VersionRow.platform_tag).where(VersionRow.id == bindparam("version"))
_INSERT_VERSION = insert(VersionRow).returning(VersionRow.id)


def save(connection: Connection, account: Account, post: PostVersion, made: Sequence[Capture]) -> Saved:
    check_positions(post)
    seen_at = post.seen_at or datetime.now(UTC)
    account_id = accounts.ensure(connection, account)
    found = _find(connection, account_id, post.post_id)
    row = found or _insert(connection, account_id, post, seen_at)
    versions = connection.execute(_VERSIONS, {"post": row.id}).all()
    saved, version_id, newest = _place(connection, row.id, versions, post, seen_at)
    if newest:
        _refresh(connection, row, post, seen_at)
    captures.tie(connection, [(version_id, name) for name in captures.save(connection, made)])
    return saved


def check_positions(post: PostVersion) -> None:
    """Raises StoreError(kind="duplicate_position")."""
    if len({item.position for item in post.media}) != len(post.media):
        raise StoreError("two media items have one position", kind="duplicate_position", where=post.post_id)


def _find(connection: Connection, account_id: int, post_id: str) -> AnyRow | None:
    return connection.execute(_FIND, {"account": account_id, "key": key(post_id)}).first()


def _insert(connection: Connection, account_id: int, post: PostVersion, seen_at: datetime) -> AnyRow:
    statement = upsert(connection, PostRow, ("account_id", "key"), returning=_POST)
    row = connection.execute(statement, post_values(account_id, post, seen_at)).first()
    row = row or _find(connection, account_id, post.post_id)  # another process was quicker
    if row is None:
        raise StoreError("a post vanished while it was saved", kind="database", where=post.post_id)
    return row


def post_values(account_id: int, post: PostVersion, seen_at: datetime) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "key": key(post.post_id),
        "post_id": post.post_id,
        "url": post.url,
        "revision": post.revision,
        "posted_at": post.posted_at,
        "first_seen": seen_at,
        "gone_at": None,
    }


def _place(
    connection: Connection, post_row: int, versions: Sequence[AnyRow], post: PostVersion, seen_at: datetime
) -> tuple[Saved, int, bool]:
    """What it was, the version it belongs to, and whether that is the newest state of the post.

    One seen before the current version (an import, a slower process) is compared with its neighbours in time,
    so that replaying old captures adds nothing.
    """
    content = sameness.content(post)
    newest = not versions or seen_at >= versions[-1].seen_at
    for version in _neighbours(versions, seen_at):
        same = version.content == content or _label_unread(connection, version, post)
        kept = media.items(connection, version.id) if same else []
        if same and sameness.same_items(kept, post):
            came = media.fill_in(connection, post_row, kept, post)
            groups.judge_speaking_again(connection, came)  # the post may have said something of them
            return Saved.KNOWN, version.id, newest
    number = max((version.number for version in versions), default=0) + 1
    earlier = media.items(connection, versions[-1].id) if versions and newest else []
    if newest and number > 1:
        _retire(connection, post_row)
    values = version_values(post_row, number, post, seen_at, content, current=newest)
    version_id = int(connection.execute(_INSERT_VERSION, values).scalar_one())
    media.insert_rows(connection, media.rows(version_id, post, earlier, current=newest))
    return (Saved.CHANGED if versions else Saved.NEW), version_id, newest


def _label_unread(connection: Connection, version: AnyRow, post: PostVersion) -> bool:
    """Whether all that tells the post from this version is that its label could not be read: another
    interface, a field refused for a night. That is no change; taken for one, it would hide the
    label that was read."""
    if post.platform_tag.state is not ReadingState.UNREADABLE:
        return False
    kept = connection.execute(_TAG, {"version": version.id}).scalar_one()
    return bool(version.content == sameness.content(replace(post, platform_tag=tag(kept))))


def _neighbours(versions: Sequence[AnyRow], seen_at: datetime) -> list[AnyRow]:
    before = [version for version in versions if version.seen_at <= seen_at]
    after = [version for version in versions if version.seen_at > seen_at]
    return before[-1:] + after[:1]


def version_values(
    post_row: int, number: int, post: PostVersion, seen_at: datetime, content: str, *, current: bool
) -> dict[str, Any]:
    return {
        "post_id": post_row,
        "number": number,
        "current": current,
        "seen_at": seen_at,
        "content": content,
        "read": "",
        "url": post.url,
        "posted_at": post.posted_at,
        "text": post.text,
        "hashtags": list(post.hashtags),
        "content_warning": post.content_warning,
        "platform_tag": tag_document(post.platform_tag),
        "revision": post.revision,
        "raw_sha256": post.raw_sha256,
        "problems": [failure_document(problem) for problem in post.problems],
    }


def _retire(connection: Connection, post_row: int) -> None:
    retired = select(VersionRow.id).where(VersionRow.post_id == post_row, VersionRow.current.is_(True))
    connection.execute(
        update(MediaItemRow)
        .where(MediaItemRow.version_id.in_(retired.scalar_subquery()))
        .values(current=False)
    )
    connection.execute(
        update(VersionRow)
        .where(VersionRow.post_id == post_row, VersionRow.current.is_(True))
        .values(current=False)
    )


def _refresh(connection: Connection, row: AnyRow, post: PostVersion, seen_at: datetime) -> None:
    """What is known of the whole post, and no tombstone: it is back."""
    lifted = row.gone_at is not None and seen_at >= row.gone_at
    known = {"url": clean(post.url), "revision": clean(post.revision), "posted_at": post.posted_at}
    if lifted:
        known["gone_at"] = None
        connection.execute(
            update(TombstoneRow)
            .where(TombstoneRow.post_id == row.id, TombstoneRow.lifted_at.is_(None))
            .values(lifted_at=seen_at)
        )
    if any(getattr(row, name) != value for name, value in known.items()):
        connection.execute(update(PostRow).where(PostRow.id == row.id).values(**known))


def mark_gone(connection: Connection, account: Account, post_id: str, at: datetime, capture: Capture) -> bool:
    (name,) = captures.save(connection, (capture,))
    account_id = accounts.find(connection, account)
    row = None if account_id is None else _find(connection, account_id, post_id)
    if row is None or row.gone_at is not None:
        return False
    connection.execute(update(PostRow).where(PostRow.id == row.id).values(gone_at=at))
    connection.execute(
        upsert(connection, TombstoneRow, ("post_id", "at")).values(
            post_id=row.id, at=at, lifted_at=None, capture=name
        )
    )
    return True
