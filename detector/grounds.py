"""What raises the origin level beside the bytes: matches with registered pictures, and the publisher's own
words.

The levels are those of OriginEvidence. Which matches stand is decided in `standing.py`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from detector.case import Case
from detector.standing import contested, standing_matches, tier
from storage.records import (
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
# What `distance` and `threshold` count, by algorithm, where it is not bits of a hash.
_VOTES = "local"
_IDENTICAL = "sha256"


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
    parts = [match.transform, _place(match), _span(match)]
    if match.overlap is not None and match.algorithm != _IDENTICAL:
        parts.append(f"{_percent(match.overlap)} of it seen")
    if match.agreement is not None:
        parts.append(f"agreement {match.agreement:.2f}")
    if match.inliers:
        fit = f" within {match.residual:.1f} px" if match.residual is not None else ""
        parts.append(f"{match.inliers} points fit{fit}")
    parts.append(_found_by(match))
    return ", ".join(part for part in parts if part)


def decided_by(match: Match, case: Case) -> str:
    """Who decided about the pair and when, as far as that is at hand."""
    decision = case.decision(match)
    if decision is None:
        return "a person"
    return f"{decision.by or 'a person'} on {decision.at:%Y-%m-%d}"


def _found_by(match: Match) -> str:
    if match.algorithm == _IDENTICAL:
        return "the same bytes"
    if match.algorithm == _VOTES:
        return f"{match.distance:g} votes of local features, {match.threshold:g} needed"
    return f"{match.algorithm} distance {match.distance:g}, threshold {match.threshold:g}"


def _place(match: Match) -> str:
    region = match.region
    if region is None or region.w * region.h > 0.95:
        return ""
    return f"in {_percent(region.w * region.h)} of the picture"


def _span(match: Match) -> str:
    if match.span is None:
        return ""
    first, last = match.span
    return f"at {first:.1f} s" if first == last else f"from {first:.1f} s to {last:.1f} s"


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


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
        reader="match",
        signal=match.kind.value,
        detail=f"{detail}; {why_not}" if why_not else detail,
        extent=Extent.WHOLE,
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
