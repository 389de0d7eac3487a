"""IPTC's and C2PA's digital source types: which of them say that generative AI was at work, and on how much.

Source: http://cv.iptc.org/newscodes/digitalsourcetype/ and the C2PA conformance rubrics v1.0 of 2026-08
(labels.md, section 2). `algorithmicMedia` is procedural and not AI; `composite`, `digitalArt` and
`screenCapture` may contain AI and do not say so: none of these is evidence.
"""

from storage.records import Extent

GENERATIVE = {
    "trainedAlgorithmicMedia": Extent.WHOLE,
    "compositeWithTrainedAlgorithmicMedia": Extent.PART,
    "compositeSynthetic": Extent.PART,
    "trainedAlgorithmicData": Extent.UNKNOWN,
}
_FOLDED = {name.lower(): name for name in GENERATIVE}


def generative(value: str) -> str | None:
    """The term (a key of GENERATIVE) that a full URI, http or https, or a bare term stands for; None for all
    others."""
    return _FOLDED.get(value.strip().rstrip("/").rpartition("/")[2].rpartition(":")[2].lower())
