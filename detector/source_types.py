"""IPTC's and C2PA's digital source types: which of them say that generative AI was at work, and on how much.

Source: http://cv.iptc.org/newscodes/digitalsourcetype/ and the C2PA conformance rubrics v1.0 of 2026-08
(labels.md, section 2). `algorithmicMedia` is procedural and not AI; `composite`, `digitalArt` and
`screenCapture` may contain AI and do not say so: none of these is evidence.
"""

from collections.abc import Iterable

from detector.metadata.carried import Property
from storage.records import Extent

PROPERTY = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
GENERATIVE = {
    "trainedAlgorithmicMedia": Extent.WHOLE,
    "compositeWithTrainedAlgorithmicMedia": Extent.PART,
    "compositeSynthetic": Extent.PART,
    "trainedAlgorithmicData": Extent.UNKNOWN,
}
# Those whose definition rules generative AI out: a camera's, a scanner's, a person's, a procedure's. A
# drawing or a composite may contain it.
WITHOUT_AI = frozenset(
    name.lower()
    for name in (
        "digitalCapture",
        "computationalCapture",
        "compositeCapture",
        "negativeFilm",
        "positiveFilm",
        "print",
        "minorHumanEdits",
        "humanEdits",
        "algorithmicMedia",
    )
)
_FOLDED = {name.lower(): name for name in GENERATIVE}


def generative(value: str) -> str | None:
    """The term (a key of GENERATIVE) that a full URI, http or https, or a bare term stands for; None for all
    others."""
    return _FOLDED.get(_term(value))


def contradiction(properties: Iterable[Property]) -> str:
    """What the picture's own DigitalSourceType says, where that rules generative AI out: a weaker unsigned
    claim beside it does not count. "" where nothing contradicts."""
    own = [one.value for one in properties if one.name == PROPERTY and not one.inside]
    if any(generative(value) for value in own):
        return ""
    return next(
        (f"DigitalSourceType is {value.strip()[:200]}" for value in own if _term(value) in WITHOUT_AI), ""
    )


def _term(value: str) -> str:
    return value.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2].lower()
