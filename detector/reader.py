"""The origin readers that are installed: one module each in `origin/`, and what such a module has to declare.

A reader answers "does the file itself say that AI made it?" from the raw bytes. Three answers: evidence of
level 2 or 3; `()`, looked and nothing there; or evidence of level 0 whose signal starts with `UNREADABLE`
("something is there, or may be, and could not be looked at") or with `IGNORED` (a claim that must not count).
"Could not look" is never `()`. A reader that declares `ASKS_TRUST = True` gets the installed trust lists too.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from detector.dropins import found_in
from detector.trust import Trust, asks, version_of
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


def answer_of(
    reader: OriginReader, data: bytes, format_name: str, trust: Trust
) -> tuple[OriginEvidence, ...]:
    if not asks(reader):
        return reader.read(data, format_name)
    asking: Callable[..., tuple[OriginEvidence, ...]] = reader.read
    return asking(data, format_name, trust)


def reader_versions(trust: Trust) -> Mapping[str, str]:
    """By name, the versions of their stages."""
    return {name: version_of(module, trust) for name, module in readers().items()}


def unreadable(reader: str, why: str, detail: str = "") -> OriginEvidence:
    """Something that this reader should have looked at and could not."""
    return OriginEvidence(reader, f"{UNREADABLE}: {why}", detail, Extent.UNKNOWN, 0)


def ignored(reader: str, why: str, detail: str) -> OriginEvidence:
    """A claim that is there and must not be believed."""
    return OriginEvidence(reader, f"{IGNORED}: {why}", detail, Extent.UNKNOWN, 0)
