"""A person's decision on a finding, and what it teaches about the pictures that the finding rests on.

Confirming or rejecting a finding that rests on matches says something about those pairs of pictures, wherever
else they are published: it is written down for each of them, and taken back when the review is undone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from desk.decisions import last_standing, may_be_settled
from detector.case import Registry
from detector.standing import AI_KINDS, believed, kind_of
from storage.errors import StoreError
from storage.records import Finding, FindingStatus, Match, PairDecision, PairReview, Review, ReviewDecision
from storage.store import Store
from storage.uses import Settlement

_TEACHES = {
    ReviewDecision.CONFIRMED: PairDecision.CONFIRMED,
    ReviewDecision.REJECTED: PairDecision.REJECTED,
}

_MEANING = {
    PairDecision.CONFIRMED: "the same picture, wherever it is published",
    PairDecision.REJECTED: "not the same picture; these two never match again",
    PairDecision.UNDO: "what this review taught is taken back",
}


@dataclass(frozen=True, slots=True)
class Taught:
    """A pair's decision that came with a review. `twin` is whose registered picture it is."""

    review: PairReview
    twin: str

    def sentence(self) -> str:
        picture, reference = self.review.picture[:12], self.review.reference[:12]
        beside = f"{picture} beside the registered picture {reference}" + (
            f" of {self.twin}" if self.twin else ""
        )
        return f"{beside}: {_MEANING[self.review.decision]}"


@dataclass(frozen=True, slots=True)
class Reviewed:
    finding: Finding
    taught: tuple[Taught, ...]
    settled: tuple[Settlement, ...] = ()  # the uses that this review settles


def review(
    store: Store, given: Review, *, keep_pair: bool, four_eyes: bool, seen: FindingStatus | None = None
) -> Reviewed:
    """Write the review down, and what it teaches: both or neither. `four_eyes`: a confirmation is a proposal
    until another person confirms it. Raises StoreError: "no_finding", "nothing_to_undo", "second_person",
    "day_past", "nothing_to_settle"; "decided_since" where the status is no longer the one that was `seen`."""
    before = store.finding(given.finding_id)
    if before is None:
        raise _none(given.finding_id)
    if given.decision is ReviewDecision.SETTLED:
        may_be_settled(given, before, given.at.date())
    if four_eyes and given.decision is ReviewDecision.CONFIRMED:
        given = _with_four_eyes(given, _last(store, given.finding_id))
    undone = _last(store, given.finding_id) if given.decision is ReviewDecision.UNDO else None
    taught = [] if keep_pair else list(_taught(store, before, given, undone))
    written = store.add_review(given, seen, [one.review for one in taught])
    finding = store.finding(given.finding_id)
    if finding is None:
        raise _none(given.finding_id)
    if given.decision is ReviewDecision.SETTLED:
        uses = tuple(one for one in store.uses.settlements() if one.finding_id == finding.id)
        return Reviewed(finding, (), uses)
    return Reviewed(finding, tuple(one for one in taught if one.review in written))


def _taught(store: Store, finding: Finding, given: Review, undone: Review | None) -> Iterator[Taught]:
    return _taken_back(store, finding, given, undone) if undone else _learned(store, finding, given)


def _with_four_eyes(given: Review, last: Review | None) -> Review:
    """The confirmation itself where it seconds another person's, else a proposal."""
    if last is None or last.decision not in (ReviewDecision.PROPOSED, ReviewDecision.CONFIRMED):
        return replace(given, decision=ReviewDecision.PROPOSED)
    if last.decision is ReviewDecision.PROPOSED and last.by == given.by:
        raise StoreError(
            f"{given.by} has confirmed it already: it waits for another person ([reviews] four_eyes)",
            kind="second_person",
            where=str(given.finding_id),
        )
    return given


def _none(number: int) -> StoreError:
    return StoreError(
        f"there is no finding {number} (`twinwatch findings list`)", kind="no_finding", where=str(number)
    )


def _learned(store: Store, finding: Finding, given: Review) -> Iterator[Taught]:
    decision = _TEACHES.get(given.decision)
    if decision is None:
        return
    known = store.pairs.decided()
    for match in _rests_on(store, finding):
        if known.get((finding.sha256, match.reference)) is not decision:
            yield _lesson(finding, match, decision, given)


def _taken_back(store: Store, finding: Finding, given: Review, undone: Review) -> Iterator[Taught]:
    """What reviews of this picture's findings taught, where nobody has decided otherwise since. While another
    of its findings stands decided like this one, what it teaches stands, too, whoever of them taught it."""
    decision = _TEACHES.get(undone.decision)
    if decision is None or not finding.sha256:
        return
    beside = [store.reviews(one) for one in store.pairs.findings(finding.sha256) if one != finding.id]
    stand = (last_standing(reviews) for reviews in beside)
    if any(one is not None and one.decision is undone.decision for one in stand):
        return
    lessons = {
        (one.by, one.at) for one in (*store.reviews(finding.id), *(one for of in beside for one in of))
    }
    twins = {match.reference: match.twin for match in finding.answer.matches}
    for one in store.pairs.standing():
        if one.picture == finding.sha256 and one.decision is decision and (one.by, one.at) in lessons:
            back = PairReview(one.picture, one.reference, PairDecision.UNDO, given.by, given.at, given.note)
            yield Taught(back, twins.get(one.reference, ""))


def _lesson(finding: Finding, match: Match, decision: PairDecision, given: Review) -> Taught:
    words = f"with the review of finding #{finding.id}" + (f": {given.note}" if given.note else "")
    lesson = PairReview(finding.sha256, match.reference, decision, given.by, given.at, words)
    return Taught(lesson, match.twin)


def _rests_on(store: Store, finding: Finding) -> Iterator[Match]:
    """The matches that raised the finding's level: with AI references, and believed. One a reference."""
    registry = Registry.of(store.twins(), store.references(), (), store.bank.quarantines())
    seen: set[str] = set()
    for match in finding.answer.matches if finding.sha256 else ():
        stands = believed(match, registry) and kind_of(match, registry) in AI_KINDS
        if stands and match.reference not in seen:
            seen.add(match.reference)
            yield match


def _last(store: Store, finding_id: int) -> Review | None:
    """The review that an undo takes back."""
    return last_standing(store.reviews(finding_id))
