"""A film's tags: `meta` with a list of items, by four letters (iTunes) or by an index into a table of keys
(Apple QuickTime File Format, "Metadata"; FFmpeg writes it with use_metadata_tags)."""

from detector.metadata.boxes import Box, boxes
from detector.metadata.carried import Gathering

KEY_LIMIT = 1000


def read_meta(data: bytes, start: int, end: int, found: Gathering) -> None:
    """MP4's has version and flags first, QuickTime's has not."""
    if data[start + 4 : start + 8] not in (b"hdlr", b"keys", b"ilst"):
        start += 4
    inner = list(boxes(data, start, end, found))
    keys = next((_keys(data, box) for box in inner if box.name == b"keys"), [])
    for box in inner:
        if box.name == b"ilst":
            for item in boxes(data, box.start, box.end, found):
                _item(data, item, keys, found)


def _keys(data: bytes, box: Box) -> list[str]:
    keys: list[str] = []
    place = box.start + 8
    while place + 8 <= box.end and len(keys) < KEY_LIMIT:
        size = int.from_bytes(data[place : place + 4], "big")
        if size < 8:
            break
        keys.append(data[place + 8 : min(place + size, box.end)].decode("utf-8", errors="replace"))
        place += size
    return keys


def _item(data: bytes, item: Box, keys: list[str], found: Gathering) -> None:
    index = int.from_bytes(item.name, "big")
    name = keys[index - 1] if 0 < index <= len(keys) else item.name.decode("latin-1")
    for box in boxes(data, item.start, item.end, found):
        if box.name == b"name":  # of a free form item, "----"
            name = data[box.start + 4 : box.end].decode("utf-8", errors="replace")
        elif box.name == b"data":
            found.tag(name, data[box.start + 8 : box.end])
