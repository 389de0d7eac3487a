"""What is kept longer than its term: batch by batch, and never what a reference, a finding, a legal hold or
an open review needs.

A picture is *matched* when something registered, or a finding, rests on it or on a copy of it; else nobody
needs more of it than its fingerprints, and after their own term not these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from storage.keeping import Kept, Removal
from storage.notices import NoticeState
from storage.records import FindingStatus, MatchKind
from storage.shelves import batches, checks, findings, holds
from storage.shelves.batches import chunks
from storage.shelves.counters import FINGERPRINTED, take
from storage.shelves.decided import decided
from storage.shelves.examinations import REMOVED
from storage.shelves.pairs import FOR_A_PERSON
from storage.tables.desk import CheckRow
from storage.tables.examined import FileRow, FingerprintRow, MatchRow
from storage.tables.judged import FindingRow
from storage.tables.leaving import NoticeRow
from storage.tables.published import CaptureRow, MediaItemRow, VersionCaptureRow, VersionRow
from storage.tables.registered import MarkRow, NegativeRow, ReferenceRow
from storage.tables.taken_out import ExportRow, HoldRow, RemovalRow
from storage.tables.watched import ProblemRow, RunRow, VerificationRow

NEWEST_RUNS = 20  # that stay, however old: doctor reads the last night
STAYING = ("import", "import_undo")  # kinds of runs that an undo asks for
OPEN = (FindingStatus.NEW, FindingStatus.LOOK_AGAIN, FindingStatus.DISPUTED, FindingStatus.PROPOSED)
HELD, REVIEW = "a legal hold", "a review that is open"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Older than its term. `key`: SHA-256, run or number; `stays`: what keeps it all the same, or ""."""

    key: str
    at: datetime
    stays: str = ""


def batch(connection: Connection, kept: Kept, before: datetime, after: str) -> Sequence[Candidate]:
    """The next, by key; empty at the end."""
    return _BATCHES[kept](connection, before, after)


# --- pictures -----------------------------------------------------------------------------------------------

_SHOWN = exists().where(MediaItemRow.sha256 == FileRow.sha256)
_REGISTERED = or_(
    FileRow.registered.is_(True),
    FileRow.sha256.in_(select(ReferenceRow.sha256)),
    FileRow.sha256.in_(select(NegativeRow.sha256)),
    FileRow.sha256.in_(select(MarkRow.sha256)),
)
_WAITING = or_(
    FileRow.staged == "",
    FileRow.matched == "",
    exists().where(
        MediaItemRow.sha256 == FileRow.sha256, MediaItemRow.current.is_(True), MediaItemRow.judged == ""
    ),
)
_GROUP = func.coalesce(FileRow.copy_of, FileRow.sha256)


def _young(before: datetime) -> ColumnElement[bool]:
    return exists().where(
        MediaItemRow.sha256 == FileRow.sha256,
        VersionRow.id == MediaItemRow.version_id,
        VersionRow.seen_at >= before,
    )


def _needed() -> ColumnElement[bool]:
    """By itself, or by a copy: what a finding tells of may have travelled from there."""
    other = FileRow.__table__.alias("other")
    group = func.coalesce(other.c.copy_of, other.c.sha256)
    found = select(group).where(other.c.sha256.in_(select(FindingRow.sha256)))
    telling = (MatchRow.twin != "", MatchRow.kind != MatchKind.SAME_SCENE_OR_GARMENT)
    matched = select(group).where(other.c.sha256.in_(select(MatchRow.sha256).where(*telling)))
    return or_(_GROUP.in_(found), _GROUP.in_(matched))


def _old(before: datetime, after: str, *, needed: bool) -> Any:
    seen = (
        select(func.max(VersionRow.seen_at))
        .join(MediaItemRow, MediaItemRow.version_id == VersionRow.id)
        .where(MediaItemRow.sha256 == FileRow.sha256)
        .scalar_subquery()
    )
    rests = _needed()
    return (
        select(FileRow.sha256, seen.label("seen"))
        .where(FileRow.collected.is_(True), FileRow.sha256 > after, _SHOWN, not_(_young(before)))
        .where(not_(_REGISTERED), not_(_WAITING), rests if needed else not_(rests))
        .order_by(FileRow.sha256)
        .limit(batches.BATCH)
    )


def _unmatched_pictures(connection: Connection, before: datetime, after: str) -> Sequence[Candidate]:
    query = _old(before, after, needed=False).where(~REMOVED)
    return [Candidate(row.sha256, row.seen) for row in connection.execute(query)]


def _unmatched_fingerprints(connection: Connection, before: datetime, after: str) -> Sequence[Candidate]:
    printed = exists().where(FingerprintRow.sha256 == FileRow.sha256)
    query = _old(before, after, needed=False).where(printed)
    return [Candidate(row.sha256, row.seen) for row in connection.execute(query)]


def _matched_pictures(connection: Connection, before: datetime, after: str) -> Sequence[Candidate]:
    rows = connection.execute(_old(before, after, needed=True).where(~REMOVED)).all()
    kept = _kept(connection, [row.sha256 for row in rows])
    return [Candidate(row.sha256, row.seen, kept.get(row.sha256, "")) for row in rows]


def _kept(connection: Connection, files: Sequence[str]) -> Mapping[str, str]:
    """Why pictures behind findings stay: for each, what its whole group of copies says."""
    members = _members(connection, files)
    everyone = sorted({one for group in members.values() for one in group})
    standing = holds.every(connection, standing=True)
    twins, numbers = {one.twin for one in standing} - {""}, {one.finding for one in standing} - {0}
    why: dict[str, str] = {}
    said = decided(connection, everyone)
    for part in chunks(everyone):
        for row in connection.execute(select(MatchRow).where(MatchRow.sha256.in_(part), MatchRow.twin != "")):
            if row.kind in FOR_A_PERSON and (row.sha256, row.reference) not in said:
                why.setdefault(row.sha256, REVIEW)
            if row.twin in twins:
                why[row.sha256] = HELD
        query = select(FindingRow.id, FindingRow.sha256).where(FindingRow.sha256.in_(part))
        for number, sha256 in connection.execute(query).all():
            (finding,) = findings.load(connection, only=number)
            if number in numbers:
                why[sha256] = HELD
            elif finding.status in OPEN:
                why.setdefault(sha256, REVIEW)
    return {
        sha256: sorted(reasons)[0]
        for sha256, group in members.items()
        if (reasons := {why[one] for one in group if one in why})
    }


def _members(connection: Connection, files: Sequence[str]) -> Mapping[str, set[str]]:
    of: dict[str, str] = {}
    for part in chunks(files):
        query = select(FileRow.sha256, _GROUP).where(FileRow.sha256.in_(part))
        of.update((sha256, group) for sha256, group in connection.execute(query))
    groups: dict[str, set[str]] = {}
    for part in chunks(sorted(set(of.values()))):
        query = select(FileRow.sha256, _GROUP).where(or_(FileRow.copy_of.in_(part), FileRow.sha256.in_(part)))
        for sha256, group in connection.execute(query):
            groups.setdefault(group, set()).add(sha256)
    return {sha256: groups.get(group, set()) | {sha256} for sha256, group in of.items()}


# --- bodies, runs, exports, notices -------------------------------------------------------------------------


def _raw_responses(connection: Connection, before: datetime, after: str) -> Sequence[Candidate]:
    """What nothing but old captures of posts without a finding names."""
    found = select(FindingRow.post_id)
    behind = (
        select(CaptureRow.sha256)
        .join(VersionCaptureRow, VersionCaptureRow.capture == CaptureRow.digest)
        .join(VersionRow, VersionRow.id == VersionCaptureRow.version_id)
        .where(VersionRow.post_id.in_(found))
    )
    raw = select(VersionRow.raw_sha256).where(VersionRow.post_id.in_(found))
    query = (
        select(CaptureRow.sha256, func.max(CaptureRow.at).label("at"))
        .where(CaptureRow.sha256 > after, CaptureRow.sha256.not_in(select(FileRow.sha256)))
        .where(CaptureRow.sha256.not_in(select(MarkRow.sha256)))
        .where(CaptureRow.sha256.not_in(behind), CaptureRow.sha256.not_in(raw))
        .where(CaptureRow.sha256.not_in(select(RemovalRow.sha256)))
        .group_by(CaptureRow.sha256)
        .having(func.max(CaptureRow.at) < before)
        .order_by(CaptureRow.sha256)
        .limit(batches.BATCH)
    )
    looked_at = _looked_at(connection)
    return [
        Candidate(row.sha256, row.at, "the verification of an account" if row.sha256 in looked_at else "")
        for row in connection.execute(query)
    ]


def _looked_at(connection: Connection) -> set[str]:
    glances = connection.execute(select(VerificationRow.glances)).scalars()
    return {str(glance.get("sha256")) for told in glances for glance in told if isinstance(glance, dict)}


def _runs(connection: Connection, before: datetime, after: str) -> Sequence[Candidate]:
    newest = select(RunRow.run).order_by(RunRow.started.desc()).limit(NEWEST_RUNS)
    query = (
        select(RunRow.run, RunRow.started, RunRow.summary)
        .where(RunRow.run > after, RunRow.started < before, RunRow.run.not_in(newest))
        .order_by(RunRow.run)
        .limit(batches.BATCH)
    )
    return [
        Candidate(
            row.run,
            row.started,
            "an import that can be taken back" if row.summary.get("kind") in STAYING else "",
        )
        for row in connection.execute(query)
    ]


def _exports(connection: Connection, before: datetime, after: str) -> Sequence[Candidate]:
    query = (
        select(ExportRow.id, ExportRow.at, ExportRow.findings, ExportRow.twins)
        .where(ExportRow.id > int(after or 0), ExportRow.at < before)
        .order_by(ExportRow.id)
        .limit(batches.BATCH)
    )
    held = {one.finding for one in holds.every(connection, standing=True)} - {0}
    return [
        Candidate(str(row.id), row.at, HELD if held & set(row.findings) else "")
        for row in connection.execute(query)
    ]


def _notices(connection: Connection, before: datetime, after: str) -> Sequence[Candidate]:
    query = (
        select(NoticeRow.id, NoticeRow.ended_at, NoticeRow.told)
        .where(NoticeRow.state != NoticeState.OWED, NoticeRow.ended_at < before)
        .where(NoticeRow.id > int(after or 0))
        .order_by(NoticeRow.id)
        .limit(batches.BATCH)
    )
    held = {str(one.finding) for one in holds.every(connection, standing=True)}
    return [
        Candidate(str(row.id), row.ended_at, HELD if held & row.told.keys() else "")
        for row in connection.execute(query)
    ]


def _checks(connection: Connection, before: datetime, after: str) -> Sequence[Candidate]:
    query = (
        select(CheckRow.id, CheckRow.at, CheckRow.twins)
        .where(CheckRow.id > int(after or 0), CheckRow.at < before)
        .order_by(CheckRow.id)
        .limit(batches.BATCH)
    )
    held = set(connection.execute(_HELD_TWINS).scalars())
    return [
        Candidate(str(row.id), row.at, HELD if held & set(row.twins) else "")
        for row in connection.execute(query)
    ]


_HELD_TWINS = select(HoldRow.twin_id).where(HoldRow.lifted_at.is_(None), HoldRow.twin_id.is_not(None))
_BATCHES = {
    Kept.UNMATCHED_PICTURES: _unmatched_pictures,
    Kept.UNMATCHED_FINGERPRINTS: _unmatched_fingerprints,
    Kept.MATCHED_PICTURES: _matched_pictures,
    Kept.RAW_RESPONSES: _raw_responses,
    Kept.RUNS: _runs,
    Kept.EXPORTS: _exports,
    Kept.NOTICES: _notices,
    Kept.CHECKS: _checks,
}
BYTES = (Kept.UNMATCHED_PICTURES, Kept.MATCHED_PICTURES, Kept.RAW_RESPONSES)


# --- taking away --------------------------------------------------------------------------------------------


def remove(connection: Connection, kept: Kept, sizes: Mapping[str, int], at: datetime, why: str) -> None:
    """By key → bytes. Of bytes it is written down that they are gone, before they go."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    keys = sorted(sizes)
    if kept in BYTES:
        rows = [{"sha256": key, "at": at, "why": why, "size": sizes[key], "erased": False} for key in keys]
        connection.execute(insert(RemovalRow), rows)
    for part in chunks(keys):
        if kept is Kept.UNMATCHED_FINGERPRINTS:
            connection.execute(delete(FingerprintRow).where(FingerprintRow.sha256.in_(part)))
            for sha256 in part:  # whoever follows the collected files hears that it has none
                (number,) = take(connection, FINGERPRINTED)
                renewed = update(FileRow).where(FileRow.sha256 == sha256)
                connection.execute(renewed.values(fingerprinted=number))
        elif kept is Kept.RUNS:
            connection.execute(delete(ProblemRow).where(ProblemRow.run.in_(part)))
            connection.execute(delete(RunRow).where(RunRow.run.in_(part)))
        elif kept is Kept.EXPORTS:
            connection.execute(delete(ExportRow).where(ExportRow.id.in_([int(key) for key in part])))
        elif kept is Kept.NOTICES:
            connection.execute(delete(NoticeRow).where(NoticeRow.id.in_([int(key) for key in part])))
        elif kept is Kept.CHECKS:
            checks.forget(connection, map(int, part))


def removals(connection: Connection, files: Sequence[str] | None = None) -> Sequence[Removal]:
    """Of these files; None: all."""
    if files is None:
        return [Removal(*row) for row in connection.execute(_REMOVALS)]
    return [
        Removal(*row)
        for part in chunks(sorted(set(files)))
        for row in connection.execute(_REMOVALS_OF, {"files": part})
    ]


_REMOVALS = select(*RemovalRow.__table__.c).order_by(RemovalRow.sha256)
_REMOVALS_OF = _REMOVALS.where(RemovalRow.sha256.in_(bindparam("files", expanding=True)))


def came_again(connection: Connection, files: Sequence[str]) -> None:
    """Bytes that retention had taken and that were collected anew: they are looked at like others."""
    for part in chunks(files):
        gone = and_(RemovalRow.sha256.in_(part), RemovalRow.erased.is_(False))
        connection.execute(delete(RemovalRow).where(gone))


def fingerprinted(connection: Connection) -> Sequence[str]:
    """SHA-256 of the files that have fingerprints."""
    return connection.execute(select(FingerprintRow.sha256).distinct()).scalars().all()
