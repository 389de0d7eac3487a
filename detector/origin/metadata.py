"""What of a file's metadata could not be looked at, told once for all readers that would have looked there.
It never says that AI was at work."""

from detector.metadata.file import metadata
from detector.reader import unreadable
from storage.records import OriginEvidence

NAME = "metadata"
VERSION = "1"


def read(data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
    return tuple(unreadable(NAME, one.why, one.detail) for one in metadata(data, format_name).troubles)
