"""The terms of one licence of a twin, as they were agreed; how a licence ended before its time; and what can
be said of a use by them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

REQUIRED = "required"  # a label duty that names no surface: any that counts will do


class ConsentVerdict(StrEnum):
    """Best to worst, in this order: a finding shows the worst of its twins'."""

    NOT_A_TWIN = "not_a_twin"
    IN_SCOPE = "in_scope"
    CANNOT_SAY = "cannot_say"
    NO_TERMS = "no_terms"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


# There are licences for the twin, and this use is within none of them.
OUTSIDE = frozenset({ConsentVerdict.OUT_OF_SCOPE, ConsentVerdict.NOT_YET_VALID, ConsentVerdict.EXPIRED})


@dataclass(frozen=True, slots=True)
class Ending:
    """`last_day` is the last on which the licence holds; None: an earlier ending is taken back. The newest
    counts."""

    last_day: date | None
    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """The terms of one licence of a twin. Empty channels or territories: all of them. Terms are never edited:
    they are ended, or superseded by others."""

    twin: str
    licensee: str  # a retailer
    channels: tuple[str, ...] = ()  # platform names
    territories: tuple[str, ...] = ()  # ISO 3166-1 alpha-2
    valid_from: date | None = None
    valid_until: date | None = None  # the last day, included
    purposes: str = ""  # shown, not judged
    label_duty: tuple[str, ...] = ()  # surfaces that must inform, or `REQUIRED`; empty: none is asked for
    pay_note: str = ""
    document_sha256: str = ""  # of the contract's bytes, which are not kept
    clause: str = ""
    id: int = 0
    document: str = ""  # its file name, or another reference to it
    exclusive: bool = False
    added_by: str = ""
    added_at: datetime | None = None
    supersedes: int = 0  # the licence in whose place it came
    ending: Ending | None = None

    @property
    def last_day(self) -> date | None:
        """On which it holds: as agreed, or the earlier one on which it was ended."""
        ended = self.ending.last_day if self.ending else None
        if ended is None or self.valid_until is None:
            return ended or self.valid_until
        return min(ended, self.valid_until)

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.last_day is None or day <= self.last_day)


def alike(one: str | None, other: str | None) -> bool:
    """Two names stand for the same: trimmed, and without regard to case."""
    return plain_name(one) == plain_name(other)


@lru_cache(maxsize=10_000)
def plain_name(name: str | None) -> str:
    """What names are compared by."""
    return " ".join((name or "").split()).casefold()
