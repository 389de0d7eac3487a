"""People decide about pairs: append-only, one after the other, and what rests on the picture is judged
again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, insert, select, true

from storage.errors import StoreError
from storage.records import Match, MatchKind, PairDecision, PairReview
from storage.shelves import copies, groups, matches
from storage.shelves.copies import Showing
from storage.shelves.decided import decided, reviews, standing
from storage.shelves.media import judge_again
from storage.tables.examined import FileRow, MatchRow
from storage.tables.judged import PairReviewRow
from storage.tables.published import MediaItemRow
from storage.tables.registered import QuarantineRow, TwinRow


@dataclass(frozen=True, slots=True)
class WaitingPair:
    """A picture beside a registered one, for a person to look at, and where the picture stands."""

    picture: str  # SHA-256
    match: Match
    shown: tuple[Showing, ...]


FOR_A_PERSON = (MatchKind.LIKELY_COPY, MatchKind.FINGERPRINT_ONLY)  # the program does not say these


def add(connection: Connection, review: PairReview) -> None:
    copies.alone(connection)
    both = sorted({review.picture, review.reference})
    for sha256 in both:  # in one order, so that two people do not wait for each other in a circle
        matches.lock_file(connection, sha256)
    before = given(connection, review.picture, review.reference)
    if review.decision is PairDecision.UNDO and not standing(before):
        pair = f"{review.picture} {review.reference}"
        raise StoreError("no decision stands that could be undone", kind="nothing_to_undo", where=pair)
    groups.alone(connection)
    connection.execute(
        insert(PairReviewRow).values(
            picture=review.picture,
            reference=review.reference,
            decision=review.decision,
            by=review.by,
            at=review.at,
            note=review.note,
        )
    )
    judge_again(connection, MediaItemRow.sha256 == review.picture)
    groups.judge_speaking_again(connection, [review.picture])  # a copy of an original lets nothing through
    copies.regroup(connection, review.picture, review.reference)


def given(connection: Connection, picture: str | None, reference: str | None) -> Sequence[PairReview]:
    asked = {PairReviewRow.picture: picture, PairReviewRow.reference: reference}
    return reviews(connection, *(column == sha256 for column, sha256 in asked.items() if sha256 is not None))


def waiting(connection: Connection, limit: int) -> Sequence[WaitingPair]:
    """Each pair once, by the surest of its matches."""
    doubted = exists().where(QuarantineRow.reference == MatchRow.reference, QuarantineRow.lifted_at.is_(None))
    erased = exists().where(TwinRow.name == MatchRow.twin, TwinRow.erased_at.is_not(None))
    query = (
        select(MatchRow)
        .join(FileRow, FileRow.sha256 == MatchRow.sha256)
        .where(MatchRow.kind.in_(FOR_A_PERSON), MatchRow.twin != "", FileRow.collected == true())
        .where(~doubted, ~erased)
    )
    known = decided(connection)
    best: dict[tuple[str, str], Match] = {}
    for row in connection.execute(query.execution_options(yield_per=1000)):
        pair, match = (row.sha256, row.reference), matches.record(row, {})
        if pair not in known and (pair not in best or matches.order(match) < matches.order(best[pair])):
            best[pair] = match
    first = sorted(best, key=lambda pair: (matches.order(best[pair]), pair))[:limit]
    shown = copies.showings(connection, sorted({picture for picture, _ in first}))
    return [WaitingPair(picture, best[picture, other], shown[picture]) for picture, other in first]
