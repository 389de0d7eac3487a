"""A file for its owner alone, whole or not at all: for packs and lists of fingerprints, which are personal
data."""

import os
import tempfile
from pathlib import Path

from storage.errors import StoreError


def write_private(path: Path, data: bytes) -> None:
    """Mode 0600, also where a file with another mode stood there before. Raises StoreError, kind
    "not_written"."""
    made: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        made = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    except OSError as error:
        if made is not None:
            made.unlink(missing_ok=True)
        raise StoreError(
            f"{path}: cannot be written: {error.strerror}", kind="not_written", where=str(path)
        ) from error
    except BaseException:
        if made is not None:
            made.unlink(missing_ok=True)
        raise
