"""References of which nobody handed over the picture: what they are recognised by came out of a pack.

Their fingerprints lie beside those that this program took itself, under a stage that says so and names the
version of what made them: "pack:pdq@2". No version ("pack:pdq@") is a hash of a published standard, which any
version can be compared with. What the program sees of a picture itself takes their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, exists, func, insert, select, update

from storage.handed import Handed
from storage.records import Failure, Fingerprint, ReferenceImage, Twin
from storage.shelves import registry
from storage.shelves.batches import chunks
from storage.shelves.packed import FROM_PACKS, named, stage_of
from storage.tables.examined import FileRow, FingerprintRow
from storage.tables.registered import ReferenceRow, TwinRow
from storage.tables.watched import ProblemRow

Entry = tuple[ReferenceImage, tuple[Fingerprint, ...]]


@dataclass(frozen=True, slots=True)
class PackedPicture:
    """A reference by its fingerprints, each with the stage that made it ("tiles") and its version ("":
    a published standard). Width and height in px, 0 where nobody says."""

    reference: ReferenceImage
    width: int
    height: int
    too_little: bool
    prints: tuple[tuple[str, str, Fingerprint], ...]


@dataclass(frozen=True, slots=True)
class Outdated:
    """Fingerprints of a twin that today's program cannot compare: made by this version of a stage."""

    twin: str
    stage: str
    version: str
    pictures: int


def register(
    connection: Connection, packs: Sequence[tuple[Twin, Sequence[PackedPicture]]]
) -> Sequence[ReferenceImage]:
    """Those that are new, of all twins; all of it or nothing."""
    new: list[ReferenceImage] = []
    for twin, pictures in packs:
        new += registry.add_twin(connection, twin, [one.reference for one in pictures])
        for some in chunks(pictures):
            _keep(connection, {one.reference.sha256: one for one in some})
    return new


def _keep(connection: Connection, pictures: Mapping[str, PackedPicture]) -> None:
    """What this program took itself stays; what an earlier pack said is replaced."""
    mine = FingerprintRow.sha256.in_(pictures)
    packed = FingerprintRow.stage.like(f"{FROM_PACKS}:%")
    own = select(FingerprintRow.sha256, FingerprintRow.algorithm).where(mine, ~packed).distinct()
    seen = {(row.sha256, row.algorithm) for row in connection.execute(own)}
    connection.execute(delete(FingerprintRow).where(mine, packed))
    rows = [
        {
            "sha256": sha256,
            "stage": stage_of(name, version),
            "algorithm": one.algorithm,
            "bits": one.bits,
            "quality": one.quality,
            "at": None,
        }
        for sha256, picture in sorted(pictures.items())
        for name, version, one in picture.prints
        if (sha256, one.algorithm) not in seen
    ]
    if rows:
        connection.execute(insert(FingerprintRow), rows)
    for sha256, picture in sorted(pictures.items()):
        unseen = and_(FileRow.sha256 == sha256, FileRow.staged == "")
        values = {"width": picture.width, "height": picture.height, "too_little": picture.too_little}
        connection.execute(update(FileRow).where(unseen).values(**values))


def made_by(connection: Connection) -> Sequence[tuple[str, str, str, int]]:
    """(twin, stage, version, pictures) of all fingerprints out of packs whose references are in force."""
    query = (
        select(TwinRow.name, FingerprintRow.stage, func.count(FingerprintRow.sha256.distinct()))
        .join(ReferenceRow, ReferenceRow.sha256 == FingerprintRow.sha256)
        .join(TwinRow, TwinRow.id == ReferenceRow.twin_id)
        .where(ReferenceRow.handed == Handed.FINGERPRINTS, ReferenceRow.withdrawn_at.is_(None))
        .where(FingerprintRow.stage.like(f"{FROM_PACKS}:%"))
        .group_by(TwinRow.name, FingerprintRow.stage)
        .order_by(TwinRow.name, FingerprintRow.stage)
    )
    return [(twin, *named(stage), count) for twin, stage, count in connection.execute(query)]


def outdated(connection: Connection, comparable: Mapping[str, str]) -> Sequence[Outdated]:
    """`comparable`: stage → today's version."""
    return [
        Outdated(twin, stage, version, count)
        for twin, stage, version, count in made_by(connection)
        if version and comparable.get(stage) != version
    ]


def comparable_entries(connection: Connection, comparable: Mapping[str, str]) -> Sequence[Entry]:
    """`registry.bank_entries`, without what today's program cannot compare."""
    return registry.bank_entries(connection, _stages(connection, comparable))


def _stages(connection: Connection, comparable: Mapping[str, str]) -> Sequence[str]:
    return sorted({stage_of(one.stage, one.version) for one in outdated(connection, comparable)})


def outdated_pictures(connection: Connection, comparable: Mapping[str, str]) -> frozenset[str]:
    stages = _stages(connection, comparable)
    found = select(FingerprintRow.sha256).join(ReferenceRow, ReferenceRow.sha256 == FingerprintRow.sha256)
    found = found.where(ReferenceRow.handed == Handed.FINGERPRINTS, FingerprintRow.stage.in_(stages))
    return frozenset(connection.execute(found).scalars()) if stages else frozenset()


def told(connection: Connection, failure: Failure) -> bool:
    """Whether some run has recorded the very same."""
    same = ProblemRow.kind == failure.kind, ProblemRow.message == failure.message
    query = select(exists().where(*same, ProblemRow.where == failure.where))
    return bool(connection.execute(query).scalar())
