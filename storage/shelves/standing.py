"""Posts as they stand: the current version of each, for the crawl to carry over what need not be fetched."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select, tuple_

from storage.records import Account, PostVersion
from storage.replacing import replace
from storage.shelves import versions
from storage.shelves.batches import chunks
from storage.tables.published import PostRow, VersionRow
from storage.tables.watched import AccountRow
from storage.text import key

MOST_ACCOUNTS = 200  # in one statement: two variables each, beside the ids


def current(connection: Connection, account: Account, post_ids: Sequence[str]) -> Mapping[str, PostVersion]:
    """By the id that was asked for, each with the revision that was seen last. None of a post with a
    tombstone."""
    return {post_id: post for (_, post_id), post in current_all(connection, {account: post_ids}).items()}


def current_all(
    connection: Connection, asked: Mapping[Account, Sequence[str]]
) -> Mapping[tuple[Account, str], PostVersion]:
    """`current` of several accounts at once."""
    places: dict[tuple[str, str, str], list[tuple[Account, str]]] = {}
    for account, post_ids in asked.items():
        for post_id in post_ids:
            place = (account.platform, account.handle, key(post_id))
            places.setdefault(place, []).append((account, post_id))
    names = sorted({name for _, _, name in places})
    handles = sorted({(account.platform, account.handle) for account in asked})
    rows = [
        row
        for part in chunks(names)
        for some in chunks(handles, MOST_ACCOUNTS)
        for row in connection.execute(
            select(AccountRow.platform, AccountRow.handle, PostRow.key, PostRow.revision, VersionRow.id)
            .join(PostRow, PostRow.account_id == AccountRow.id)
            .join(VersionRow, VersionRow.post_id == PostRow.id)
            .where(tuple_(AccountRow.platform, AccountRow.handle).in_(some), PostRow.key.in_(part))
            .where(PostRow.gone_at.is_(None), VersionRow.current.is_(True))
        )
        if (row.platform, row.handle, row.key) in places
    ]
    stored = versions.load(connection, [row.id for row in rows])
    return {
        place: replace(stored[row.id].post, revision=row.revision)
        for row in rows
        for place in places[row.platform, row.handle, row.key]
    }
