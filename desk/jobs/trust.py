"""Installing trust lists: PEM files in a folder beside the configuration, one below `content`, one below
`timestamp`. Whatever lies there counts, also what was put there by hand; nothing is ever downloaded."""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from detector.trust import Purpose, Trust
from detector.trust_file import SEEMS, ListFile, read_list, usable
from storage.errors import TrustListError

ENDINGS = (".pem", ".crt", ".cer")
LONGEST_NAME = 80
TIMESTAMP_NAME = re.compile(r"(?i)(?<![a-z])tsa(?![a-z])|time-?_?stamp")


class Done(StrEnum):
    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Installed:
    """A list as it lies in the folder. `at`: when it was put there."""

    file: ListFile
    path: Path
    at: datetime


@dataclass(frozen=True, slots=True)
class Update:
    """What installing one file did."""

    installed: Installed
    done: Done


def trust_in(folder: Path) -> Trust:
    """Raises TrustListError for a list that cannot be read: one that is left out would lower findings without
    a word."""
    return Trust(tuple(one.file.trust for one in installed(folder)))


def installed(folder: Path) -> Sequence[Installed]:
    """In the order of names. Raises TrustListError."""
    found = [_installed(path, purpose) for purpose in Purpose for path in _files(folder / purpose.value)]
    return sorted(found, key=lambda one: (one.file.trust.name, one.file.trust.purpose))


def update(folder: Path, given: Sequence[Path], purpose: Purpose | None) -> Sequence[Update]:
    """Install these files, and the list files of these folders; one of a name that is there replaces it. All
    are read first: raises TrustListError, and then nothing is changed."""
    files = [file for path in given for file in _listed(path)]
    read = [(usable(_read(_name(file), _bytes(file), purpose, file)), _bytes(file)) for file in files]
    names = [found.trust.name for found, _ in read]
    for name in names:
        if names.count(name) > 1:
            raise TrustListError(f"two files would be called {name}", kind="two_of_a_name", where=name)
    return [_install(folder, found, data) for found, data in read]


def remove(folder: Path, name: str) -> Sequence[Path]:
    """The files of this name that were there. Raises TrustListError, kind "not_installed"."""
    gone = [path for purpose in Purpose for path in _files(folder / purpose.value) if path.stem == name]
    if not gone:
        raise TrustListError(f"no trust list is installed as {name!r}", kind="not_installed", where=name)
    for path in gone:
        path.unlink()
    return gone


# --- reading ------------------------------------------------------------------------------------------------


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if _is_list(path))


def _is_list(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file()


def _installed(path: Path, purpose: Purpose) -> Installed:
    try:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return Installed(read_list(path.stem, _bytes(path), purpose), path, at)
    except TrustListError as error:
        mend = f"put it right, or take it away (`twinwatch trust remove {path.stem}`)"
        raise TrustListError(f"{path}: {error}; {mend}", kind=error.kind, where=str(path)) from error


def _listed(path: Path) -> Sequence[Path]:
    """The file itself, or the lists in a folder."""
    if not path.is_dir():
        return [path]
    found = list(_files(path))
    if not found:
        endings = ", ".join(ENDINGS)
        raise TrustListError(f"{path}: no file ending in {endings} in it", kind="no_list", where=str(path))
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise TrustListError(
            f"{path}: cannot be read: {why}", kind="not_readable", where=str(path)
        ) from error


def _name(path: Path) -> str:
    return re.sub(r"[^\w.-]+", "-", path.stem)[:LONGEST_NAME] or "list"


def _read(name: str, data: bytes, purpose: Purpose | None, path: Path) -> ListFile:
    try:
        found = read_list(name, data, purpose or Purpose.CONTENT)
    except TrustListError as error:
        raise TrustListError(f"{path}: {error}", kind=error.kind, where=str(path)) from error
    if purpose is None and (TIMESTAMP_NAME.search(name) or found.timestamping >= SEEMS):
        why = "it looks like a list of time stamping authorities, who may not sign content"
        mend = "say --as timestamp, or --as content if it is none"
        raise TrustListError(f"{path}: {why}; {mend}", kind="seems_timestamp", where=str(path))
    return found


# --- writing ------------------------------------------------------------------------------------------------


def _install(folder: Path, found: ListFile, data: bytes) -> Update:
    """Bytes as they were given: their digest is the one that the publisher's file has."""
    target = folder / found.trust.purpose.value / f"{found.trust.name}.pem"
    before = [path for path in _all_of(folder, found.trust.name) if path.is_file()]
    if before == [target] and target.read_bytes() == data:
        return Update(_installed(target, found.trust.purpose), Done.UNCHANGED)
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=target.parent, prefix=".")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(fresh).chmod(0o644)
    Path(fresh).replace(target)
    for path in before:
        if path != target:
            path.unlink()
    return Update(_installed(target, found.trust.purpose), Done.REPLACED if before else Done.NEW)


def _all_of(folder: Path, name: str) -> Iterator[Path]:
    """Wherever a list of this name lies: one that is installed for another purpose moves."""
    for purpose in Purpose:
        yield from (path for path in _files(folder / purpose.value) if path.stem == name)
