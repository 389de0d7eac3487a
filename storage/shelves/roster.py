"""Registering many pictures: what was looked at already, what is looked at and not registered yet, and all of
it registered at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select, update

from storage.records import Examination, Fingerprint, ReferenceImage, Twin
from storage.shelves import examinations, registry
from storage.shelves.batches import chunks
from storage.shelves.media import add_files
from storage.tables.examined import EvidenceRow, FileRow, FingerprintRow, LookRow, MatchRow
from storage.tables.judged import PairReviewRow
from storage.tables.published import MediaItemRow
from storage.tables.registered import NegativeRow, QuarantineRow, ReferenceRow, TwinRow


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a file without opening it again. `moves`: it has frames with a time; `hashes`: those
    of the algorithms that were asked for."""

    sha256: str
    format: str
    too_little: bool
    moves: bool
    hashes: tuple[Fingerprint, ...] = ()


def examined(
    connection: Connection, files: Sequence[str], stages: Mapping[str, str], algorithms: Collection[str]
) -> Mapping[str, Examined]:
    """By SHA-256: those of which all these stages (name → version) ran and none failed."""
    found: dict[str, Examined] = {}
    columns = (FileRow.sha256, FileRow.format, FileRow.too_little, FileRow.stages, FileRow.failures)
    for part in chunks(sorted(set(files))):
        known = [
            row
            for row in connection.execute(select(*columns).where(FileRow.sha256.in_(part)))
            if not row.failures and all(row.stages.get(name) == one for name, one in stages.items())
        ]
        names = [row.sha256 for row in known]
        later = select(FingerprintRow.sha256).where(FingerprintRow.sha256.in_(names), FingerprintRow.at > 0)
        moving = set(connection.execute(later.distinct()).scalars())
        hashes = _hashes(connection, names, algorithms)
        for row in known:
            found[row.sha256] = Examined(
                row.sha256, row.format, row.too_little, row.sha256 in moving, hashes.get(row.sha256, ())
            )
    return found


def _hashes(
    connection: Connection, files: Sequence[str], algorithms: Collection[str]
) -> Mapping[str, tuple[Fingerprint, ...]]:
    found: dict[str, tuple[Fingerprint, ...]] = {}
    query = (
        select(FingerprintRow)
        .where(FingerprintRow.sha256.in_(files), FingerprintRow.algorithm.in_(algorithms))
        .order_by(FingerprintRow.id)
    )
    for row in connection.execute(query):
        one = Fingerprint(row.algorithm, row.bits, row.quality, row.at)
        found[row.sha256] = (*found.get(row.sha256, ()), one)
    return found


def hashes_of(
    connection: Connection, files: Sequence[str], algorithms: Collection[str]
) -> Mapping[str, tuple[Fingerprint, ...]]:
    found: dict[str, tuple[Fingerprint, ...]] = {}
    for part in chunks(sorted(set(files))):
        found.update(_hashes(connection, part, algorithms))
    return found


def keep(connection: Connection, looked: Sequence[Examination]) -> None:
    """Of files that may be registered later; that they are is not said."""
    add_files(
        connection,
        [{"sha256": one.sha256, "format": one.format, "size": 0} for one in looked],
        collected=False,
    )
    for one in looked:
        examinations.save(connection, one)


def register(
    connection: Connection, many: Sequence[tuple[Twin, Sequence[ReferenceImage]]]
) -> Sequence[ReferenceImage]:
    """Those that were new. What an earlier registration of a twin left empty is filled."""
    new: list[ReferenceImage] = []
    for twin, references in many:
        new += registry.add_twin(connection, twin, references)
        for column, words in ((TwinRow.model, twin.model), (TwinRow.agency, twin.agency)):
            if words:
                connection.execute(
                    update(TwinRow).where(TwinRow.name == twin.name, column == "").values({column: words})
                )
    return new


def forget(connection: Connection) -> int:
    """What was looked at and never registered; how many files that were."""
    unclaimed = (
        FileRow.collected.is_(False),
        FileRow.registered.is_(False),
        *(
            ~exists().where(column == FileRow.sha256)
            for column in (
                ReferenceRow.sha256,
                NegativeRow.sha256,
                MediaItemRow.sha256,
                PairReviewRow.picture,
                PairReviewRow.reference,
                QuarantineRow.reference,
                MatchRow.sha256,
            )
        ),
    )
    files = connection.execute(select(FileRow.sha256).where(*unclaimed)).scalars().all()
    for part in chunks(files):
        for table in (FingerprintRow, EvidenceRow, LookRow, FileRow):
            connection.execute(delete(table).where(table.sha256.in_(part)))
    return len(files)
