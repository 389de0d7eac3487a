"""Whether a file can hold a Content Credential, and whether the C2PA library may be given it.

Most files hold none, which the walk through their metadata has seen already; asking the library costs half a
millisecond. And it was written for honest files: an MP4 of 0.3 MB with 40,000 boxes keeps it busy for eight
seconds, one of twice as many for four times as long; in other formats it is some 25 microseconds a piece. A
broken TIFF of 1 MB took it 2.3 seconds. Measured with c2pa-python 0.38.1.
"""

from collections.abc import Iterator

from detector.metadata import tiff
from detector.metadata.boxes import boxes
from detector.metadata.carried import Broken, Gathering, Metadata

PROVENANCE = "{http://purl.org/dc/terms/}provenance"  # where a manifest is kept elsewhere (C2PA 2.2, A.3)
WALKED = frozenset({"jpeg", "png", "gif", "webp", "avi", "jxl", "tiff", "avif", "heic", "mp4", "mov"})
BOXED = frozenset({"avif", "heic", "jxl", "mp4", "mov"})
PIECES = 40_000  # about a second; a PNG of 100 MB has ten thousand
BOXES = 10_000  # about half a second; a phone's film has some hundred
OPENED = frozenset(
    b"moov trak mdia minf stbl dinf edts udta meta moof traf mvex mfra tref treg schi iprp ipco iref".split()
)
BIG_TIFF = (b"II+\x00", b"MM\x00+")
VALUES = 4  # times the file's size that a TIFF's values may come to: each is read, and they may overlap


def none_there(found: Metadata, format_name: str) -> bool:
    """Surely none: the whole file was walked through, and nothing refers to one elsewhere."""
    whole = format_name in WALKED and not found.troubles
    return whole and not found.credential and not any(found.xmp(PROVENANCE))


def too_much(data: bytes, format_name: str, found: Metadata) -> str:
    """What the library is not given: this file is that. "" where it is given."""
    if found.pieces > PIECES:
        return f"more than {PIECES} pieces"
    if format_name in BOXED and sum(1 for _ in _all_boxes(data)) > BOXES:
        return f"more than {BOXES} boxes"
    if data.startswith(BIG_TIFF):
        return "a BigTIFF"
    if format_name == "tiff" and tiff.size_of_values(data) > VALUES * len(data):
        return f"values of more than {VALUES} times its size"
    return ""


def _all_boxes(data: bytes) -> Iterator[None]:
    """One for each, down to where the library goes; no more than are too many."""
    found = Gathering(steps=BOXES + 1)
    waiting = [(0, len(data))]
    try:
        while waiting:
            start, end = waiting.pop()
            for box in boxes(data, start, end, found):
                yield
                if box.name in OPENED:
                    waiting.append((box.start + 4 * (box.name == b"meta"), box.end))
    except Broken:
        return
