"""Retention: what is older than its class's term goes, batch by batch, and never what a reference, a finding,
a legal hold or an open review needs.

Safe to kill at any moment: it is written down that bytes are gone before they go, and bytes that lie there
all the same are met again by the next run. See docs/decisions/erasure.md.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk.contract import Json, failure_json
from desk.jobs.cached import forgotten
from desk.output import several
from storage.doors.retention import BYTES, Candidate
from storage.errors import StoreError
from storage.keeping import Kept
from storage.records import Failure
from storage.store import Store

Terms = Mapping[Kept, int]  # days; 0: for as long as the store is there

WHAT = {
    Kept.UNMATCHED_PICTURES: "pictures that match nothing registered",
    Kept.UNMATCHED_FINGERPRINTS: "fingerprints of such pictures",
    Kept.MATCHED_PICTURES: "pictures behind findings and matches",
    Kept.RAW_RESPONSES: "what servers answered, of posts without a finding",
    Kept.RUNS: "runs, and the problems recorded in them",
    Kept.EXPORTS: "the memory of exports",
    Kept.NOTICES: "what became of alerts",
    Kept.CHECKS: "checks that somebody kept",
}


@dataclass(slots=True)
class Purged:
    """What became of one class. `kept`: why older ones stay → how many; `size` bytes of media."""

    kept_for: int  # days
    count: int = 0
    size: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    kept: Counter[str] = field(default_factory=Counter)

    def add(self, gone: Sequence[Candidate], size: int) -> None:
        self.count += len(gone)
        self.size += size
        moments = [one.at for one in gone] + [one for one in (self.oldest, self.newest) if one]
        if moments:
            self.oldest, self.newest = min(moments), max(moments)

    def json(self) -> Json:
        return {
            "days": self.kept_for or None,
            "count": self.count,
            "bytes": self.size,
            "oldest": self.oldest,
            "newest": self.newest,
            "kept": dict(self.kept),
        }


@dataclass(slots=True)
class Purge:
    """By class, in the order of going."""

    classes: dict[Kept, Purged] = field(default_factory=dict)
    again: int = 0  # erased pictures that were collected again, and deleted again
    failures: list[Failure] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        """A hold is no failure: it does what it was made for."""
        return 3 if self.failures else 0

    def json(self) -> Json:
        return {
            "purged": {kept.value: one.json() for kept, one in self.classes.items()},
            "erased_again": self.again,
            "errors": [failure_json(one) for one in self.failures],
        }

    def sentences(self) -> Iterator[str]:
        for kept, one in self.classes.items():
            if not one.kept_for:
                yield f"{WHAT[kept]}: kept for good"
                continue
            size = f", {one.size / 1024**2:.1f} MiB" if kept in BYTES else ""
            dates = f", of {one.oldest:%Y-%m-%d} to {one.newest:%Y-%m-%d}" if one.oldest else ""
            yield f"{WHAT[kept]}, kept for {several(one.kept_for, 'day')}: {one.count}{size}{dates}"
            yield from (f"  {count} more stay: {why}" for why, count in sorted(one.kept.items()))
        if self.again:
            yield f"{several(self.again, 'erased picture')} collected again, and deleted again"


def purge(
    store: Store,
    cache: Path,
    terms: Terms,
    *,
    dry_run: bool,
    only: Collection[Kept] = tuple(Kept),
    tell: Callable[[str], None] = lambda _: None,
    now: datetime | None = None,
) -> Purge:
    """The caller holds the night's lock. A file that cannot be deleted is named, and the others go on."""
    at = now or datetime.now(UTC)
    done = Purge()
    if not dry_run and set(only) & set(BYTES):
        _healed(store, done)
    for kept in (one for one in Kept if one in only):
        done.classes[kept] = Purged(terms[kept])
        before = _before(kept, terms, at)
        if before is None:
            continue
        tell(WHAT[kept])
        for batch in _batches(store, kept, before):
            _go(store, kept, batch, done, at, dry_run=dry_run)
        if kept is Kept.UNMATCHED_FINGERPRINTS and done.classes[kept].count and not dry_run:
            forgotten(cache)
    return done


def _before(kept: Kept, terms: Terms, at: datetime) -> datetime | None:
    """None: for good. Fingerprints never go before the bytes that they were made from."""
    days = terms[kept]
    if kept is Kept.UNMATCHED_FINGERPRINTS:
        pictures = terms[Kept.UNMATCHED_PICTURES]
        days = max(days, pictures) if days and pictures else 0
    return at - timedelta(days=days) if days else None


def _batches(store: Store, kept: Kept, before: datetime) -> Iterator[Sequence[Candidate]]:
    after = ""
    while batch := store.retention.batch(kept, before, after):
        yield batch
        after = batch[-1].key


def _go(
    store: Store, kept: Kept, batch: Sequence[Candidate], done: Purge, at: datetime, *, dry_run: bool
) -> None:
    one = done.classes[kept]
    one.kept.update(candidate.stays for candidate in batch if candidate.stays)
    going = [candidate for candidate in batch if not candidate.stays]
    sizes = {each.key: _size(store, each.key) if kept in BYTES else 0 for each in going}
    if kept in BYTES:  # what was never kept, or is missing for another reason, is not ours to take
        going = [each for each in going if store.media.has(each.key)]
        sizes = {each.key: sizes[each.key] for each in going}
    if going and not dry_run:
        store.retention.remove(kept, sizes, at, f"{kept.value}: {one.kept_for} days")
        if kept in BYTES:
            _delete(store, sizes, done)
    one.add(going, sum(sizes.values()))


def _size(store: Store, sha256: str) -> int:
    try:
        return store.media.path(sha256).stat().st_size
    except OSError:
        return 0


def _delete(store: Store, files: Mapping[str, int], done: Purge) -> None:
    for sha256 in files:
        try:
            store.media.remove(sha256)
        except StoreError as error:
            done.failures.append(error.failure())


def _healed(store: Store, done: Purge) -> None:
    """Bytes that were written down as gone, and lie there: a run was killed in between, or they were
    collected anew. Then they are looked at, and purged, like all others; erased ones are deleted again."""
    there = [one for one in store.retention.removals() if store.media.has(one.sha256)]
    store.retention.came_again([one.sha256 for one in there if not one.erased])
    erased = {one.sha256: one.size for one in there if one.erased}
    _delete(store, erased, done)
    done.again = len(erased)
