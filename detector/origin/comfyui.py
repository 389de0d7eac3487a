"""ComfyUI writes the graph of nodes that made a picture: `prompt` (what ran) and `workflow` (what the user
saw), as JSON. In PNG text or an animated PNG's `comf` chunks; in the EXIF of WebP, counting down from Model
("prompt:{…}" and "workflow:{…}"); in a film's tags of these names or both within its comment (nodes.py,
comfy_api/latest/_ui.py; VideoHelperSuite; in JPEG's UserComment by other nodes).

Extent: `whole` where no picture went in; `part` where one did and a node paints inside it; else unknown. A
graph that only scales or crops what went in generates nothing.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from detector.metadata.carried import IMAGE_DESCRIPTION, MAKE, MODEL, USER_COMMENT, Metadata, Said
from detector.metadata.file import metadata
from detector.metadata.jsons import claims_in, inner, short
from detector.reader import UNREADABLE, ignored, unreadable
from storage.records import Extent, OriginEvidence

NAME = "comfyui"
VERSION = "2"

PROMPT, WORKFLOW = "prompt", "workflow"
MENTIONS = ("class_type", "nodes")
EXIF_TAGS = (MODEL, MAKE, IMAGE_DESCRIPTION, 0x010D, 0x010C, 0x010B)
PREFIX = re.compile(r"\s*(prompt|workflow)\s*:\s*(?=\{)", re.I)
NOT_RUN = (2, 4)  # modes of a node in a workflow: muted, bypassed
PICTURE_IN = re.compile(r"load.*(image|video|picture)|(image|video).*(load|input|from)|^vhs_load", re.I)
PAINTS_INSIDE = re.compile(r"inpaint|outpaint|latentnoisemask|detailer|faceswap|reactor|imagepadfor", re.I)
# Nodes that move pixels about. A graph of nothing else has generated nothing.
MOVES_PIXELS = re.compile(
    r"(load|save|preview|note|reroute|primitive|image|mask|video|vhs|upscale|crop|resize|scale|pad|get|string|"
    r"int|float|text|show|create).*",
    re.I,
)
GENERATES = re.compile(
    r"sampler|generat|vaedecode|diffusion|unet|checkpoint|text.?to|to.?(image|video)", re.I
)
LEVEL_LIMIT = 5  # subgraphs within subgraphs
KINDS, KIND_LENGTH = 500, 100  # the longest of ComfyUI-Manager's list of nodes has about 60 letters


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    claims = [*claims_in(NAME, _graphs(found), MENTIONS, _judged)]
    claims += claims_in(NAME, _both(found), (PROMPT, WORKFLOW), _judged_both)
    return tuple(_surest(claims))


def _graphs(found: Metadata) -> Iterator[Said]:
    """Fields that hold one graph."""
    yield from found.png(PROMPT, WORKFLOW)
    yield from found.tag(PROMPT, WORKFLOW)
    for said in found.exif_text(*EXIF_TAGS):
        if PREFIX.match(said.text):
            yield Said(said.where, PREFIX.sub("", said.text, count=1))


def _both(found: Metadata) -> Iterator[Said]:
    """Fields that hold `{"prompt": …, "workflow": …}`."""
    yield from found.exif_text(USER_COMMENT)
    yield from found.tag("comment", "©cmt", "description")
    yield from found.comment()


def _judged_both(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    for name in (PROMPT, WORKFLOW):
        told = content.get(name)
        graph = inner(told)
        if not graph and isinstance(told, str) and told.lstrip().startswith("{"):
            yield unreadable(NAME, f"the JSON in its {said.where}, {name}, cannot be read")
        if graph:
            yield from _judged(Said(f"{said.where}, {name}", ""), graph)


def _judged(said: Said, graph: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    kinds = sorted({one for one in (*_ran(graph), *_drawn(graph)) if len(one) <= KIND_LENGTH})[:KINDS]
    if not kinds:
        return
    detail = f"{said.where} is a graph of {len(kinds)} kinds of node: {short(', '.join(kinds))}"
    if all(MOVES_PIXELS.fullmatch(kind) and not GENERATES.search(kind) for kind in kinds):
        yield ignored(NAME, "the graph generates nothing", detail)
    else:
        yield OriginEvidence(NAME, "ComfyUI graph", detail, _extent(kinds), 2)


def _ran(graph: Mapping[str, Any]) -> Iterator[str]:
    """Of a prompt: numbers, each with a node."""
    for node in graph.values():
        if isinstance(node, Mapping) and isinstance(node.get("class_type"), str):
            yield node["class_type"]


def _drawn(graph: Mapping[str, Any], level: int = 0) -> Iterator[str]:
    """Of a workflow: a list of nodes, and graphs within it."""
    nodes = graph.get("nodes")
    for node in nodes if isinstance(nodes, list) else ():
        if (
            isinstance(node, Mapping)
            and isinstance(node.get("type"), str)
            and node.get("mode") not in NOT_RUN
        ):
            yield node["type"]
    within = inner(graph.get("definitions")).get("subgraphs")
    if isinstance(within, list) and level < LEVEL_LIMIT:
        for one in within:
            yield from _drawn(inner(one), level + 1)


def _extent(kinds: list[str]) -> Extent:
    if not any(PICTURE_IN.search(kind) for kind in kinds):
        return Extent.WHOLE
    return Extent.PART if any(PAINTS_INSIDE.search(kind) for kind in kinds) else Extent.UNKNOWN


def _surest(claims: list[OriginEvidence]) -> list[OriginEvidence]:
    """The graph that ran says more than the one that was drawn; it comes first."""
    read_well = [one for one in claims if not one.signal.startswith(UNREADABLE)]
    return read_well[:1] or claims
