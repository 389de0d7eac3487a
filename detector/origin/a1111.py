"""AUTOMATIC1111's stable-diffusion-webui, and the many that write as it does (Forge, SD.Next, Civitai,
stable-diffusion.cpp): the prompt, then a line "Steps: 20, Sampler: …, CFG scale: …, Seed: …, Size: …"
(modules/processing.py, create_infotext). It stands in the PNG text `parameters`, in the EXIF UserComment of
JPEG, WebP and AVIF, and in a GIF's comment (modules/images.py, save_image_with_geninfo).

Extent: `part` where it names a mask; unknown where a picture went in, which shows in a denoising strength
without an upscaler of its own result; else `whole`.
"""

import re
from collections.abc import Iterator

from detector.metadata.carried import USER_COMMENT, Said
from detector.metadata.file import metadata
from detector.metadata.jsons import short
from detector.reader import ignored
from storage.records import Extent, OriginEvidence

NAME = "a1111"
VERSION = "1"

STEPS = re.compile(r"Steps: \d+\b")
SETTINGS = (
    re.compile(r"\bSampler: \w"),
    re.compile(r"\bCFG scale: [\d.]"),
    re.compile(r"\bSeed: -?\d"),
    re.compile(r"\bSize: \d+x\d"),
)
SETTINGS_NEEDED = 2  # old and foreign writers leave some out; a recipe has none
MASK = re.compile(
    r"\b(Mask blur|Masked content|Inpaint area|Inpainting fill|Masked area padding|Soft inpainting)\b"
)
FROM_A_PICTURE = re.compile(r"\bDenoising strength: ")
ITS_OWN = re.compile(r"\bHires (upscaler?|steps|resize|Module|CFG)\b", re.I)
POSTPROCESSING = ("postprocessing", "extras")
TAIL = 4000  # characters: the settings come last, after a prompt of any length


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    said = (*found.png("parameters"), *found.exif_text(USER_COMMENT), *found.comment())
    claims = tuple(dict.fromkeys(one for each in said for one in _evidence(each)))
    if claims:
        return claims
    return tuple(
        ignored(NAME, "only processed afterwards", f"{one.where}: {short(one.text)}")
        for one in found.png(*POSTPROCESSING)
        if one.text.startswith("Postprocess")
    )


def _evidence(said: Said) -> Iterator[OriginEvidence]:
    last = said.text.rfind("Steps: ")
    line = said.text[last : last + TAIL] if last >= 0 else ""
    if not STEPS.match(line):
        return
    if sum(bool(one.search(line)) for one in SETTINGS) >= SETTINGS_NEEDED:
        yield OriginEvidence(NAME, "generation parameters", f"{said.where}: {short(line)}", _extent(line), 2)


def _extent(line: str) -> Extent:
    if MASK.search(line):
        return Extent.PART
    if FROM_A_PICTURE.search(line) and not ITS_OWN.search(line):
        return Extent.UNKNOWN
    return Extent.WHOLE
