"""InvokeAI's PNG texts: `invokeai_metadata` (since version 3) with a generation mode, `invokeai_graph` and
`invokeai_workflow` beside it, `sd-metadata` (1.15 to 2.3), and `Dream`, the command line of the first
(invokeai/app/services/image_files, invokeai/frontend/install/import_images.py)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from detector.metadata.carried import Metadata, Said
from detector.metadata.file import metadata
from detector.metadata.jsons import claims_in, inner, short
from detector.reader import ignored
from storage.records import Extent, OriginEvidence

NAME = "invokeai"
VERSION = "1"

MODES = {"txt2img": Extent.WHOLE, "inpaint": Extent.PART, "outpaint": Extent.PART}
RECALLED = ("generation_mode", "positive_prompt", "model", "seed", "type", "image")
GENERATES = re.compile(r"denoise|sampler|l2i|t2l|txt2img|img2img|inpaint", re.I)
SEED = re.compile(r"(^|\s)-S\s*\d+")
MASK = re.compile(r"(^|\s)(-M|--init_mask|-tm|--text_mask|--outcrop|--embiggen)\b")
PICTURE_IN = re.compile(r"(^|\s)(-I|--init_img)\b")


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    said = (*found.png("invokeai_metadata"), *found.png("sd-metadata"))
    claims = [*claims_in(NAME, said, RECALLED, _judged)]
    if not claims:
        claims += claims_in(NAME, found.png("invokeai_graph"), ("nodes",), _graph)
    if not claims:
        claims += _dreams(found)
    return tuple(dict.fromkeys(claims))


def _judged(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    if not any(content.get(name) for name in RECALLED):
        return
    mode = str(
        content.get("generation_mode") or inner(content.get("image")).get("type") or content.get("type", "")
    )
    extent = MODES.get(mode.rpartition("_")[2], Extent.UNKNOWN)
    model = short(
        inner(content.get("model")).get("name") or content.get("model_weights") or "a model not named"
    )
    yield OriginEvidence(
        NAME, "InvokeAI metadata", f"{said.where}: {short(mode) or 'no mode'} with {model}", extent, 2
    )


def _graph(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    nodes = inner(content.get("nodes")).values()
    kinds = sorted({str(node.get("type")) for node in nodes if isinstance(node, Mapping)})
    detail = f"{said.where} is a graph of {short(', '.join(kinds))}"
    if any(GENERATES.search(kind) for kind in kinds):
        yield OriginEvidence(NAME, "InvokeAI graph", detail, Extent.UNKNOWN, 2)
    elif kinds:
        yield ignored(NAME, "the graph generates nothing", detail)


def _dreams(found: Metadata) -> Iterator[OriginEvidence]:
    for one in found.png("Dream"):
        if not SEED.search(one.text):
            continue
        extent = Extent.UNKNOWN if PICTURE_IN.search(one.text) else Extent.WHOLE
        extent = Extent.PART if MASK.search(one.text) else extent
        yield OriginEvidence(NAME, "InvokeAI command", f"{one.where}: {short(one.text)}", extent, 2)
