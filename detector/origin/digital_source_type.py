"""XMP's Iptc4xmpExt:DigitalSourceType: the IPTC's word for how a picture came to be, unsigned, as Midjourney,
Meta AI and picture agencies write it. Level 2 at most: anybody can write it, and nobody vouches for it.

The property counts as an attribute, as an element with text, or with rdf:resource; as a full URI or a bare
term. Standing inside another structure (xmpMM:Ingredients) it speaks of an ingredient, so of a part. IPTC-IIM
has no such field.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from detector.reader import unreadable
from detector.source_types import GENERATIVE, generative
from detector.xmp import PACKET_LIMIT, packets
from storage.errors import PictureError
from storage.records import Extent, OriginEvidence

NAME = "digital_source_type"
VERSION = "1"

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PROPERTY = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"
PADDING = b" \t\r\n\x00"


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    """Evidence of every packet; () where there is none, or none says AI."""
    found: list[OriginEvidence] = []
    try:
        for packet in packets(data, format_name):
            found += [one for one in _of_packet(packet) if one not in found]
    except PictureError as error:
        found.append(unreadable(NAME, "the XMP cannot be read", f"{error.kind}: {error}"))
    return tuple(found)


def _of_packet(packet: bytes) -> Iterator[OriginEvidence]:
    if len(packet) > PACKET_LIMIT:
        yield unreadable(NAME, "the XMP is too large", f"more than {PACKET_LIMIT} bytes{_mention(packet)}")
        return
    text = packet.strip(PADDING)
    if not text:
        return
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        yield unreadable(NAME, "the XMP is an XML bomb", f"{type(error).__name__}{_mention(packet)}")
        return
    except (ParseError, ValueError, LookupError) as error:
        yield unreadable(NAME, "the XMP is malformed", f"{error}{_mention(packet)}")
        return
    yield from _of_tree(root)


def _mention(packet: bytes) -> str:
    """A scan of the bytes, for the person who looks: it names what stands there and is evidence of
    nothing."""
    names = [name for name in GENERATIVE if f"/{name}".encode() in packet or f'"{name}'.encode() in packet]
    return f"; the bytes mention {', '.join(names)}" if names else ""


def _of_tree(root: Element) -> Iterator[OriginEvidence]:
    own = {id(one) for rdf in root.iter(f"{RDF}RDF") for one in rdf.findall(f"{RDF}Description")}
    for element in root.iter():
        for value in _values(element):
            term = generative(value)
            if term is None:
                continue
            extent = GENERATIVE[term]
            detail = f"Iptc4xmpExt:DigitalSourceType is {value.strip()[:200]}"
            if id(element) not in own:
                extent = Extent.PART if extent is Extent.WHOLE else extent
                detail += ", of an ingredient"
            yield OriginEvidence(NAME, f"DigitalSourceType: {term}", detail, extent, 2)


def _values(element: Element) -> Iterator[str]:
    """The property's values that stand directly on this element: its attribute, and its children of that
    name."""
    if PROPERTY in element.attrib:
        yield element.attrib[PROPERTY]
    for child in element.findall(PROPERTY):
        yield child.attrib.get(f"{RDF}resource") or "".join(child.itertext())
