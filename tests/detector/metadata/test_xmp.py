"""Packets flattened: forms of writing, structures, encodings, and XML made to hurt."""

import pytest

from detector.metadata import xmp
from detector.metadata.carried import Gathering, Property
from tests.detector.carriers import NAMESPACES, xmp_packet
from tests.detector.files import xmp as source_type
from tests.signing import GENERATED

CREDIT = f"{{{NAMESPACES['photoshop']}}}Credit"


def read(packet: bytes) -> tuple[tuple[Property, ...], list[str]]:
    found = Gathering()
    return xmp.properties_of([packet], found), [one.why for one in found.troubles]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<rdf:Description photoshop:Credit="A"/>', [(CREDIT, "A", "")]),
        ("<rdf:Description><photoshop:Credit> A </photoshop:Credit></rdf:Description>", [(CREDIT, "A", "")]),
        ('<rdf:Description><photoshop:Credit rdf:resource="A"/></rdf:Description>', [(CREDIT, "A", "")]),
        (
            "<rdf:Description><photoshop:Credit><rdf:Seq><rdf:li>A</rdf:li><rdf:li>B</rdf:li></rdf:Seq>"
            "</photoshop:Credit></rdf:Description>",
            [(CREDIT, "A", ""), (CREDIT, "B", "")],
        ),
        (
            "<rdf:Description><xmpMM:History><rdf:Seq><rdf:li photoshop:Credit='A'/></rdf:Seq>"
            "</xmpMM:History></rdf:Description>",
            [(CREDIT, "A", "History")],
        ),
        (
            "<rdf:Description><xmpMM:DerivedFrom rdf:parseType='Resource'><photoshop:Credit>A"
            "</photoshop:Credit></xmpMM:DerivedFrom></rdf:Description>",
            [(CREDIT, "A", "DerivedFrom")],
        ),
        ("<rdf:Description rdf:about=''/>", []),
        ("", []),
    ],
)
def test_every_form(inside: str, expected: list[tuple[str, str, str]]) -> None:
    found, troubles = read(xmp_packet(inside))
    assert [(one.name, one.value, one.inside) for one in found] == expected
    assert troubles == []


def test_what_stands_outside_of_rdf_is_nothing() -> None:
    packet = f'<x:m xmlns:x="adobe:ns:meta/" xmlns:p="{NAMESPACES["photoshop"]}"><p:Credit>A</p:Credit></x:m>'
    assert read(packet.encode()) == ((), [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-16"])
def test_encodings(encoding: str) -> None:
    packet = xmp_packet('<rdf:Description photoshop:Credit="Zoë"/>').decode().encode(encoding)
    assert read(packet)[0] == (Property(CREDIT, "Zoë"),)


@pytest.mark.parametrize("around", [b"\x00" * 9, b" \r\n" * 9, b"http://ns.adobe.com/xap/1.0/\x00"])
def test_what_stands_around_a_packet(around: bytes) -> None:
    packet = xmp_packet('<rdf:Description photoshop:Credit="A"/>')
    assert read(around + packet)[0] == read(packet + b"\x00 </x> left over")[0] == (Property(CREDIT, "A"),)


def test_a_long_value_is_cut() -> None:
    (found,), _ = read(xmp_packet(f'<rdf:Description photoshop:Credit="{"x" * 200_000}"/>'))
    assert len(found.value) == xmp.VALUE_LIMIT


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x:m xmlns:x="adobe:ns:meta/">&b;</x:m>'
OUTSIDE = b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><x:m xmlns:x="adobe:ns:meta/">&x;</x:m>'


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (LAUGHS, "the XMP is an XML bomb"),
        (OUTSIDE, "the XMP is an XML bomb"),
        (source_type(GENERATED)[:-280], "the XMP is malformed"),
        (b"\xff\xfe\x00not xml", "the XMP is malformed"),
        (b"\xe9t\xe9", "the XMP is malformed"),
        (b"\x00\x01", "the XMP is malformed"),
        (b"<x:m>&nothing;</x:m>", "the XMP is malformed"),
        (xmp_packet("<a>" * 200 + "</a>" * 200), "the XMP is nested too deeply"),
        (xmp_packet("<a/>" * 400_000), "the XMP is too large"),
        (xmp_packet("<a " + " ".join(f'a{n}=""' for n in range(400_000)) + "/>"), "the XMP is too large"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_of_it_counts(packet: bytes, why: str) -> None:
    assert read(packet) == ((), [why])


def test_a_malformed_packet_is_described_by_what_its_bytes_mention() -> None:
    found = Gathering()
    xmp.properties_of([source_type(GENERATED).replace(b"</rdf:RDF>", b"")], found)
    assert "mention trainedAlgorithmicMedia" in found.troubles[0].detail


def test_a_broken_packet_does_not_spoil_the_next() -> None:
    found = Gathering()
    packets = [b"<", xmp_packet('<rdf:Description photoshop:Credit="A"/>')]
    assert xmp.properties_of(packets, found) == (Property(CREDIT, "A"),)
    assert [one.why for one in found.troubles] == ["the XMP is malformed"]
