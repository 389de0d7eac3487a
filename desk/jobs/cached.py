"""The folder of what matching can make again: whether it belongs to this store as it stands, and can be
written.

A backup that comes back, and a folder laid beside another database, would vouch for pictures that are not
there and keep the real ones out. So each pass writes one number to both, when it begins and when it ends: a
folder with another number than the store's is emptied.
"""

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from detector.matching.collected.archive import HEADER
from storage.errors import ArchiveError, StoreError
from storage.records import Failure
from storage.store import Store

ARCHIVE = "archive"  # the folder in it of collected pictures' fingerprints
SMALL_PICTURES = "desk"  # of the web desk
TURN = "store.json"
WITHOUT = (
    "matching goes on without it, more slowly; earlier copies of collected pictures were not looked for, "
    "which the next pass makes up for"
)


@contextmanager
def taken(store: Store, cache: Path) -> Iterator[None]:
    """While a pass uses it. Raises ArchiveError, kind `cache_unwritable`."""
    if _turn(cache) != store.bank.cache_turn():
        emptied(cache)
    _next(store, cache)
    yield
    _next(store, cache)


def emptied(cache: Path) -> None:
    """It is filled anew from the store. Raises ArchiveError, kind `cache_unwritable`."""
    with writing(cache):
        for beside in cache.glob("*.json"):
            beside.unlink()
        (cache / ARCHIVE / HEADER).unlink(missing_ok=True)


def forgotten(cache: Path) -> None:
    """All that is in it goes, bytes and all: the archive's columns still hold pictures that died, the desk's
    folder small pictures. Only what the program makes itself: the folder may be shared. Raises StoreError:
    what cannot be deleted is not gone."""
    try:
        for room in (ARCHIVE, SMALL_PICTURES):
            if (cache / room).is_dir():
                shutil.rmtree(cache / room)
        for pattern in ("*.json", "*.json.new"):
            for beside in cache.glob(pattern):
                beside.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise StoreError(
            f"the cache of matching cannot be deleted: {why}", kind="cache", where=str(cache)
        ) from error


def kept(cache: Path, name: str, content: object) -> None:
    """A small JSON file, whole or not at all. Raises ArchiveError, kind `cache_unwritable`."""
    with writing(cache):
        cache.mkdir(parents=True, exist_ok=True)
        fresh = cache / f"{name}.new"
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(cache / name)


@contextmanager
def writing(cache: Path) -> Iterator[None]:
    """What the system says against writing there comes out as ArchiveError, kind `cache_unwritable`."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ArchiveError(
            f"the cache of matching cannot be written: {why}", kind="cache_unwritable", where=str(cache)
        ) from error


def told(error: ArchiveError) -> Failure:
    return Failure(error.kind, f"{error}; {WITHOUT}", error.where)


def _turn(cache: Path) -> int | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads((cache / TURN).read_text(encoding="utf-8"))["turn"])
    return None


def _next(store: Store, cache: Path) -> None:
    """The store first: who is killed in between has a folder that is emptied, and none that is believed."""
    kept(cache, TURN, {"turn": store.bank.next_cache_turn(1 + secrets.randbelow(1 << 40))})
