"""A database without rows, made once a process and copied: making one runs every migration there ever was."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from storage.store import Store


@cache
def pattern() -> Path:
    """A migrated database, closed."""
    folder = Path(tempfile.mkdtemp(prefix="twinwatch-pattern-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Store.open(f"sqlite:///{folder / 'empty.db'}", folder / "media", create=True).close()
    return folder / "empty.db"


def laid(file: Path) -> str:
    """A copy of it there; its URL. One that is there already stays."""
    if not file.exists():
        shutil.copyfile(pattern(), file)
    return f"sqlite:///{file}"
