"""Taking an earlier import back: what only it brought goes, what others built on stays by name, and both are
recorded as a run of its own."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from desk.contract import Json
from desk.jobs.nightly import LOCK
from storage.errors import IntakeError
from storage.keeping import Export
from storage.store import RunRecord, Stays, Store

AT_ONCE = 500  # posts in one transaction; an undo that was killed is run again
RUNS = 100_000  # that are looked through
MOST_NAMED = 1000


@dataclass(slots=True)
class Undone:
    """`source`: by what the store knows the import, a file's SHA-256 or the run."""

    run: str
    source: str
    raw_sha256: str = ""
    posts: int = 0
    stays_count: int = 0
    stays: list[Stays] = field(default_factory=list)
    findings: set[int] = field(default_factory=set)  # of the posts that stay
    exports: tuple[Export, ...] = ()  # files that left the house with any of them


def undo(store: Store, run: str, by: str, *, dry_run: bool) -> Undone:
    """`store`: with a dry run a rehearsal. Raises IntakeError kind "no_such_import" or "cannot_be_undone",
    TryAgainLater while a night is running."""
    undone = _found(store, run)
    if dry_run:
        return _taken(store, undone)
    with store.lock(LOCK):
        now = datetime.now(UTC)
        record = f"import-undo-{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        store.start_run(record, now)
        try:
            return _taken(store, undone)
        finally:
            store.end_run(record, datetime.now(UTC), {"kind": "import_undo", "by": by, **undone_json(undone)})


def _taken(store: Store, undone: Undone) -> Undone:
    posts = store.imports.brought(undone.source)
    for start in range(0, len(posts), AT_ONCE):
        gone, stays = store.imports.take_back(undone.source, posts[start : start + AT_ONCE])
        undone.posts += gone
        undone.stays_count += len(stays)
        undone.stays += stays[: MOST_NAMED - len(undone.stays)]
        undone.findings.update(number for one in stays for number in one.findings)
    store.imports.forget_met(undone.source)
    if undone.findings:
        every = store.exports.all()
        undone.exports = tuple(one for one in every if not undone.findings.isdisjoint(one.findings))
    return undone


def _found(store: Store, run: str) -> Undone:
    imports = [one for one in store.runs(RUNS) if one.summary.get("kind") == "import"]
    for one in imports:
        if one.run == run:
            raw = str(one.summary.get("raw_sha256") or "")
            return Undone(run, _source_of(one), raw)
    if store.imports.is_known(run):  # it was killed: what it brought until then is written down
        return Undone(run, run)
    latest = ", ".join(one.run for one in imports[:3]) or "there is none"
    raise IntakeError(
        f"{run[:200]}: no import of this name came to an end; the latest: {latest}",
        kind="no_such_import",
        where=run[:200],
    )


def _source_of(record: RunRecord) -> str:
    source = record.summary.get("source") or record.summary.get("raw_sha256")
    if isinstance(source, str) and source:
        return source
    raise IntakeError(
        f"{record.run}: an earlier version imported this folder or web archive and did not record which "
        f"captures it brought, so nothing of them can be told from what others brought",
        kind="cannot_be_undone",
        where=record.run,
    )


def undone_json(undone: Undone) -> Json:
    """The last line of `twinwatch import --undo RUN --json`."""
    return {
        "undone": undone.run,
        "raw_sha256": undone.raw_sha256 or None,
        "posts": undone.posts,
        "stays_count": undone.stays_count,
        "stays": [_stays_json(one) for one in undone.stays],
        "findings": sorted(undone.findings),
        "exports": [_export_json(one) for one in undone.exports],
    }


def _stays_json(one: Stays) -> Mapping[str, object]:
    return {
        "account": one.account.name,
        "post_id": one.post_id,
        "why": one.why,
        "findings": list(one.findings),
    }


def _export_json(one: Export) -> Mapping[str, object]:
    return {"at": one.at, "by": one.by, "format": one.format, "path": one.path, "sha256": one.sha256}
