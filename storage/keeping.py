"""What is kept and what is not, as records: contests, withdrawals, legal holds, files that left the house,
receipts (the rest of the vocabulary is in `records`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

WHOLE = ""  # the reference of a contest of all of a twin's pictures


@dataclass(frozen=True, slots=True)
class Contest:
    """Somebody disputes that a registered picture is what it is registered as. `reference` "": all of the
    twin's; `undone`: what was said of the same before is taken back. Append-only."""

    twin: str
    reference: str  # SHA-256
    by: str
    at: datetime
    reason: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What a twin was registered as by mistake, and what it is: "agency", "model", "kind", and with another
    kind "basis" and "attested_by" of its pictures. Only what changed; append-only."""

    twin: str
    at: datetime
    by: str
    reason: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Consent that ended: uses from `since` on are judged as withdrawn. `licences`: those that it ended."""

    twin: str
    since: datetime
    at: datetime
    by: str
    reason: str
    licences: tuple[int, ...] = ()
    restored_at: datetime | None = None
    restored_by: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: what it covers is neither erased nor purged. Of a twin, or of a finding (`finding` 0:
    none)."""

    id: int
    twin: str
    finding: int
    reason: str
    by: str
    at: datetime
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_because: str = ""

    @property
    def covers(self) -> str:
        return f"finding {self.finding}" if self.finding else self.twin


@dataclass(frozen=True, slots=True)
class Export:
    """A file that left the house. `path` "": standard output. `findings` are numbers, `twins` the names of
    those that it shows; `thumbnails`: there are pictures in it."""

    at: datetime
    by: str
    command: str
    format: str
    path: str
    sha256: str  # of the whole file
    size: int  # bytes
    findings: tuple[int, ...] = ()
    twins: tuple[str, ...] = ()
    thumbnails: bool = False
    erased_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Erasure:
    """One that was begun. `step`: "begun", "rows", "done"; `told`: what its receipt will say."""

    id: int
    twin: str  # as it is called now
    at: datetime
    by: str
    reason: str
    captures: bool
    step: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """`digest`: SHA-256 of the document without it; `previous`: the digest of the receipt before."""

    number: int
    at: datetime
    digest: str
    previous: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Removal:
    """Bytes that are gone on purpose. `erased`: on a person's word, not by a term."""

    sha256: str
    at: datetime
    why: str
    size: int  # bytes
    erased: bool = False


class Kept(StrEnum):
    """The classes that have a term of their own, in the order in which they are purged."""

    UNMATCHED_PICTURES = "unmatched_pictures"  # bytes
    UNMATCHED_FINGERPRINTS = "unmatched_fingerprints"
    MATCHED_PICTURES = "matched_pictures"  # bytes behind findings and matches; what was found stays
    RAW_RESPONSES = "raw_responses"  # bytes; the capture's row stays
    RUNS = "runs"  # with the problems recorded in them
    EXPORTS = "exports"  # the memory of them, not the files
    NOTICES = "notices"  # of alerts that were sent, given up or dropped; what is owed stays
    CHECKS = "checks"  # that somebody kept, each with its small picture
