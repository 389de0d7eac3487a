"""PNG: text chunks, plain and compressed, EXIF and XMP. PNG specification (W3C, third edition), 11.3.3 and
11.3.2.5; ImageMagick's hexadecimal "Raw profile type"; ComfyUI's own `comf` chunk.

Compressed text is unpacked no further than it may be kept: a few bytes can stand for gigabytes.
"""

import zlib
from binascii import Error as HexError
from binascii import unhexlify

from detector.metadata.carried import BUDGET, TEXT_LIMIT, Broken, Gathering, decoded
from detector.metadata.iim import read_iim, read_resources
from detector.metadata.tiff import read_exif

XMP_KEYWORD = "XML:com.adobe.xmp"
RAW_PROFILE = "Raw profile type "
CREDENTIAL = b"caBX"  # C2PA 2.2, appendix A.3.1
TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"comf"})


def read_png(data: bytes, found: Gathering) -> None:
    place = 8
    while True:
        found.step()
        if place + 8 > len(data):
            raise Broken("the file ends early", f"{len(data)} bytes, and no end chunk")
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if name == b"IEND":
            return
        if place + 8 + size > len(data):
            raise Broken("the file ends early", f"within the chunk {decoded(name)!r} of {size} bytes")
        found.credential |= name == CREDENTIAL
        if name in TEXTS:
            _keep(name, data[place + 8 : place + 8 + size], found)
        place += 12 + size


def _keep(name: bytes, body: bytes, found: Gathering) -> None:
    try:
        if name == b"eXIf":
            read_exif(body, found)
            return
        keyword, text = _text_of(name, body, found)
        if keyword.startswith(RAW_PROFILE):
            if found.room_for(len(text), f"the PNG text {keyword[:40]}"):
                _profile(keyword.removeprefix(RAW_PROFILE).strip(), text, found)
        elif keyword == XMP_KEYWORD:
            found.packet(text)
        else:
            found.text(keyword, text)
    except Broken as broken:
        found.trouble(broken.why, broken.detail)


def _text_of(name: bytes, body: bytes, found: Gathering) -> tuple[str, bytes]:
    raw, _, rest = body.partition(b"\x00")
    keyword = raw.decode("latin-1")
    if name == b"zTXt":
        return keyword, _unpacked(keyword, rest[1:], found)
    if name == b"iTXt":  # compressed or not, method, language, translated keyword
        text = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]
        return keyword, _unpacked(keyword, text, found) if rest[:1] == b"\x01" else text
    return keyword, rest


def _unpacked(keyword: str, packed: bytes, found: Gathering) -> bytes:
    """What was unpacked in vain counts against the budget as well: a file can hold hundreds of such texts."""
    if found.budget < 0:
        raise Broken("there is more metadata than is read", f"more than {BUDGET} bytes")
    what = "the XMP" if keyword == XMP_KEYWORD else f"the PNG text {keyword[:40]}"
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, TEXT_LIMIT + 1)
    except zlib.error as error:
        raise Broken(f"{what} cannot be unpacked", str(error)) from error
    if len(text) > TEXT_LIMIT:
        found.budget -= len(text)
        raise Broken(f"{what} is too large", f"more than {TEXT_LIMIT} bytes, from {len(packed)}")
    if not unpacker.eof:
        raise Broken(f"{what} cannot be unpacked", "it ends early")
    return text


def _profile(kind: str, text: bytes, found: Gathering) -> None:
    """A line with a name, one with the length, and hexadecimal digits over many lines."""
    digits = b"".join(text.strip().split(b"\n")[2:])
    try:
        raw = unhexlify(b"".join(digits.split()))
    except (HexError, ValueError) as error:
        raise Broken(f"the PNG text {RAW_PROFILE}{kind[:20]} is malformed", str(error)) from error
    if kind in ("exif", "APP1") and not raw.startswith(b"http"):
        read_exif(raw, found)
    elif kind in ("xmp", "APP1"):
        found.packet(raw.partition(b"\x00")[2] if raw.startswith(b"http") else raw)
    elif kind in ("iptc", "8bim"):
        (read_resources if raw.startswith(b"8BIM") else read_iim)(raw, found)
