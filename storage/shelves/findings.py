"""Findings: one for each media item that says AI, its answers one after the other, and people's reviews.

An answer is "changed" by what it says. The versions of the stages, and a reader's name with its version, say
nothing to a reader of the finding: a new version that comes to the same answer writes no row and tells
nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, insert, select, update
from sqlalchemy.orm import aliased

from storage import documents
from storage.changes import ChangeKind
from storage.errors import StoreError
from storage.records import Account, Answer, EventKind, Finding, FindingStatus, Saved, StoredVersion
from storage.shelves import accounts, batches, listing, reviews, sightings, uses, verifications, versions
from storage.shelves.judging import ItemToJudge
from storage.shelves.writing import upsert
from storage.tables.base import AnyRow
from storage.tables.examined import MatchRow
from storage.tables.judged import AnswerRow, FindingRow
from storage.tables.published import MediaItemRow, PostRow, VersionRow
from storage.tables.watched import AccountRow
from storage.text import clean_document, digest, dump_json, stamp_key
from storage.verification import Standing

_CHANGES = frozenset(EventKind(kind.value) for kind in ChangeKind)
AI_LEVEL = 2  # design: a finding is a judged media item at origin level 2 or above
# What answers written before revision 0002 do not have says nothing where it is empty.
_UNSAID: dict[str, Any] = {
    "agreement": None,
    "residual": None,
    "span": None,
    "reason": "",
    "decided": None,
    "via": None,
    "changes": [],
    "spans": [],
}


def answer_content(answer: dict[str, Any]) -> str:
    """The digest that answers are compared by."""
    said = {name: value for name, value in answer.items() if name != "versions"}
    said["readings"] = [{**reading, "reader": ""} for reading in answer["readings"]]
    said["matches"] = [_said(match) for match in answer["matches"]]
    said["evidence"] = [_said(evidence) for evidence in answer["evidence"]]
    return digest((dump_json(_sorted(said)),))


def _said(part: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in _UNSAID or value != _UNSAID[name]}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(inner) for inner in value] if isinstance(value, list) else value


def save_answer(
    connection: Connection, item: ItemToJudge, stamp: str, answer: Answer, at: datetime
) -> tuple[int, Saved]:
    post_row = _stamp_item(connection, item, stamp)
    media = next(one for one in item.version.post.media if one.position == item.position)
    place = (
        FindingRow.post_id == post_row,
        FindingRow.position == item.position,
        FindingRow.sha256 == media.sha256,
    )
    query = select(FindingRow.id, FindingRow.answers).where(*place).with_for_update()
    found = connection.execute(query).first()
    if found is None:
        if answer.verdict.level < AI_LEVEL and not _noted(answer):
            return 0, Saved.KNOWN
        connection.execute(
            upsert(connection, FindingRow, ("post_id", "position", "sha256")).values(
                post_id=post_row, position=item.position, sha256=media.sha256, answers=0
            )
        )
        found = connection.execute(query).one()
    return found.id, _append(connection, found, item, answer, at)


def _noted(answer: Answer) -> bool:
    """No AI, as far as anybody knows, and worth a row: somebody changed a registered picture, which is one of
    a real person then."""
    return any(event.kind in _CHANGES for event in answer.events)


def _stamp_item(connection: Connection, item: ItemToJudge, stamp: str) -> int:
    """Stamp the item as judged, unless what it rests on has changed since it was read; its post's row."""
    version_id = item.version.version_id
    post_row = connection.execute(select(VersionRow.post_id).where(VersionRow.id == version_id)).scalar()
    if post_row is None:
        raise StoreError("no such post version", kind="no_version", where=str(version_id))
    connection.execute(
        update(MediaItemRow)
        .where(
            MediaItemRow.version_id == version_id,
            MediaItemRow.position == item.position,
            MediaItemRow.basis == item.basis,
        )
        .values(judged=stamp_key(stamp))
    )
    return int(post_row)


def _append(connection: Connection, found: AnyRow, item: ItemToJudge, answer: Answer, at: datetime) -> Saved:
    document = clean_document(documents.answer_document(answer))
    content = answer_content(document)
    last = connection.execute(
        select(AnswerRow.content).where(AnswerRow.finding_id == found.id, AnswerRow.number == found.answers)
    ).scalar()
    if last == content:
        return Saved.KNOWN
    connection.execute(
        insert(AnswerRow).values(
            finding_id=found.id,
            number=found.answers + 1,
            version_id=item.version.version_id,
            at=at,
            content=content,
            level=answer.verdict.level,
            labelling=answer.verdict.labelling,
            consent=answer.verdict.consent,
            answer=document,
            failure=documents.failure_document(item.failure),
        )
    )
    connection.execute(update(FindingRow).where(FindingRow.id == found.id).values(answers=found.answers + 1))
    listing.keep(connection, found.id)
    place = item.version.post.url, item.version.account.platform
    sightings.keep(connection, found.id, found.answers + 1, answer, *place)
    return Saved.NEW if last is None else Saved.CHANGED


_FINDING = (
    FindingRow.id,
    FindingRow.position,
    FindingRow.sha256,
    AnswerRow.answer,
    AnswerRow.at.label("judged_at"),
    AnswerRow.failure,
    PostRow.post_id,
    PostRow.url,
    PostRow.posted_at,
    PostRow.first_seen,
    PostRow.gone_at,
    PostRow.account_id,
    *accounts.COLUMNS,
)


_BATCH = (
    select(*_FINDING)
    .join(AnswerRow, (AnswerRow.finding_id == FindingRow.id) & (AnswerRow.number == FindingRow.answers))
    .join(PostRow, PostRow.id == FindingRow.post_id)
    .join(AccountRow, AccountRow.id == PostRow.account_id)
    .order_by(FindingRow.id.desc())
    .limit(batches.BATCH)
)
_ONE = _BATCH.where(FindingRow.id == bindparam("only"))


def showing(
    connection: Connection, twins: Sequence[str], before: int | None
) -> list[tuple[Finding, datetime]]:
    """A batch of those whose picture matches one of these twins', with the time of their first answer."""
    pictures = select(MatchRow.sha256).where(MatchRow.twin.in_(twins))
    found = load(connection, before, where=FindingRow.sha256.in_(pictures))
    numbers = [one.id for one in found]
    query = select(AnswerRow.finding_id, AnswerRow.at).where(
        AnswerRow.finding_id.in_(numbers), AnswerRow.number == 1
    )
    first = {row.finding_id: row.at for row in connection.execute(query)}
    return [(one, first[one.id]) for one in found]


def load(
    connection: Connection,
    before: int | None = None,
    *,
    only: int | None = None,
    noted: bool = True,
    where: ColumnElement[bool] | None = None,
    around: uses.Around | None = None,
) -> list[Finding]:
    """A batch, newest first, of those below an id; or one alone. `noted`: also those that never said AI.
    `around`: who knows what tells reposts, else the database is asked."""
    query = _BATCH if only is None else _ONE
    if before is not None:
        query = query.where(FindingRow.id < before)
    if where is not None:
        query = query.where(where)
    if not noted:
        said = aliased(AnswerRow)
        query = query.where(exists().where(said.finding_id == FindingRow.id, said.level >= AI_LEVEL))
    rows = connection.execute(query, {} if only is None else {"only": only}).all()
    answers = {row.id: documents.answer(row.answer) for row in rows}
    statuses = reviews.statuses(connection, answers)
    standings = verifications.of_accounts(connection, [row.account_id for row in rows], datetime.now(UTC))
    findings = [
        _finding(row, accounts.record(row), answers[row.id], statuses[row.id], standings[row.account_id])
        for row in rows
    ]
    return uses.joined(connection, findings, around)


def _finding(
    row: AnyRow, account: Account, answer: Answer, status: FindingStatus, standing: Standing
) -> Finding:
    return Finding(
        id=row.id,
        account=account,
        post_id=row.post_id,
        post_url=row.url,
        position=row.position,
        sha256=row.sha256,
        answer=answer,
        posted_at=row.posted_at,
        first_seen=row.first_seen,
        judged_at=row.judged_at,
        status=status,
        gone_at=row.gone_at,
        failure=documents.failure(row.failure),
        standing=standing,
    )


def answers(connection: Connection, finding_id: int) -> Sequence[tuple[datetime, Answer]]:
    rows = connection.execute(_ANSWERS, {"finding": finding_id})
    return [(row.at, documents.answer(row.answer)) for row in rows]


_ANSWERS = (
    select(AnswerRow.at, AnswerRow.answer)
    .where(AnswerRow.finding_id == bindparam("finding"))
    .order_by(AnswerRow.number)
)


def answer_before(connection: Connection, finding_id: int, at: datetime | None) -> Answer | None:
    query = (
        select(AnswerRow.answer)
        .where(AnswerRow.finding_id == finding_id, *([AnswerRow.at <= at] if at else []))
        .order_by(AnswerRow.number.desc())
        .offset(0 if at else 1)
        .limit(1)
    )
    row = connection.execute(query).first()
    return documents.answer(row.answer) if row else None


def versions_of(connection: Connection, finding_id: int) -> Sequence[StoredVersion]:
    post_row = connection.execute(_POST, {"finding": finding_id}).scalar()
    return () if post_row is None else versions.of_post(connection, post_row)


def versions_of_each(
    connection: Connection, finding_ids: Sequence[int]
) -> Mapping[int, tuple[StoredVersion, ...]]:
    """By finding, oldest first."""
    of_each: dict[int, list[int]] = {}
    for part in batches.chunks(finding_ids):
        for finding_id, version_id in connection.execute(_OF_EACH, {"findings": part}):
            of_each.setdefault(finding_id, []).append(version_id)
    stored = versions.load(connection, sorted({one for ids in of_each.values() for one in ids}))
    return {finding_id: tuple(stored[one] for one in ids) for finding_id, ids in of_each.items()}


_OF_EACH = (
    select(FindingRow.id, VersionRow.id)
    .join(VersionRow, VersionRow.post_id == FindingRow.post_id)
    .where(FindingRow.id.in_(bindparam("findings", expanding=True)))
    .order_by(FindingRow.id, VersionRow.seen_at, VersionRow.number)
)
_POST = select(FindingRow.post_id).where(FindingRow.id == bindparam("finding"))
