"""Trust lists: whose Content Credentials are believed. Files that the user installs, never downloaded.

A list for `content` names who may sign a credential, one for `timestamp` who may say when that was. They are
kept apart by us: the library (c2pa-rs 0.91) takes whoever stands on any list for a signer, whatever the list
was given for.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path


class Purpose(StrEnum):
    CONTENT = "content"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class TrustList:
    """One file: its name without the ending, and the digest of its bytes. PEM certificates: `authorities`
    vouch for whom they certified, `signers` for themselves alone ("" for none)."""

    name: str
    sha256: str
    purpose: Purpose = Purpose.CONTENT
    authorities: str = ""
    signers: str = ""

    @property
    def words(self) -> str:
        return f"{self.name} (SHA-256 {self.sha256[:12]})"


@dataclass(frozen=True, slots=True)
class Trust:
    """All lists that are installed, in the order of their names."""

    lists: tuple[TrustList, ...] = ()

    @property
    def content(self) -> tuple[TrustList, ...]:
        return tuple(one for one in self.lists if one.purpose is Purpose.CONTENT)

    @property
    def stamp(self) -> str:
        """Changes whenever an answer could: a list's name, purpose or content. "" without any list."""
        if not self.lists:
            return ""
        told = sorted((one.purpose.value, one.name, one.sha256) for one in self.lists)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


NO_TRUST = Trust()


def version_of(module: object, trust: Trust) -> str:
    """The version of an origin reader's stage: a reader that asks whom to trust answers otherwise under other
    lists."""
    version = str(getattr(module, "VERSION", ""))
    return f"{version}+trust:{trust.stamp}" if trust.stamp and asks(module) else version


def asks(module: object) -> bool:
    """Whether an origin reader takes a `trust`."""
    return getattr(module, "ASKS_TRUST", False) is True


# --- between processes --------------------------------------------------------------------------------------


def dumped(trust: Trust) -> bytes:
    """All lists as one document, for the worker processes of one run: a list that is installed meanwhile is
    not half of that run's."""
    return json.dumps([asdict(one) for one in trust.lists]).encode()


@lru_cache(maxsize=2)
def loaded(path: Path) -> Trust:
    """From such a document. Raises OSError, or ValueError."""
    try:
        return Trust(tuple(_list(one) for one in json.loads(path.read_bytes())))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"no trust lists: {error}") from error


def _list(document: Mapping[str, str]) -> TrustList:
    plain = {name: document[name] for name in ("name", "sha256", "authorities", "signers")}
    return TrustList(**plain, purpose=Purpose(document["purpose"]))
