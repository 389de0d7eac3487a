"""Findings, their answers and people's reviews. Answers and reviews are append-only."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.records import (
    ConsentVerdict,
    Labelling,
    PairDecision,
    ReadingState,
    ReviewDecision,
    Surface,
)
from storage.tables.base import Base, BigInt, Digest, Document, Id, Sha256, choice


class FindingRow(Base):
    """One media item of one post. `sha256` is "" while there are no bytes, `answers` the number of the last
    answer."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("post_id", "position", "sha256"),)

    id: Mapped[Id]
    post_id: Mapped[int] = mapped_column(BigInt, ForeignKey("posts.id"))
    position: Mapped[int]
    sha256: Mapped[str]
    answers: Mapped[int]


class AnswerRow(Base):
    """`content` is the digest that answers are compared by; `level`, `labelling` and `consent` repeat the
    document's."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("finding_id", "number"),)

    id: Mapped[Id]
    finding_id: Mapped[int] = mapped_column(BigInt, ForeignKey("findings.id"))
    number: Mapped[int]
    version_id: Mapped[int] = mapped_column(BigInt, ForeignKey("versions.id"))
    at: Mapped[datetime]
    content: Mapped[Digest]
    level: Mapped[int]
    labelling: Mapped[Labelling] = mapped_column(choice(Labelling))
    consent: Mapped[ConsentVerdict] = mapped_column(choice(ConsentVerdict))
    answer: Mapped[dict[str, Any]]
    failure: Mapped[dict[str, Any] | None] = mapped_column(Document)


class ReviewRow(Base):
    __tablename__ = "reviews"
    __table_args__ = (Index(None, "finding_id", "id"),)

    id: Mapped[Id]
    finding_id: Mapped[int] = mapped_column(BigInt, ForeignKey("findings.id"))
    decision: Mapped[ReviewDecision] = mapped_column(choice(ReviewDecision))
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
    until: Mapped[date | None]


class SettledRow(Base):
    """A use that a review settled as licensed: of this twin, against this verdict of that day."""

    __tablename__ = "settled"

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(BigInt, ForeignKey("reviews.id"), index=True)
    twin: Mapped[str]
    consent: Mapped[ConsentVerdict] = mapped_column(choice(ConsentVerdict))


class PersonReadingRow(Base):
    """What people saw on one surface of one media item of one version. `state` None takes the last one that
    stands back."""

    __tablename__ = "person_readings"
    __table_args__ = (Index(None, "item_id", "id"),)

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(BigInt, ForeignKey("media_items.id"))
    finding_id: Mapped[int] = mapped_column(BigInt, ForeignKey("findings.id"), index=True)
    surface: Mapped[Surface] = mapped_column(choice(Surface))
    state: Mapped[ReadingState | None] = mapped_column(choice(ReadingState))
    quote: Mapped[str]
    note: Mapped[str]
    screenshot: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class PairReviewRow(Base):
    """What people decided about a picture beside another one; it outlives the match that they looked at."""

    __tablename__ = "pair_reviews"
    __table_args__ = (Index(None, "picture", "reference", "id"),)

    id: Mapped[Id]
    picture: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"))
    reference: Mapped[Sha256] = mapped_column(ForeignKey("files.sha256"), index=True)
    decision: Mapped[PairDecision] = mapped_column(choice(PairDecision))
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
