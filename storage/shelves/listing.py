"""Keeping the list of findings that the desk shows: one row each, written beside the answers in the same
transaction, so that pages and counts stay quick however many there are. It can be made anew."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from storage import documents
from storage.inbox import STRENGTH_VERSION, place_of
from storage.records import Answer, FindingStatus
from storage.shelves import counters, reviews
from storage.shelves.batches import BATCH, chunks
from storage.tables.base import AnyRow
from storage.tables.desk import InboxRow, InboxRuleRow, InboxTwinRow
from storage.tables.examined import FileRow
from storage.tables.judged import AnswerRow, FindingRow
from storage.tables.published import PostRow


def keep(connection: Connection, finding_id: int) -> None:
    """The row of a finding, as its last answer has it now."""
    _write(connection, connection.execute(_source().where(FindingRow.id == finding_id)).all())


def catch_up(connection: Connection) -> int:
    """A batch of those that have no row, or one of another answer or order; how many there were."""
    stale = or_(
        InboxRow.finding_id.is_(None),
        InboxRow.number != FindingRow.answers,
        InboxRow.version != STRENGTH_VERSION,
    )
    query = _source().outerjoin(InboxRow, InboxRow.finding_id == FindingRow.id).where(stale)
    locked = query.order_by(FindingRow.id).limit(BATCH).with_for_update(of=FindingRow)  # a night may write it
    rows = connection.execute(locked).all()
    _write(connection, rows)
    return len(rows)


def _source() -> Any:
    return (
        select(
            FindingRow.id,
            FindingRow.sha256,
            FindingRow.answers,
            AnswerRow.answer,
            PostRow.account_id,
            func.coalesce(PostRow.posted_at, PostRow.first_seen).label("shown_at"),
            FileRow.copy_of,
        )
        .join(AnswerRow, and_(AnswerRow.finding_id == FindingRow.id, AnswerRow.number == FindingRow.answers))
        .join(PostRow, PostRow.id == FindingRow.post_id)
        .outerjoin(FileRow, FileRow.sha256 == FindingRow.sha256)
    )


def _write(connection: Connection, rows: Sequence[AnyRow]) -> None:
    if not rows:
        return
    answers = {row.id: documents.answer(row.answer) for row in rows}
    decided = reviews.decided_statuses(connection, list(answers))
    numbers = list(answers)
    for part in chunks(numbers):
        for table in (InboxTwinRow, InboxRuleRow):
            connection.execute(delete(table).where(table.finding_id.in_(part)))
        connection.execute(delete(InboxRow).where(InboxRow.finding_id.in_(part)))
    changed = _next(connection)
    listed = [_values(row, answers[row.id], decided[row.id]) for row in rows]
    connection.execute(insert(InboxRow), [{**values, "changed": changed} for values in listed])
    twins = [
        {"finding_id": number, "twin": twin, "consent": consent}
        for number, answer in answers.items()
        for twin, consent in sorted({one.twin: one.consent for one in answer.verdict.twins}.items())
    ]
    rules = [
        {"finding_id": number, "rule": rule}
        for number, answer in answers.items()
        for rule in sorted({one.id for one in answer.verdict.rules if not one.id.startswith("licence-")})
    ]
    if twins:
        connection.execute(insert(InboxTwinRow), twins)
    if rules:
        connection.execute(insert(InboxRuleRow), rules)


def _values(row: AnyRow, answer: Answer, status: FindingStatus) -> dict[str, Any]:
    verdict = answer.verdict
    return {
        "finding_id": row.id,
        "account_id": row.account_id,
        "place": place_of(answer, row.shown_at),
        "posted_at": row.shown_at,
        "level": verdict.level,
        "labelling": verdict.labelling,
        "consent": verdict.consent,
        "status": status,
        "sha256": row.sha256,
        "picture": row.copy_of or row.sha256 or f"finding {row.id}",
        "number": row.answers,
        "version": STRENGTH_VERSION,
    }


def name_group(connection: Connection, files: Iterable[str], earliest: str | None) -> None:
    """These pictures are copies of one another from now on, under the earliest; None: of nothing."""
    for part in chunks(sorted(files)):
        name = InboxRow.sha256 if earliest is None else earliest
        own = InboxRow.sha256.in_(part)
        connection.execute(update(InboxRow).where(own).values(picture=name, changed=_next(connection)))


def decide(connection: Connection, finding_id: int) -> None:
    """A review was added."""
    status = reviews.decided_statuses(connection, [finding_id])[finding_id]
    own = InboxRow.finding_id == finding_id
    connection.execute(update(InboxRow).where(own).values(status=status, changed=_next(connection)))


def take_statistics(connection: Connection) -> None:
    """Of these tables alone: the plans of all others are measured without any."""
    for table in (InboxRow, InboxTwinRow, InboxRuleRow):
        connection.exec_driver_sql(f"ANALYZE {table.__tablename__}")


# --- that something has changed -----------------------------------------------------------------------------


def _next(connection: Connection) -> int:
    return counters.take(connection, counters.LISTED)[-1]


def begin_anew(connection: Connection) -> None:
    """Rows were changed in other ways than here: whoever holds the list in memory reads all of it again."""
    counters.take(connection, counters.LISTED_ANEW)
