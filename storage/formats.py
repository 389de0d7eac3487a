"""What a file is, by its first bytes: never by its name, nor by what a server calls it.

Sources: the formats' own specifications, as named beside each row; for text formats the WHATWG MIME Sniffing
Standard, section 7.1 (https://mimesniff.spec.whatwg.org/).
"""

import re

HEAD_BYTES = 1024  # enough for every row here, and for a prologue before <svg> or <html>

_FIXED = (
    (b"\xff\xd8\xff", "jpeg"),  # ITU-T T.81: SOI, then a marker
    (b"\x89PNG\r\n\x1a\n", "png"),  # W3C PNG, 5.2
    (b"GIF87a", "gif"),  # CompuServe GIF89a, 17
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),  # Microsoft BITMAPFILEHEADER; its sizes are checked below
    (b"II*\x00", "tiff"),  # TIFF 6.0, section 2
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),  # BigTIFF
    (b"MM\x00+", "tiff"),
    (b"\xff\x0a", "jxl"),  # ISO/IEC 18181-1, bare codestream
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),  # ISO/IEC 18181-2, container
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),  # ISO/IEC 15444-1, annex I
    (b"8BPS", "psd"),  # Adobe Photoshop File Formats Specification
    (b"\x00\x00\x01\x00", "ico"),  # WHATWG MIME Sniffing, 6.1
    (b"%PDF-", "pdf"),  # ISO 32000-1, 7.5.2
    (b"PK\x03\x04", "zip"),  # PKWARE APPNOTE, 4.3.7
    (b"\x1f\x8b", "gzip"),  # RFC 1952, 2.3.1
    (b"OggS", "ogg"),  # RFC 3533, 6
    (b"\x00\x00\x01\xba", "mpeg"),  # ISO/IEC 13818-1, 2.5.3: pack header
    (b"\x00\x00\x01\xb3", "mpeg"),  # ISO/IEC 13818-2, 6.2.2: sequence header
    (b"FLV\x01", "flv"),  # Adobe FLV and F4V File Format Specification, annex E
)

# ISO/IEC 14496-12, 4.3: `ftyp` names a major brand, then compatible ones. Brands:
# mp4ra.org/registered-types/brands
_BRANDS = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heic",
    b"heix": "heic",
    b"heim": "heic",
    b"heis": "heic",
    b"hevc": "heic",
    b"hevx": "heic",
    b"qt  ": "mov",
}
_PICTURE_BRANDS = (
    b"mif1",
    b"msf1",
    b"miaf",
)  # says only "a HEIF of some codec": the compatible brands tell which

_UTF16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PROLOGUE = re.compile(
    r"(?:\s|<\?xml.*?\?>|<!--.*?-->|<!DOCTYPE\s+(?:svg|html)[^>\[]*(?:\[.*?\])?\s*>)+", re.I | re.S
)
_HTML = re.compile(
    r"<!doctype\s+html|<(?:html|head|body|script|iframe|title|table|style|div|h1|font|meta|link|br|p|a)[\s>]",
    re.I,
)


def format_of(head: bytes) -> str:
    """The format by its first bytes (give HEAD_BYTES of them): "jpeg", "png", "gif", "webp", "avif", "heic",
    "tiff", "bmp", "mp4", "mov", "webm", "svg", "html", "json", "xml" … and "" for what is not known."""
    return _riff(head) or _boxes(head) or _fixed(head) or _matroska(head) or _text(head[:HEAD_BYTES])


def _fixed(head: bytes) -> str:
    for magic, name in _FIXED:
        if head.startswith(magic):
            return "" if name == "bmp" and not _bitmap(head) else name
    return ""


def _bitmap(head: bytes) -> bool:
    """Two letters are too little: the reserved fields are zero and the header has one of the known sizes."""
    return head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in {12, 40, 52, 56, 64, 108, 124}


def _riff(head: bytes) -> str:
    """RFC 9649, section 2.3 (WebP); Microsoft RIFF (AVI)."""
    if head[:4] != b"RIFF":
        return ""
    return {b"WEBP": "webp", b"AVI ": "avi"}.get(head[8:12], "")


def _boxes(head: bytes) -> str:
    if head[4:8] in {b"moov", b"mdat", b"wide"}:
        return "mov"  # Apple QuickTime File Format: files before `ftyp` existed
    if head[4:8] != b"ftyp":
        return ""
    major = head[8:12]
    if major in _BRANDS:
        return _BRANDS[major]
    size = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = [head[place : place + 4] for place in range(16, size - 3, 4)]
    if major in _PICTURE_BRANDS:
        return next((_BRANDS[brand] for brand in compatible if brand in _BRANDS), "heif")
    return "mp4"


def _matroska(head: bytes) -> str:
    """RFC 8794 (EBML): the DocType tells WebM from Matroska."""
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return ""
    return "webm" if b"\x42\x82\x84webm" in head[:HEAD_BYTES] else "mkv"


def _text(head: bytes) -> str:
    text = _decoded(head).lstrip("\ufeff \t\r\n\f")
    if text[:1] in {"{", "["}:
        return "json"
    if not text.startswith("<"):
        return ""
    bare = _PROLOGUE.sub("", text, count=1) if _PROLOGUE.match(text) else text
    if re.match(r"<(?:\w+:)?svg[\s>]", bare, re.I):
        return "svg"
    if _HTML.match(text) or _HTML.match(bare) or re.match(r"<!doctype\s+html", text, re.I):
        return "html"
    return (
        "xml" if text.startswith("<?xml") or re.match(r"<(?:rss|feed|rdf:RDF|x:xmpmeta)[\s>]", text) else ""
    )


def _decoded(head: bytes) -> str:
    for mark, encoding in _UTF16:
        if head.startswith(mark):
            return head.decode(encoding, errors="replace")
    return head.decode("utf-8", errors="replace")
