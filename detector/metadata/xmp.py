"""XMP packets read flat: every value with its name, and whether it speaks of the picture or of something that
the picture was made from.

A packet is a stranger's XML: no document types, no entities, and no more markup than an honest file has. It
is read as a stream, so that what it costs is bounded by its length.
"""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from detector.metadata.carried import Broken, Gathering, Property
from detector.source_types import GENERATIVE

# Of "<" and "=": a layered Photoshop file's DocumentAncestors has tens of thousands.
MARKUP_LIMIT = 300_000
DEPTH_LIMIT = 100  # elements within elements; Photoshop's histories have about ten
VALUE_LIMIT = 100_000  # characters kept of one value
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PADDING = " \t\r\n\x00\ufeff"
HEADER = "http://ns.adobe.com/xap/1.0/\x00"  # a JPEG segment's, which some copy into other formats
CLOSING = "</x:xmpmeta>"
WIDE = {b"\xfe\xff": "utf-16-be", b"\x00<": "utf-16-be", b"\xff\xfe": "utf-16-le", b"<\x00": "utf-16-le"}


def properties_of(packets: Iterable[bytes], found: Gathering) -> tuple[Property, ...]:
    """Of all packets that can be read; why one cannot is a trouble, and then nothing of it counts."""
    properties: dict[Property, None] = {}
    for packet in packets:
        try:
            properties.update(dict.fromkeys(_of_packet(_document(packet))))
        except Broken as broken:
            found.trouble(broken.why, broken.detail + _mention(packet))
    return tuple(properties)


def _document(packet: bytes) -> str:
    """The XML alone, without what stands around it. Raises Broken."""
    try:
        text = packet.decode(WIDE.get(packet[:2], "utf-8"))
    except UnicodeDecodeError as error:
        raise Broken("the XMP is malformed", str(error)) from error
    document, closing, _ = text.strip(PADDING).removeprefix(HEADER).partition(CLOSING)
    return document + closing


def _of_packet(packet: str) -> list[Property]:
    if not packet:
        return []
    if packet.count("<") + packet.count("=") > MARKUP_LIMIT:
        raise Broken("the XMP is too large", f"more than {MARKUP_LIMIT} elements and attributes")
    flat = _Flat()
    try:
        parser = DefusedXMLParser(target=flat, forbid_dtd=True)
        parser.feed(packet)
        parser.close()
    except DefusedXmlException as error:
        raise Broken("the XMP is an XML bomb", type(error).__name__) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Broken("the XMP is malformed", str(error)) from error
    return flat.properties


def _mention(packet: bytes) -> str:
    """A scan of the bytes, for the person who looks: it names what stands there and is evidence of
    nothing."""
    names = [name for name in GENERATIVE if f"/{name}".encode() in packet or f'"{name}'.encode() in packet]
    return f"; the bytes mention {', '.join(names)}" if names else ""


class _Flat:
    """What the XML parser tells. An element of RDF's own namespace is syntax; any other below rdf:RDF is a
    property, whose name its text and its list items go by."""

    def __init__(self) -> None:
        self.properties: list[Property] = []
        self._open: list[str] = []  # the properties we are within, outermost first
        self._words: list[list[str]] = []  # text of each open element
        self._below: int | None = None  # the depth of rdf:RDF

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._words.append([])
        if len(self._words) > DEPTH_LIMIT:
            raise Broken("the XMP is nested too deeply", f"more than {DEPTH_LIMIT} levels")
        if self._below is None:
            if tag == f"{RDF}RDF":
                self._below = len(self._words)
            return
        if not tag.startswith(RDF):
            self._open.append(tag)
        for name, value in attributes.items():
            self._attribute(name, value)

    def data(self, text: str) -> None:
        if self._words:
            self._words[-1].append(text)

    def end(self, tag: str) -> None:
        text = "".join(self._words.pop()).strip()
        if self._below is None or len(self._words) < self._below:
            self._below = None
            return
        if text and self._open:
            self._keep(self._open[-1], text, self._open[:-1])
        if not tag.startswith(RDF):
            self._open.pop()

    def close(self) -> None:
        """Nothing to give: the list is there."""

    def _attribute(self, name: str, value: str) -> None:
        if name == f"{RDF}resource" and self._open:
            self._keep(self._open[-1], value, self._open[:-1])
        elif name.startswith("{") and not name.startswith((RDF, "{http://www.w3.org/XML/")):
            self._keep(name, value, self._open)

    def _keep(self, name: str, value: str, around: list[str]) -> None:
        inside = around[0].rpartition("}")[2] if around else ""
        self.properties.append(Property(name, value[:VALUE_LIMIT], inside))
