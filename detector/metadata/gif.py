"""GIF: comment extensions, and XMP in an application extension. GIF89a, 23 to 26; XMP specification, part 3,
1.1.2: the packet is not cut into sub-blocks, and a trailer of 258 bytes makes it look as if it were."""

from detector.metadata.carried import Broken, Gathering

CREDENTIAL = b"C2PA_GIF"  # C2PA 2.2, appendix A.3.2
XMP_NAME = b"XMP DataXMP"
XMP_TRAILER = bytes([1, *range(255, -1, -1), 0])
EXTENSION, IMAGE, END = 0x21, 0x2C, 0x3B
COMMENT, APPLICATION = 0xFE, 0xFF


def read_gif(data: bytes, found: Gathering) -> None:
    place = 13 + _table(data, 10)
    while place < len(data) and data[place] != END:
        found.step()
        kind = data[place]
        if kind == IMAGE:
            place += 11 + _table(data, place + 9)
        elif kind == EXTENSION:
            _keep(data, place, found)
            place += 2
        else:
            raise Broken("the file is malformed", f"a block of type {kind:#04x} at offset {place}")
        place = _skipped(data, place, found)
    if place >= len(data):
        raise Broken("the file ends early", f"{len(data)} bytes, and no trailer")


def _table(data: bytes, place: int) -> int:
    """Bytes of the colour table that these flags announce."""
    flags = data[place] if place < len(data) else 0
    return 3 << (1 + (flags & 7)) if flags & 0x80 else 0


def _keep(data: bytes, place: int, found: Gathering) -> None:
    label = data[place + 1 : place + 2]
    if label == bytes([COMMENT]):
        found.comment(_joined(data, place + 2))
    elif label == bytes([APPLICATION]) and data[place + 3 : place + 11] == CREDENTIAL:
        found.credential = True
    elif label == bytes([APPLICATION]) and data[place + 3 : place + 14] == XMP_NAME:
        end = data.find(XMP_TRAILER, place)
        if end < 0:
            raise Broken("the XMP is incomplete", "it has no end")
        found.packet(data[place + 14 : end])


def _joined(data: bytes, place: int) -> bytes:
    whole = bytearray()
    while place < len(data) and data[place]:
        whole += data[place + 1 : place + 1 + data[place]]
        place += 1 + data[place]
    return bytes(whole)


def _skipped(data: bytes, place: int, found: Gathering) -> int:
    """Past the sub-blocks."""
    while place < len(data) and data[place]:
        found.step()
        place += 1 + data[place]
    return place + 1
