"""What matching waits for: pairs that a person must decide, references in quarantine, negatives, and the
cache. A part of `doctor`; it changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from desk.jobs.diagnosis import Health, State
from desk.jobs.references import held
from desk.output import several
from detector.matching.collected.archive import HEADER, Header, versions_today
from storage.errors import ArchiveError
from storage.store import Store

MANY_WAIT = 1000  # pairs; beyond, the number is not counted out


def matching_health(store: Store, cache: Path) -> Iterator[Health]:
    yield _pairs(store)
    yield _quarantine(store)
    yield _negatives(store)
    yield _cache(store, cache)


def _pairs(store: Store) -> Health:
    waiting = len(store.pairs.waiting(MANY_WAIT))
    decided = len(store.pairs.decided())
    if not waiting:
        return Health("pairs", State.OK, f"none waits for a person; {decided} were decided")
    number = f"{waiting} pairs or more" if waiting == MANY_WAIT else several(waiting, "pair")
    found = f"waiting for a person: {number}; {decided} were decided"
    return Health("pairs", State.WARN, found, "twinwatch pairs list --undecided --explain DIR")


def _quarantine(store: Store) -> Health:
    now = held(store)
    if not now:
        return Health("quarantine", State.OK, "no reference is held")
    names = "; ".join(
        f"{one.quarantine.reference[:12]} of {', '.join(sorted({ref.twin for ref in one.references}))} "
        f"({several(one.pictures, 'picture')})"
        for one in now
    )
    return Health("quarantine", State.WARN, f"not believed: {names}", "twinwatch quarantine list")


def _negatives(store: Store) -> Health:
    negatives = store.bank.negatives()
    gone = sum(one.withdrawn_at is not None for one in negatives)
    found = f"{several(len(negatives) - gone, 'picture')} that must never match" + (
        f" ({gone} withdrawn)" if gone else ""
    )
    return Health("negatives", State.OK, found)


def _cache(store: Store, cache: Path) -> Health:
    """The archive is read as it stands: opening it would mend it."""
    if not _can_be_written(cache):
        mend = "make it writable, or name another folder: [matching] cache = …"
        return Health("cache", State.WARN, f"{cache}: cannot be written; every pass goes without it", mend)
    files = sorted(cache.rglob(HEADER)) if cache.is_dir() else []
    if not files:
        return Health("cache", State.OK, f"{cache}: not made yet; the next detect makes it")
    try:
        headers = [Header.read(file.parent) for file in files]
    except ArchiveError as error:
        return Health(
            "cache", State.WARN, f"{error.where}: {error}", "nothing: the next detect makes it anew"
        )
    rows = sum(header.rows for header in headers)
    size = sum(file.stat().st_size for file in cache.rglob("*") if file.is_file())
    found = f"{cache}: {rows} pictures and frames, {size / 1024**2:.1f} MiB"
    if any(header.versions != versions_today() for header in headers):
        mend = "nothing: the next detect makes it anew"
        return Health("cache", State.WARN, f"{found}, made by another version", mend)
    return Health("cache", State.OK, found)


def _can_be_written(cache: Path) -> bool:
    """Tried with a file that has no name and leaves nothing behind; of a folder that is not there yet, where
    it will be made."""
    if cache.exists() and not cache.is_dir():
        return False
    there = next((folder for folder in (cache, *cache.parents) if folder.is_dir()), None)
    try:
        with TemporaryFile(dir=there):
            return True
    except OSError:
        return False
