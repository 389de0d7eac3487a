"""GIF's extensions."""

from detector.metadata.gif import XMP_TRAILER
from tests.detector.carriers import gif, xmp_packet
from tests.detector.metadata.walking import troubles, walked

CREDIT = xmp_packet('<rdf:Description photoshop:Credit="A"/>')
XMP = b"\x21\xff\x0bXMP DataXMP" + CREDIT + XMP_TRAILER


def test_a_comment_over_several_pieces() -> None:
    assert walked(gif(b"\x21\xfe\x03abc\x02de\x00")).comments == ("abcde",)


def test_xmp() -> None:
    assert walked(gif(XMP)).properties[0].value == "A"
    assert walked(gif(XMP + b"\x21\xfe\x01a\x00")).comments == ("a",)


def test_whether_there_is_a_credential() -> None:
    assert not walked(gif(b"")).credential
    assert walked(gif(b"\x21\xff\x0bC2PA_GIF\x01\x00\x00\x02ab\x00")).credential


def test_broken_files() -> None:
    assert troubles(gif(b"")) == []
    assert troubles(gif(b"")[:-40]) == ["the file ends early"]
    assert troubles(gif(b"\x99")) == ["the file is malformed"]
    assert troubles(gif(XMP.removesuffix(XMP_TRAILER))) == ["the XMP is incomplete"]
    assert troubles(b"GIF89a") == ["the file ends early"]
