"""What lies in the folder in which renders are delivered: lists with their pictures, folders that bear a
twin's name, what is still being written, and what nobody can take. Nothing in it is ever moved, changed or
deleted.
"""

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage.errors import RegistryError

LISTS = ("twins.csv", "twins.xlsx")
LITTER = {"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin"}  # what systems leave behind
UNFINISHED = (
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".tmp",
    ".temp",
)  # while it is copied
ABANDONED = 86_400.0  # s: after a day nobody is writing under such a name any more


@dataclass(frozen=True, slots=True)
class Untaken:
    """What cannot be taken, by its path as seen from the watched folder."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A list and what lies beside and below it, or (`roster` None) what lies in a folder without one."""

    folder: Path
    roster: Path | None
    files: tuple[Path, ...]


@dataclass(slots=True)
class Found:
    """`waiting` are deliveries, or single files, that are still being written."""

    root: Path
    deliveries: list[Delivery] = field(default_factory=list)
    loose: list[Path] = field(default_factory=list)  # at the top, in no folder
    untaken: list[Untaken] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def cannot(self, path: Path, why: str) -> None:
        self.untaken.append(Untaken(self.name(path), why))


def found_in(root: Path, settle_seconds: float, now: float | None = None) -> Found:
    """`now`: seconds since the epoch, for files that changed less than `settle_seconds` before it. Raises
    RegistryError, kind "watch_unreadable"."""
    found = Found(root)
    moment = time.time() if now is None else now
    files: dict[Path, bool] = {}  # path → whether it is still being written
    for path, status in _walked(found):
        if _unfinished(path.name):
            if moment - status.st_ctime < ABANDONED:
                files[path] = True
            continue
        # By the time of the last change of any kind: a copy may bring an old time of writing with it.
        files[path] = abs(moment - status.st_ctime) < settle_seconds
    lists = _lists(found, files)
    for folder, roster in lists.items():
        inside = {path: young for path, young in files.items() if _home(path, root, lists) == folder}
        if any(inside.values()):
            found.waiting.append(found.name(roster))
        else:
            found.deliveries.append(Delivery(folder, roster, tuple(sorted(inside))))
    rest: dict[Path, list[Path]] = {}
    for path, young in sorted(files.items()):
        if _home(path, root, lists) is not None:
            continue
        if young:
            found.waiting.append(found.name(path))
        elif path.parent == root:
            found.loose.append(path)
        else:
            rest.setdefault(root / path.relative_to(root).parts[0], []).append(path)
    found.deliveries += [Delivery(folder, None, tuple(inside)) for folder, inside in rest.items()]
    return found


def _walked(found: Found) -> Iterator[tuple[Path, os.stat_result]]:
    """Plain files; what is none is named."""

    def unreadable(error: OSError) -> None:
        path = Path(str(error.filename))
        if path == found.root:
            raise RegistryError(
                f"the watched folder {found.root} cannot be read: {error.strerror}",
                kind="watch_unreadable",
                where=str(found.root),
            ) from error
        found.cannot(path, f"cannot be read: {error.strerror}")

    for place, folders, names in os.walk(found.root, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not _litter(name))
        for path in (Path(place, name) for name in folders):
            if path.is_symlink():  # which os.walk does not enter
                found.cannot(path, "is a symbolic link: put the folder itself there")
        for path in (Path(place, name) for name in sorted(names) if not _litter(name)):
            try:
                status = path.lstat()
            except OSError as error:
                found.cannot(path, f"cannot be read: {error.strerror}")
                continue
            if why := _no_file(status.st_mode):
                found.cannot(path, why)
            else:
                yield path, status


def _no_file(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "is a symbolic link: put the file itself there"
    return "" if stat.S_ISREG(mode) else "is no plain file"


def _lists(found: Found, files: dict[Path, bool]) -> dict[Path, Path]:
    """The list of each folder that has one."""
    lists: dict[Path, Path] = {}
    for path in sorted(files):
        if path.name.lower() in LISTS:
            if first := lists.get(path.parent):
                found.cannot(path, f"there is {first.name} beside it: leave one of them")
            else:
                lists[path.parent] = path
    return lists


def _home(path: Path, root: Path, lists: dict[Path, Path]) -> Path | None:
    """The nearest folder above that has a list."""
    for folder in path.parents:
        if folder in lists:
            return folder
        if folder == root:
            return None
    return None


def _litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in LITTER


def _unfinished(name: str) -> bool:
    return name.lower().endswith(UNFINISHED) or name.endswith("~")
