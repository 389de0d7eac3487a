"""Which matches say something: what a person decided about the pair, which reference is not believed, and
what a picture of the real model explains better.

Links between collected pictures (no twin) are matches as well, but of no registered picture: none of this
concerns them.
"""

from detector.case import Case, Registry
from detector.match_words import spans_of
from storage.records import Box, Match, MatchKind, PairDecision, ReferenceKind

STRENGTH = {
    MatchKind.COPY: 3,
    MatchKind.LIKELY_COPY: 2,
    MatchKind.FINGERPRINT_ONLY: 1,
    MatchKind.SAME_SCENE_OR_GARMENT: 0,
}
AI_KINDS = (ReferenceKind.DIGITAL_TWIN, ReferenceKind.SYNTHETIC_MODEL)
# Two alignments whose agreement (or overlap) differs by less explain a picture equally well: a person looks.
# One photograph, registered in two encodings, agreed by up to .033 more with the one than with the other
# (overlap .013): benchmarks/matching/ties.py, 75 pictures of 25 photographs.
TIE = 0.05
# Two matches speak of the same part of a picture when this share of the smaller part is common to both.
SAME_PART = 0.5
WHOLE = Box(0.0, 0.0, 1.0, 1.0)


def tier(match: Match) -> MatchKind:
    """What the match counts as: a pair that a person has confirmed is a copy, however sure the program was.
    The same scene or garment stays what it is."""
    if match.decided is PairDecision.CONFIRMED and STRENGTH[match.kind]:
        return MatchKind.COPY
    return match.kind


def believed(match: Match, registry: Registry) -> bool:
    """It says that the picture is a registered one, nobody has rejected the pair, and the reference is in no
    quarantine."""
    return bool(
        match.twin
        and STRENGTH[match.kind]
        and match.decided is not PairDecision.REJECTED
        and match.reference not in registry.quarantined
    )


def kind_of(match: Match, registry: Registry) -> ReferenceKind | None:
    reference = registry.reference(match)
    return reference.kind if reference else match.reference_kind


def human_matches(case: Case) -> tuple[Match, ...]:
    """Believed matches with pictures of the real model."""
    return tuple(
        match
        for match in case.matches
        if believed(match, case.registry) and kind_of(match, case.registry) is ReferenceKind.HUMAN_ORIGINAL
    )


def standing_matches(case: Case) -> tuple[Match, ...]:
    """Believed matches with AI references that no picture of the real model explains better."""
    humans = human_matches(case)
    return tuple(
        match for match in _of_twins(case) if not any(_explains_better(human, match) for human in humans)
    )


def cleared_matches(case: Case) -> tuple[tuple[Match, Match], ...]:
    """(match with a twin, the match with a picture of the real model that explains the picture better)."""
    humans = human_matches(case)
    return tuple(
        (match, next(human for human in humans if _explains_better(human, match)))
        for match in _of_twins(case)
        if any(_explains_better(human, match) for human in humans)
    )


def contested(match: Match, case: Case) -> bool:
    """A picture of the real model explains the same part just as well."""
    return any(same_place(human, match) and _compared(human, match) == 0 for human in human_matches(case))


def all_disputed(twin: str, case: Case) -> bool:
    """Every registered picture of the twin that is seen here is contested."""
    seen = [case.registry.reference(match) for match in standing_matches(case) if match.twin == twin]
    return bool(seen) and all(one is not None and one.disputed for one in seen)


def _of_twins(case: Case) -> tuple[Match, ...]:
    return tuple(
        match
        for match in case.matches
        if believed(match, case.registry) and kind_of(match, case.registry) in AI_KINDS
    )


def _explains_better(human: Match, match: Match) -> bool:
    return same_place(human, match) and _compared(human, match) > 0


def _compared(human: Match, match: Match) -> int:
    """Above 0 where the picture of the real model explains the picture better: by the surer tier; within a
    tier by how far the aligned pixels agree, then by how much of the reference is seen; by their hashes where
    nothing was aligned. 0: neither does. What a person has confirmed is never cleared by what nobody has."""
    better = _by_tier_and_pixels(human, match)
    only_one = match.decided is PairDecision.CONFIRMED and human.decided is not PairDecision.CONFIRMED
    return min(better, 0) if only_one else better


def _by_tier_and_pixels(human: Match, match: Match) -> int:
    by_tier = STRENGTH[tier(human)] - STRENGTH[tier(match)]
    if by_tier:
        return by_tier
    agreements = _agreement(human), _agreement(match)
    if agreements[0] is not None and agreements[1] is not None:
        return _beyond_tie(agreements[0], agreements[1]) or _beyond_tie(
            human.overlap if human.overlap is not None else 1.0,
            match.overlap if match.overlap is not None else 1.0,
        )
    if agreements != (None, None) or "local" in (human.algorithm, match.algorithm):
        return 0  # pixels beside bits, or votes: nothing to compare
    return _by_hash(human, match)


def _agreement(match: Match) -> float | None:
    """Identical bytes agree wholly; nobody needs to align them."""
    return 1.0 if match.agreement is None and match.algorithm == "sha256" else match.agreement


def _beyond_tie(ours: float, theirs: float) -> int:
    return 0 if abs(ours - theirs) < TIE else 1 if ours > theirs else -1


def _by_hash(human: Match, match: Match) -> int:
    """Distances of different hashes are compared as shares of their thresholds."""
    if human.algorithm == match.algorithm:
        ours, theirs = human.distance, match.distance
    else:
        ours, theirs = human.distance * match.threshold, match.distance * human.threshold
    return (ours < theirs) - (ours > theirs)


def same_place(one: Match, other: Match) -> bool:
    """In a collage, or in a video, the real model's picture may stand beside the twin's: it clears only what
    is in its own place."""
    mine, theirs = spans_of(one), spans_of(other)
    if mine and theirs and not any(a[0] <= b[1] and b[0] <= a[1] for a in mine for b in theirs):
        return False
    return _common(one.region or WHOLE, other.region or WHOLE) >= SAME_PART


def _common(one: Box, other: Box) -> float:
    """The common area as a share of the smaller box."""
    width = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    height = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    smaller = min(one.w * one.h, other.w * other.h)
    return max(0.0, width) * max(0.0, height) / smaller if smaller > 0 else 0.0
