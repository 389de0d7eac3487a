"""Reading ahead: a large file is read, mapped, checked and laid out by a process of its own, while this one
saves.

Both halves cost about the same. What is on its way is bounded by the pipe between them. Only for formats
whose file is kept whole: their entries carry neither bytes nor files.
"""

import fcntl
import gc
import importlib
import io
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from copyreg import dispatch_table
from dataclasses import fields
from datetime import datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

from crawler.intake.entries import Importer, Misread, Place, Skipped, Taken
from crawler.intake.ready import Ready, checked, ready
from storage.crawled import Capture
from storage.errors import IntakeError
from storage.fresh import Fresh
from storage.records import Failure, MediaItem, PlatformTag, PostVersion

LARGE = 20_000_000  # bytes of a file from which on another process is worth its start of half a second
AT_ONCE = 50  # entries in one message
PIPE = 1024 * 1024  # bytes on their way: Linux's limit for anybody, about a batch of posts
OBJECTS = 100_000  # until the reader looks for circles: what it reads has none, and is freed without
SECONDS_TO_END = 5.0
RECORDS = (Taken, Misread, Skipped, Place, Failure, Capture, PostVersion, MediaItem, PlatformTag, Fresh)


class Reading:
    """The posts of a file, read by a process of its own where it is large: that begins at once."""

    def __init__(self, importer: Importer, path: Path, now: datetime, room: Path) -> None:
        self._here = lambda: importer.read(path, now, room)
        self._pipe: Connection | None = None
        if importer.WHOLE and path.is_file() and path.stat().st_size >= LARGE:
            context = get_context("spawn")
            self._pipe, theirs = context.Pipe()
            _widen(self._pipe)
            asked = (theirs, importer.__name__, path, now, room)
            self._process: Any = context.Process(target=_read, args=asked, daemon=True)
            self._process.start()
            theirs.close()

    def entries(self, raw_sha256: str = "") -> Iterator[Ready | Misread | Skipped]:
        """`raw_sha256`: under which the file is kept whole, if posts are to be laid out with it. Raises
        IntakeError as `importer.read` does; kind "reader_died" where the process ended before the file
        did."""
        if self._pipe is not None:
            try:
                self._pipe.send(raw_sha256)
            except BrokenPipeError as error:
                raise _died() from error
            yield from _received(self._pipe)
            return
        for entry in map(checked, self._here()):
            yield Ready(*ready(entry), partial(_itself, entry)) if isinstance(entry, Taken) else entry

    def close(self) -> None:
        if self._pipe is None:
            return
        self._pipe.close()
        self._process.join(0 if self._process.is_alive() else SECONDS_TO_END)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(SECONDS_TO_END)


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
                yield Ready(*entry, partial(wholes.one, number))
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


def _read(pipe: Connection, name: str, path: Path, now: datetime, room: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that saves ends us
    gc.freeze()
    gc.set_threshold(OBJECTS)
    importer = cast("Importer", importlib.import_module(name))
    try:
        raw_sha256 = pipe.recv()
        entries = map(checked, importer.read(path, now, room))
        while some := list(islice(entries, AT_ONCE)):
            posts = [one for one in some if isinstance(one, Taken)]
            pipe.send_bytes(
                packed([ready(one, raw_sha256) if isinstance(one, Taken) else one for one in some])
            )
            pipe.send_bytes(packed(posts))
        pipe.send_bytes(packed([]))
    except IntakeError as error:
        pipe.send_bytes(packed({"message": str(error), "kind": error.kind, "where": error.failure().where}))
    except (BrokenPipeError, EOFError):  # nobody reads any more
        return


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
