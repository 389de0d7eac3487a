"""A person's decision on a finding, with what it teaches of pairs of pictures: all of it or nothing."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from storage.records import FindingStatus, PairReview, Review
from storage.shelves import pairs, uses
from storage.tables.examined import FileRow


def add_review(
    connection: Connection, review: Review, seen: FindingStatus | None, lessons: Sequence[PairReview]
) -> Sequence[PairReview]:
    """The lessons that were written: of two pictures that are both known here. Of another one nothing can be
    remembered, and nothing needs to be: it matches nothing."""
    uses.add_review(connection, review, seen)
    named = {sha256 for one in lessons for sha256 in (one.picture, one.reference)}
    query = select(FileRow.sha256).where(FileRow.sha256.in_(sorted(named)))
    known = set(connection.execute(query).scalars()) if named else set()
    written = [one for one in lessons if {one.picture, one.reference} <= known]
    for one in written:
        pairs.add(connection, one)
    return written
