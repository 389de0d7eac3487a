"""A page of posts in one transaction: those that are new go in together, a statement a table; the others one
by one, as ever.

Half of the work of saving a new post is the transaction and the statements around it, and a first night has
nothing but new posts.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, insert, select

from storage.crawled import Capture, Validators
from storage.records import Account, PostVersion, Saved
from storage.shelves import accounts, captures, media, posts, sameness
from storage.shelves.batches import chunks
from storage.shelves.writing import upsert
from storage.tables.published import PostRow, VersionRow
from storage.text import key

Seen = tuple[PostVersion, Sequence[Capture]]

_KNOWN = (
    select(PostRow.key)
    .where(PostRow.account_id == bindparam("account"), PostRow.key.in_(bindparam("keys", expanding=True)))
    .order_by(PostRow.key)
    .with_for_update()  # in one order, so that two processes do not wait for each other in a circle
)
_INSERT_VERSIONS = insert(VersionRow).returning(VersionRow.id, VersionRow.post_id)


def save(connection: Connection, account: Account, page: Sequence[Seen]) -> list[Saved]:
    """What each post was, in their order; an id that stands there twice is saved twice. Raises what
    `posts.save` raises for any one of them, and then none is saved."""
    for post, _ in page:
        posts.check_positions(post)
    account_id = accounts.ensure(connection, account)
    first: dict[str, int] = {}
    for place, (post, _) in enumerate(page):
        first.setdefault(key(post.post_id), place)
    for name in _known(connection, account_id, list(first)):
        del first[name]
    added = _insert_posts(connection, account_id, {name: page[place] for name, place in first.items()})
    new = {first[name] for name in added}
    return [
        Saved.NEW if place in new else posts.save(connection, account, *one) for place, one in enumerate(page)
    ]


def save_heard(
    connection: Connection, account: Account, page: Sequence[Seen], validators: Mapping[str, Validators]
) -> list[Saved]:
    """`save`, and the validators of its media, by URL."""
    saved = save(connection, account, page)
    for url in sorted(validators):
        accounts.save_validators(connection, url, validators[url])
    return saved


def save_all(connection: Connection, many: Sequence[tuple[Account, Sequence[Seen]]]) -> list[list[Saved]]:
    """`save` for several accounts, in the order of their names: two processes do not wait for each other in a
    circle."""
    saved: dict[int, list[Saved]] = {}
    for place in sorted(range(len(many)), key=lambda place: many[place][0].name):
        saved[place] = save(connection, *many[place])
    return [saved[place] for place in range(len(many))]


def _known(connection: Connection, account_id: int, keys: Sequence[str]) -> Iterable[str]:
    for part in chunks(keys):
        yield from connection.execute(_KNOWN, {"account": account_id, "keys": part}).scalars().all()


def _insert_posts(connection: Connection, account_id: int, new: dict[str, Seen]) -> Iterable[str]:
    """The keys that were inserted with all that belongs to them; for one that is missing, another process was
    quicker."""
    if not new:
        return ()
    now = datetime.now(UTC)
    statement = upsert(connection, PostRow, ("account_id", "key"), returning=(PostRow.id, PostRow.key))
    values = [
        posts.post_values(account_id, new[name][0], new[name][0].seen_at or now) for name in sorted(new)
    ]
    inserted = {row.id: row.key for row in connection.execute(statement, values)}
    _insert_versions(connection, {post_row: new[name] for post_row, name in inserted.items()}, now)
    return inserted.values()


def _insert_versions(connection: Connection, new: dict[int, Seen], now: datetime) -> None:
    """Their first versions, with media items, files and retrievals. By the post's row."""
    if not new:
        return
    values = [
        posts.version_values(row, 1, post, post.seen_at or now, sameness.content(post), current=True)
        for row, (post, _) in new.items()
    ]
    versions = {row.post_id: row.id for row in connection.execute(_INSERT_VERSIONS, values)}
    items = [media.rows(versions[post_row], post, [], current=True) for post_row, (post, _) in new.items()]
    media.insert_rows(connection, [row for rows in items for row in rows])
    captures.save(connection, [one for _, made in new.values() for one in made])
    behind = {
        (versions[post_row], captures.capture_digest(one)): None
        for post_row, (_, made) in new.items()
        for one in made
    }
    captures.tie(connection, behind)
