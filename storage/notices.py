"""What is owed to somebody outside: notices in a queue that outlives the night, and addresses of feeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.people import User


class NoticeState(StrEnum):
    OWED = "owed"
    SENT = "sent"
    GIVEN_UP = "given_up"  # tried too often, or for too long
    DROPPED = "dropped"  # nothing is left to be told: its twins were erased, or its channel is gone


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one channel. `message` is its identity for whoever gets it, however often it is tried.
    `told`: number of the finding → its alarms that are told; `body`: what it says, {} once it is over."""

    message: str
    channel: str
    run: str
    kind: str  # "findings", "nothing_new", "test"
    made_at: datetime
    told: Mapping[str, tuple[str, ...]]
    body: Mapping[str, Any]
    state: NoticeState = NoticeState.OWED
    attempts: int = 0
    next_at: datetime | None = None
    ended_at: datetime | None = None
    error: str = ""
    id: int = 0

    @property
    def findings(self) -> tuple[int, ...]:
        return tuple(sorted(int(number) for number in self.told))


@dataclass(frozen=True, slots=True)
class Feed:
    """The address of a feed: whose it is, and what is sought by it, in words. `served`: the digest of what
    was read last."""

    id: int
    user: User
    sought: str
    made_at: datetime
    served: str = ""
