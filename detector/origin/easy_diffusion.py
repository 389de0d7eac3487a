"""Easy Diffusion writes its settings each as a PNG text of its own, and all as one JSON object into the EXIF
UserComment of JPEG and WebP (ui/easydiffusion/utils/save_utils.py); the name of the model is what no other
program writes so."""

from collections.abc import Iterator, Mapping
from typing import Any

from detector.metadata.carried import USER_COMMENT, Said
from detector.metadata.file import metadata
from detector.metadata.jsons import claims_in, short
from storage.records import Extent, OriginEvidence

NAME = "easy_diffusion"
VERSION = "1"

MODELS = ("use_stable_diffusion_model", "Stable Diffusion model")


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    claims = [_claim(one.where, one.text) for one in found.png(*MODELS) if one.text.strip()]
    return tuple(dict.fromkeys((*claims, *claims_in(NAME, found.exif_text(USER_COMMENT), MODELS, _judged))))


def _judged(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    yield from (_claim(said.where, content[name]) for name in MODELS if content.get(name))


def _claim(where: str, model: object) -> OriginEvidence:
    detail = f"{where} has the model {short(model)}"
    return OriginEvidence(NAME, "Easy Diffusion settings", detail, Extent.UNKNOWN, 2)
