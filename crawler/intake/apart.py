"""Reading a file in a process of its own: `python -m crawler.intake.apart IMPORTER PATH NOW ROOM LAY_OUT`.

Messages go to standard output, each behind its length: some entries; an empty list at the end. It loads
nothing but what reading takes, so that it reads while the process that saves is still starting.
"""

import importlib
import io
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from copyreg import dispatch_table
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO, cast

from crawler.intake.circles import seldom_looked_for
from crawler.intake.entries import Entry, Importer, Misread, Place, Skipped, Taken
from crawler.intake.outbox import Outbox
from crawler.intake.ready import checked, ready
from storage.crawled import Capture
from storage.errors import IntakeError
from storage.fresh import Fresh, LaidCapture
from storage.records import Failure, MediaItem, PlatformTag, PostVersion

AT_ONCE = 50  # entries in one message
TEXT_AT_ONCE = 2_000_000  # characters likewise: captions of a megabyte come in many
RECORDS = (
    *(Taken, Misread, Skipped, Place, Failure, Capture, PostVersion, MediaItem, PlatformTag),
    *(Fresh, LaidCapture),
)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that saves ends us
    name, path, now, room, lay_out = sys.argv[1:]
    with own_stdout() as stream:
        importer = cast("Importer", importlib.import_module(name))
        nobody_reads = suppress(BrokenPipeError)
        entries = importer.read(Path(path), datetime.fromisoformat(now), Path(room))
        with seldom_looked_for(), nobody_reads, closing(Outbox(stream)) as out:
            for message in messages(entries, lay_out=lay_out == "1"):
                out.put(message)
        sys.stderr.flush()
        os._exit(0)  # nothing is open but what was sent, and taking the objects apart takes its time


def own_stdout() -> BinaryIO:
    """Standard output for messages alone: whatever else is printed in this process goes to standard error."""
    stream = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return stream


def command(
    importer: Importer, path: Path, now: datetime, room: Path, *, lay_out: bool
) -> Sequence[str | Path]:
    """-P: no module of the user's own folder."""
    told = (importer.__name__, path, now.isoformat(), room, "1" if lay_out else "0")
    return (sys.executable, "-P", "-m", "crawler.intake.apart", *told)


def messages(entries: Iterator[Entry], *, lay_out: bool) -> Iterator[bytes]:
    """Some entries each, posts as the values of a Ready; nothing at the end."""
    try:
        for some in _some(map(checked, entries)):
            yield packed([ready(one, lay_out=lay_out) if isinstance(one, Taken) else one for one in some])
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

if __name__ == "__main__":
    main()
