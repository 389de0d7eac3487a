"""xAI's Grok signs its downloads in EXIF: Artist is the picture's UUID, and ImageDescription (UserComment
too) "Signature: " and base64. The key is not public, so nobody outside can check the signature: it is
an unsigned mark. Either half alone is nothing that Grok writes.

It edits pictures as well as making them and does not say which, so the extent stays unknown."""

import re

from detector.metadata.carried import ARTIST, IMAGE_DESCRIPTION, USER_COMMENT
from detector.metadata.file import metadata
from detector.reader import ignored
from storage.records import Extent, OriginEvidence

NAME = "grok"
VERSION = "1"

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
SIGNATURE = re.compile(r"Signature: ?[A-Za-z0-9+/]{64,}={0,2}\s*")  # in real files some 340 characters


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    said = found.exif_text(IMAGE_DESCRIPTION, USER_COMMENT)
    signed = [one for one in said if SIGNATURE.fullmatch(one.text)]
    named = [one for one in found.exif_text(ARTIST) if UUID.fullmatch(one.text)]
    if not signed:
        return ()
    detail = f"{signed[0].where} is {signed[0].text[:40]}…"
    if not named:
        return (ignored(NAME, "half a Grok signature", f"{detail}; Artist is no UUID"),)
    detail += f"; Artist is {named[0].text}"
    return (OriginEvidence(NAME, "Grok signature", detail, Extent.UNKNOWN, 2),)
