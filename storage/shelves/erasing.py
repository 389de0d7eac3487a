"""Erasing a twin: what is there of it, and the one transaction in which its rows go.

A tombstone stays: the twin under a number, and for each of its pictures one drawn at random where its SHA-256
stood. Whatever pointed at the picture (matches, decisions, quarantines) points at that number, so that
findings keep their verdicts and nobody can tell which picture it was. See docs/decisions/erasure.md.
"""

import secrets as random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from storage.keeping import Erasure
from storage.records import MatchKind, PairDecision
from storage.shelves import checks, corrections, enrolled, listing
from storage.shelves.batches import chunks
from storage.shelves.contests import resting, twin_row
from storage.shelves.counters import FINGERPRINTED, take
from storage.shelves.decided import decided
from storage.shelves.examinations import stages_digest
from storage.shelves.media import judge_again
from storage.shelves.packed import FROM_PACKS
from storage.shelves.redacting import GONE, Secrets, stays_in_text, sweep
from storage.tables.base import Base
from storage.tables.examined import BankRow, EvidenceRow, FileRow, FingerprintRow, LookRow, MatchRow
from storage.tables.judged import PairReviewRow, PersonReadingRow
from storage.tables.published import MediaItemRow
from storage.tables.registered import (
    ConsentRow,
    CorrectionRow,
    EndingRow,
    MarkRow,
    NegativeRow,
    QuarantineRow,
    ReferenceRow,
    TwinRow,
)
from storage.tables.taken_out import ContestRow, ErasureRow, HoldRow, RemovalRow, WithdrawalRow
from storage.text import digest

CAPTURED = (MatchKind.COPY, MatchKind.LIKELY_COPY)


@dataclass(frozen=True, slots=True)
class Reach:
    """What there is of a twin. `pictures` are its references whose bytes go; `kept` those whose bytes stay,
    with why; `captured` the collected pictures that go with `--captures`, `screenshots` likewise."""

    pictures: tuple[str, ...]
    kept: Mapping[str, str]
    captured: tuple[str, ...]
    screenshots: tuple[str, ...]
    checks: tuple[int, ...]  # that somebody kept, and that matched the twin
    fingerprints: int
    matches: int
    findings: int
    others: tuple[str, ...]  # other twins that the captured pictures, or these checks, match
    short: tuple[str, ...] = ()  # names that stay in what people wrote: they cannot be told from words


def reach(connection: Connection, twin: str, *, captures: bool) -> Reach:
    """Raises RegistryError(kind="no_twin")."""
    twin_id = twin_row(connection, twin)
    references = _references(connection, twin_id)
    captured = _captured(connection, twin) if captures else ()
    kept = dict(_kept(connection, twin_id, references, captured))
    going = tuple(one for one in references if one not in kept)
    found = resting(connection, twin)
    matched = checks.of_twin(connection, twin_id)
    beside = {one for names in matched.values() for one in names}
    return Reach(
        pictures=going,
        kept=kept,
        captured=captured,
        screenshots=_screenshots(connection, found) if captures else (),
        checks=tuple(sorted(matched)),
        fingerprints=_count(connection, FingerprintRow, FingerprintRow.sha256, {*references, *captured}),
        matches=connection.execute(
            select(func.count()).select_from(MatchRow).where(MatchRow.twin == twin)
        ).scalar_one(),
        findings=len(found),
        others=tuple(sorted({*_others(connection, twin, captured), *beside})),
        short=tuple(stays_in_text(_names(connection, twin_id))),
    )


def _names(connection: Connection, twin_id: int) -> list[str]:
    """Its own, and its model's: the one and those that were typed wrong."""
    row = connection.execute(select(TwinRow.name, TwinRow.model).where(TwinRow.id == twin_id)).one()
    return sorted({row.name, row.model, *corrections.former(connection, twin_id, "model")} - {""})


def _references(connection: Connection, twin_id: int) -> tuple[str, ...]:
    query = select(ReferenceRow.sha256).where(ReferenceRow.twin_id == twin_id)
    return tuple(sorted(connection.execute(query).scalars()))


def _captured(connection: Connection, twin: str) -> tuple[str, ...]:
    """Collected pictures that are copies, as far as nobody said otherwise, and nothing that is registered."""
    query = (
        select(MatchRow.sha256, MatchRow.reference)
        .join(FileRow, FileRow.sha256 == MatchRow.sha256)
        .where(MatchRow.twin == twin, MatchRow.kind.in_(CAPTURED), FileRow.collected.is_(True))
    )
    pairs = [(row.sha256, row.reference) for row in connection.execute(query)]
    said = decided(connection, sorted({picture for picture, _ in pairs}))
    found = {pair[0] for pair in pairs if said.get(pair) is not PairDecision.REJECTED}
    registered = _registered_elsewhere(connection, twin_row(connection, twin), found)
    return tuple(sorted(found - registered.keys()))


def _kept(
    connection: Connection, twin_id: int, references: Collection[str], captured: Collection[str]
) -> Mapping[str, str]:
    kept = dict(_registered_elsewhere(connection, twin_id, references))
    for part in chunks(sorted(set(references) - set(captured))):
        query = select(FileRow.sha256).where(FileRow.sha256.in_(part), FileRow.collected.is_(True))
        for sha256 in connection.execute(query).scalars():
            kept.setdefault(sha256, "a collected post shows the very same file, which is evidence")
    return kept


def _registered_elsewhere(connection: Connection, twin_id: int, files: Collection[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    rows: tuple[tuple[Any, str], ...] = (
        (select(MarkRow.sha256), "it is registered as a mark too"),
        (select(NegativeRow.sha256), "it is registered as a picture that must never match too"),
        (
            select(ReferenceRow.sha256).where(ReferenceRow.twin_id != twin_id),
            "another twin's picture is the same",
        ),
    )
    for part in chunks(sorted(set(files))):
        for query, why in rows:
            column = query.selected_columns[0]
            for sha256 in connection.execute(query.where(column.in_(part))).scalars():
                found[sha256] = why
    return found


def _screenshots(connection: Connection, findings: Sequence[int]) -> tuple[str, ...]:
    found: set[str] = set()
    for part in chunks(findings):
        query = select(PersonReadingRow.screenshot).where(PersonReadingRow.finding_id.in_(part))
        found.update(connection.execute(query).scalars())
    return tuple(sorted(found - {""}))


def _others(connection: Connection, twin: str, files: Sequence[str]) -> tuple[str, ...]:
    found: set[str] = set()
    for part in chunks(files):
        query = select(MatchRow.twin).where(MatchRow.sha256.in_(part), MatchRow.twin.not_in(("", twin)))
        found.update(connection.execute(query).scalars())
    return tuple(sorted(found))


def _count(connection: Connection, table: Any, column: Any, files: Collection[str]) -> int:
    return sum(
        connection.execute(select(func.count()).select_from(table).where(column.in_(part))).scalar_one()
        for part in chunks(sorted(files))
    )


# --- step by step -------------------------------------------------------------------------------------------


def begin(connection: Connection, given: Erasure) -> Erasure:
    """Remembered before anything goes; one that was begun and not finished goes on."""
    twin_id = twin_row(connection, given.twin)
    query = select(ErasureRow.id).where(ErasureRow.twin_id == twin_id, ErasureRow.step != "done")
    number = connection.execute(query).scalar()
    if number is None:
        values = {
            "twin_id": twin_id,
            "at": given.at,
            "by": given.by,
            "reason": given.reason,
            "captures": given.captures,
            "step": "begun",
            "told": dict(given.told),
        }
        statement = insert(ErasureRow).values(**values).returning(ErasureRow.id)
        number = connection.execute(statement).scalar_one()
    elif given.captures:
        connection.execute(update(ErasureRow).where(ErasureRow.id == number).values(captures=True))
    return one(connection, number)


def one(connection: Connection, number: int) -> Erasure:
    return next(each for each in every(connection) if each.id == number)


def every(connection: Connection) -> Sequence[Erasure]:
    query = (
        select(TwinRow.name, *ErasureRow.__table__.c)
        .join(TwinRow, TwinRow.id == ErasureRow.twin_id)
        .order_by(ErasureRow.id)
    )
    return [
        Erasure(row.id, row.name, row.at, row.by, row.reason, row.captures, row.step, row.told)
        for row in connection.execute(query)
    ]


def tell(connection: Connection, number: int, told: Mapping[str, Any]) -> None:
    connection.execute(update(ErasureRow).where(ErasureRow.id == number).values(told=dict(told)))


def rows(
    connection: Connection, number: int, told: Mapping[str, Any], stages: Collection[str], at: datetime
) -> Erasure:
    """All rows at once. `stages`: those that only registered pictures go through."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    erasure = one(connection, number)
    twin_id = twin_row(connection, erasure.twin)
    found = reach(connection, erasure.twin, captures=erasure.captures)
    secrets = _secrets(connection, erasure, twin_id, found)
    for sha256, made_up in secrets.pairs.items():
        _repoint(connection, erasure.twin, twin_id, sha256, made_up, secrets.called, found, stages)
    _rename(connection, erasure.twin, secrets.called)
    listing.begin_anew(connection)
    _forget(connection, found.pictures, gone=True)
    _capture_tombstones(connection, found, erasure.at, secrets.called)
    checks.forget(connection, found.checks)
    _bare(connection, twin_id, secrets, at)
    connection.execute(update(ErasureRow).where(ErasureRow.id == number).values(step="rows", told=dict(told)))
    swept = sweep(connection, secrets)
    after = one(connection, number)
    tell(connection, number, {**after.told, "rewritten": swept})
    return one(connection, number)


def _rename(connection: Connection, twin: str, called: str) -> None:
    """Wherever a column holds the twin's name."""
    for table in Base.metadata.sorted_tables:
        if "twin" in table.c:
            connection.execute(update(table).where(table.c.twin == twin).values(twin=called))


def _secrets(connection: Connection, erasure: Erasure, twin_id: int, found: Reach) -> Secrets:
    row = connection.execute(select(TwinRow).where(TwinRow.id == twin_id)).one()
    told = {row.agency, row.note, *corrections.former(connection, twin_id, "agency")}
    told |= corrections.former(connection, twin_id, "basis")
    models = {row.model, *corrections.former(connection, twin_id, "model")}
    for columns in (
        select(ReferenceRow.basis, ReferenceRow.source).where(ReferenceRow.twin_id == twin_id),
        select(ConsentRow.clause, ConsentRow.document, ConsentRow.document_sha256, ConsentRow.pay_note).where(
            ConsentRow.twin_id == twin_id
        ),
        select(WithdrawalRow.reason).where(WithdrawalRow.twin_id == twin_id),
        select(ContestRow.reason).where(ContestRow.twin_id == twin_id),
        select(CorrectionRow.reason).where(CorrectionRow.twin_id == twin_id),
    ):
        told.update(text for each in connection.execute(columns) for text in each)
    told.discard(erasure.reason)  # the receipt says it, without the names
    pairs = {sha256: random.token_hex(32) for sha256 in (*found.pictures, *found.kept)}
    return Secrets(
        name=erasure.twin,
        called=_number(connection, twin_id),
        models=tuple(sorted(filter(None, models))),
        told=tuple(sorted(filter(None, told))),
        digests={sha256: pairs[sha256] for sha256 in found.pictures if sha256 not in found.captured},
        pairs=pairs,
    )


def _number(connection: Connection, twin_id: int) -> str:
    name = f"erased twin {twin_id}"
    while connection.execute(select(TwinRow.id).where(TwinRow.name == name)).first() is not None:
        name += "+"
    return name


def _repoint(
    connection: Connection,
    twin: str,
    twin_id: int,
    sha256: str,
    made_up: str,
    called: str,
    found: Reach,
    stages: Collection[str],
) -> None:
    """Whatever points at the picture as this twin's points at a made-up file, which nobody looks at."""
    file = connection.execute(select(FileRow).where(FileRow.sha256 == sha256)).one()._asdict()
    nothing = {"collected": False, "registered": False, "size": 0, "fingerprinted": 0, "copy_of": None}
    told: dict[str, Any] = {
        "stages": {},
        "failures": {},
        "staged": "",
        "matched": "",
        "may_bear_text": None,
        "format": "",
    }
    connection.execute(insert(FileRow).values(**{**file, **nothing, **told, "sha256": made_up}))
    gone = {"sha256": made_up, "at": datetime.now(UTC), "why": f"erased: {called}", "size": 0, "erased": True}
    connection.execute(insert(RemovalRow).values(**gone))
    mine = (ReferenceRow.twin_id == twin_id, ReferenceRow.sha256 == sha256)
    connection.execute(update(ReferenceRow).where(*mine).values(sha256=made_up))
    matched = (MatchRow.twin == twin, MatchRow.reference == sha256)
    connection.execute(update(MatchRow).where(*matched).values(twin=called, reference=made_up))
    contested = (ContestRow.twin_id == twin_id, ContestRow.reference == sha256)
    connection.execute(update(ContestRow).where(*contested).values(reference=made_up))
    _decisions(connection, sha256, made_up, shared=sha256 in found.kept)
    if sha256 in found.kept:
        enrolled.mark(connection, [sha256])
        still = select(FileRow.registered, FileRow.stages).where(FileRow.sha256 == sha256)
        registered, ran = connection.execute(still).one()
        if not registered:
            _without(connection, sha256, ran, stages)


def _decisions(connection: Connection, sha256: str, made_up: str, *, shared: bool) -> None:
    """What people decided about the pair keeps holding."""
    if not shared:
        values = {"reference": made_up}
        connection.execute(update(PairReviewRow).where(PairReviewRow.reference == sha256).values(**values))
        connection.execute(
            update(PairReviewRow).where(PairReviewRow.picture == sha256).values(picture=made_up)
        )
        connection.execute(update(QuarantineRow).where(QuarantineRow.reference == sha256).values(**values))
        return
    for table in (PairReviewRow, QuarantineRow):
        query = select(*table.__table__.c).where(table.reference == sha256).order_by(table.id)
        for row in connection.execute(query).all():
            copied = {name: value for name, value in row._asdict().items() if name != "id"}
            connection.execute(insert(table).values(**{**copied, "reference": made_up}))


def _without(connection: Connection, sha256: str, ran: Mapping[str, Any], stages: Collection[str]) -> None:
    """A collected picture that is registered no longer keeps only what every collected picture has."""
    packed = f"{FROM_PACKS}:"
    going = or_(FingerprintRow.stage.in_(sorted(stages)), FingerprintRow.stage.like(f"{packed}%"))
    connection.execute(delete(FingerprintRow).where(FingerprintRow.sha256 == sha256, going))
    left = {
        name: version for name, version in ran.items() if name not in stages and not name.startswith(packed)
    }
    values = {"stages": left, "staged": stages_digest(left)}
    connection.execute(update(FileRow).where(FileRow.sha256 == sha256).values(**values))


def _forget(connection: Connection, files: Sequence[str], *, gone: bool) -> None:
    """Fingerprints; and with `gone` all that is known of files that nobody shows any more."""
    for part in chunks(files):
        connection.execute(delete(FingerprintRow).where(FingerprintRow.sha256.in_(part)))
        if not gone:
            for sha256 in part:  # whoever follows the collected files hears that it has none
                (number,) = take(connection, FINGERPRINTED)
                renewed = update(FileRow).where(FileRow.sha256 == sha256)
                connection.execute(renewed.values(fingerprinted=number))
            continue
        collected = select(FileRow.sha256).where(FileRow.sha256.in_(part), FileRow.collected.is_(True))
        shown = set(connection.execute(collected).scalars())
        unseen = [sha256 for sha256 in part if sha256 not in shown]
        connection.execute(delete(EvidenceRow).where(EvidenceRow.sha256.in_(unseen)))
        connection.execute(delete(LookRow).where(LookRow.sha256.in_(unseen)))
        connection.execute(delete(MatchRow).where(MatchRow.sha256.in_(unseen)))
        connection.execute(delete(RemovalRow).where(RemovalRow.sha256.in_(unseen)))
        connection.execute(delete(FileRow).where(FileRow.sha256.in_(unseen)))


def _capture_tombstones(connection: Connection, found: Reach, at: datetime, called: str) -> None:
    _forget(connection, found.captured, gone=False)
    why = f"erased with {called}"
    for part in chunks(sorted({*found.captured, *found.screenshots})):
        known = set(
            connection.execute(select(RemovalRow.sha256).where(RemovalRow.sha256.in_(part))).scalars()
        )
        for sha256 in part:
            if sha256 not in known:
                values = {"sha256": sha256, "at": at, "why": why, "size": 0, "erased": True}
                connection.execute(insert(RemovalRow).values(**values))
        connection.execute(update(RemovalRow).where(RemovalRow.sha256.in_(part)).values(why=why, erased=True))
        judge_again(connection, MediaItemRow.sha256.in_(part))


def _bare(connection: Connection, twin_id: int, secrets: Secrets, at: datetime) -> None:
    """The twin, its pictures and its licences without what tells of the person."""
    mine = ReferenceRow.twin_id == twin_id
    bare = {"basis": GONE, "source": "", "mark_box": None, "withdrawn_at": at}
    connection.execute(update(ReferenceRow).where(mine).values(**bare))
    attested = update(ReferenceRow).where(mine, ReferenceRow.attested_by != "")
    connection.execute(attested.values(attested_by=GONE))
    nobody = {"name": secrets.called, "model": "", "agency": "", "note": "", "erased_at": at}
    connection.execute(update(TwinRow).where(TwinRow.id == twin_id).values(**nobody))
    licences = select(ConsentRow.id).where(ConsentRow.twin_id == twin_id)
    for number in connection.execute(licences).scalars().all():
        free = dict.fromkeys(("purposes", "pay_note", "clause", "document", "document_sha256"), "")
        content = digest((GONE, str(number)))
        connection.execute(update(ConsentRow).where(ConsentRow.id == number).values(**free, content=content))
        connection.execute(update(EndingRow).where(EndingRow.consent_id == number).values(reason=GONE))
    for table in (ContestRow, WithdrawalRow):
        connection.execute(update(table).where(table.twin_id == twin_id).values(reason=GONE))
    corrected = update(CorrectionRow).where(CorrectionRow.twin_id == twin_id)
    connection.execute(corrected.values(reason=GONE, before={}, after={}))
    lifted = update(HoldRow).where(HoldRow.twin_id == twin_id)
    connection.execute(lifted.values(reason=GONE, lifted_because=GONE))
    _out_of_banks(connection, secrets)


def _out_of_banks(connection: Connection, secrets: Secrets) -> None:
    """So that the next pass does not take the pictures for withdrawn, and drop what they matched."""
    going = {f"{room} {sha256} {secrets.name}" for room in ("reference", "mark") for sha256 in secrets.pairs}
    for row in connection.execute(select(BankRow.stamp, BankRow.members)).all():
        if row.members and going & row.members.keys():
            left = {member: told for member, told in row.members.items() if member not in going}
            connection.execute(update(BankRow).where(BankRow.stamp == row.stamp).values(members=left))
