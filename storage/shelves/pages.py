"""Pages of posts in one transaction: those that are new go in together, a statement a table, whosever they
are; the others one by one, as ever.

Half of the work of saving a new post is the transaction and the statements around it, and a first night has
nothing but new posts.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, insert, select

from storage import fresh
from storage.crawled import Capture, Validators
from storage.fresh import Fresh, capture_row
from storage.records import Account, PostVersion, Saved
from storage.shelves import accounts, captures, media, posts, sameness
from storage.shelves.batches import chunks
from storage.shelves.writing import insert_laid_out, insert_numbered, numbers, upsert
from storage.tables.published import CaptureRow, MediaItemRow, PostRow, VersionCaptureRow, VersionRow
from storage.text import key

Seen = tuple[PostVersion, Sequence[Capture]]
Post = tuple[int, str]  # its account's row, and its key

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
    return save_all(connection, [(account, page)])[0]


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
    for _, page in many:
        for post, _ in page:
            posts.check_positions(post)
    order = sorted(range(len(many)), key=lambda place: many[place][0].name)
    first: dict[Post, tuple[int, int]] = {}
    for place in order:
        account, page = many[place]
        first |= _unknown(connection, accounts.ensure(connection, account), place, page, first)
    added = _insert_posts(connection, {post: many[one][1][two] for post, (one, two) in first.items()})
    new = {first[post] for post in added}
    saved: dict[int, list[Saved]] = {}
    for place in order:
        account, page = many[place]
        saved[place] = [
            Saved.NEW if (place, number) in new else posts.save(connection, account, *one)
            for number, one in enumerate(page)
        ]
    return [saved[place] for place in range(len(many))]


def _unknown(
    connection: Connection, account_id: int, place: int, page: Sequence[Seen], before: Container[Post]
) -> dict[Post, tuple[int, int]]:
    """Where the posts that the account does not have stand first: (the page's place, the post's)."""
    first: dict[str, int] = {}
    for number, (post, _) in enumerate(page):
        first.setdefault(key(post.post_id), number)
    for name in _known(connection, account_id, list(first)):
        del first[name]
    return {
        (account_id, name): (place, first[name]) for name in sorted(first) if (account_id, name) not in before
    }


def _known(connection: Connection, account_id: int, keys: Sequence[str]) -> Iterable[str]:
    for part in chunks(keys):
        yield from connection.execute(_KNOWN, {"account": account_id, "keys": part}).scalars().all()


def _insert_posts(connection: Connection, new: Mapping[Post, Seen]) -> Iterable[Post]:
    """Those that were inserted with all that belongs to them; for one that is missing, another process was
    quicker."""
    if not new:
        return ()
    now = datetime.now(UTC)
    values = [
        posts.post_values(account_id, post, post.seen_at or now) for (account_id, _), (post, _) in new.items()
    ]
    if connection.dialect.name == "sqlite":
        inserted = dict(zip(insert_numbered(connection, PostRow, values), new, strict=True))
    else:
        returned = (PostRow.id, PostRow.account_id, PostRow.key)
        statement = upsert(connection, PostRow, ("account_id", "key"), returning=returned)
        inserted = {row.id: (row.account_id, row.key) for row in connection.execute(statement, values)}
    _insert_versions(connection, {row: new[post] for row, post in inserted.items()}, now)
    return inserted.values()


def _insert_versions(connection: Connection, new: dict[int, Seen], now: datetime) -> None:
    """Their first versions, with media items, files and retrievals. By the post's row."""
    if not new:
        return
    values = [
        posts.version_values(row, 1, post, post.seen_at or now, sameness.content(post), current=True)
        for row, (post, _) in new.items()
    ]
    if connection.dialect.name == "sqlite":
        versions = dict(zip(new, insert_numbered(connection, VersionRow, values), strict=True))
    else:
        versions = {row.post_id: row.id for row in connection.execute(_INSERT_VERSIONS, values)}
    items = [media.rows(versions[post_row], post, [], current=True) for post_row, (post, _) in new.items()]
    media.insert_rows(connection, [row for rows in items for row in rows])
    made = {row: captures.by_digest(these) for row, (_, these) in new.items()}
    captures.save_named(connection, {name: one for these in made.values() for name, one in these.items()})
    captures.tie(connection, [(versions[row], name) for row, these in made.items() for name in these])


# --- laid out before, on SQLite -----------------------------------------------------------------------------


def save_fresh(
    connection: Connection, many: Sequence[tuple[Account, Sequence[Fresh]]], raw_sha256: str
) -> None:
    """Posts that nobody has stored, in one transaction. The database refuses all where one is stored."""
    new: list[tuple[int, Fresh]] = []
    made: list[Sequence[fresh.Values]] = []
    for account, laid in many:
        account_id = accounts.ensure(connection, account)
        new += [(account_id, post) for post in laid]
        made += [[capture_row(one, raw_sha256) for one in post.captures] for post in laid]
    rows, versions = numbers(connection, PostRow, len(new)), numbers(connection, VersionRow, len(new))
    insert_laid_out(
        connection,
        PostRow,
        ("id", "account_id", *fresh.POST),
        [(row, account_id, *post.post) for row, (account_id, post) in zip(rows, new, strict=True)],
    )
    insert_laid_out(
        connection,
        VersionRow,
        ("id", "post_id", "raw_sha256", *fresh.VERSION),
        [
            (version, row, raw_sha256, *post.version)
            for version, row, (_, post) in zip(versions, rows, new, strict=True)
        ],
    )
    insert_laid_out(
        connection,
        MediaItemRow,
        ("version_id", *fresh.ITEM),
        [(version, *item) for version, (_, post) in zip(versions, new, strict=True) for item in post.items],
    )
    told = sorted({capture for these in made for capture in these})
    insert_laid_out(connection, CaptureRow, fresh.CAPTURE, told, known=True)
    insert_laid_out(
        connection,
        VersionCaptureRow,
        ("version_id", "capture"),
        [(version, capture[0]) for version, these in zip(versions, made, strict=True) for capture in these],
        known=True,
    )
