"""A file that a list names, looked for in one folder: there is no way out of it, no link is followed, and
what is there is a plain file."""

import re
import stat
import unicodedata
from pathlib import Path, PurePosixPath

from desk.jobs.pictures import FILE_LIMIT
from detector.pictures.decode import VIDEOS
from storage.errors import RegistryError
from storage.formats import HEAD_BYTES, format_of

# Archives by their first bytes, beside those of storage.formats: 7z and RAR (their own documents), tar (POSIX
# ustar, at byte 257).
_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_TAR = (257, b"ustar")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE = re.compile(r"[A-Za-z]:")


class Within:
    """Of one folder; what lies in its folders is listed once each."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._names: dict[Path, dict[str, str]] = {}

    def picture(self, words: str) -> Path:
        """A file that may be a picture. Raises RegistryError: as `file` does, and for an empty file, one too
        large, an archive or a video."""
        path = self.file(words)
        if why := why_no_picture(path):
            raise RegistryError(f"{words!r} {why}", kind="no_picture")
        return path

    def file(self, words: str) -> Path:
        """The file that these words name, with “/” or, as in Windows, “\\” between folders. Raises
        RegistryError, kinds "no_file" and "not_within" (elsewhere, behind a symbolic link, no plain file)."""
        if _ADDRESS.match(words):
            raise _refused(f"{words!r} is an address: nothing is fetched; put the file into the folder")
        parts = PurePosixPath(self._seen_from_here(words)).parts
        if not parts or ".." in parts:
            raise _refused(f"{words!r} leads out of {self.root}")
        path = self.root
        for place, part in enumerate(parts):
            path = self._below(path, part, words)
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                raise _refused(f"{words!r}: {path.name} is a symbolic link: put the file itself there")
            last = place == len(parts) - 1
            if last and not stat.S_ISREG(mode):
                raise _refused(f"{words!r} is {'a folder' if stat.S_ISDIR(mode) else 'no plain file'}")
        return path

    def _seen_from_here(self, words: str) -> str:
        if "\\" in words and not (self.root / words).exists():
            words = words.replace("\\", "/")
        if not words.startswith("/") and not _DRIVE.match(words):
            return words
        try:
            return Path(words).relative_to(self.root.absolute()).as_posix()
        except ValueError:
            raise _refused(f"{words!r} lies outside {self.root}: name it as seen from there") from None

    def _below(self, folder: Path, part: str, words: str) -> Path:
        """Also where the disk writes the same letters otherwise (é as one character or as two)."""
        try:
            (folder / part).lstat()
        except FileNotFoundError:
            names = self._listed(folder)
            same = names.get(_composed(part))
            if same is None:
                near = next(
                    (one for key, one in names.items() if key.casefold() == _composed(part).casefold()), ""
                )
                meant = f"; is {near!r} meant?" if near else ""
                raise _none(f"there is no {words!r} in {self.root}{meant}") from None
            return folder / same
        except NotADirectoryError:
            raise _none(f"there is no {words!r} in {self.root}") from None
        except (OSError, ValueError) as error:
            raise _refused(
                f"{words[:200]!r} cannot be read: {getattr(error, 'strerror', '') or error}"
            ) from error
        return folder / part

    def _listed(self, folder: Path) -> dict[str, str]:
        if folder not in self._names:
            try:
                found = sorted(one.name for one in folder.iterdir())
            except OSError:
                found = []
            self._names[folder] = {_composed(name): name for name in found}
        return self._names[folder]


def why_no_picture(path: Path) -> str:
    """Why this plain file cannot be a reference, by its size and first bytes; "": it may be one."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not size:
        return "is empty"
    if size > FILE_LIMIT:
        return f"is larger than {FILE_LIMIT} bytes"
    known = format_of(head)
    if known in ("zip", "gzip") or head.startswith(_ARCHIVES) or head[_TAR[0] :].startswith(_TAR[1]):
        return "is an archive: unpack it"
    if known in VIDEOS:
        return "is a video: register pictures of it, one of each scene that shows the figure"
    return ""


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _none(message: str) -> RegistryError:
    return RegistryError(message, kind="no_file")


def _refused(message: str) -> RegistryError:
    return RegistryError(message, kind="not_within")
