"""What MP4, MOV, HEIF, AVIF, JPEG XL and JPEG 2000 carry, and in which of their boxes. ISO/IEC 14496-12,
8.10; ISO/IEC 18181-2; Apple QuickTime File Format, "Metadata". Media data is stepped over, never searched."""

from detector.metadata import items, tags
from detector.metadata.boxes import Box, boxes
from detector.metadata.carried import Broken, Gathering
from detector.metadata.tiff import read_exif

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")  # XMP specification, part 3, 1.1.4
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # C2PA 2.2, appendix A.5; `jumb` in JPEG XL
BARE_JXL = b"\xff\x0a"  # a JPEG XL codestream without boxes holds no metadata


def read_bmff(data: bytes, found: Gathering) -> None:
    if data.startswith(BARE_JXL):
        return
    for box in boxes(data, 0, len(data), found):
        try:
            _outermost(data, box, found)
        except Broken as broken:
            found.trouble(broken.why, broken.detail)


def _outermost(data: bytes, box: Box, found: Gathering) -> None:
    found.credential |= box.name in (b"jumb", b"brob") or data[box.start : box.start + 16] == C2PA_UUID
    if box.name == b"uuid" and data[box.start : box.start + 16] == XMP_UUID:
        found.packet(data[box.start + 16 : box.end])
    elif box.name == b"meta":
        items.read_items(data, box.start + 4, box.end, found)
    elif box.name == b"moov":
        _movie(data, box, found)
    elif box.name == b"Exif":  # JPEG XL
        read_exif(items.exif_body(data[box.start : box.end]), found)
    elif box.name == b"xml ":
        found.packet(data[box.start : box.end])
    elif box.name == b"brob" and data[box.start : box.start + 4] in (b"Exif", b"xml "):
        raise Broken("nothing here reads metadata that Brotli packed")


def _movie(data: bytes, movie: Box, found: Gathering) -> None:
    for box in boxes(data, movie.start, movie.end, found):
        if box.name == b"udta":
            _user_data(data, box, found)
        elif box.name == b"meta":
            tags.read_meta(data, box.start, box.end, found)
        elif box.name == b"uuid" and data[box.start : box.start + 16] == XMP_UUID:
            found.packet(data[box.start + 16 : box.end])


def _user_data(data: bytes, user: Box, found: Gathering) -> None:
    for box in boxes(data, user.start, user.end, found):
        if box.name == b"meta":
            tags.read_meta(data, box.start, box.end, found)
        elif box.name == b"XMP_":
            found.packet(data[box.start : box.end])
        elif box.name[:1] == b"\xa9":  # QuickTime: length, language, text
            size = int.from_bytes(data[box.start : box.start + 2], "big")
            found.tag(box.name.decode("latin-1"), data[box.start + 4 : min(box.start + 4 + size, box.end)])
        elif box.name == b"AIGC":
            found.tag("AIGC", data[box.start : box.end])
