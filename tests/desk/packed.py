"""Packs for tests, made in this process: no worker is started for a drawn picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from desk.jobs.matching import comparable
from desk.jobs.pack_file import ROWS, STAGE_OF, Pack, PackPicture, PackTwin, packed
from storage.records import ReferenceKind
from tests.desk.shop import digest, looked_at

BASIS, ATTESTED = "contract 7", "Agency A"


def pack_of(twins: Mapping[str, Sequence[bytes]], **changes: Any) -> Pack:
    """Of drawn pictures, as `twins fingerprint-pack` makes it."""
    given: dict[str, Any] = {
        "made_by": "twinwatch 0.1.0",
        "made_at": "2026-11-29T10:00:00Z",
        "algorithms": {stage: version for stage, version in comparable().items() if stage in ROWS},
        "twins": tuple(PackTwin(name, ReferenceKind.DIGITAL_TWIN, "", ATTESTED) for name in twins),
        "pictures": tuple(picture_of(name, data) for name, many in twins.items() for data in many),
        "basis": BASIS,
        "attested_by": ATTESTED,
    }
    return Pack(**{**given, **changes})


def picture_of(twin: str, data: bytes, **changes: Any) -> PackPicture:
    seen = looked_at(data)
    prints = {one.algorithm: one for one in seen.fingerprints if one.algorithm in STAGE_OF}
    given: dict[str, Any] = {
        "twin": twin,
        "sha256": digest(data),
        "width": seen.width,
        "height": seen.height,
        "quality": prints["pdq"].quality,
        "prints": {name: one.bits for name, one in prints.items()},
    }
    return PackPicture(**{**given, **changes})


def written(folder: Path, pack: Pack, name: str = "pack.json") -> Path:
    path = folder / name
    path.write_bytes(packed(pack))
    return path


def document_of(pack: Pack) -> dict[str, Any]:
    """To be spoilt, and written with `spoilt`."""
    made: dict[str, Any] = orjson.loads(packed(pack))
    return made


def spoilt(folder: Path, document: object, name: str = "pack.json") -> Path:
    path = folder / name
    path.write_bytes(orjson.dumps(document))
    return path
