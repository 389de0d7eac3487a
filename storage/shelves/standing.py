"""Posts as they stand: the current version of each, for the crawl to carry over what need not be fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from storage.records import Account, PostVersion
from storage.shelves import accounts, versions
from storage.shelves.batches import chunks
from storage.tables.published import PostRow, VersionRow
from storage.tables.watched import AccountRow
from storage.text import key


def current(connection: Connection, account: Account, post_ids: Sequence[str]) -> Mapping[str, PostVersion]:
    """By the id that was asked for, each with the revision that was seen last. None of a post with a
    tombstone."""
    asked = {key(post_id): post_id for post_id in post_ids}
    rows = [
        row
        for part in chunks(list(asked))
        for row in connection.execute(
            select(PostRow.key, PostRow.revision, VersionRow.id)
            .join(AccountRow, AccountRow.id == PostRow.account_id)
            .join(VersionRow, VersionRow.post_id == PostRow.id)
            .where(accounts.is_account(account), PostRow.key.in_(part), PostRow.gone_at.is_(None))
            .where(VersionRow.current.is_(True))
        )
    ]
    stored = versions.load(connection, [row.id for row in rows])
    return {asked[row.key]: replace(stored[row.id].post, revision=row.revision) for row in rows}
