"""Keeping an imported file whole: it is the raw form of all its posts, each named by its place in it."""

import hashlib
from pathlib import Path
from shutil import copyfile

from storage.errors import IntakeError
from storage.media import MediaFolder


def keep_whole(path: Path, folder: MediaFolder) -> str:
    """The SHA-256 under which the file is in media now. Raises IntakeError kind "not_readable", StoreError
    kind "media"."""
    target = folder.temporary()
    try:
        copyfile(path, target)  # within the kernel: cheaper than a second look at every byte
        sha256 = digest_of(target)
        folder.adopt(target, sha256)
    except OSError as error:
        message = f"{path}: cannot be kept: {error}"
        raise IntakeError(message, kind="not_readable", where=str(path)) from error
    finally:
        target.unlink(missing_ok=True)
    return sha256


def digest_of(path: Path) -> str:
    """Raises IntakeError kind "not_readable"."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error}", kind="not_readable", where=str(path)) from error
