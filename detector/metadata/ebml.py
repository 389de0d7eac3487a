"""WebM and Matroska: the tags, title and writing program of a segment. RFC 8794 (EBML), RFC 9559 (Matroska).
Clusters are stepped over; those of unknown length, as live streams have, are walked through."""

from collections.abc import Iterator

from detector.metadata.carried import Broken, Gathering, decoded

SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
INFO, TAGS, TAG, SIMPLE = 0x1549A966, 0x1254C367, 0x7373, 0x67C8
NAME, STRING = 0x45A3, 0x4487
TITLE, WRITING_APP = 0x7BA9, 0x5741
OPENED = (SEGMENT, INFO, TAGS, TAG, SIMPLE)


def read_matroska(data: bytes, found: Gathering) -> None:
    name = ""
    for number, start, end in _elements(data, found):
        if number == NAME:
            name = decoded(data[start:end]).strip("\x00")
        elif number == STRING and name:
            found.tag(name, data[start:end])
        elif number == TITLE:
            found.tag("title", data[start:end])
        elif number == WRITING_APP:
            found.tag("writingapp", data[start:end])


def _elements(data: bytes, found: Gathering) -> Iterator[tuple[int, int, int]]:
    """Number, and where the content begins and ends; masters of interest are entered, all others stepped
    over."""
    place = 0
    while place < len(data):
        found.step()
        number, place = _number(data, place, keep_marker=True)
        size, place = _number(data, place, keep_marker=False)
        end = place + size if size >= 0 else len(data)
        yield number, place, min(end, len(data))
        if number in OPENED or (number == CLUSTER and size < 0):
            continue
        if end > len(data):
            raise Broken("the file ends early", f"within an element of {size} bytes")
        place = end


def _number(data: bytes, place: int, *, keep_marker: bool) -> tuple[int, int]:
    """A number of one to eight bytes, and what follows it; -1 where all bits are set: not known."""
    first = data[place] if place < len(data) else 0
    length = 9 - first.bit_length()
    if length > 8 or place + length > len(data):
        raise Broken("the file is malformed", f"no element at offset {place}")
    value = int.from_bytes(data[place : place + length], "big")
    if keep_marker:
        return value, place + length
    value &= (1 << 7 * length) - 1
    return (-1 if value == (1 << 7 * length) - 1 else value), place + length
