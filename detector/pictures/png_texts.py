"""PNG texts that unpack to more than Pillow takes: it refuses the whole picture for them, which every viewer
shows. They are left out before it is decoded; what they say is another reader's matter
(detector/metadata/png.py).
"""

import zlib

from PIL.PngImagePlugin import MAX_TEXT_CHUNK

PACKED = (b"zTXt", b"iTXt")
TOGETHER = 32_000_000  # bytes that all texts of one file may unpack to; Pillow stops at 64 MiB
STEPS = 300_000  # chunks, as in the walk through a file's metadata


def without_vast_texts(data: bytes) -> bytes:
    """The same bytes where there is nothing to leave out, or where they are in too many pieces to look."""
    if not any(name in data for name in PACKED):
        return data
    kept, place, left = [data[:8]], 8, TOGETHER
    for _ in range(STEPS):
        size, name = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        chunk = data[place : place + 12 + size]
        if len(chunk) < 12 + size or name == b"IEND":
            break
        length = _length(name, chunk[8:-4], left) if name in PACKED else 0
        if length <= min(MAX_TEXT_CHUNK, left):
            kept.append(chunk)
        left = max(0, left - length)
        place += len(chunk)
    return b"".join((*kept, data[place:]))


def _length(name: bytes, body: bytes, left: int) -> int:
    """Of the text, unpacked; of what is longer than may be, a little more than that."""
    _, _, rest = body.partition(b"\0")
    packed = rest[1:]
    if name == b"iTXt":  # compressed or not, method, language, translated keyword
        packed = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
        if rest[:1] != b"\x01":
            return len(packed)
    try:
        return len(zlib.decompressobj().decompress(packed, min(MAX_TEXT_CHUNK, left) + 1))
    except zlib.error:
        return 0
