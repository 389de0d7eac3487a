"""What the crawl asks before it fetches: which posts and which contents are here already."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, exists, func, or_, select

from storage.crawled import Fields, KeptFile, KnownPost
from storage.records import Account
from storage.shelves import accounts
from storage.shelves.batches import chunks
from storage.tables.base import AnyRow, AnySelect
from storage.tables.judged import AnswerRow, FindingRow
from storage.tables.published import MediaItemRow, PostRow, VersionRow
from storage.tables.watched import AccountRow
from storage.text import key

COMPARED = 500  # characters of a text
_KNOWN = (PostRow.post_id, PostRow.url, PostRow.posted_at, PostRow.revision)


def kept_media(connection: Connection, account: Account, native_ids: Sequence[str]) -> Mapping[str, KeptFile]:
    """Of this account alone: another account could name a foreign content by an id of its own choosing."""
    asked = {key(native_id): native_id for native_id in native_ids if native_id}
    kept: dict[str, KeptFile] = {}
    for part in chunks(list(asked)):
        query = (
            select(MediaItemRow.native_key, MediaItemRow.sha256, MediaItemRow.format, MediaItemRow.size)
            .join(VersionRow, VersionRow.id == MediaItemRow.version_id)
            .join(PostRow, PostRow.id == VersionRow.post_id)
            .join(AccountRow, AccountRow.id == PostRow.account_id)
            .where(
                accounts.is_account(account),
                MediaItemRow.native_key.in_(part),
                MediaItemRow.sha256.is_not(None),
            )
            .order_by(MediaItemRow.id)
        )
        for native_key, sha256, file_format, size in connection.execute(query):
            kept[asked[native_key]] = KeptFile(sha256 or "", file_format, size)
    return kept


def _posts(account: Account) -> AnySelect:
    return (
        select(*_KNOWN)
        .join(AccountRow, AccountRow.id == PostRow.account_id)
        .where(accounts.is_account(account), PostRow.gone_at.is_(None))
    )


def known_posts(connection: Connection, account: Account, post_ids: Sequence[str]) -> Mapping[str, KnownPost]:
    asked = {key(post_id): post_id for post_id in post_ids}
    missing = exists().where(
        VersionRow.post_id == PostRow.id,
        VersionRow.current.is_(True),
        MediaItemRow.version_id == VersionRow.id,
        or_(MediaItemRow.sha256.is_(None), MediaItemRow.failure.is_not(None)),
    )
    known: dict[str, KnownPost] = {}
    for part in chunks(list(asked)):
        query = _posts(account).add_columns(PostRow.key).where(PostRow.key.in_(part), ~missing)
        for row in connection.execute(query):
            known[asked[row.key]] = _record(row)
    return known


def young_findings(
    connection: Connection, account: Account, post_ids: Sequence[str], since: datetime
) -> frozenset[str]:
    asked = {key(post_id): post_id for post_id in post_ids}
    found_at = _found_at()
    young = or_(found_at >= since, and_(found_at.is_not(None), _since(since)))
    names: list[str] = []
    for part in chunks(sorted(asked)):
        query = _posts(account).with_only_columns(PostRow.key).where(PostRow.key.in_(part), young)
        names += connection.execute(query).scalars()
    return frozenset(asked[name] for name in names)


def posts_to_look_at(
    connection: Connection,
    account: Account,
    since: datetime,
    findings_since: datetime,
    order_of: Callable[[KnownPost], datetime | None] = lambda _: None,
) -> Sequence[KnownPost]:
    found_at = _found_at()
    query = (
        _posts(account)
        .add_columns(PostRow.first_seen, found_at.label("found_at"))
        # What is younger by the platform's order was also first seen since then: the order itself is no
        # column. After a first crawl that is everything, so rows are dropped here as they come.
        .where(
            or_(
                _since(since), found_at >= findings_since, and_(found_at.is_not(None), _since(findings_since))
            )
        )
        .order_by(PostRow.id)
        .execution_options(yield_per=1000)
    )
    posts: list[KnownPost] = []
    for row in connection.execute(query):
        post = _record(row)
        order = order_of(post)
        moment = max(filter(None, (post.posted_at, order)), default=row.first_seen)
        if moment >= since or (row.found_at and max(moment, row.found_at) >= findings_since):
            posts.append(post)
    return posts


def incomplete_posts(
    connection: Connection, account: Account, seen_since: datetime, final: Collection[str]
) -> Sequence[KnownPost]:
    lacking = exists().where(
        VersionRow.post_id == PostRow.id,
        VersionRow.current.is_(True),
        MediaItemRow.version_id == VersionRow.id,
        MediaItemRow.sha256.is_(None),
        MediaItemRow.failure["kind"].as_string().not_in(sorted(final)),
    )
    query = _posts(account).where(PostRow.first_seen >= seen_since, lacking).order_by(PostRow.id)
    return [_record(row) for row in connection.execute(query)]


def newest_fields(connection: Connection, account: Account, most: int, upto: int | None) -> Sequence[Fields]:
    query = (
        select(func.substr(VersionRow.text, 1, COMPARED), VersionRow.posted_at)
        .join(PostRow, PostRow.id == VersionRow.post_id)
        .join(AccountRow, AccountRow.id == PostRow.account_id)
        .where(accounts.is_account(account), VersionRow.current.is_(True))
        .order_by(func.coalesce(PostRow.posted_at, PostRow.first_seen).desc(), PostRow.id.desc())
        .limit(most)
    )
    if upto is not None:
        query = query.where(VersionRow.id <= upto)
    return [Fields(text, posted_at) for text, posted_at in connection.execute(query)]


def _found_at() -> ScalarSelect[Any]:
    """When the last of a post's findings was first made."""
    return (
        select(func.max(AnswerRow.at))
        .join(FindingRow, FindingRow.id == AnswerRow.finding_id)
        .where(FindingRow.post_id == PostRow.id, AnswerRow.number == 1)
        .scalar_subquery()
    )


def _since(moment: datetime) -> ColumnElement[bool]:
    return or_(PostRow.posted_at >= moment, PostRow.first_seen >= moment)


def _record(row: AnyRow) -> KnownPost:
    return KnownPost(row.post_id, row.url, row.posted_at, row.revision)
