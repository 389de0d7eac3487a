"""RIFF: WebP's EXIF and XMP chunks (RFC 9649, 2.7), and the INFO list of AVI (Microsoft RIFF, 1991)."""

from collections.abc import Iterator

from detector.metadata.carried import Broken, Gathering
from detector.metadata.tiff import read_exif

CREDENTIAL = b"C2PA"  # C2PA 2.2, appendix A.3.3


def read_riff(data: bytes, found: Gathering) -> None:
    end = 8 + int.from_bytes(data[4:8], "little")
    for name, start, stop in _chunks(data, 12, min(end, len(data)), found):
        found.credential |= name == CREDENTIAL
        if name in (b"XMP ", b"XMP\x00"):  # the second is wrong, and written
            found.packet(data[start:stop])
        elif name == b"EXIF":
            read_exif(data[start:stop], found)
        elif name == b"LIST" and data[start : start + 4] == b"INFO":
            for tag, first, last in _chunks(data, start + 4, stop, found):
                found.tag(tag.decode("latin-1"), data[first:last])
    if end > len(data):
        raise Broken("the file ends early", f"{len(data)} of {end} bytes")


def _chunks(data: bytes, place: int, end: int, found: Gathering) -> Iterator[tuple[bytes, int, int]]:
    """Name, and where the content begins and ends, cut at `end`."""
    while place + 8 <= end:
        found.step()
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        yield data[place : place + 4], place + 8, min(place + 8 + size, end)
        place += 8 + size + size % 2
