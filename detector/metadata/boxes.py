"""Boxes, as MP4, HEIF, AVIF, JPEG XL and JPEG 2000 are made of. ISO/IEC 14496-12, 4.2."""

from collections.abc import Iterator
from dataclasses import dataclass

from detector.metadata.carried import Broken, Gathering


@dataclass(frozen=True, slots=True)
class Box:
    """`start` and `end` are those of its content."""

    name: bytes
    start: int
    end: int


def boxes(data: bytes, place: int, end: int, found: Gathering) -> Iterator[Box]:
    """Raises Broken for one that is longer than what it stands in."""
    while place + 8 <= end:
        found.step()
        size, name, head = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        elif size == 0:
            size = end - place
        if size < head or place + size > end:
            if name in (b"\x00\x00\x00\x00", b""):
                return  # QuickTime ends a list with a zero
            raise Broken("the file ends early", f"within the box {name.decode('latin-1')!r} of {size} bytes")
        yield Box(name, place + head, place + size)
        place += size
