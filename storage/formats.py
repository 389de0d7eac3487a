"""What kind of file it is, by its first bytes. Names and extensions of strangers are not believed."""

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"\xff\x0a", "jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (b"8BPS", "psd"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"OggS", "ogg"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
)
RIFF = {b"WEBP": "webp", b"AVI ": "avi"}
BRANDS = {
    b"avif": "avif",
    b"avis": "avif",
    b"heic": "heic",
    b"heix": "heic",
    b"heim": "heic",
    b"heis": "heic",
    b"hevc": "heic",
    b"mif1": "heic",
    b"msf1": "heic",
    b"qt  ": "mov",
}  # ISO base media brands, ISO/IEC 14496-12; all others are taken for mp4
MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "html"),
    (b"<html", "html"),
    (b"<svg", "svg"),
    (b"<?xml", "xml"),
    (b"{", "json"),
)


def format_of(data: bytes) -> str:
    """The format's name ("jpeg", "mp4", "html" …) from the first bytes (64 are enough for all but markup); ""
    if unknown."""
    for magic, name in MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF":
        return RIFF.get(data[8:12], "")
    if data[4:8] == b"ftyp":
        return BRANDS.get(data[8:12], "mp4")
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((name for magic, name in MARKUP if start.startswith(magic)), "")
