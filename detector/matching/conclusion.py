"""From candidates and alignments to matches: which tier, on what evidence, and why not a surer one.

An aligned comparison of pixels has the last word wherever both pictures could be opened and have texture
enough. What a hash says stands alone only where there is too little texture to align; where bytes are gone it
is `fingerprint_only`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from detector.hashing import hashes
from detector.match_words import WITHOUT_PICTURE
from detector.matching.alignment.transform import stretched_words
from detector.matching.alignment.verify import ALIKE, COARSE, COPY, SOFT
from detector.matching.candidate import Alignment, Candidate, Conclusion
from storage.changes import Change, ChangeKind
from storage.handed import Handed
from storage.records import Box, Match, MatchKind, Placed, ReferenceImage

VERSION = "4"
IDENTICAL = "sha256"
LOCAL = "local"
ALIGNED = "aligned"  # the algorithm of a match whose pixels were compared: distance is 1 - agreement
COPY_DISTANCE = round(1 - COPY, 2)  # of `aligned`; the second where it is the same everywhere, only softer
SOFT_DISTANCE = round(1 - ALIKE * SOFT, 2)
FITS = 0.25  # agreement: with less the geometry is one that happened to fit, as it may for a thumbnail
ANOTHER_SHAPE = 0.5  # stretched so far, a hash alone is no copy: hashes squeeze any shape into a square
STRONG_VOTES = 12  # features in one pose that are worth showing to a person where no byte can be opened
# Seconds from one kept frame to the next (detector/pictures/frames.py): after so many the first still stood,
# or it would have been looked at again, and a scene that stood longer ends with a frame of its own.
STOOD, LONGEST_STOOD = 1.1, 2.4
LOOK = 0.2  # seconds before the next frame, when it was seen last
FEW_AND_NOT_KEPT = "a few details are alike, and the bytes are not kept to look closer"
PLACED = {
    Placed.FOUND: "its place was found by the program when the picture was registered",
    Placed.GIVEN: "its place was given by a person",
}
WITHIN = 0.7  # of a match's region that lies within a negative's: it shows what must never match
_TIERS = {
    MatchKind.COPY: 0,
    MatchKind.LIKELY_COPY: 1,
    MatchKind.FINGERPRINT_ONLY: 2,
    MatchKind.SAME_SCENE_OR_GARMENT: 3,
}


def concluded(
    candidates: Sequence[Candidate],
    alignments: Sequence[Alignment],
    references: Mapping[str, tuple[ReferenceImage, ...]],
    negatives: Mapping[str, str],
    frames: Collection[float | None] = (),
) -> Conclusion:
    """`references` by SHA-256 (one picture may be registered for several twins), and the names of `negatives`
    likewise. `frames`: the seconds of a video that were looked at, so that a match is not said to last
    through what shows something else."""
    aligned = {(one.reference, one.at): one for one in alignments}
    drafted = [(one.at, _drafted(one, aligned.get((one.reference, one.at)))) for one in candidates]
    reasons = dict.fromkeys(why for _, why in drafted if isinstance(why, str))
    found = [(at, match) for at, match in drafted if isinstance(match, Match)]
    barring = _barring(found, negatives)
    best: dict[str, Match] = {}
    spans: dict[str, list[float]] = {}
    moves = None in frames and any(at is not None for at in frames)
    first = 0.0 if moves else None  # an animation's first picture is looked at as a still one is
    for at, match in found:
        bar = _barred(match, (*barring.get(at, ()), *barring.get(IDENTICAL, ())), negatives)
        if bar:
            if match.reference in references:
                reasons[bar] = None
            continue
        known = best.get(match.reference)
        if known is None or order(match) < order(known):
            best[match.reference] = match
        second = first if at is None and match.algorithm != IDENTICAL else at
        if second is not None and match.kind is not MatchKind.SAME_SCENE_OR_GARMENT:
            spans.setdefault(match.reference, []).append(second)
    looked_at = sorted({one for at in frames if (one := first if at is None else at) is not None})
    matches = [
        replace(
            _spanned(match, sorted(spans.get(sha256, ())), looked_at),
            twin=reference.twin,
            reference_kind=reference.kind,
            changes=tuple(_own(match, reference, references[sha256])),
            reason=_why(match, references[sha256]),
        )
        for sha256, match in best.items()
        for reference in references.get(sha256, ())
    ]
    return Conclusion(tuple(sorted(matches, key=order)), tuple(reasons))


def _why(match: Match, same: Sequence[ReferenceImage]) -> str:
    """Why it is no surer kind: nobody handed over the picture, or its bytes are not kept."""
    never = all(one.handed is Handed.FINGERPRINTS for one in same)
    return WITHOUT_PICTURE if match.kind is MatchKind.FINGERPRINT_ONLY and never else match.reason


def _own(match: Match, reference: ReferenceImage, same: Sequence[ReferenceImage]) -> Iterator[Change]:
    """A picture may be registered for several twins, each time with another mark: of the others' nothing is
    said."""
    others = {one.mark_box for one in same} - {reference.mark_box}
    for change in match.changes:
        if change.kind is ChangeKind.ALTERED or change.reference_region not in others:
            yield replace(change, reason=_placed(change, reference))


def _placed(change: Change, reference: ReferenceImage) -> str:
    """With who said where the mark stands: what a person marked is another thing than what a program saw."""
    words = PLACED.get(reference.mark_placed)
    told = words and change.kind is not ChangeKind.ALTERED
    return f"{change.reason} ({words})" if told else change.reason


def _spanned(match: Match, seconds: Sequence[float], looked_at: Sequence[float]) -> Match:
    """`seconds` that show it, and those looked at, each in order. Frames that nearly equal the one before are
    not kept, and a scene that stands keeps its last one: what lies between two kept frames shows what they
    show."""
    if not seconds:
        return match
    spans = [[seconds[0], seconds[0]]]
    for before, at in pairwise(seconds):
        if bisect_left(looked_at, at) > bisect_right(looked_at, before):
            spans.append([at, at])
        spans[-1][1] = at
    spans = [[first, _end(last, looked_at)] for first, last in spans]
    stretches = tuple((first, last) for first, last in spans) if len(spans) > 1 else ()
    return replace(match, span=(spans[0][0], spans[-1][1]), spans=stretches)


def _end(last: float, looked_at: Sequence[float]) -> float:
    """Until when it was seen: a scene of a second or two has one frame, its first, and stands until the next
    scene comes."""
    after = bisect_right(looked_at, last)
    lasted = looked_at[after] - last if after < len(looked_at) else 0.0
    return round(looked_at[after] - LOOK, 3) if STOOD < lasted <= LONGEST_STOOD else last


def order(match: Match) -> tuple[int, float, float, str, str]:
    """Surest kind first, then the nearest of its kind."""
    return (
        _TIERS[match.kind],
        -_nearness(match),
        match.distance,
        match.twin,
        match.reference,
    )


def _nearness(match: Match) -> float:
    """0 to 1, from whatever was measured. The distance of a match by features alone counts votes: more are
    better."""
    if match.agreement is not None:
        return match.agreement
    if match.algorithm == LOCAL:
        return 1 - match.threshold / max(match.distance, 1)
    return 1 - match.distance / 256


def _drafted(candidate: Candidate, alignment: Alignment | None) -> Match | str:
    """A match without its twin, or in words why there is none."""
    if candidate.found_by == IDENTICAL:
        return _by_hash(candidate, MatchKind.COPY, "", overlap=1.0)
    if alignment is None:
        return _unopened(candidate)
    if alignment.too_little:
        return _textureless(candidate, alignment)
    if alignment.kind is None or (_sure(candidate) and alignment.agreement < FITS):
        return _refused(candidate, alignment)
    if alignment.kind is MatchKind.COPY or (_sure(candidate) and alignment.reason == COARSE):
        return _verified(candidate, alignment, MatchKind.COPY)
    if alignment.kind is MatchKind.LIKELY_COPY or _sure(candidate):
        return _verified(candidate, alignment, MatchKind.LIKELY_COPY)
    return _verified(candidate, alignment, alignment.kind)


def _refused(candidate: Candidate, alignment: Alignment) -> Match | str:
    """They could not be laid on each other. A sure hash is for a person then; its distance is all there is to
    show."""
    if not _sure(candidate):
        return alignment.reason
    return _by_hash(candidate, MatchKind.LIKELY_COPY, f"only the hashes are near: {alignment.reason}")


def _unopened(candidate: Candidate) -> Match | str:
    why = "the bytes of one of the two pictures are not kept: only fingerprints could be compared"
    if candidate.found_by == LOCAL and candidate.distance < STRONG_VOTES:
        return FEW_AND_NOT_KEPT
    return _by_hash(candidate, MatchKind.FINGERPRINT_ONLY, why)


def _textureless(candidate: Candidate, alignment: Alignment) -> Match | str:
    if candidate.found_by not in hashes():
        return alignment.reason
    done = ", ".join(filter(None, (candidate.transform, stretched_words(alignment.stretch))))
    if _sure(candidate) and alignment.stretch < ANOTHER_SHAPE:
        return _by_hash(replace(candidate, transform=done), MatchKind.COPY, "")
    why = f"only the hashes are near: {alignment.reason}"
    return _by_hash(replace(candidate, transform=done), MatchKind.LIKELY_COPY, why)


def allowed(alignment: Alignment) -> float:
    """The distance (1 - agreement) up to which it is called a copy by its rule (verify.py)."""
    softer = alignment.kind is MatchKind.COPY and alignment.agreement < COPY
    return SOFT_DISTANCE if softer else COPY_DISTANCE


def _sure(candidate: Candidate) -> bool:
    """A whole-picture hash within the distance that it calls a copy by itself."""
    module = hashes().get(candidate.found_by)
    return module is not None and module.COPY is not None and candidate.distance <= module.COPY


def _by_hash(candidate: Candidate, kind: MatchKind, reason: str, overlap: float | None = None) -> Match:
    return Match(
        reference=candidate.reference,
        kind=kind,
        algorithm=candidate.found_by,
        distance=candidate.distance,
        threshold=candidate.threshold,
        region=candidate.region,
        transform=candidate.transform,
        overlap=overlap,
        reason=reason,
    )


def _verified(candidate: Candidate, alignment: Alignment, kind: MatchKind) -> Match:
    """The hash's distance where a hash found it and pixels bear it out; else how far the pixels differ."""
    hashed = _sure(candidate) and alignment.kind is MatchKind.COPY
    return Match(
        reference=candidate.reference,
        kind=kind,
        algorithm=candidate.found_by if hashed else ALIGNED,
        distance=candidate.distance if hashed else round(1 - alignment.agreement, 4),
        threshold=candidate.threshold if hashed else allowed(alignment),
        region=alignment.region or candidate.region,
        transform=alignment.transform or candidate.transform if hashed else alignment.transform,
        overlap=alignment.overlap,
        inliers=alignment.inliers,
        agreement=alignment.agreement,
        residual=alignment.residual,
        reason="" if kind is MatchKind.COPY else alignment.reason,
        changes=alignment.changes,
    )


def _barring(
    found: Sequence[tuple[float | None, Match]], negatives: Mapping[str, str]
) -> Mapping[float | str | None, Sequence[Match]]:
    """The negatives that were found, by the second of the frame that shows them: they bar nothing in another
    one. A file that is a negative to the byte is one from end to end: `IDENTICAL`."""
    barring: dict[float | str | None, list[Match]] = {}
    for at, match in found:
        if match.reference in negatives:
            barring.setdefault(IDENTICAL if match.algorithm == IDENTICAL else at, []).append(match)
    return barring


def _barred(match: Match, barred: Sequence[Match], negatives: Mapping[str, str]) -> str:
    """Why a match is nothing but a picture that must never match; "" where it is more."""
    for one in barred:
        if one.reference == match.reference or one.kind is MatchKind.SAME_SCENE_OR_GARMENT:
            continue
        nearer = _nearness(match) > _nearness(one) and _TIERS[match.kind] <= _TIERS[one.kind]
        if _within(match.region, one.region) >= WITHIN and not nearer:
            return (
                f"what it shares with a registered picture is {negatives[one.reference]}, which never matches"
            )
    return ""


def _within(one: Box | None, other: Box | None) -> float:
    """Share of the one that lies in the other; boxes that are not known lie in everything."""
    if one is None or other is None:
        return 1.0
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(across, 0.0) * max(down, 0.0) / max(one.w * one.h, 1e-9)
