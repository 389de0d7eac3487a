"""Reading ahead: a large file is read, mapped, checked and laid out by a process of its own (apart.py), while
this one saves.

Both halves cost about the same. What is on its way is bounded (outbox.py). Only for formats whose file is
kept whole: their entries carry neither bytes nor files.
"""

import fcntl
import pickle
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from crawler.intake.apart import command
from crawler.intake.entries import Importer, Misread, Skipped, Taken
from crawler.intake.outbox import LENGTH
from crawler.intake.ready import Ready, checked, ready
from crawler.intake.whole import Whole
from storage.errors import IntakeError
from storage.media import MediaFolder

LARGE = 20_000_000  # bytes of a file from which on another process is worth its start of a fifth of a second
PIPE = 1024 * 1024  # bytes: Linux's limit for anybody
SECONDS_TO_END = 5.0


class Entries:
    """The entries of one file or folder: read by a process of its own where the file is large, and that
    begins at once."""

    def __init__(self, importer: Importer, path: Path, *, lay_out: bool) -> None:
        """`lay_out`: posts are to be made ready as they are stored where nobody is asked for their media."""
        self.importer, self.path = importer, path
        self._room = TemporaryDirectory(prefix="twinwatch-")
        self.now = datetime.now(UTC)
        self.process: subprocess.Popen[bytes] | None = None
        if importer.WHOLE and path.is_file() and path.stat().st_size >= LARGE:
            self.process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                command(importer, path, self.now, Path(self._room.name), lay_out=lay_out),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                bufsize=0,
            )
            _widen(_pipe_of(self.process))
        self._whole: Whole | None = None

    def begin_to_keep(self, folder: MediaFolder) -> None:
        """The file, where it is kept whole: its copy is made while other things are done."""
        if self.importer.WHOLE and self._whole is None:
            self._whole = Whole(self.path, folder)

    def keep_whole(self, folder: MediaFolder) -> str:
        """The SHA-256 under which the file is kept now. Raises IntakeError kind "not_readable", StoreError
        kind "media"."""
        self.begin_to_keep(folder)
        return self._whole.keep() if self._whole else ""

    def read(self) -> Iterator[Ready | Misread | Skipped]:
        """Once. Raises IntakeError as `importer.read` does; kind "reader_died" where the process ended before
        the file did."""
        if self.process is not None:
            yield from _received(_pipe_of(self.process))
            return
        for entry in map(checked, self.importer.read(self.path, self.now, Path(self._room.name))):
            yield Ready(*ready(entry)) if isinstance(entry, Taken) else entry

    def close(self) -> None:
        if self._whole:
            self._whole.close()
        if self.process is not None:
            if self.process.stdout:
                self.process.stdout.close()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0 if self.process.poll() is None else SECONDS_TO_END)
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
        self._room.cleanup()


def _pipe_of(process: subprocess.Popen[bytes]) -> FileIO:
    return cast("FileIO", process.stdout)  # it has no buffer


def _widen(pipe: FileIO) -> None:
    try:
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE)
    except (AttributeError, OSError):  # no Linux, or the user's share is used up: it only waits more often
        return


def _received(pipe: FileIO) -> Iterator[Ready | Misread | Skipped]:
    while message := pickle.loads(_next(pipe)):  # noqa: S301 - only our own process writes into this pipe
        if isinstance(message, dict):
            raise IntakeError(message["message"], kind=message["kind"], where=message["where"])
        for entry in message:
            yield Ready(*entry) if isinstance(entry, tuple) else entry


def _next(pipe: FileIO) -> bytearray:
    return _bytes(pipe, int.from_bytes(_bytes(pipe, LENGTH), "big"))


def _bytes(pipe: FileIO, length: int) -> bytearray:
    """Raises IntakeError kind "reader_died"."""
    data = bytearray(length)
    rest = memoryview(data)
    while rest:
        read = pipe.readinto(rest)
        if not read:
            message = "the process that reads the file ended before the file did: what was stored stays"
            raise IntakeError(message, kind="reader_died")
        rest = rest[read:]
    return data
