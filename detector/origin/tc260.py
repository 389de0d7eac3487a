"""China's implicit label, due since 2025-09-01: a JSON object that says whether the content is generated, by
whom, and under which number (GB 45438-2025, annex E; TC260-PG-20258A for where it goes).

Where: XMP TC260:AIGC, a PNG text or a film's tag AIGC; and as some generators write it, `{"AIGC": {…}}` in
EXIF UserComment or ImageDescription, or bare in a JPEG segment. `Label` 1 says that it is generated; 2
(possibly: only somebody's word, found by a platform) and 3 (suspected: a platform's guess) are not claims of
whoever made it, and do not count. Seen from: Doubao, Jimeng, Qwen, Kling, Tencent (which writes no Label).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from detector.metadata.carried import IMAGE_DESCRIPTION, USER_COMMENT, Metadata, Said
from detector.metadata.file import metadata
from detector.metadata.jsons import claims_in, inner, short
from detector.reader import ignored
from storage.records import Extent, OriginEvidence

NAME = "tc260"
VERSION = "1"

PROPERTY = re.compile(r"\{https?://(www\.)?tc260\.org\.cn/ns/AIGC/[\d.]*/?\}AIGC", re.I)
FIELDS = ("Label", "ContentProducer", "ProduceID", "ContentPropagator", "ServiceProvider")
MAKERS = ("ContentProducer", "ServiceProvider", "ProduceID")
GENERATED = ("1", "")
UNSURE = {"2": "possible", "3": "suspected"}


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    claims = claims_in(NAME, _labels(found), FIELDS, _judged)
    return tuple(dict.fromkeys((*claims, *claims_in(NAME, _wrapped(found), ("AIGC",), _unwrapped))))


def _labels(found: Metadata) -> Iterator[Said]:
    """Fields that hold nothing but the label."""
    for one in found.properties:
        if PROPERTY.fullmatch(one.name) and not one.inside:
            yield Said("XMP TC260:AIGC", one.value)
    yield from found.png("AIGC")
    yield from found.tag("AIGC")
    for said in found.segment():
        yield Said(said.where, said.text.removeprefix("AIGC"))


def _wrapped(found: Metadata) -> Iterator[Said]:
    yield from found.exif_text(USER_COMMENT, IMAGE_DESCRIPTION)
    yield from found.png("AIGC", "Comment")
    yield from found.tag("AIGC", "comment", "©cmt")
    yield from found.segment()


def _unwrapped(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    yield from _judged(said, inner(content.get("AIGC")))


def _judged(said: Said, label: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    if not any(field in label for field in FIELDS):
        return
    value = str(label.get("Label", "")).strip()
    maker = next((short(label[name]) for name in MAKERS if label.get(name)), "nobody named")
    detail = f"{said.where} has Label {value or 'none'}, by {maker}"
    if value in GENERATED:
        yield OriginEvidence(NAME, "TC260 AIGC label", detail, Extent.UNKNOWN, 2)
    elif value in UNSURE:
        yield ignored(NAME, f"AI is only {UNSURE[value]}", detail)
    else:
        yield ignored(NAME, "the label does not say that it is AI", detail)
