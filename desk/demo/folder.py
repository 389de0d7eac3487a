"""Where the demo leaves what it makes. It never touches a folder that it did not make itself."""

import shutil
from pathlib import Path

from storage.errors import ConfigError

DEFAULT = Path("twinwatch-demo")
_MARK = ".twinwatch-demo"
_MADE = ("twinwatch.toml", "twinwatch.db*", "report.html", "media", "registered")


def prepare(wanted: Path | None, *, force: bool) -> Path:
    """An empty folder of ours: the one wanted, or else the first free of twinwatch-demo, twinwatch-demo-2 …

    Raises ConfigError, kind "usage", when it holds something else, or an earlier demo without `force`.
    """
    folder = wanted or (DEFAULT if force else _first_free())
    if folder.exists() and not folder.is_dir():
        raise _refused(folder, "it is a file")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / _MARK).is_file():
            raise _refused(folder, "it holds something else")
        if not force:
            raise _refused(folder, "an earlier demo is in it; --force starts it afresh")
        _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).write_text(
        "Made by `twinwatch demo`; `twinwatch demo --force` may replace what is in here.\n"
    )
    return folder


def _first_free() -> Path:
    number, folder = 1, DEFAULT
    while folder.exists():
        number += 1
        folder = DEFAULT.with_name(f"{DEFAULT.name}-{number}")
    return folder


def _clear(folder: Path) -> None:
    """Only what a demo makes: whatever somebody put beside it stays."""
    for path in [path for pattern in _MADE for path in folder.glob(pattern)]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _refused(folder: Path, why: str) -> ConfigError:
    return ConfigError(f"{folder}: {why}. Name another folder with --dir", kind="usage", where=str(folder))
