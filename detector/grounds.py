"""What raises the origin level beside the bytes: matches with registered pictures, and the publisher's own
words.

The levels are those of OriginEvidence. A match that a picture of the real model (`human_original`) explains
better is cleared and raises nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from detector.case import Case, Registry
from storage.records import (
    Declarer,
    Extent,
    Match,
    MatchKind,
    OriginEvidence,
    Reading,
    ReadingState,
    ReferenceImage,
    ReferenceKind,
    Surface,
)

_STRENGTH = {
    MatchKind.COPY: 3,
    MatchKind.LIKELY_COPY: 2,
    MatchKind.FINGERPRINT_ONLY: 1,
    MatchKind.SAME_SCENE_OR_GARMENT: 0,
}
_WORDS_OF_KIND = {
    MatchKind.COPY: "a copy of",
    MatchKind.LIKELY_COPY: "likely a copy of",
    MatchKind.FINGERPRINT_ONLY: "by its fingerprint alone like",
}


def standing_matches(case: Case) -> tuple[Match, ...]:
    """The matches with AI references that say something and that no picture of the real model explains
    better."""
    humans = [match for match in case.matches if _kind(match, case.registry) is ReferenceKind.HUMAN_ORIGINAL]
    return tuple(
        match
        for match in case.matches
        if match.twin
        and match.kind in _WORDS_OF_KIND
        and _kind(match, case.registry) in (ReferenceKind.DIGITAL_TWIN, ReferenceKind.SYNTHETIC_MODEL)
        and not any(_explains_better(human, match) for human in humans)
    )


def cleared_matches(case: Case) -> tuple[tuple[Match, Match], ...]:
    """(match with a twin, the match with a picture of the real model that explains the picture better)."""
    humans = [match for match in case.matches if _kind(match, case.registry) is ReferenceKind.HUMAN_ORIGINAL]
    return tuple(
        (match, next(human for human in humans if _explains_better(human, match)))
        for match in case.matches
        if match.twin
        and _kind(match, case.registry) is not ReferenceKind.HUMAN_ORIGINAL
        and any(_explains_better(human, match) for human in humans)
    )


def human_matches(case: Case) -> tuple[Match, ...]:
    return tuple(
        match
        for match in case.matches
        if match.kind in _WORDS_OF_KIND and _kind(match, case.registry) is ReferenceKind.HUMAN_ORIGINAL
    )


def match_evidence(case: Case) -> tuple[OriginEvidence, ...]:
    """Level 3: a copy of an attested, undisputed reference. Level 2: every other match that still stands."""
    humans = human_matches(case)
    return tuple(
        _from_match(match, case.registry, contested=any(_ties(human, match) for human in humans))
        for match in standing_matches(case)
    )


def words_evidence(case: Case) -> tuple[OriginEvidence, ...]:
    """Level 4: the account itself says so, on this version of the post or on an earlier one. Level 2: the
    platform, or somebody unknown, says so: a tag that the publisher did not set is not the publisher's own
    words."""
    now = tuple(_from_reading(reading, None) for reading in case.readings if _says(reading))
    told = {(reading.surface, reading.quote) for reading in case.readings if _says(reading)}
    return now + tuple(_from_history(case.history, told))


def _kind(match: Match, registry: Registry) -> ReferenceKind | None:
    reference = registry.reference(match)
    return reference.kind if reference else match.reference_kind


def _explains_better(human: Match, match: Match) -> bool:
    """Smaller distance, in the same kind of match or a better one. Distances of different hashes are compared
    as shares of their thresholds."""
    if _STRENGTH[human.kind] < _STRENGTH[match.kind] or human.kind is MatchKind.SAME_SCENE_OR_GARMENT:
        return False
    if human.algorithm == match.algorithm:
        return human.distance < match.distance
    return human.distance * match.threshold < match.distance * human.threshold


def _ties(human: Match, match: Match) -> bool:
    return human.kind is match.kind and human.distance * match.threshold == match.distance * human.threshold


def _from_match(match: Match, registry: Registry, *, contested: bool) -> OriginEvidence:
    reference = registry.reference(match)
    why_not = _doubt(match, reference, contested=contested)
    basis = (
        f"registered on the basis of: {reference.basis}" if reference else "its registration is not at hand"
    )
    attested = f", attested by {reference.attested_by}" if reference and reference.attested_by else ""
    turned = f" ({match.transform})" if match.transform else ""
    detail = (
        f"{_WORDS_OF_KIND[match.kind]} a registered picture of {match.twin}{turned}: "
        f"{match.algorithm} distance {match.distance:g}, threshold {match.threshold:g}; {basis}{attested}"
    )
    return OriginEvidence(
        reader="match",
        signal=match.kind.value,
        detail=f"{detail}; {why_not}" if why_not else detail,
        extent=Extent.WHOLE,
        level=2 if why_not else 3,
    )


def _doubt(match: Match, reference: ReferenceImage | None, *, contested: bool) -> str:
    """Why this match is not level 3; "" when it is."""
    if match.kind is not MatchKind.COPY:
        return "a person decides whether it is the same picture"
    if reference is None or not reference.attested_by:
        return "nobody attests the reference"
    if reference.disputed:
        return "the reference is disputed"
    return "a registered picture of the real model matches just as well" if contested else ""


def _says(reading: Reading) -> bool:
    return reading.state is ReadingState.PRESENT and reading.declared_by is not Declarer.PERSON


def _from_reading(reading: Reading, seen: datetime | None) -> OriginEvidence:
    own = reading.declared_by is Declarer.ACCOUNT
    version = f", in the version first seen {seen:%Y-%m-%d %H:%M} UTC" if seen else ""
    who = {Declarer.ACCOUNT: "the account", Declarer.PLATFORM: "the platform"}.get(
        reading.declared_by, "somebody"
    )
    extent = reading.prominence.get("extent", "")
    return OriginEvidence(
        reader=reading.surface.value,
        signal="declared" if seen is None else "declared_earlier",
        detail=f"{who} says so{version}: “{reading.quote or reading.field}”",
        extent=Extent(extent) if extent in set(Extent) else Extent.UNKNOWN,
        level=4 if own else 2,
    )


def _from_history(
    history: Sequence[tuple[datetime, Sequence[Reading]]], told: set[tuple[Surface, str]]
) -> Iterator[OriginEvidence]:
    """Each different saying of an earlier version, once, as first seen."""
    for seen, readings in history:
        for reading in readings:
            if _says(reading) and (reading.surface, reading.quote) not in told:
                told.add((reading.surface, reading.quote))
                yield _from_reading(reading, seen)
