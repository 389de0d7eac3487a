"""What raises the origin level beside the bytes: matches with registered pictures, and the publisher's own
words.

The levels are those of OriginEvidence. Which matches stand is decided in `standing.py`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from detector.case import Case
from detector.extent import extent_of
from detector.match_words import found_words, measured, seen_words
from detector.standing import contested, standing_matches, tier
from storage.records import (
    MATCH,
    Declarer,
    Extent,
    Match,
    MatchKind,
    OriginEvidence,
    PairDecision,
    Reading,
    ReadingState,
    Surface,
)

_WORDS_OF_TIER = {
    MatchKind.COPY: "a copy of",
    MatchKind.LIKELY_COPY: "likely a copy of",
    MatchKind.FINGERPRINT_ONLY: "by its fingerprint alone like",
}


def match_evidence(case: Case) -> tuple[OriginEvidence, ...]:
    """Level 3: a copy of an attested, undisputed reference, or one that a person has confirmed. Level 2:
    every other match that still stands."""
    return tuple(_from_match(match, case) for match in standing_matches(case))


def words_evidence(case: Case) -> tuple[OriginEvidence, ...]:
    """Level 4: the account itself says so, on this version of the post or on an earlier one. Level 2: the
    platform, or somebody unknown, says so: a tag that the publisher did not set is not the publisher's own
    words."""
    now = tuple(_from_reading(reading, None) for reading in case.readings if _says(reading))
    told = {(reading.surface, reading.quote) for reading in case.readings if _says(reading)}
    return now + tuple(_from_history(case.history, told))


def in_words(match: Match) -> str:
    """What was measured: the transform, how much of the reference is seen, how far the pixels agree."""
    return ", ".join((*seen_words(match), *measured(match), *found_words(match)))


def decided_by(match: Match, case: Case) -> str:
    """Who decided about the pair and when, as far as that is at hand."""
    decision = case.decision(match)
    if decision is None:
        return "a person"
    return f"{decision.by or 'a person'} on {decision.at:%Y-%m-%d}"


def _from_match(match: Match, case: Case) -> OriginEvidence:
    reference = case.registry.reference(match)
    why_not = _doubt(match, case)
    basis = (
        f"registered on the basis of: {reference.basis}" if reference else "its registration is not at hand"
    )
    attested = f", attested by {reference.attested_by}" if reference and reference.attested_by else ""
    confirmed = match.decided is PairDecision.CONFIRMED
    said = f"; {decided_by(match, case)} confirmed that it is the same picture" if confirmed else ""
    detail = (
        f"{_WORDS_OF_TIER[match.kind]} a registered picture of {match.twin}: {in_words(match)}"
        f"{said}; {basis}{attested}"
    )
    return OriginEvidence(
        reader=MATCH,
        signal=match.kind.value,
        detail=f"{detail}; {why_not}" if why_not else detail,
        extent=extent_of(match),
        level=2 if why_not else 3,
    )


def _doubt(match: Match, case: Case) -> str:
    """Why this match is not level 3; "" when it is."""
    reference = case.registry.reference(match)
    if tier(match) is not MatchKind.COPY:
        why = f": {match.reason}" if match.reason else ""
        return f"a person decides whether it is the same picture{why}"
    if reference is None or not reference.attested_by:
        return "nobody attests the reference"
    if reference.disputed:
        return "the reference is disputed"
    if contested(match, case):
        return "a registered picture of the real model matches just as well"
    return ""


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
