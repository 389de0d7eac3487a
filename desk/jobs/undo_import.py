"""Taking an earlier import back: what only it brought goes, what others built on stays by name, and both are
recorded as a run of its own."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from desk.contract import Json
from desk.jobs.nightly import LOCK
from storage.errors import IntakeError
from storage.store import RunRecord, Stays, Store

AT_ONCE = 500  # posts in one transaction; an undo that was killed is run again
RUNS = 100_000  # that are looked through
MOST_NAMED = 1000


@dataclass(slots=True)
class Undone:
    run: str
    raw_sha256: str
    posts: int = 0
    stays_count: int = 0
    stays: list[Stays] = field(default_factory=list)


def undo(store: Store, run: str, by: str, *, dry_run: bool) -> Undone:
    """`store`: with a dry run a rehearsal. Raises IntakeError kind "no_such_import" or "cannot_be_undone",
    TryAgainLater while a night is running."""
    raw = _file_of(_found(store, run))
    undone = Undone(run, raw)
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
    posts = store.imports.brought(undone.raw_sha256)
    for start in range(0, len(posts), AT_ONCE):
        gone, stays = store.imports.take_back(undone.raw_sha256, posts[start : start + AT_ONCE])
        undone.posts += gone
        undone.stays_count += len(stays)
        undone.stays += stays[: MOST_NAMED - len(undone.stays)]
    return undone


def _found(store: Store, run: str) -> RunRecord:
    imports = [one for one in store.runs(RUNS) if one.summary.get("kind") == "import"]
    for one in imports:
        if one.run == run:
            return one
    latest = ", ".join(one.run for one in imports[:3]) or "there is none"
    raise IntakeError(
        f"{run[:200]}: no import of this name came to an end; the latest: {latest}",
        kind="no_such_import",
        where=run[:200],
    )


def _file_of(record: RunRecord) -> str:
    raw = record.summary.get("raw_sha256")
    if isinstance(raw, str) and raw:
        return raw
    raise IntakeError(
        f"{record.run}: imports of folders and web archives do not record which captures they brought, "
        f"so nothing of them can be told from what others brought",
        kind="cannot_be_undone",
        where=record.run,
    )


def undone_json(undone: Undone) -> Json:
    """The last line of `twinwatch import --undo RUN --json`."""
    return {
        "undone": undone.run,
        "raw_sha256": undone.raw_sha256,
        "posts": undone.posts,
        "stays_count": undone.stays_count,
        "stays": [_stays_json(one) for one in undone.stays],
    }


def _stays_json(one: Stays) -> Mapping[str, object]:
    return {"account": one.account.name, "post_id": one.post_id, "why": one.why}
