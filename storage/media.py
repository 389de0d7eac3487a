"""Write-once bytes named by their SHA-256, in a folder."""

from pathlib import Path
from typing import BinaryIO


class MediaFolder:
    """`root/ab/cd/abcd….` Files are written beside, flushed and renamed, so a name never stands for half a file."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Keep bytes, return their SHA-256. Keeping the same bytes twice is nothing."""
        raise NotImplementedError

    def temporary(self) -> Path:
        """A path in the folder's own file system for a body that is streamed in; hand it to `adopt` or unlink it."""
        raise NotImplementedError

    def adopt(self, path: Path, sha256: str) -> None:
        """Keep a streamed file whose digest the caller computed while writing. The path is gone afterwards."""
        raise NotImplementedError

    def has(self, sha256: str) -> bool:
        raise NotImplementedError

    def path(self, sha256: str) -> Path:
        """Where the bytes are or would be. Raises StoreError when the name is no SHA-256."""
        raise NotImplementedError

    def open(self, sha256: str) -> BinaryIO:
        """Raises StoreError(kind="media_missing")."""
        raise NotImplementedError

    def read(self, sha256: str) -> bytes:
        raise NotImplementedError
