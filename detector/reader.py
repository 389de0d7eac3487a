"""The origin readers that are installed: one module each in `origin/`, and what such a module has to declare.

A reader answers "does the file itself say that AI made it?" from the raw bytes. Three answers: evidence of
level 2 or 3; `()`, looked and nothing there; or evidence of level 0 whose signal starts with `UNREADABLE`
("something is there, or may be, and could not be looked at") or with `IGNORED` (a claim that must not count).
"Could not look" is never `()`.
"""

from collections.abc import Mapping
from typing import Protocol

from detector.dropins import found_in
from storage.records import Extent, OriginEvidence

UNREADABLE = "unreadable"
IGNORED = "ignored"


class OriginReader(Protocol):
    """A module of `origin/`."""

    NAME: str
    VERSION: str

    def read(self, data: bytes, format_name: str) -> tuple[OriginEvidence, ...]:
        """`format_name` is what format_of says of the bytes. May raise anything: examine records it as
        unreadable."""


def readers() -> Mapping[str, OriginReader]:
    """By name. Raises TwinwatchError when two modules claim the same one."""
    return found_in("detector.origin", "NAME")


def unreadable(reader: str, why: str, detail: str = "") -> OriginEvidence:
    """Something that this reader should have looked at and could not."""
    return OriginEvidence(reader, f"{UNREADABLE}: {why}", detail, Extent.UNKNOWN, 0)


def ignored(reader: str, why: str, detail: str) -> OriginEvidence:
    """A claim that is there and must not be believed."""
    return OriginEvidence(reader, f"{IGNORED}: {why}", detail, Extent.UNKNOWN, 0)
