"""What generators write into EXIF: a JPEG that is nothing but that."""

import struct

from detector.origin import generator_software, grok, ideogram

NAME = "marks in EXIF"

SAYING = {
    generator_software: {0x0131: "Midjourney"},
    grok: {0x010E: "Signature: " + "A" * 80, 0x013B: "00000000-0000-4000-8000-000000000000"},
    ideogram: {0x010F: "Ideogram AI"},
}
SILENT = {0x010E: "A linen coat", 0x010F: "Canon", 0x0131: "Capture One", 0x013B: "A photographer"}
READS = tuple(f"origin:{reader.NAME}" for reader in SAYING)


def missed() -> str:
    for reader, tags in SAYING.items():
        if not any(one.level == 2 for one in reader.read(_jpeg(tags), "jpeg")):
            return f"{reader.NAME} does not read its own mark"
        if reader.read(_jpeg(SILENT), "jpeg"):
            return f"{reader.NAME} reads a camera's EXIF as its own"
    return ""


def _jpeg(tags: dict[int, str]) -> bytes:
    entries, texts = b"", b""
    for tag, text in tags.items():
        place = 8 + 2 + 12 * len(tags) + 4 + len(texts)
        entries += struct.pack(">HHII", tag, 2, len(text) + 1, place)
        texts += text.encode() + b"\x00"
    head = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + struct.pack(">H", len(tags))
    body = head + entries + bytes(4) + texts
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xda"
