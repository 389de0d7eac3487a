"""Keeping an imported file whole: it is the raw form of all its posts, each named by its place in it.

The copy is made and its digest taken by a thread of its own while the libraries are loaded and the database
is opened: nearly all of that time Python's lock is free.
"""

import hashlib
from pathlib import Path
from shutil import copyfile
from threading import Thread

from storage.errors import IntakeError, TwinwatchError
from storage.media import MediaFolder

AT_ONCE = 4 * 1024 * 1024  # bytes: after each piece Python's lock may be waited for, 5 ms at most


class Whole:
    """A copy on its way into media; close it in any case."""

    def __init__(self, path: Path, folder: MediaFolder) -> None:
        """It begins at once. What is wrong with it is raised by `keep`."""
        self._path, self._folder = path, folder
        self._sha256 = ""
        self._temporary: Path | None = None
        self._error: BaseException | None = None
        self._thread = Thread(target=self._copy, daemon=True)
        self._thread.start()

    def keep(self) -> str:
        """The SHA-256 under which the file is in media now. Raises IntakeError kind "not_readable",
        StoreError kind "media"."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        if self._temporary is not None:
            self._folder.adopt(self._temporary, self._sha256)
            self._temporary = None
        return self._sha256

    def close(self) -> None:
        """What was not kept goes."""
        self._thread.join()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def _copy(self) -> None:
        try:
            self._temporary = self._folder.temporary()
            copyfile(self._path, self._temporary)  # within the kernel, in one piece
            self._sha256 = digest_of(
                self._temporary
            )  # of what was kept, whatever becomes of the file meanwhile
        except OSError as error:
            message = f"{self._path}: cannot be kept: {error}"
            self._error = IntakeError(message, kind="not_readable", where=str(self._path))
        except TwinwatchError as error:
            self._error = error


def digest_of(path: Path) -> str:
    """Raises IntakeError kind "not_readable"."""
    digest, piece = hashlib.sha256(), memoryview(bytearray(AT_ONCE))
    try:
        with path.open("rb", 0) as file:
            while length := file.readinto(piece):
                digest.update(piece[:length])
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error}", kind="not_readable", where=str(path)) from error
    return digest.hexdigest()
