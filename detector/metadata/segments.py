"""JPEG: application segments before the picture data. ITU-T T.81, annex B; XMP specification, part 3, 1.1.3
(a packet that is too long for one segment is split)."""

from collections.abc import Iterator

from detector.metadata.carried import TEXT_LIMIT, Broken, Gathering, decoded
from detector.metadata.iim import read_resources
from detector.metadata.tiff import read_exif

EXIF = b"Exif\x00"
XMP = b"http://ns.adobe.com/xap/1.0/\x00"
EXTENDED = b"http://ns.adobe.com/xmp/extension/\x00"
EXTENDED_HEAD = 32 + 4 + 4  # digest of the whole, its length, this part's offset
PHOTOSHOP = b"Photoshop 3.0\x00"
APP1, APP11, APP13, COM = 0xE1, 0xEB, 0xED, 0xFE  # APP11: JUMBF, and in it C2PA
LONE = (0x01, *range(0xD0, 0xD9))  # markers without a length
BARE_JSON = (b"AIGC{", b'{"AIGC"')  # as some Chinese generators put the label into a segment of its own


def read_jpeg(data: bytes, found: Gathering) -> None:
    split: dict[bytes, dict[int, bytes]] = {}
    resources, exif = bytearray(), bytearray()
    try:
        for kind, body in _segments(data, found):
            if kind == APP1 and body.startswith(EXTENDED):
                head = body[len(EXTENDED) : len(EXTENDED) + EXTENDED_HEAD]
                part = body[len(EXTENDED) + EXTENDED_HEAD :]
                split.setdefault(head[:32], {})[int.from_bytes(head[36:40], "big")] = part
            elif kind == APP13 and body.startswith(PHOTOSHOP):
                resources += body[len(PHOTOSHOP) :]  # one block may run over several segments
            elif kind == APP1 and body.startswith(EXIF):
                exif += body[len(EXIF) + 1 :]  # and so may EXIF
            else:
                found.credential |= kind == APP11 and body.startswith(b"JP")  # ISO 19566-5: boxes in a JPEG
                _keep(kind, body, found)
    finally:
        if exif:
            read_exif(bytes(exif), found)
        read_resources(bytes(resources), found)
        for parts in split.values():
            _join(parts, found)


def _keep(kind: int, body: bytes, found: Gathering) -> None:
    if kind == COM:
        found.comment(body)
    elif kind == APP1 and body.startswith(XMP):
        found.packet(body[len(XMP) :])
    elif body.startswith(BARE_JSON):
        found.segments.append(decoded(body))


def _join(parts: dict[int, bytes], found: Gathering) -> None:
    whole = bytearray()
    for offset, part in sorted(parts.items()):
        if offset != len(whole):
            found.trouble("the XMP is incomplete", "a part of the extended XMP is missing")
            return
        if len(whole) > TEXT_LIMIT:
            break  # and `packet` says so
        whole += part
    found.packet(bytes(whole))


def _segments(data: bytes, found: Gathering) -> Iterator[tuple[int, bytes]]:
    """APPn and COM, up to the first scan."""
    place = 2
    while True:
        found.step()
        place = data.find(b"\xff", place)  # what stands between segments is skipped, as decoders do
        if place < 0 or place + 2 > len(data):
            raise Broken("the file ends early", "before the picture data")
        kind = data[place + 1]
        if kind == 0xDA:
            return
        if kind == 0xD9:
            raise Broken("the file ends early", "without picture data")
        if kind in (0x00, 0xFF):  # not a marker; padding
            place += 1
        elif kind in LONE:
            place += 2
        else:
            size = int.from_bytes(data[place + 2 : place + 4], "big")
            if place + 2 + size > len(data):
                raise Broken("the file ends early", "before the picture data")
            if 0xE0 <= kind <= 0xEF or kind == COM:
                yield kind, data[place + 4 : place + 2 + size]
            place += 2 + max(2, size)
