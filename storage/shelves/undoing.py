"""Taking an import back: posts that came by it alone and that nothing rests on. What it kept stays as
evidence: the file, the pictures' bytes and the captures; so the same import brings everything again.

A whole post or nothing of it. See docs/decisions/imports.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, or_, select

from storage.records import Account
from storage.shelves import accounts, groups, imported
from storage.shelves.batches import chunks
from storage.tables.judged import FindingRow, PairReviewRow
from storage.tables.published import (
    CaptureRow,
    MediaItemRow,
    PostRow,
    ReadingsRow,
    TombstoneRow,
    VersionCaptureRow,
    VersionRow,
)
from storage.tables.watched import AccountRow

OTHER_CAPTURE = "a night or another import saw it too"
OTHER_IMPORT = "another import saw it too"
FINDING = "there is a finding of it, which may have been decided on, told or exported"
DECISION = "a person decided on one of its pictures"
TOMBSTONE = "the platform said that it is gone"


@dataclass(frozen=True, slots=True)
class Stays:
    """A post that an undone import brought and that is kept, and why. `findings`: numbers of those that there
    are of it."""

    account: Account
    post_id: str
    why: str
    findings: tuple[int, ...] = ()


def brought(connection: Connection, source: str) -> Sequence[int]:
    """Rows of the posts behind which an import of this source (`imported`) stands, whoever else does."""
    if not imported.names_file(source):
        return imported.brought(connection, source)
    query = (
        select(VersionRow.post_id)
        .join(VersionCaptureRow, VersionCaptureRow.version_id == VersionRow.id)
        .join(CaptureRow, CaptureRow.digest == VersionCaptureRow.capture)
        .where(imported.of_file(source))
        .distinct()
    )
    found = set(connection.execute(query).scalars())
    return sorted(found.union(imported.brought(connection, source)))


def take_back(connection: Connection, source: str, posts: Sequence[int]) -> tuple[int, Sequence[Stays]]:
    """(how many of these rows went, the others). Their rows are locked first: a night may be saving one."""
    for part in chunks(sorted(posts)):
        connection.execute(
            select(PostRow.id).where(PostRow.id.in_(part)).order_by(PostRow.id).with_for_update()
        )
    why = _kept(connection, source, posts)
    gone = [post for post in posts if post not in why]
    for part in chunks(gone):
        delete_posts(connection, part)
    of_others = [post for post, reason in why.items() if reason.startswith((OTHER_CAPTURE, OTHER_IMPORT))]
    imported.let_go(connection, source, of_others)
    return len(gone), list(_named(connection, why))


def _kept(connection: Connection, source: str, posts: Sequence[int]) -> Mapping[int, str]:
    ours = imported.nobodys(source)
    if imported.names_file(source):
        ours = or_(ours, imported.of_file(source), CaptureRow.spider.startswith("import:"))
    items = select(VersionRow.post_id).join(MediaItemRow, MediaItemRow.version_id == VersionRow.id)
    bare = select(VersionRow.post_id).where(
        ~select(VersionCaptureRow.capture).where(VersionCaptureRow.version_id == VersionRow.id).exists()
    )
    others = (
        select(VersionRow.post_id)
        .join(VersionCaptureRow, VersionCaptureRow.version_id == VersionRow.id)
        .join(CaptureRow, CaptureRow.digest == VersionCaptureRow.capture)
        .where(~ours)
    )
    decided = items.where(MediaItemRow.sha256.in_(select(PairReviewRow.picture)))
    reasons: tuple[tuple[str, Any, Any], ...] = (
        (OTHER_CAPTURE, others, VersionRow.post_id),
        (OTHER_CAPTURE, bare, VersionRow.post_id),
        (TOMBSTONE, select(TombstoneRow.post_id), TombstoneRow.post_id),
        (DECISION, decided, VersionRow.post_id),
        (FINDING, select(FindingRow.post_id), FindingRow.post_id),
    )
    met = imported.others(connection, source, posts)
    kept = {post: f"{OTHER_IMPORT}: {other}" for post, other in met.items()}
    for reason, query, post in reasons:
        for part in chunks(posts):
            for row in connection.execute(query.where(post.in_(part)).distinct()).scalars():
                kept[row] = kept.get(row, reason) if reason is OTHER_CAPTURE else reason
    return kept


def delete_posts(connection: Connection, posts: Sequence[int]) -> None:
    """Posts without findings and tombstones, with all that hangs on them but captures and files."""
    versions = select(VersionRow.id).where(VersionRow.post_id.in_(posts))
    items = select(MediaItemRow.id).where(MediaItemRow.version_id.in_(versions))
    shown = select(MediaItemRow.sha256).where(MediaItemRow.id.in_(items), MediaItemRow.sha256.is_not(None))
    files = [sha256 for sha256 in connection.execute(shown.distinct()).scalars() if sha256]
    groups.judge_speaking_again(connection, files)  # copies elsewhere lose what these posts said
    connection.execute(delete(ReadingsRow).where(ReadingsRow.item_id.in_(items)))
    connection.execute(delete(MediaItemRow).where(MediaItemRow.version_id.in_(versions)))
    connection.execute(delete(VersionCaptureRow).where(VersionCaptureRow.version_id.in_(versions)))
    connection.execute(delete(VersionRow).where(VersionRow.post_id.in_(posts)))
    imported.forget(connection, posts)
    connection.execute(delete(PostRow).where(PostRow.id.in_(posts)))


def _named(connection: Connection, why: Mapping[int, str]) -> Iterator[Stays]:
    for part in chunks(sorted(why)):
        numbers: dict[int, list[int]] = {}
        findings = select(FindingRow.post_id, FindingRow.id).where(FindingRow.post_id.in_(part))
        for post, number in connection.execute(findings.order_by(FindingRow.id)):
            numbers.setdefault(post, []).append(number)
        query = (
            select(PostRow.id, PostRow.post_id, *accounts.COLUMNS)
            .join(AccountRow, AccountRow.id == PostRow.account_id)
            .where(PostRow.id.in_(part))
            .order_by(PostRow.id)
        )
        for row in connection.execute(query):
            yield Stays(accounts.record(row), row.post_id, why[row.id], tuple(numbers.get(row.id, ())))
