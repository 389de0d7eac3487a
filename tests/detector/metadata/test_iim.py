"""IPTC-IIM within Photoshop's resources."""

import struct

import pytest

from detector.metadata import iim
from detector.metadata.carried import Gathering
from tests.detector.carriers import iim as datasets
from tests.detector.carriers import resources, with_iim, xmp_packet
from tests.detector.metadata.walking import walked

CREDIT = {110: b"Reuters", 5: b"not kept", 120: "Zoë".encode()}


def read(data: bytes) -> Gathering:
    found = Gathering()
    iim.read_resources(data, found)
    return found


def test_kept_datasets() -> None:
    assert walked(with_iim(CREDIT)).iim == {110: ("Reuters",), 120: ("Zoë",)}


def test_old_encodings_and_repeated_datasets() -> None:
    found = read(resources(datasets({110: "Zoë".encode("latin-1")}) + datasets({110: b"AP"})))
    assert found.iim == {110: ["Zoë", "AP"]}


def test_a_dataset_with_a_length_of_its_own() -> None:
    long = b"\x1c\x02\x6e\x80\x04" + struct.pack(">I", 7) + b"Reuters"
    assert read(resources(long + datasets({115: b"AP"}))).iim == {110: ["Reuters"], 115: ["AP"]}


def test_xmp_among_the_resources() -> None:
    packet = xmp_packet("")
    block = b"8BIM" + struct.pack(">HHI", 0x0424, 0, len(packet)) + packet
    assert read(block).packets == [packet]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (resources(datasets(CREDIT))[:-4], "the Photoshop resources end early"),
        (b"8BIM\x04\x04", None),
        (resources(b"\x1c\x02\x6e\x00\x40short"), "the IPTC-IIM ends early"),
        (resources(b"\x1c\x02\x6e\xff\xff" + b"\xff" * 40), "the IPTC-IIM ends early"),
        (b"", None),
    ],
)
def test_early_ends(data: bytes, why: str | None) -> None:
    assert [one.why for one in read(data).troubles] == ([why] if why else [])
