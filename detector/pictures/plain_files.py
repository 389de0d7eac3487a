"""The bytes of a file that a stranger may have made, and why there are none."""

import os
import stat
from pathlib import Path

from storage.records import Failure

FILE_LIMIT = 600 * 1024 * 1024  # bytes; the crawl keeps videos up to 512 MiB


def plain_bytes(path: Path) -> bytes:
    """Only of plain files: a pipe or a device would never end. Raises OSError."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "not a plain file")
        if status.st_size > FILE_LIMIT:
            raise OSError(0, f"larger than {FILE_LIMIT} bytes")
        return file.read()


def why_unread(error: OSError, path: Path) -> Failure:
    """ "not_found" or "not_readable"."""
    kind = "not_found" if isinstance(error, FileNotFoundError) else "not_readable"
    return Failure(kind, error.strerror or str(error), str(path))
