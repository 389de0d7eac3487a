"""What goes wrong on the way, at random and seeded: limits in every form that the field knows, errors of the
server, connections that break, bodies that drip or end too soon.

Two kinds. *Trouble* is over after the first or second time that an address is asked for: the night has to get
there. *Down* lasts for all of a night and spares the last: an account, or one picture, cannot be had, and the
program has to say so by name. A body cut by somebody in between who then says its length right is only in the
second kind: nobody can tell it from what the server meant.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate

from benchmarks.nights.meter import MINUTES, headers
from benchmarks.nights.world import NIGHTS

FAILING = ("500", "502", "503", "reset", "cut")
LIMITS = ("429 seconds", "429 date", "429 epoch", "429 iso", "503 seconds", "none left")
USAGE = "400 usage"  # Meta's refusal, with the minutes until it answers again
DOWN = ("500", "reset", "wall", "half")
TROUBLE = 0.08  # of addresses
PICTURES = 0.02  # of pictures: there are many
ACCOUNT_DOWN = 0.03  # of accounts, each night but the last
PICTURE_DOWN = 0.004
THROTTLED = 0.012  # of Meta's calls
GRACE = 1.0  # seconds: what was on its way when a limit was announced


@dataclass(frozen=True, slots=True)
class Calm:
    """Nothing goes wrong: nights that are compared with each other."""

    def down(self, night: int, account: int) -> str:
        return ""

    def picture_down(self, night: int, number: int) -> bool:
        return False

    def throttled(self, night: int, address: str) -> bool:
        return False

    def trouble(self, night: int, address: str, asked: int, *, picture: bool) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Weather:
    seed: int

    def down(self, night: int, account: int) -> str:
        """Why an account cannot be had in this night; ""."""
        chance = self._chance(night, f"account {account}")
        return chance.choice(DOWN) if night < NIGHTS and chance.random() < ACCOUNT_DOWN else ""

    def picture_down(self, night: int, number: int) -> bool:
        return night < NIGHTS and self._chance(night, f"picture {number}").random() < PICTURE_DOWN

    def throttled(self, night: int, address: str) -> bool:
        """Whether Meta refuses a call for a minute, whatever is used."""
        return night <= NIGHTS and self._chance(night, f"usage {address}").random() < THROTTLED

    def trouble(self, night: int, address: str, asked: int, *, picture: bool) -> str:
        """What becomes of the request that is the `asked`th (from 0) for an address in a night; "" lets it
        through. Of a night after the last, nothing."""
        chance = self._chance(night, address)
        if night > NIGHTS or chance.random() >= (PICTURES if picture else TROUBLE):
            return ""
        kinds = [chance.choice((*FAILING, *LIMITS, "slow", "slow")) for _ in range(chance.choice((1, 1, 2)))]
        return kinds[asked] if asked < len(kinds) else ""

    def _chance(self, night: int, name: str) -> random.Random:
        return random.Random(f"{self.seed}/{night}/{name}")


@dataclass(slots=True)
class Limit:
    """What one host has announced, and whether it was kept."""

    announced: float = 0.0
    until: float = 0.0

    def now_broken(self, now: float) -> bool:
        return self.announced + GRACE < now < self.until

    def holds(self, now: float) -> bool:
        return now < self.until


@dataclass(slots=True)
class Ledger:
    """All limits and what was counted."""

    limits: dict[int, Limit] = field(default_factory=dict)  # by port
    announced: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)  # requests that came in spite of a limit

    def asked(self, port: int, path: str) -> bool:
        """Whether a limit still holds there."""
        now, limit = time.time(), self.limits.setdefault(port, Limit())
        if limit.now_broken(now):
            self.broken.append(f"port {port}, {limit.until - now:.1f} s too early: {path}")
        return limit.holds(now)

    def announce(self, port: int, kind: str) -> tuple[int, dict[str, str]]:
        """Status and headers of an answer that announces a limit (200 for "none left")."""
        now, limit = time.time(), self.limits.setdefault(port, Limit())
        if not limit.holds(now):
            limit.announced = now
            limit.until = now + 60 * MINUTES if kind == USAGE else float(int(now) + 3)
        self.announced[kind] += 1
        until = limit.until
        iso = datetime.fromtimestamp(until, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        if kind == USAGE:
            return 400, dict(headers(94, MINUTES))
        said = {
            "429 date": {"Retry-After": formatdate(until, usegmt=True)},
            "429 epoch": {"ratelimit-reset": str(int(until)), "ratelimit-remaining": "0"},
            "429 iso": {"X-RateLimit-Reset": iso, "X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "300"},
            "none left": {"X-RateLimit-Reset": iso, "X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "300"},
        }.get(kind, {"Retry-After": str(int(until - now + 0.999))})
        return (200 if kind == "none left" else int(kind[:3])), said
