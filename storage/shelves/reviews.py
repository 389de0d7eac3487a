"""People's decisions, append-only, and the status that follows from them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, bindparam, insert, select

from storage.errors import StoreError
from storage.records import Answer, FindingStatus, Review, ReviewDecision
from storage.shelves.batches import chunks
from storage.tables.base import AnyRow
from storage.tables.judged import FindingRow, ReviewRow
from storage.tables.registered import ReferenceRow, TwinRow

T = TypeVar("T")


def standing(decisions: Iterable[ReviewDecision]) -> list[ReviewDecision]:
    """Those not undone, oldest first. An undo takes back the last one that stands, and can go on to the one
    before."""
    return _left(decisions, lambda decision: decision)


def last_standing(connection: Connection, findings: Sequence[int]) -> Mapping[int, int]:
    """The row of the last review of each that stands; those of which none does are left out."""
    given: dict[int, list[AnyRow]] = defaultdict(list)
    for part in chunks(findings):
        query = select(ReviewRow.finding_id, ReviewRow.id, ReviewRow.decision)
        for row in connection.execute(query.where(ReviewRow.finding_id.in_(part)).order_by(ReviewRow.id)):
            given[row.finding_id].append(row)
    left = {finding: _left(rows, lambda row: row.decision) for finding, rows in given.items()}
    return {finding: rows[-1].id for finding, rows in left.items() if rows}


def _left(given: Iterable[T], decision_of: Callable[[T], ReviewDecision]) -> list[T]:
    stack: list[T] = []
    for one in given:
        if decision_of(one) is not ReviewDecision.UNDO:
            stack.append(one)
        elif stack:
            stack.pop()
    return stack


def add(connection: Connection, review: Review, seen: FindingStatus | None) -> int:
    """Its row. `seen`: only where this is still what was decided; `disputed` hides it, and says nothing."""
    query = select(FindingRow.id).where(FindingRow.id == review.finding_id).with_for_update()
    if connection.execute(query).first() is None:
        raise StoreError("no such finding", kind="no_finding", where=str(review.finding_id))
    if seen not in (None, FindingStatus.DISPUTED):
        stands = decided_statuses(connection, [review.finding_id])[review.finding_id]
        if stands is not seen:
            raise StoreError(
                f"it has been decided since: it is {stands.value.replace('_', ' ')} now",
                kind="decided_since",
                where=str(review.finding_id),
            )
    if review.decision is ReviewDecision.UNDO:
        before = [one.decision for one in of_finding(connection, review.finding_id)]
        if not standing(before):
            raise StoreError(
                "no decision stands that could be undone",
                kind="nothing_to_undo",
                where=str(review.finding_id),
            )
    made = connection.execute(
        insert(ReviewRow)
        .values(
            finding_id=review.finding_id,
            decision=review.decision,
            by=review.by,
            at=review.at,
            note=review.note,
            until=review.until,
        )
        .returning(ReviewRow.id)
    )
    return made.scalar_one()


def of_finding(connection: Connection, finding_id: int) -> Sequence[Review]:
    """In the order of being given."""
    rows = connection.execute(_OF_FINDING, {"finding": finding_id})
    return [Review(row.finding_id, row.decision, row.by, row.at, row.note, row.until) for row in rows]


def statuses(connection: Connection, answers: Mapping[int, Answer]) -> Mapping[int, FindingStatus]:
    """By finding id. A contested reference makes a finding `disputed`, whatever was decided before."""
    decided = decided_statuses(connection, list(answers))
    disputed = disputed_references(connection) if answers else frozenset()
    return {
        finding_id: FindingStatus.DISPUTED if _rests_on(answer, disputed) else decided[finding_id]
        for finding_id, answer in answers.items()
    }


def decided_statuses(connection: Connection, findings: Sequence[int]) -> Mapping[int, FindingStatus]:
    """By people alone, whatever is contested."""
    decisions: dict[int, list[ReviewDecision]] = defaultdict(list)
    for part in chunks(findings):
        for finding_id, decision in connection.execute(_DECISIONS, {"findings": part}):
            decisions[finding_id].append(decision)
    return {finding_id: _status(decisions[finding_id]) for finding_id in findings}


def _status(decisions: Sequence[ReviewDecision]) -> FindingStatus:
    stands = standing(decisions)
    return FindingStatus(stands[-1].value) if stands else FindingStatus.NEW


def _rests_on(answer: Answer, references: frozenset[tuple[str, str]]) -> bool:
    return any((match.twin, match.reference) in references for match in answer.matches)


def disputed_references(connection: Connection) -> frozenset[tuple[str, str]]:
    """(twin, SHA-256) of the contested ones."""
    return frozenset((name, sha256) for name, sha256 in connection.execute(_DISPUTED))


_OF_FINDING = select(ReviewRow).where(ReviewRow.finding_id == bindparam("finding")).order_by(ReviewRow.id)
_DECISIONS = (
    select(ReviewRow.finding_id, ReviewRow.decision)
    .where(ReviewRow.finding_id.in_(bindparam("findings", expanding=True)))
    .order_by(ReviewRow.id)
)
_DISPUTED = (
    select(TwinRow.name, ReferenceRow.sha256)
    .join(TwinRow, TwinRow.id == ReferenceRow.twin_id)
    .where(ReferenceRow.disputed.is_(True))
)
