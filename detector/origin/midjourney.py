"""Midjourney ends its description with the job's number: "… --ar 4:3 --v 5.2 Job ID: <UUID>", in the PNG text
Description, and in EXIF ImageDescription, IPTC-IIM caption or XMP dc:description of copies saved in other
formats. Its XMP has DigitalSourceType too, which has a reader of its own. Read from files of 2023 to 2025.
"""

import re
from collections.abc import Iterator

from detector.metadata.carried import IMAGE_DESCRIPTION, Metadata, Said
from detector.metadata.file import metadata
from detector.metadata.iim import CAPTION
from detector.metadata.jsons import short
from storage.records import Extent, OriginEvidence

NAME = "midjourney"
VERSION = "1"

XMP_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"
JOB = re.compile(r"\bJob ID: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$", re.I)


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    said = (one for one in _descriptions(metadata(data, format_name)) if JOB.search(one.text))
    claims = (
        OriginEvidence(NAME, "Midjourney job", f"{one.where}: {_ending(one.text)}", Extent.WHOLE, 2)
        for one in said
    )
    return tuple(dict.fromkeys(claims))


def _descriptions(found: Metadata) -> Iterator[Said]:
    yield from found.png("Description")
    yield from found.exif_text(IMAGE_DESCRIPTION)
    yield from found.iim_text(CAPTION, "Caption")
    yield from (Said("XMP dc:description", one.value) for one in found.xmp(XMP_DESCRIPTION) if not one.inside)


def _ending(text: str) -> str:
    """The settings and the number; the prompt before them is cut."""
    return short(text[-200:])
