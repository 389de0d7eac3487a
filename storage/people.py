"""Who may see what at the desk, and the record of what they did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    READER = "reader"  # sees everything, decides nothing
    REVIEWER = "reviewer"  # decides, too
    AGENCY = "agency"  # its own twins, and nothing else
    MODEL = "model"  # her own twins: all uses and terms, and withdrawal
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    role: Role
    whose: str = ""  # the agency or the model, for these two roles
    added_at: datetime | None = None
    disabled_at: datetime | None = None
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    id: int
    user: User
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log. `digest` covers all of it and the digest of the line before."""

    id: int
    at: datetime
    who: str
    what: str
    about: str
    detail: Mapping[str, object]
    before: str
    digest: str


@dataclass(frozen=True, slots=True)
class Token:
    """What a program shows in place of a person who logs in. Its secret is not kept, its digest is; it never
    may more than `user` may, and no more than its `scopes`."""

    id: int
    name: str
    user: User
    scopes: frozenset[str]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None  # to the minute
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at and self.user.disabled_at is None
