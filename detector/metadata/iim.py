"""IPTC-IIM, the older press agencies' form, within Photoshop's image resources. IPTC-NAA IIM 4.2, chapters 1
and 6; Adobe Photoshop File Formats Specification, "Image Resource Blocks"."""

from detector.metadata.carried import Gathering, decoded

ORIGINATING_PROGRAM, CREDIT, SOURCE, CAPTION = 65, 110, 115, 120  # datasets of record 2
KEPT = frozenset({ORIGINATING_PROGRAM, CREDIT, SOURCE, CAPTION})
IIM_RESOURCE = 0x0404
XMP_RESOURCE = 0x0424


def read_resources(data: bytes, found: Gathering) -> None:
    """Blocks of `8BIM`, each with a number, a name and its bytes, padded to even lengths."""
    place = 0
    while data[place : place + 4] == b"8BIM":
        found.step()
        number = int.from_bytes(data[place + 4 : place + 6], "big")
        name = data[place + 6] + 1 if place + 6 < len(data) else 0
        head = place + 6 + name + name % 2
        size = int.from_bytes(data[head : head + 4], "big")
        body = data[head + 4 : head + 4 + size]
        if len(body) < size:
            found.trouble("the Photoshop resources end early", f"block {number:#06x} of {size} bytes")
            return
        if number == IIM_RESOURCE:
            read_iim(body, found)
        elif number == XMP_RESOURCE:
            found.packet(body)
        place = head + 4 + size + size % 2


def read_iim(data: bytes, found: Gathering) -> None:
    place = 0
    while data[place : place + 1] == b"\x1c" and place + 5 <= len(data):
        found.step()
        record, dataset = data[place + 1], data[place + 2]
        size, head = int.from_bytes(data[place + 3 : place + 5], "big"), 5
        if size & 0x8000:  # an extended dataset: so many bytes of length follow
            head += min(size & 0x7FFF, 8)
            size = int.from_bytes(data[place + 5 : place + head], "big")
        value = data[place + head : place + head + size]
        if len(value) < size:
            found.trouble("the IPTC-IIM ends early", f"dataset {record}:{dataset:02} of {size} bytes")
            return
        if record == 2 and dataset in KEPT and found.room_for(len(value), "an IPTC-IIM dataset"):
            found.iim.setdefault(dataset, []).append(decoded(value).strip("\x00 "))
        place += head + size
