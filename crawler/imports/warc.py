"""WARC files, plain or gzip: what a crawler or a browser's recorder kept of web pages.

Posts are found in the answers that the platforms' pages loaded, as web objects; the kept raw form is the
whole answer, and the capture is the archive's own record of the retrieval.
"""

import gzip
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from crawler.intake.entries import Entry
from crawler.intake.retrievals import signature
from crawler.intake.webarchive import Archive
from crawler.webobjects.every import READERS
from storage.errors import IntakeError

PLATFORMS = tuple(READERS)
VERSION = "1"
WHOLE = False
SIGNATURE = signature("warc", VERSION)


def recognise(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            head = file.read(8)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                head = packed.read(8)
    except (OSError, EOFError, zlib.error):
        return False
    return head.startswith(b"WARC/")


def total(path: Path) -> int:
    """Bytes."""
    return path.stat().st_size


def read(path: Path, now: datetime, room: Path) -> Iterator[Entry]:
    """Raises IntakeError kind "not_readable"."""
    try:
        yield from Archive(path, "", SIGNATURE).entries(now, room)
    except OSError as error:
        message = f"{path}: cannot be read: {error}"
        raise IntakeError(message, kind="not_readable", where=str(path)) from error
