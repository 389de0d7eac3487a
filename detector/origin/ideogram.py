"""Ideogram names itself as the maker of the camera: EXIF Make "Ideogram AI". It extends and edits pictures
too and does not say which, so the extent stays unknown."""

import re

from detector.metadata.carried import MAKE
from detector.metadata.file import metadata
from storage.records import Extent, OriginEvidence

NAME = "ideogram"
VERSION = "1"

MAKER = re.compile(r"ideogram(\.?\s?ai)?", re.I)


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    return tuple(
        OriginEvidence(NAME, "Make: Ideogram", f"{one.where} is {one.text}", Extent.UNKNOWN, 2)
        for one in metadata(data, format_name).exif_text(MAKE)
        if MAKER.fullmatch(one.text.strip())
    )
