"""XMP's Iptc4xmpExt:DigitalSourceType: the IPTC's word for how a picture came to be, unsigned, as Midjourney,
Meta AI and picture agencies write it. Level 2 at most: anybody can write it, and nobody vouches for it.

The property counts as an attribute, as an element with text, or with rdf:resource; as a full URI or a bare
term. Standing inside another structure (xmpMM:Ingredients) it speaks of an ingredient, so of a part. IPTC-IIM
has no such field.
"""

from detector.metadata.carried import Property
from detector.metadata.file import metadata
from detector.source_types import GENERATIVE, PROPERTY, generative
from storage.records import Extent, OriginEvidence

NAME = "digital_source_type"
VERSION = "2"


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    """Evidence of every packet; () where there is none, or none says AI."""
    found = [_evidence(one) for one in metadata(data, format_name).xmp(PROPERTY)]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _evidence(said: Property) -> OriginEvidence | None:
    term = generative(said.value)
    if term is None:
        return None
    extent = GENERATIVE[term]
    detail = f"Iptc4xmpExt:DigitalSourceType is {said.value.strip()[:200]}"
    if said.inside:
        extent = Extent.PART if extent is Extent.WHOLE else extent
        detail += f", of an ingredient ({said.inside})"
    return OriginEvidence(NAME, f"DigitalSourceType: {term}", detail, extent, 2)
