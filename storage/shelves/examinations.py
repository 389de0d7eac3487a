"""What the detector found in files, stage by stage, and which files a stage has not seen at today's
version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, literal, select, update

from storage.documents import failure_document
from storage.errors import StoreError
from storage.records import Examination, Fingerprint, OriginEvidence
from storage.shelves import groups
from storage.shelves.batches import Place, chunks, stale
from storage.shelves.counters import FINGERPRINTED, take
from storage.shelves.media import judge_again
from storage.shelves.packed import WITH_BYTES, replaced_by
from storage.tables.base import AnyRow
from storage.tables.examined import EvidenceRow, FileRow, FingerprintRow
from storage.tables.published import MediaItemRow
from storage.tables.taken_out import RemovalRow
from storage.text import digest

REMOVED = exists().where(RemovalRow.sha256 == FileRow.sha256)  # bytes that are gone on purpose
_WHOLE = ""  # the failure of a file that no stage could look at


@dataclass(frozen=True, slots=True)
class FileToExamine:
    """Bytes for which some stage has not run at today's version. `stages` are those to run."""

    sha256: str
    stages: tuple[str, ...]


def stages_digest(stages: Mapping[str, str]) -> str:
    return digest(part for name in sorted(stages) for part in (name, stages[name])) if stages else ""


def to_examine(
    connection: Connection, stages: Mapping[str, str], place: Place, *, registered: bool
) -> list[tuple[str, str, FileToExamine]]:
    """A batch of (staged, sha256, what to run): the first two are the place to go on from."""
    query = stale(
        select(FileRow.staged, FileRow.sha256, FileRow.stages),
        FileRow.staged,
        FileRow.sha256,
        stages_digest(stages),
        place,
    ).where(FileRow.registered == literal(registered), WITH_BYTES, ~REMOVED)
    return [
        (row.staged, row.sha256, FileToExamine(row.sha256, _missing(stages, row.stages)))
        for row in connection.execute(query)
    ]


def _missing(wanted: Mapping[str, str], recorded: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name, version in wanted.items() if recorded.get(name) != version)


def count_to_examine(connection: Connection, stages: Mapping[str, str], *, registered: bool) -> int:
    if not stages:
        return 0
    recorded = connection.execute(
        select(FileRow.stages, func.count())
        .where(FileRow.registered == literal(registered), FileRow.staged != stages_digest(stages))
        .where(WITH_BYTES, ~REMOVED)
        .group_by(FileRow.stages)
    )
    return sum(count for document, count in recorded if _missing(stages, document))


def save(connection: Connection, examination: Examination) -> None:
    query = select(FileRow).where(FileRow.sha256 == examination.sha256).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise StoreError("no such file was collected or registered", kind="no_file", where=examination.sha256)
    prints = _prints_by_stage(examination)
    evidence = _evidence_by_stage(examination)
    replaced = sorted(
        {*examination.stages, *(stage for stage, _ in prints), *(stage for stage, _ in evidence)}
    )
    prints_changed = _replace_prints(connection, examination.sha256, replaced, prints)
    told = _telling(connection, examination.sha256)
    evidence_changed = _replace_evidence(connection, examination.sha256, replaced, evidence)
    values = _file_values(row, examination)
    if prints_changed:
        (number,) = take(connection, FINGERPRINTED)
        values |= {"matched": "", "fingerprinted": number}
    connection.execute(update(FileRow).where(FileRow.sha256 == examination.sha256).values(**values))
    if evidence_changed and told != _telling(connection, examination.sha256):
        groups.judge_kin_again(connection, [examination.sha256])
    if (
        evidence_changed
        or any(values[name] != getattr(row, name) for name in ("too_little", "failures"))
        or (examination.may_bear_text and not row.may_bear_text)  # it may be worth a look now
    ):
        judge_again(connection, MediaItemRow.sha256 == examination.sha256)


def _telling(connection: Connection, sha256: str) -> tuple[OriginEvidence, ...]:
    """What travels to the copies of the picture."""
    found = evidence_of(connection, [sha256]).get(sha256, ())
    return tuple(one for one in found if one.level >= groups.TELLS)


def _file_values(row: AnyRow, examination: Examination) -> dict[str, Any]:
    stages = {**row.stages, **examination.stages}
    decoded = any(stage.startswith("fingerprint:") for stage in examination.stages)
    values: dict[str, Any] = {
        "stages": stages,
        "staged": stages_digest(stages),
        "failures": _failures(row.failures, examination),
        "too_little": examination.too_little if decoded else row.too_little,
        "format": examination.format or row.format,
    }
    if examination.may_bear_text is not None:
        values["may_bear_text"] = examination.may_bear_text
    if decoded or examination.width:
        values |= {"width": examination.width, "height": examination.height}
    return values


def _failures(before: Mapping[str, Any], examination: Examination) -> dict[str, Any]:
    ran = set(examination.stages) or {_WHOLE}
    kept = {stage: failure for stage, failure in before.items() if stage not in ran and stage != _WHOLE}
    failed = failure_document(examination.failure)
    return kept if failed is None else {**kept, **dict.fromkeys(sorted(ran), failed)}


def _stage(examination: Examination, room: str, name: str) -> str:
    """The stage a result belongs to: `room:name`, the version after a slash left out."""
    for stage in (f"{room}:{name}", f"{room}:{name.partition('/')[0]}"):
        if stage in examination.stages:
            return stage
    return f"{room}:{name}"


def _prints_by_stage(examination: Examination) -> list[tuple[str, Fingerprint]]:
    return [
        (_stage(examination, "fingerprint", found.algorithm), found) for found in examination.fingerprints
    ]


def _evidence_by_stage(examination: Examination) -> list[tuple[str, OriginEvidence]]:
    return [(_stage(examination, "origin", found.reader), found) for found in examination.evidence]


def _replace_prints(
    connection: Connection, sha256: str, stages: Sequence[str], found: Sequence[tuple[str, Fingerprint]]
) -> bool:
    where = (FingerprintRow.sha256 == sha256, replaced_by(stages))
    names = ("stage", "algorithm", "bits", "quality", "at")
    columns = [getattr(FingerprintRow, name) for name in names]
    query = select(*columns).where(*where).order_by(FingerprintRow.id)
    before = [tuple(row) for row in connection.execute(query)]
    now = [(stage, one.algorithm, one.bits, one.quality, one.at) for stage, one in found]
    if before == now:
        return False
    connection.execute(delete(FingerprintRow).where(*where))
    if now:
        connection.execute(
            insert(FingerprintRow), [{"sha256": sha256, **dict(zip(names, row, strict=True))} for row in now]
        )
    return True


def _replace_evidence(
    connection: Connection, sha256: str, stages: Sequence[str], found: Sequence[tuple[str, OriginEvidence]]
) -> bool:
    where = (EvidenceRow.sha256 == sha256, EvidenceRow.stage.in_(stages))
    before = [
        (row.stage, _evidence(row))
        for row in connection.execute(select(EvidenceRow).where(*where).order_by(EvidenceRow.id))
    ]
    if before == list(found):
        return False
    connection.execute(delete(EvidenceRow).where(*where))
    if found:
        connection.execute(
            insert(EvidenceRow),
            [
                {
                    "sha256": sha256,
                    "stage": stage,
                    "reader": one.reader,
                    "signal": one.signal,
                    "detail": one.detail,
                    "extent": one.extent,
                    "level": one.level,
                }
                for stage, one in found
            ],
        )
    return True


def _evidence(row: AnyRow) -> OriginEvidence:
    return OriginEvidence(row.reader, row.signal, row.detail, row.extent, row.level)


def evidence_of(connection: Connection, files: Sequence[str]) -> dict[str, tuple[OriginEvidence, ...]]:
    found: dict[str, tuple[OriginEvidence, ...]] = {}
    query = select(EvidenceRow).where(EvidenceRow.sha256.in_(files)).order_by(EvidenceRow.id)
    for row in connection.execute(query):
        found[row.sha256] = (*found.get(row.sha256, ()), _evidence(row))
    return found


_PRINT = (
    FingerprintRow.sha256,
    FingerprintRow.algorithm,
    FingerprintRow.bits,
    FingerprintRow.quality,
    FingerprintRow.at,
)


def fingerprints_of(
    connection: Connection, files: Sequence[str], without: Sequence[str] = ()
) -> dict[str, tuple[Fingerprint, ...]]:
    """Each file's in the order in which they were saved, but for those of the stages in `without`. Files
    without any are left out."""
    found: dict[str, list[Fingerprint]] = {}
    for part in chunks(files):
        query = select(*_PRINT).where(FingerprintRow.sha256.in_(part)).order_by(FingerprintRow.id)
        if without:
            query = query.where(FingerprintRow.stage.not_in(without))
        for sha256, algorithm, bits, quality, at in connection.execute(query):
            found.setdefault(sha256, []).append(Fingerprint(algorithm, bits, quality, at))
    return {sha256: tuple(prints) for sha256, prints in found.items()}
