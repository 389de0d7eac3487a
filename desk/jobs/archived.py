"""The archive of all collected pictures' fingerprints, brought up to date with the store: a folder of the
cache that can be deleted at any time and is then filled anew."""

from collections.abc import Callable, Iterator
from pathlib import Path

from desk.jobs.cached import ARCHIVE, emptied, writing
from detector.matching.collected.archive import Archive, Picture
from storage.store import Store

ASKED = 8  # of the archive's last pictures: does the store know them under the same number?


def archive_of(store: Store, cache: Path, tell: Callable[[int], None]) -> Archive:
    """All that the store has fingerprinted until now. One made by other versions, damaged, or filled from
    another store is made anew. `tell` hears how many pictures were taken in. Raises ArchiveError, kind
    `cache_unwritable`."""
    with writing(cache):
        archive = Archive.opened_or_started(cache / ARCHIVE)
        if not _of_this_store(archive, store):
            emptied(cache)
            archive = Archive.started(cache / ARCHIVE)
        archive.append(_told(store.stored_fingerprints(archive.high_water), tell))
        return archive


def _of_this_store(archive: Archive, store: Store) -> bool:
    """A new database, or a backup that came back, has given the last numbers to others. One or two of the
    last pictures may have got a new number by being fingerprinted anew."""
    last = [row for row in range(len(archive) - 1, -1, -1)[:1000] if archive.alive[row]]
    asked = [(int(archive.columns["id"][row]), archive.sha256(row)) for row in last[:ASKED]]
    same = sum(_numbered(store, number) == sha256 for number, sha256 in asked)
    return not len(archive) or 2 * same >= max(1, len(asked))


def _numbered(store: Store, number: int) -> str:
    """SHA-256 of the picture that has this number, "" where none has."""
    found, sha256, _ = next(store.stored_fingerprints(number - 1), (0, "", ()))
    return sha256 if found == number else ""


def _told(pictures: Iterator[Picture], tell: Callable[[int], None]) -> Iterator[Picture]:
    for done, picture in enumerate(pictures, start=1):
        yield picture
        tell(done)
