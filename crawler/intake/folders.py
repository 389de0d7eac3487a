"""Folders of download tools: their files in a settled order, without links and without what is hidden."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from crawler.moments import EARLIEST
from storage.errors import CrawlError, IntakeError

DEEPEST = 12  # folders below the one that was named
LARGEST_JSON = 64 * 1024 * 1024  # bytes of one post's metadata
MEDIA = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".heic", ".avif", ".gif", ".mp4", ".mov", ".webm", ".m4v", ".mkv"}
)


def files_in(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Regular files whose names end so, folder by folder. Raises IntakeError kind "not_readable"."""
    depth = len(folder.parts)

    def refuse(error: OSError) -> None:
        raise IntakeError(f"{folder}: cannot be read: {error}", kind="not_readable", where=str(folder))

    for here, below, names in os.walk(folder, onerror=refuse, followlinks=False):
        below[:] = sorted(name for name in below if not name.startswith("."))
        if len(Path(here).parts) - depth >= DEEPEST:
            below.clear()
        for name in sorted(names):
            path = Path(here, name)
            if (
                name.endswith(endings)
                and not name.startswith(".")
                and not path.is_symlink()
                and path.is_file()
            ):
                yield path


def name_in(folder: Path, path: Path) -> str:
    """The path from the folder on, as text that any database takes."""
    return os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")[:1000]


def captured_at(path: Path, posted_at: datetime | None, now: datetime) -> datetime:
    """When a tool wrote this file: its time of change, where that can be; a copy may be of today."""
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return written if (posted_at or EARLIEST) <= written <= now else now


def read_file(path: Path) -> bytes:
    """Raises CrawlError kind "too_large" or "not_readable"."""
    try:
        if path.stat().st_size > LARGEST_JSON:
            raise CrawlError(f"more than {LARGEST_JSON} bytes", kind="too_large", where=path.name[:500])
        return path.read_bytes()
    except OSError as error:
        raise CrawlError(str(error), kind="not_readable", where=path.name[:500]) from error
