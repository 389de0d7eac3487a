"""The stages of fingerprints that came out of a pack: "pack:pdq@2" stands for what "fingerprint:pdq" of
version 2 would have found. Nobody's examination: a file that has only these is looked at once its bytes
come."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_

from storage.handed import Handed
from storage.tables.examined import FileRow, FingerprintRow
from storage.tables.registered import ReferenceRow

FROM_PACKS = "pack"
_TAKEN = "fingerprint:"


def stage_of(name: str, version: str) -> str:
    return f"{FROM_PACKS}:{name}@{version}"


def named(stage: str) -> tuple[str, str]:
    """(stage, version)"""
    name, _, version = stage.removeprefix(f"{FROM_PACKS}:").rpartition("@")
    return name, version


def replaced_by(stages: Collection[str]) -> ColumnElement[bool]:
    """The rows whose place is taken by what these stages found: their own, and what a pack said of them."""
    packed = [
        FingerprintRow.stage.like(f"{FROM_PACKS}:{stage.removeprefix(_TAKEN)}@%")
        for stage in stages
        if stage.startswith(_TAKEN)
    ]
    return or_(FingerprintRow.stage.in_(stages), *packed)


# Files that there is something to open of. One that was registered by its fingerprints alone has no bytes,
# unless it was published as well.
WITH_BYTES = or_(
    FileRow.collected.is_(True),
    FileRow.registered.is_(True),
    ~exists().where(and_(ReferenceRow.sha256 == FileRow.sha256, ReferenceRow.handed == Handed.FINGERPRINTS)),
)
