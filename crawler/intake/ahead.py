"""Reading ahead: a large file is read, mapped, checked and laid out by a process of its own, while this one
saves.

Both halves cost about the same. What is on its way is bounded (outbox.py). Only for formats whose file is
kept whole: their entries carry neither bytes nor files.
"""

import fcntl
import importlib
import io
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from copyreg import dispatch_table
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from crawler.intake.circles import seldom_looked_for
from crawler.intake.entries import Entry, Importer, Misread, Place, Skipped, Taken
from crawler.intake.outbox import Outbox
from crawler.intake.ready import Ready, checked, ready
from storage.crawled import Capture
from storage.errors import IntakeError
from storage.fresh import Fresh
from storage.records import Failure, MediaItem, PlatformTag, PostVersion

LARGE = 20_000_000  # bytes of a file from which on another process is worth its start of half a second
AT_ONCE = 50  # entries in one message
TEXT_AT_ONCE = 2_000_000  # characters likewise: captions of a megabyte come in many
PIPE = 1024 * 1024  # bytes: Linux's limit for anybody
SECONDS_TO_END = 5.0
RECORDS = (Taken, Misread, Skipped, Place, Failure, Capture, PostVersion, MediaItem, PlatformTag, Fresh)


class Entries:
    """The entries of one file or folder: read by a process of its own where the file is large, and that
    begins at once."""

    def __init__(self, importer: Importer, path: Path, *, lay_out: bool) -> None:
        """`lay_out`: posts are to be made ready as they are stored where nobody is asked for their media."""
        self.importer, self.path = importer, path
        self._room = TemporaryDirectory(prefix="twinwatch-")
        self.now = datetime.now(UTC)
        self._pipe: Connection | None = None
        if importer.WHOLE and path.is_file() and path.stat().st_size >= LARGE:
            self._begin(lay_out=lay_out)

    def _begin(self, *, lay_out: bool) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        _widen(self._pipe)
        asked = (theirs, self.importer.__name__, self.path, self.now, Path(self._room.name), lay_out)
        self._process: Any = context.Process(target=_read, args=asked, daemon=True)
        self._process.start()
        theirs.close()

    def read(self) -> Iterator[Ready | Misread | Skipped]:
        """Once. Raises IntakeError as `importer.read` does; kind "reader_died" where the process ended before
        the file did."""
        if self._pipe is not None:
            yield from _received(self._pipe)
            return
        for entry in map(checked, self.importer.read(self.path, self.now, Path(self._room.name))):
            yield Ready(partial(_itself, entry), *ready(entry)) if isinstance(entry, Taken) else entry

    def close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._process.join(0 if self._process.is_alive() else SECONDS_TO_END)
            if self._process.is_alive():
                self._process.terminate()
                self._process.join(SECONDS_TO_END)
        self._room.cleanup()


def _itself(one: Taken) -> Taken:
    return one


def _widen(pipe: Connection) -> None:
    try:
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE)
    except (AttributeError, OSError):  # no Linux, or the user's share is used up: it only waits more often
        return


def _received(pipe: Connection) -> Iterator[Ready | Misread | Skipped]:
    while message := pickle.loads(_next(pipe)):  # noqa: S301 - only our own process writes into this pipe
        if isinstance(message, dict):
            raise IntakeError(message["message"], kind=message["kind"], where=message["where"])
        wholes = _Wholes(_next(pipe))
        number = 0
        for entry in message:
            if isinstance(entry, tuple):
                yield Ready(partial(wholes.one, number), *entry)
                number += 1
            else:
                yield entry


def _next(pipe: Connection) -> bytes:
    try:
        return pipe.recv_bytes()
    except EOFError as error:
        raise _died() from error


def _died() -> IntakeError:
    message = "the process that reads the file ended before the file did: what was stored stays"
    return IntakeError(message, kind="reader_died")


class _Wholes:
    """The posts of a message, unpacked when one of them is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._posts: Sequence[Taken] = ()

    def one(self, number: int) -> Taken:
        if not self._posts:
            self._posts = pickle.loads(self._data)  # noqa: S301 - likewise
        return self._posts[number]


# --- in the other process -----------------------------------------------------------------------------------


def _read(pipe: Connection, name: str, path: Path, now: datetime, room: Path, lay_out: bool) -> None:  # noqa: FBT001
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that saves ends us
    importer = cast("Importer", importlib.import_module(name))
    nobody_reads = suppress(BrokenPipeError)
    with seldom_looked_for(), nobody_reads, closing(Outbox(pipe)) as out:
        for message in _messages(importer.read(path, now, room), lay_out=lay_out):
            out.put(message)


def _messages(entries: Iterator[Entry], *, lay_out: bool) -> Iterator[bytes]:
    """In twos: some entries, and their posts whole; nothing at the end."""
    try:
        for some in _some(map(checked, entries)):
            yield packed([ready(one, lay_out=lay_out) if isinstance(one, Taken) else one for one in some])
            yield packed([one for one in some if isinstance(one, Taken)])
        yield packed([])
    except IntakeError as error:
        yield packed({"message": str(error), "kind": error.kind, "where": error.failure().where})


def _some(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    """As many as go into one message: fewer where their texts are long."""
    some: list[Entry] = []
    size = 0
    for entry in entries:
        some.append(entry)
        size += len(entry.post.text) if isinstance(entry, Taken) else 0
        if len(some) == AT_ONCE or size >= TEXT_AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def packed(message: object) -> bytes:
    """Pickled, records by their fields in order: a quarter of the time that frozen dataclasses take else."""
    into = io.BytesIO()
    pickler = pickle.Pickler(into, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _TABLE
    pickler.dump(message)
    return into.getvalue()


def _by_fields(record: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[Any, ...]]]:
    values = attrgetter(*(one.name for one in fields(record)))
    return lambda one: (record, values(one))


_TABLE: dict[type[Any], Any] = {**dispatch_table, **{record: _by_fields(record) for record in RECORDS}}
