"""Which import met which posts, and what it brought of them: what an undo goes by.

A file's imports are one source, by the file's SHA-256, which the captures of its posts bear; what they met as
stored already is written down here. A folder's or an archive's import is a source by its run, and all its
captures are written down, as far as they can be its own: of posts that it brought itself, or that another
import brought whose captures are known as well.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from storage.crawled import Capture
from storage.records import Account, PostVersion, Saved
from storage.shelves import accounts, captures, pages
from storage.shelves.batches import chunks
from storage.shelves.writing import insert_many, upsert
from storage.tables.published import CaptureRow, ImportedRow, PostRow, VersionCaptureRow, VersionRow
from storage.tables.watched import AccountRow
from storage.text import key

Page = Sequence[tuple[PostVersion, Sequence[Capture]]]


def save(connection: Connection, many: Sequence[tuple[Account, Page]], source: str) -> list[list[Saved]]:
    """Several accounts' posts with their captures, and that this import met them, in one transaction."""
    saved = pages.save_all(connection, many)
    for (account, page), what in zip(many, saved, strict=True):
        rows = dict(_rows(connection, account, [post.post_id for post, _ in page]))
        known = _brought_by_imports(connection, list(rows.values()))
        named: list[tuple[int, str]] = []
        for (post, these), one in zip(page, what, strict=True):
            row = rows[key(post.post_id)]
            own = one is Saved.NEW or row in known
            named += [(row, name) for name in (captures.by_digest(these) if own else ("",))]
        _write(connection, source, named)
    return saved


def met(connection: Connection, source: str, posts: Mapping[Account, Sequence[str]]) -> None:
    """Posts that were stored already, as they are: by their platform's ids."""
    for account, post_ids in posts.items():
        _write(connection, source, [(row, "") for _, row in _rows(connection, account, post_ids)])


def brought(connection: Connection, source: str) -> Sequence[int]:
    """Rows of posts that this import brought something of, and that it was not undone for; and of those that
    it only met, where another that brought them was undone: nobody else may stand behind them any longer."""
    others_undone = aliased(ImportedRow)
    left = exists().where(others_undone.post_id == ImportedRow.post_id, others_undone.taken_back.is_(True))
    query = select(ImportedRow.post_id).where(
        ImportedRow.source == source,
        ImportedRow.taken_back.is_(False),
        or_(ImportedRow.capture != "", left),
    )
    return connection.execute(query.distinct().order_by(ImportedRow.post_id)).scalars().all()


def newest_version(connection: Connection) -> int:
    """0 where there is none."""
    return connection.execute(select(func.max(VersionRow.id))).scalar() or 0


def is_known(connection: Connection, source: str) -> bool:
    return bool(connection.execute(select(exists().where(ImportedRow.source == source))).scalar_one())


def others(connection: Connection, source: str, posts: Sequence[int]) -> Mapping[int, str]:
    """Of these posts those that another import met and was not undone for, and which that is."""
    found: dict[int, str] = {}
    for part in chunks(posts):
        query = (
            select(ImportedRow.post_id, func.min(ImportedRow.source))
            .where(
                ImportedRow.post_id.in_(part),
                ImportedRow.source != source,
                ImportedRow.taken_back.is_(False),
            )
            .group_by(ImportedRow.post_id)
        )
        found.update((post, name) for post, name in connection.execute(query))
    return found


def let_go(connection: Connection, source: str, posts: Sequence[int]) -> None:
    """The import is undone, and these stay because of others: what it brought of them is nobody's from now
    on. Of a file's import it is written down only now."""
    for part in chunks(posts):
        if names_file(source):
            _write_file(connection, source, part)
        connection.execute(
            update(ImportedRow)
            .where(ImportedRow.source == source, ImportedRow.post_id.in_(part))
            .values(taken_back=True)
        )


def forget_met(connection: Connection, source: str) -> None:
    """The import is undone: it stands behind nothing any longer that it only met."""
    connection.execute(delete(ImportedRow).where(ImportedRow.source == source, ImportedRow.capture == ""))


def forget(connection: Connection, posts: Sequence[int]) -> None:
    """The posts go."""
    connection.execute(delete(ImportedRow).where(ImportedRow.post_id.in_(posts)))


def move(connection: Connection, post: int, other: int) -> None:
    """What imports brought of a post they brought of the other one, which is the same."""
    query = select(ImportedRow.source, ImportedRow.capture, ImportedRow.taken_back).where(
        ImportedRow.post_id == post
    )
    rows = [
        {"post_id": other, "source": source, "capture": capture, "taken_back": taken_back}
        for source, capture, taken_back in connection.execute(query)
    ]
    insert_many(connection, upsert(connection, ImportedRow, ("post_id", "source", "capture")), rows)


def names_file(source: str) -> bool:
    """A SHA-256, and no run's name."""
    return len(source) == 64 and source.isalnum()


def of_file(raw_sha256: str) -> ColumnElement[bool]:
    """Captures of that file's imports."""
    return and_(CaptureRow.sha256 == raw_sha256, CaptureRow.status == 0)


def nobodys(source: str) -> ColumnElement[bool]:
    """Captures behind a post (of the query around) that this import brought, or others that were undone."""
    return exists().where(
        ImportedRow.post_id == VersionRow.post_id,
        ImportedRow.capture == VersionCaptureRow.capture,
        or_(ImportedRow.source == source, ImportedRow.taken_back.is_(True)),
    )


def _write_file(connection: Connection, source: str, posts: Sequence[int]) -> None:
    query = (
        select(VersionRow.post_id, VersionCaptureRow.capture)
        .join(VersionCaptureRow, VersionCaptureRow.version_id == VersionRow.id)
        .join(CaptureRow, CaptureRow.digest == VersionCaptureRow.capture)
        .where(VersionRow.post_id.in_(posts), of_file(source))
    )
    _write(connection, source, [(post, name) for post, name in connection.execute(query)])


def _rows(connection: Connection, account: Account, post_ids: Sequence[str]) -> Iterator[tuple[str, int]]:
    for part in chunks(sorted({key(one) for one in post_ids})):
        query = (
            select(PostRow.key, PostRow.id)
            .join(AccountRow, AccountRow.id == PostRow.account_id)
            .where(accounts.is_account(account), PostRow.key.in_(part))
        )
        yield from ((name, row) for name, row in connection.execute(query))


def _brought_by_imports(connection: Connection, posts: Sequence[int]) -> frozenset[int]:
    found: list[int] = []
    for part in chunks(posts):
        query = select(ImportedRow.post_id).where(ImportedRow.post_id.in_(part), ImportedRow.capture != "")
        found += connection.execute(query).scalars()
    return frozenset(found)


def _write(connection: Connection, source: str, named: Sequence[tuple[int, str]]) -> None:
    statement = upsert(connection, ImportedRow, ("post_id", "source", "capture"))
    rows = [
        {"post_id": post, "source": source, "capture": name, "taken_back": False}
        for post, name in sorted(set(named))
    ]
    insert_many(connection, statement, rows)
