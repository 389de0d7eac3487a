"""Write-once bytes named by their SHA-256, in a folder.

Crash safety: bytes are flushed to the disk before they get their name, so a name never stands for half a
file, not after a power cut either. The name itself is not flushed: that took twice as long again as the bytes
(6 ms beside 2, measured on ext4), and a power cut can at worst lose the names of the last seconds, which is
seen (`has`, "media_missing") and mended by fetching again.
"""

import hashlib
import os
import re
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import psutil

from storage.errors import StoreError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_STALE_SECONDS = 24 * 3600  # another machine's younger leftovers may belong to a download that still runs


class MediaFolder:
    """`root/ab/cd/abcd….` Files are written beside, flushed and renamed, so a name never stands for half a
    file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._temporaries = root / ".tmp"
        self._sweep()

    def put(self, data: bytes) -> str:
        """Keep bytes, return their SHA-256. Keeping the same bytes twice is nothing."""
        return self.put_new(data)[0]

    def put_new(self, data: bytes) -> tuple[str, bool]:
        """Keep bytes: their SHA-256, and whether they were not there before."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self.has(sha256):
            return sha256, False
        path = self.temporary()
        with _named(path):
            with path.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o444)
            _rename(path, self.path(sha256))
        return sha256, True

    def temporary(self) -> Path:
        """A path in the folder's own file system for a body that is streamed in; hand it to `adopt` or unlink
        it."""
        with _named(self._temporaries):
            if not self._temporaries.is_dir():
                self._temporaries.mkdir(parents=True, exist_ok=True)
        return self._temporaries / f"{uuid.uuid4().hex}.{os.getpid()}.{socket.gethostname()}"

    def adopt(self, path: Path, sha256: str) -> None:
        """Keep a streamed file whose digest the caller computed while writing. The path is gone
        afterwards."""
        target = self.path(sha256)
        with _named(path):
            if target.is_file():
                path.unlink()
                return
            _flush(path)
            path.chmod(0o444)
            _rename(path, target)

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Where the bytes are or would be. Raises StoreError when the name is no SHA-256."""
        if not _SHA256.fullmatch(sha256):
            raise StoreError(
                "a SHA-256 is 64 lower-case hex digits", kind="bad_digest", where=repr(sha256)[:80]
            )
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """Raises StoreError(kind="media_missing")."""
        path = self.path(sha256)
        try:
            return path.open("rb")
        except FileNotFoundError as error:
            raise StoreError(
                "the bytes are not in the media folder", kind="media_missing", where=sha256
            ) from error
        except OSError as error:
            raise StoreError(f"the bytes cannot be read: {error}", kind="media", where=str(path)) from error

    def read(self, sha256: str) -> bytes:
        with self.open(sha256) as file:
            return file.read()

    def remove(self, sha256: str) -> int:
        """Bytes that are to be kept no longer: how many; 0 where there were none. Raises StoreError."""
        path = self.path(sha256)
        with _named(path):
            try:
                size = path.stat().st_size
                path.unlink()
            except FileNotFoundError:
                return 0
        return size

    def names(self) -> Iterator[str]:
        """SHA-256 of all that is kept, in no order."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            if _SHA256.fullmatch(path.name):
                yield path.name

    def _sweep(self) -> None:
        """Remove what dead processes left half written: this machine's at once, others' after a day."""
        if not self._temporaries.is_dir():
            return
        for path in self._temporaries.iterdir():
            with suppress(FileNotFoundError):  # another process sweeps too
                if not _runs_here(path.name) and (_is_ours(path.name) or _is_old(path)):
                    path.unlink()


def _runs_here(name: str) -> bool:
    """Whether the process that a temporary is named after runs on this machine."""
    _, pid, _ = _parts(name)
    return _is_ours(name) and psutil.pid_exists(int(pid))


def _is_ours(name: str) -> bool:
    """Whether this machine's processes can be asked about it; another's cannot: a day is long."""
    _, pid, host = _parts(name)
    return host == socket.gethostname() and pid.isdecimal()


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _STALE_SECONDS


def _parts(name: str) -> tuple[str, str, str]:
    first, pid, host = (*name.split(".", 2), "", "")[:3]
    return first, pid, host


def _rename(path: Path, target: Path) -> None:
    try:
        path.replace(target)
    except FileNotFoundError:  # the first file of its folder: of 65,536 folders, so seldom after a while
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"the media folder cannot be written: {error}", kind="media", where=str(path)
        ) from error
