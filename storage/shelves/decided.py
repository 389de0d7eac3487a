"""What people decided about pairs of pictures, and which decision holds."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, select

from storage.records import PairDecision, PairReview
from storage.shelves.batches import chunks
from storage.tables.judged import FindingRow, PairReviewRow
from storage.tables.published import MediaItemRow, VersionRow

Pair = tuple[str, str]  # picture, reference
_COLUMNS = (
    PairReviewRow.picture,
    PairReviewRow.reference,
    PairReviewRow.decision,
    PairReviewRow.by,
    PairReviewRow.at,
    PairReviewRow.note,
)


def reviews(connection: Connection, *which: ColumnElement[bool]) -> list[PairReview]:
    """In the order of being given."""
    rows = connection.execute(select(*_COLUMNS).where(*which).order_by(PairReviewRow.id))
    return [PairReview(*row) for row in rows]


def standing(given: Iterable[PairReview]) -> Mapping[Pair, PairReview]:
    """The last one not undone of each pair. An undo takes back the last that stands, and can go on to the one
    before."""
    stacks: dict[Pair, list[PairReview]] = {}
    for review in given:
        stack = stacks.setdefault((review.picture, review.reference), [])
        if review.decision is not PairDecision.UNDO:
            stack.append(review)
        elif stack:
            stack.pop()
    return {pair: stack[-1] for pair, stack in stacks.items() if stack}


def everything(connection: Connection) -> Mapping[Pair, PairReview]:
    return standing(reviews(connection))


def decided(connection: Connection, pictures: Sequence[str] | None = None) -> Mapping[Pair, PairDecision]:
    """Of these pictures; None: of all."""
    if pictures is None:
        return {pair: one.decision for pair, one in everything(connection).items()}
    found: dict[Pair, PairDecision] = {}
    for part in chunks(pictures):
        given = reviews(connection, PairReviewRow.picture.in_(part))
        found |= {pair: one.decision for pair, one in standing(given).items()}
    return found


def findings_of(connection: Connection, picture: str) -> Sequence[int]:
    """Found by the posts that ever showed it: a finding's own column has no index."""
    posts = (
        select(VersionRow.post_id)
        .join(MediaItemRow, MediaItemRow.version_id == VersionRow.id)
        .where(MediaItemRow.sha256 == picture)
    )
    query = select(FindingRow.id).where(FindingRow.post_id.in_(posts), FindingRow.sha256 == picture)
    return connection.execute(query.order_by(FindingRow.id)).scalars().all()
