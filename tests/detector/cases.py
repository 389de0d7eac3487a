"""Cases for the judgement: a post, a twin with its picture, a match, readings, made short."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from detector.case import Case, Registry
from storage.records import (
    Account,
    Consent,
    Declarer,
    Extent,
    Match,
    MatchKind,
    MediaItem,
    MediaKind,
    OriginEvidence,
    PlatformTag,
    PostVersion,
    Reading,
    ReadingState,
    ReferenceImage,
    ReferenceKind,
    Surface,
    Twin,
)

__all__ = ["Match", "ReferenceImage", "ReferenceKind", "replace"]

PICTURE, REFERENCE, HUMAN = "a" * 64, "b" * 64, "c" * 64
ACCOUNT = Account("bluesky", "hm.example", retailer="H&M", country="SE")
POSTED = datetime(2026, 9, 1, 12, tzinfo=UTC)
TWIN = Twin("Vilma", ReferenceKind.DIGITAL_TWIN, model="Vilma S.")
REFERENCE_IMAGE = ReferenceImage(
    "Vilma", REFERENCE, ReferenceKind.DIGITAL_TWIN, basis="contract 12", attested_by="desk@example.org"
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def post(text: str = "", **changes: Any) -> PostVersion:
    """A post with one picture, on a platform that has neither tag nor content warning, unless changed."""
    given: dict[str, Any] = {
        "platform": "bluesky",
        "handle": "hm.example",
        "post_id": "at://1",
        "url": "https://example.org/1",
        "posted_at": POSTED,
        "text": text,
        "platform_tag": PlatformTag(ReadingState.NOT_OFFERED),
        "media": (picture(0),),
    }
    return PostVersion(**{**given, **changes})


def picture(position: int, alt: str | None = None) -> MediaItem:
    return MediaItem(
        position, MediaKind.PICTURE, f"https://example.org/{position}.jpg", alt=alt, sha256=PICTURE
    )


def match(kind: MatchKind = MatchKind.COPY, distance: float = 8, **changes: Any) -> Match:
    given: dict[str, Any] = {
        "reference": REFERENCE,
        "kind": kind,
        "algorithm": "pdq",
        "distance": distance,
        "threshold": 31,
        "twin": "Vilma",
        "reference_kind": ReferenceKind.DIGITAL_TWIN,
    }
    return Match(**{**given, **changes})


def human(distance: float, kind: MatchKind = MatchKind.COPY, **changes: Any) -> Match:
    given = {"reference": HUMAN, "twin": "Vilma (person)", "reference_kind": ReferenceKind.HUMAN_ORIGINAL}
    return match(kind, distance, **{**given, **changes})


def reading(surface: Surface, state: ReadingState, **changes: Any) -> Reading:
    quote = "made with AI" if state is ReadingState.PRESENT else ""
    given: dict[str, Any] = {"quote": quote, "declared_by": Declarer.ACCOUNT}
    return Reading(surface, state, **{**given, **changes})


def readings(states: Mapping[Surface, ReadingState] | None = None) -> tuple[Reading, ...]:
    """Every surface: absent, unless given."""
    states = states or {}
    return tuple(reading(surface, states.get(surface, ReadingState.ABSENT)) for surface in Surface)


def evidence(level: int, extent: Extent = Extent.WHOLE) -> OriginEvidence:
    return OriginEvidence("c2pa", "trainedAlgorithmicMedia", "declared by a signer", extent, level)


def registry(*consents: Consent, twin: Twin = TWIN, reference: ReferenceImage = REFERENCE_IMAGE) -> Registry:
    return Registry.of((twin,), (reference,), consents)


def case(**changes: Any) -> Case:
    given: dict[str, Any] = {
        "account": ACCOUNT,
        "post": post(),
        "position": 0,
        "readings": readings(),
        "registry": registry(),
    }
    return Case(**{**given, **changes})
