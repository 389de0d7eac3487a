"""Keeping an imported file whole: it is the raw form of all its posts, each named by its place in it."""

import hashlib
from pathlib import Path

from storage.errors import IntakeError
from storage.media import MediaFolder

CHUNK = 1024 * 1024


def keep_whole(path: Path, folder: MediaFolder) -> str:
    """The SHA-256 under which the file is in media now. Raises IntakeError kind "not_readable", StoreError
    kind "media"."""
    sha256 = digest_of(path)
    if folder.has(sha256):
        return sha256
    target = folder.temporary()
    digest = hashlib.sha256()
    try:
        with path.open("rb") as source, target.open("xb") as copy:
            while piece := source.read(CHUNK):
                digest.update(piece)
                copy.write(piece)
        folder.adopt(target, digest.hexdigest())
    except OSError as error:
        message = f"{path}: cannot be kept: {error}"
        raise IntakeError(message, kind="not_readable", where=str(path)) from error
    finally:
        target.unlink(missing_ok=True)
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    """Raises IntakeError kind "not_readable"."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read: {error}", kind="not_readable", where=str(path)) from error
