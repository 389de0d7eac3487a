"""Fooocus and its kin write what made a picture as a JSON object: in the PNG text `parameters`, beside
`fooocus_scheme`; in the EXIF UserComment of JPEG and WebP, beside Software "Fooocus v…" and the scheme as
MakerNote (modules/meta_parser.py, get_exif); Fooocus-MRE as a comment; RuinedFooocus names itself as
`software`. Where the scheme is a1111, the text is that reader's to read.

Whether a part was painted over is not recorded, so the extent stays unknown.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from detector.metadata.carried import MAKER_NOTE, SOFTWARE, USER_COMMENT, Said
from detector.metadata.file import metadata
from detector.metadata.jsons import claims_in, short
from storage.records import Extent, OriginEvidence

NAME = "fooocus"
VERSION = "1"

MODELS = ("base_model", "base_model_name", "base_model_hash")
SCHEMES = ("fooocus", "a1111")


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    said = (*found.png("parameters", "Comment"), *found.exif_text(USER_COMMENT), *found.comment())
    claims = [*claims_in(NAME, said, (*MODELS, "software"), _judged)]
    schemes = (*found.png("fooocus_scheme"), *found.exif_text(MAKER_NOTE))
    named = [one for one in schemes if one.text in SCHEMES]
    named += (one for one in found.exif_text(SOFTWARE) if one.text.startswith("Fooocus v"))
    claims += (_claim(f"{one.where} is {short(one.text)}") for one in named)
    return tuple(dict.fromkeys(claims))


def _judged(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    ruined = str(content.get("software", "")).startswith("RuinedFooocus")
    models = [name for name in MODELS if name in content]
    if ruined or (models and "prompt" in content):
        model = content.get(models[0]) if models else content.get("software")
        yield _claim(
            f"{said.where} has the model {short(model)} and the prompt {short(content.get('prompt'))}"
        )


def _claim(detail: str) -> OriginEvidence:
    return OriginEvidence(NAME, "Fooocus parameters", detail, Extent.UNKNOWN, 2)
