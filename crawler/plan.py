"""What the parent tells a crawl child, what the child reports, and the sum of it. JSON in both directions."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from storage.records import Account, Failure


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """One night's crawl of these accounts."""

    run: str
    accounts: tuple[Account, ...]
    database: str
    media: Path
    contact: str = ""
    overlap_days: int = 14
    finding_days: int = 30
    allow_hosts: tuple[str, ...] = ()
    plc_directory: str = "https://plc.directory"
    requests_a_night: int = 0  # to one platform, pictures and robots.txt counted; 0: no budget
    token_files: Mapping[str, str] = field(default_factory=dict)  # name of the token → file that it is in
    since: datetime | None = None  # how far back the first crawl of an account goes; None: everything
    wait_seconds: float = (
        1200.0  # how long one host may hold us in a night before its accounts fail "rate_limited"
    )
    body_seconds: float = 90.0  # total time of one response, however slowly it drips
    video_seconds: float = 1800.0
    account_seconds: float = 6 * 3600.0  # total time of one account
    silence_seconds: float = 300.0  # a child that reports nothing for so long is hanging

    def window(self, high_water: datetime | None, now: datetime) -> datetime | None:
        """How far back an account is listed: the overlap before its mark, further if `since` says so;
        without a mark from `since` on, or everything (None)."""
        if high_water is None:
            return self.since
        usual = min(high_water, now) - timedelta(days=self.overlap_days)
        return min(usual, self.since) if self.since else usual

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> "CrawlPlan":
        """Reads what `to_json` wrote: the two ends are the same program."""
        plan: dict[str, Any] = json.loads(text)
        plan["accounts"] = tuple(Account(**{**one, "tags": tuple(one["tags"])}) for one in plan["accounts"])
        plan["allow_hosts"] = tuple(plan["allow_hosts"])
        plan["media"] = Path(plan["media"])
        plan["since"] = datetime.fromisoformat(plan["since"]) if plan["since"] else None
        return cls(**plan)


@dataclass(frozen=True, slots=True)
class CrawlEvent:
    """Something that happened. Counts are what this event adds.

    Kinds: "started", "stored" (posts of a page), "problem" (one thing that failed, the account goes on),
    "done" and "failed" (the account's end), "alive" (nothing but a sign of life).
    """

    kind: str
    account: str = ""
    posts_new: int = 0
    posts_changed: int = 0
    posts_known: int = 0
    posts_gone: int = 0
    media_new: int = 0
    media_failed: int = 0
    failure: Failure | None = None

    def to_json(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def from_json(cls, text: str) -> "CrawlEvent":
        event: dict[str, Any] = json.loads(text)
        if event.get("failure"):
            event["failure"] = Failure(**event["failure"])
        return cls(**event)


@dataclass(frozen=True, slots=True)
class CrawlOutcome:
    """A night's crawl, summed up. Names are `Account.name`."""

    ok: tuple[str, ...] = ()
    failed: Mapping[str, Failure] = field(default_factory=dict)
    posts_new: int = 0
    posts_changed: int = 0
    posts_gone: int = 0
    media_new: int = 0
    media_failed: int = 0
    errors: tuple[Failure, ...] = ()  # what failed inside accounts: items, pictures
    rate_limited: frozenset[str] = frozenset()
