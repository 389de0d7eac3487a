"""Reading ahead: a large file is read and mapped by a process of its own, while this one saves.

Both halves cost about the same. What is on its way is bounded by the pipe between them. Only for formats
whose file is kept whole: their entries carry neither bytes nor files.
"""

import fcntl
import gc
import importlib
import io
import pickle
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from copyreg import dispatch_table
from dataclasses import fields
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from typing import Any, cast

from crawler.intake.entries import Entry, Importer, Misread, Place, Skipped, Taken
from storage.crawled import Capture
from storage.errors import IntakeError
from storage.records import Failure, MediaItem, PlatformTag, PostVersion

LARGE = 20_000_000  # bytes of a file from which on another process is worth its start of half a second
AT_ONCE = 50  # entries in one message
PIPE = 1024 * 1024  # bytes on their way: Linux's limit for anybody, about a batch of posts
OBJECTS = 100_000  # until the reader looks for circles: what it reads has none, and is freed without
SECONDS_TO_END = 5.0
RECORDS = (Taken, Misread, Skipped, Place, Failure, Capture, PostVersion, MediaItem, PlatformTag)


def entries_of(importer: Importer, path: Path, now: datetime, room: Path) -> Generator[Entry, None, None]:
    """`importer.read`, begun at once where the file is large. Raises IntakeError as that does; kind
    "reader_died" where the process ended before the file did."""
    if not importer.WHOLE or not path.is_file() or path.stat().st_size < LARGE:
        return _as_asked(importer.read(path, now, room))
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    _widen(ours)
    process = context.Process(target=_read, args=(theirs, importer.__name__, path, now, room), daemon=True)
    process.start()
    theirs.close()
    return _received(ours, process)


def _widen(pipe: Connection) -> None:
    try:
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE)
    except (AttributeError, OSError):  # no Linux, or the user's share is used up: it only waits more often
        return


def _as_asked(entries: Iterator[Entry]) -> Generator[Entry, None, None]:
    yield from entries


def _received(pipe: Connection, process: Any) -> Generator[Entry, None, None]:
    try:
        while message := _next(pipe):
            if isinstance(message, dict):
                raise IntakeError(message["message"], kind=message["kind"], where=message["where"])
            yield from message
    finally:
        pipe.close()
        process.join(0 if process.is_alive() else SECONDS_TO_END)
        if process.is_alive():
            process.terminate()
            process.join(SECONDS_TO_END)


def _next(pipe: Connection) -> Sequence[Entry] | dict[str, str]:
    """Empty at the end. Only our own process writes into this pipe."""
    try:
        return cast("Sequence[Entry] | dict[str, str]", pickle.loads(pipe.recv_bytes()))  # noqa: S301
    except EOFError as error:
        message = "the process that reads the file ended before the file did: what was stored stays"
        raise IntakeError(message, kind="reader_died") from error


# --- in the other process -----------------------------------------------------------------------------------


def _read(pipe: Connection, name: str, path: Path, now: datetime, room: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that saves ends us
    gc.freeze()
    gc.set_threshold(OBJECTS)
    importer = cast("Importer", importlib.import_module(name))
    try:
        entries = importer.read(path, now, room)
        while some := list(islice(entries, AT_ONCE)):
            pipe.send_bytes(packed(some))
        pipe.send_bytes(packed([]))
    except IntakeError as error:
        pipe.send_bytes(packed({"message": str(error), "kind": error.kind, "where": error.failure().where}))
    except BrokenPipeError:  # nobody reads any more
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
