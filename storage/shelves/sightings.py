"""What figures count of each finding: a row beside its last answer, written in the same transaction, and read
without opening a document. It can be made anew."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from storage import documents
from storage.figures import SIGHTING_VERSION, Sighting, grounds_of, late_of, told_of, whole_of
from storage.inbox import shown_at
from storage.records import Answer, FindingStatus
from storage.shelves import accounts
from storage.shelves.batches import BATCH
from storage.shelves.contested import contested
from storage.shelves.writing import upsert
from storage.tables.desk import InboxRow, SightingRow
from storage.tables.judged import AnswerRow, FindingRow, ReviewRow
from storage.tables.published import PostRow
from storage.tables.taken_out import ContestRow
from storage.tables.watched import AccountRow

AI_LEVEL = 2  # design: a finding is a judged media item at origin level 2 or above
_SAID = ("grounds", "told", "whole", "late", "number", "version")


def keep(
    connection: Connection, finding_id: int, number: int, answer: Answer, post_url: str, platform: str
) -> None:
    """The row of a finding, by this answer of it."""
    _write(connection, [_values(finding_id, number, answer, post_url, platform)])


def catch_up(connection: Connection) -> int:
    """A batch of those that have no row, or one of another answer or version; how many there were."""
    stale = or_(
        SightingRow.finding_id.is_(None),
        SightingRow.number != FindingRow.answers,
        SightingRow.version != SIGHTING_VERSION,
    )
    query = (
        select(FindingRow.id, FindingRow.answers, AnswerRow.answer, PostRow.url, AccountRow.platform)
        .join(AnswerRow, and_(AnswerRow.finding_id == FindingRow.id, AnswerRow.number == FindingRow.answers))
        .join(PostRow, PostRow.id == FindingRow.post_id)
        .join(AccountRow, AccountRow.id == PostRow.account_id)
        .outerjoin(SightingRow, SightingRow.finding_id == FindingRow.id)
        .where(stale)
        .order_by(FindingRow.id)
        .limit(BATCH)
        .with_for_update(of=FindingRow)  # a night may write it
    )
    rows = connection.execute(query).all()
    _write(
        connection,
        [_values(row.id, row.answers, documents.answer(row.answer), row.url, row.platform) for row in rows],
    )
    return len(rows)


def _values(finding_id: int, number: int, answer: Answer, post_url: str, platform: str) -> dict[str, Any]:
    return {
        "finding_id": finding_id,
        "grounds": grounds_of(answer.evidence, post_url, platform),
        "told": told_of(answer.readings),
        "whole": whole_of(answer),
        "late": late_of(answer),
        "number": number,
        "version": SIGHTING_VERSION,
    }


def _write(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        connection.execute(upsert(connection, SightingRow, ("finding_id",), update=_SAID), list(rows))


def every(connection: Connection) -> list[Sighting]:
    """Of all findings that say AI, in no order."""
    owners = {row.id: accounts.record(row) for row in connection.execute(_OWNERS)}
    disputed = contested(connection)
    return [
        Sighting(
            finding_id=number,
            account=owners[owner],
            picture=picture,
            at=shown_at(place),
            status=FindingStatus.DISPUTED if number in disputed else status,
            grounds=grounds,
            told=told,
            whole=whole,
            late=late,
        )
        for number, owner, picture, place, status, grounds, told, whole, late in connection.execute(_EVERY)
    ]


_OWNERS = select(AccountRow.id, *accounts.COLUMNS)
_EVERY = (
    select(
        InboxRow.finding_id,
        InboxRow.account_id,
        InboxRow.picture,
        InboxRow.place,
        InboxRow.status,
        SightingRow.grounds,
        SightingRow.told,
        SightingRow.whole,
        SightingRow.late,
    )
    .join(SightingRow, SightingRow.finding_id == InboxRow.finding_id)
    .where(InboxRow.level >= AI_LEVEL)
)


def state(connection: Connection) -> tuple[int, ...]:
    """Changes whenever a judgement, a decision or a contest is added."""
    newest = (func.max(table.id) for table in (AnswerRow, ReviewRow, ContestRow, AccountRow))
    return tuple(connection.execute(select(one)).scalar() or 0 for one in newest)
