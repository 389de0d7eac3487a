"""Files that carry something beside their pixels, in each of the places where writers put it."""

import struct
from collections.abc import Mapping
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.detector.drawings import scene
from tests.detector.files import encoded, jpeg

SMALL = (40, 40)
USER_COMMENT = 0x9286
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
}


def png(texts: Mapping[str, str] | None = None, *, zipped: bool = False, wide: bool = False) -> bytes:
    """With text chunks: plain, `zipped` (zTXt), or `wide` (iTXt)."""
    info = PngInfo()
    for keyword, text in (texts or {}).items():
        if wide:
            info.add_itxt(keyword, text, zip=zipped)
        else:
            info.add_text(keyword, text, zip=zipped)
    return encoded(scene(*SMALL), "PNG", pnginfo=info)


def png_chunk(name: bytes, body: bytes) -> bytes:
    """A PNG with one more chunk before its end."""
    plain = png()
    return plain[:-12] + struct.pack(">I", len(body)) + name + body + bytes(4) + plain[-12:]


def exif(tags: Mapping[int, Any], comment: bytes | None = None) -> bytes:
    """A block of EXIF; `comment` is UserComment as it lies there, character set first."""
    block = Image.Exif()
    for tag, value in tags.items():
        block[tag] = value
    if comment is not None:
        block.get_ifd(0x8769)[USER_COMMENT] = comment
    return block.tobytes()


def with_exif(tags: Mapping[int, Any], comment: bytes | None = None, kind: str = "JPEG") -> bytes:
    return encoded(scene(*SMALL), kind, exif=exif(tags, comment))


def commented(text: str, kind: str = "JPEG") -> bytes:
    """With a UserComment as piexif writes it."""
    return with_exif({}, b"UNICODE\x00" + text.encode("utf-16-be"), kind)


def xmp_packet(inside: str) -> bytes:
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {names}>{inside}</rdf:RDF>'
        '</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def with_xmp(inside: str) -> bytes:
    return jpeg(size=SMALL, xmp=xmp_packet(inside))


def said_in_xmp(name: str, value: str, *, more: str = "") -> bytes:
    """One property of the picture itself, as an element."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    return with_xmp(f'<rdf:Description rdf:about=""><{name}>{escaped}</{name}>{more}</rdf:Description>')


def segment(kind: int, body: bytes) -> bytes:
    """A JPEG with one more segment."""
    plain = jpeg(size=SMALL)
    return plain[:2] + b"\xff" + bytes([kind]) + struct.pack(">H", len(body) + 2) + body + plain[2:]


def iim(datasets: Mapping[int, bytes]) -> bytes:
    return b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value
        for number, value in datasets.items()
    )


def resources(body: bytes) -> bytes:
    """Photoshop's, with IPTC-IIM as the second of them."""
    blocks = b""
    for number, content in ((0x03ED, bytes(16)), (0x0404, body)):
        blocks += b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content + bytes(len(content) % 2)
    return blocks


def with_iim(datasets: Mapping[int, bytes]) -> bytes:
    return segment(0xED, b"Photoshop 3.0\x00" + resources(iim(datasets)))


def box(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def full(name: bytes, content: bytes = b"") -> bytes:
    return box(name, bytes(4) + content)


FTYP = box(b"ftyp", b"isom" + bytes(4))


def mp4(udta: bytes = b"", brand: bytes = b"isom") -> bytes:
    movie = box(b"moov", box(b"mvhd", bytes(100)) + box(b"udta", udta))
    return box(b"ftyp", brand + bytes(4)) + box(b"mdat", b"AIGC midjourney" * 3) + movie


def tagged_mp4(tags: Mapping[str, str]) -> bytes:
    """As FFmpeg writes tags of any name."""
    keys = b"".join(box(b"mdta", name.encode()) for name in tags)
    items = b"".join(
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0) + value.encode()))
        for number, value in enumerate(tags.values(), 1)
    )
    handler = full(b"hdlr", bytes(4) + b"mdta" + bytes(13))
    return mp4(
        full(b"meta", handler + full(b"keys", struct.pack(">I", len(tags)) + keys) + box(b"ilst", items))
    )


def itunes_mp4(name: bytes, value: str) -> bytes:
    item = box(name, box(b"data", struct.pack(">II", 1, 0) + value.encode()))
    return mp4(full(b"meta", full(b"hdlr", bytes(4) + b"mdir" + bytes(13)) + box(b"ilst", item)))


EBML = bytes.fromhex("1a45dfa387428284") + b"webm"


def element(number: str, content: bytes) -> bytes:
    return bytes.fromhex(number) + struct.pack(">Q", len(content) | 1 << 56) + content


def webm(tags: Mapping[str, str], writer: str = "Lavf61", *, live: bool = False) -> bytes:
    simple = (
        element("67c8", element("45a3", name.encode()) + element("4487", value.encode()))
        for name, value in tags.items()
    )
    head = element("1549a966", element("5741", writer.encode()))
    written = element("1254c367", element("7373", b"".join(simple)))
    cluster = element("a3", bytes(50))
    if live:  # neither segment nor cluster says how long it is
        body = head + bytes.fromhex("1f43b675ff") + cluster + written
        return EBML + bytes.fromhex("18538067ff") + body
    body = head + element("1f43b675", cluster) + written
    return EBML + element("18538067", body)


def heif(kind: bytes, content: bytes, *, brand: bytes = b"heic", within: bool = False) -> bytes:
    """One item of EXIF (`Exif`) or XMP (`mime`), in the file or in the `meta` box itself."""
    name = b"application/rdf+xml\x00" if kind == b"mime" else b""
    infe = box(b"infe", b"\x02\x00\x00\x00" + struct.pack(">HH", 1, 0) + kind + b"\x00" + name)
    iinf = full(b"iinf", struct.pack(">H", 1) + infe)

    def meta(offset: int) -> bytes:
        place = struct.pack(">HHHHII", 1, int(within), 0, 1, offset, len(content))
        iloc = box(b"iloc", b"\x01\x00\x00\x00\x44\x00" + struct.pack(">H", 1) + place)
        idat = box(b"idat", content) if within else b""
        return full(b"meta", iinf + iloc + idat)

    ftyp = box(b"ftyp", brand + bytes(4))
    if within:
        return ftyp + meta(0)
    return ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", content)


def riff(form: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack("<I", len(one)) + one + bytes(len(one) % 2) for name, one in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + form + body


def gif(extension: bytes) -> bytes:
    """With an extension before the end."""
    return encoded(scene(*SMALL), "GIF", mode="P")[:-1] + extension + b"\x3b"
