"""SwarmUI writes `{"sui_image_params": {…}}`: in the PNG text `parameters`, in EXIF UserComment of JPEG and
WebP, in EXIF Model in its first versions. Extent: `part` where a mask went in, unknown where a picture did,
else `whole`."""

from collections.abc import Iterator, Mapping
from typing import Any

from detector.metadata.carried import MODEL, USER_COMMENT, Said
from detector.metadata.file import metadata
from detector.metadata.jsons import claims_in, inner, short
from storage.records import Extent, OriginEvidence

NAME = "swarmui"
VERSION = "1"

KEY = "sui_image_params"


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    found = metadata(data, format_name)
    said = (*found.png("parameters"), *found.exif_text(USER_COMMENT, MODEL), *found.tag("comment"))
    return tuple(dict.fromkeys(claims_in(NAME, said, (KEY,), _judged)))


def _judged(said: Said, content: Mapping[str, Any]) -> Iterator[OriginEvidence]:
    settings = inner(content.get(KEY))
    if not settings:
        return
    names = " ".join(settings).lower()
    extent = Extent.PART if "mask" in names else Extent.UNKNOWN if "initimage" in names else Extent.WHOLE
    detail = f"{said.where} has the model {short(settings.get('model', 'not named'))}"
    yield OriginEvidence(NAME, "SwarmUI parameters", detail, extent, 2)
