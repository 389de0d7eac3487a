"""What a table of cases for a walker is checked with."""

from detector.metadata.carried import Metadata
from detector.metadata.file import metadata
from storage.formats import HEAD_BYTES, format_of


def walked(data: bytes) -> Metadata:
    return metadata(data, format_of(data[:HEAD_BYTES]))


def troubles(data: bytes) -> list[str]:
    return [one.why for one in walked(data).troubles]
