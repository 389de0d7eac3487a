"""A folder in which several tools left something: which import takes what, and what nobody takes.

A folder's own formats take their metadata and the media beside it; every other file is asked by itself. What
no format recognises is left aside by name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.intake.entries import Importer
from crawler.intake.folders import MEDIA, files_in, name_in
from crawler.intake.recognise import formats, importer_for
from storage.errors import IntakeError

BESIDE = frozenset({".json", ".xz", ".txt"})  # metadata of folder formats, and captions that they write
MOST_NAMED = 1000  # files left aside
MOST_FILES = 100_000  # that are asked one by one


@dataclass(frozen=True, slots=True)
class Part:
    """One import: a file, or the folder by one of its own formats."""

    importer: Importer
    path: Path


@dataclass(frozen=True, slots=True)
class Found:
    """`left`: files that no format takes, the first of them by name within the folder."""

    parts: tuple[Part, ...]
    left: tuple[str, ...] = ()
    left_count: int = 0


def found_in(path: Path, named: str = "") -> Found:
    """Raises IntakeError kind "no_such_file", "not_readable", "too_many_files", or "unknown_format": nothing
    in it is recognised, or a single file could be of two formats."""
    if named or not path.is_dir():
        return Found((Part(importer_for(path, named), path),))
    known = tuple(formats().values())
    whole = [Part(one, path) for one in known if any(one.recognise(folder) for folder in _folders(path))]
    single: list[Part] = []
    left: list[str] = []
    count = 0
    for number, file in enumerate(files_in(path, ("",))):
        if number >= MOST_FILES and not whole:
            message = f"{path}: more than {MOST_FILES} files; import its folders one by one"
            raise IntakeError(message, kind="too_many_files", where=str(path))
        ending = file.suffix.lower()
        if whole and (ending in BESIDE or ending in MEDIA):
            continue
        takers = [one for one in known if one.recognise(file)]
        if len(takers) == 1:
            single.append(Part(takers[0], file))
            continue
        count += 1
        if len(left) < MOST_NAMED:
            left.append(name_in(path, file))
    if not whole and not single:
        importer_for(path)  # raises, with the formats that there are
    return Found((*whole, *single), tuple(left), count)


def _folders(path: Path) -> Iterator[Path]:
    """The folder and those directly in it: a format looks at the first files alone."""
    yield path
    yield from sorted(one for one in path.iterdir() if one.is_dir() and not one.is_symlink())


def left_in_words(found: Found) -> Sequence[str]:
    """One sentence for each."""
    said = [f"{name}: left aside, no format that we read" for name in found.left]
    more = found.left_count - len(found.left)
    return [*said, f"… and {more} more files"] if more else said
