"""NovelAI's PNG texts: Software "NovelAI", Title "AI generated image" or "NovelAI generated image", Comment
with the request as JSON; its other formats carry the same texts as one JSON object in EXIF UserComment. The
hidden copy in the alpha channel is not read."""

from collections.abc import Iterator, Mapping
from typing import Any

from detector.metadata.carried import SOFTWARE, USER_COMMENT, Said
from detector.metadata.file import metadata
from detector.metadata.jsons import claims_in, inner, short
from storage.records import Extent, OriginEvidence

NAME = "novelai"
VERSION = "1"

MAKER = "NovelAI"
TITLES = ("AI generated image", "NovelAI generated image")


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    claims = [*claims_in(NAME, found.exif_text(USER_COMMENT), ("Software",), _wrapped)]
    by_name = [*found.png("Software"), *found.exif_text(SOFTWARE)]
    signed = [one for one in by_name if one.text == MAKER]
    if signed:
        claims += claims_in(NAME, found.png("Comment"), ("sampler", "request_type"), _judged)
        if not any(one.level for one in claims):
            claims.append(_claim(f"{signed[0].where} is {MAKER}", ""))
    claims += (
        _claim(f"{one.where} is {one.text}", "")
        for one in found.png("Title")
        if one.text in TITLES and not claims
    )
    return tuple(dict.fromkeys(claims))


def _wrapped(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    if content.get("Software") == MAKER:
        yield from _judged(said, inner(content.get("Comment")))


def _judged(said: Said, request: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    kind = str(request.get("request_type", ""))
    yield _claim(f"{said.where}: {short(kind) or 'a request'} with {short(request.get('sampler'))}", kind)


def _claim(detail: str, kind: str) -> OriginEvidence:
    extent = Extent.UNKNOWN
    if "Infill" in kind:
        extent = Extent.PART
    elif kind == "PromptGenerateRequest":
        extent = Extent.WHOLE
    return OriginEvidence(NAME, "NovelAI text", detail, extent, 2)
