"""Google's credit line: "Made with Google AI" by Gemini, Imagen and Pixel Studio, "Edited with Google AI" by
Google Photos' Magic Editor and its like. It stands in XMP photoshop:Credit, in IPTC-IIM 2:110, and where a
program copied it, in a PNG text of that name. The whole field, not a mention of it.

Google Photos credits Best Take and Add Me too, which put captured pictures together without generating
anything, and says so in DigitalSourceType (blog.google, "More transparency for AI edits in Google Photos",
2024-10-24).
"""

import re
from collections.abc import Iterator

from detector.metadata.carried import Metadata, Said
from detector.metadata.file import metadata
from detector.metadata.iim import CREDIT
from detector.reader import ignored
from detector.source_types import contradiction
from storage.records import Extent, OriginEvidence

NAME = "google_ai"
VERSION = "1"

XMP_CREDIT = "{http://ns.adobe.com/photoshop/1.0/}Credit"
MADE = re.compile(r"(made (with|by) google ai|ai-generated with google( photos)?)\.?", re.I)
EDITED = re.compile(r"edited (with|by) google ai\.?", re.I)


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    against = contradiction(found.properties)
    return tuple(dict.fromkeys(one for said in _credits(found) for one in _evidence(said, against)))


def _credits(found: Metadata) -> Iterator[Said]:
    yield from (Said("XMP photoshop:Credit", one.value) for one in found.xmp(XMP_CREDIT) if not one.inside)
    yield from found.iim_text(CREDIT, "Credit")
    yield from found.png("Credit")


def _evidence(said: Said, against: str) -> Iterator[OriginEvidence]:
    credit = " ".join(said.text[:200].split())
    made, edited = MADE.fullmatch(credit), EDITED.fullmatch(credit)
    if not (made or edited):
        return
    detail = f"{said.where} is {credit}"
    if against:
        yield ignored(NAME, "contradicted", f"{detail}; {against}")
    else:
        yield OriginEvidence(NAME, f"Credit: {credit}", detail, Extent.WHOLE if made else Extent.PART, 2)
