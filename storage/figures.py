"""What figures count, as a record: one picture in one post, and nothing that names a person.

Kept beside the answers in two short texts, so that a hundred thousand need no document to be opened:
`grounds` says what makes it sure that the picture is AI, `told` what stood on each surface.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from storage.records import (
    MATCH,
    Account,
    Answer,
    Declarer,
    EventKind,
    Extent,
    FindingStatus,
    OriginEvidence,
    Reading,
    ReadingState,
    Surface,
)

SIGHTING_VERSION = "1"  # of the two texts
SURE = 3  # the level of evidence from which a picture is counted as AI (records.OriginEvidence)
THIS_POST = "this_post"  # a registered picture, and on no other basis than a post that shows it
CREDENTIAL = "c2pa"  # the reader of signed credentials
# Platforms sign what was made or labelled with them: TikTok said on 9 May 2024 that it would attach
# credentials of its own to such content (as reported by TechCrunch).
_META = ("meta platforms", "facebook", "instagram")
_SIGNERS: Mapping[str, tuple[str, ...]] = {
    "tiktok": ("tiktok", "bytedance"),
    "instagram": _META,
    "facebook": _META,
    "threads": _META,
    "youtube": ("youtube", "google"),
}
_SHORTEST = 12  # characters of an address: a shorter one stands in any text
_FAINT: Mapping[str, tuple[str, str | int | float]] = {
    "f": ("before_fold", 0),
    "s": ("below_floor", 1),
    "p": ("extent", Extent.PART.value),
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """`picture`: the group of copies. `at`: when it was posted (or, undated, first seen), in seconds since
    1970 began in UTC. `grounds`: the readers of evidence at level 3 and above. `told`: see `readings_of`.
    `whole`: some of the evidence speaks of whoever is shown, or of the whole picture. `late`: its
    label came after the post."""

    finding_id: int
    account: Account
    picture: str
    at: int
    status: FindingStatus
    grounds: str
    told: str
    whole: bool
    late: bool


def told_of(readings: Iterable[Reading]) -> str:
    """`surface=state`, with who declared a label and what makes it faint: "caption=present/account/f"."""
    return " ".join(sorted(_told(one) for one in readings))


def _told(reading: Reading) -> str:
    said = f"{reading.surface.value}={reading.state.value}"
    if reading.state is not ReadingState.PRESENT:
        return said
    faint = "".join(mark for mark, (name, value) in _FAINT.items() if reading.prominence.get(name) == value)
    return f"{said}/{reading.declared_by.value}/{faint}"


@lru_cache(4096)
def readings_of(told: str) -> tuple[Reading, ...]:
    """The readings again, without quotes: there are few different texts, however many sightings."""
    return tuple(_reading(part) for part in told.split())


def _reading(text: str) -> Reading:
    surface, _, rest = text.partition("=")
    state, _, more = rest.partition("/")
    declared, _, faint = more.partition("/")
    return Reading(
        Surface(surface),
        ReadingState(state),
        declared_by=Declarer(declared) if declared else Declarer.UNKNOWN,
        prominence=dict(_FAINT[mark] for mark in faint),
    )


def grounds_of(evidence: Iterable[OriginEvidence], post_url: str, platform: str) -> str:
    """The readers of what is sure, each once. A registered picture whose basis names the very post is known
    by that post alone; a credential that the platform signed itself is the platform's label once more."""
    sure = [one for one in evidence if one.level >= SURE]
    address = post_url.partition("://")[2].removeprefix("www.").rstrip("/")
    return " ".join(sorted({_ground(one, address, platform) for one in sure}))


def _ground(evidence: OriginEvidence, address: str, platform: str) -> str:
    if evidence.reader == MATCH and len(address) >= _SHORTEST and address in evidence.detail:
        return THIS_POST
    if evidence.reader == CREDENTIAL and _signed_by_platform(evidence, platform):
        return Surface.PLATFORM_TAG.value
    return evidence.reader


def _signed_by_platform(evidence: OriginEvidence, platform: str) -> bool:
    """Where the bytes were found: of evidence that travelled, on the copy's platform."""
    where = evidence.via.there.platform if evidence.via else platform
    signer = evidence.detail.partition("signed by ")[2].partition(", trusted by ")[0].casefold()
    return any(name in signer for name in _SIGNERS.get(where, (where,)))


def whole_of(answer: Answer) -> bool:
    return any(one.level >= SURE and one.of_the_figure for one in answer.evidence)


def late_of(answer: Answer) -> bool:
    return any(one.kind is EventKind.LABEL_ADDED_LATE for one in answer.events)
