"""Manners: when the next request may go to a host. All requests to one host are held together.

Reads what servers say: Retry-After (seconds or a date, RFC 9110 section 10.2.3), ratelimit-reset (epoch
seconds on a Bluesky PDS; the IETF draft means seconds to wait), X-RateLimit-Reset (ISO-8601 on Mastodon,
epoch seconds on X) and ratelimit-remaining, so that the last permitted request is the last one sent; with
ratelimit-limit beside them the last tenth of a window is spread over what is left of it. Meta's usage headers
are read in crawler.usage. A night may have a budget of requests as well.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.usage import usage_wait
from storage.errors import CrawlError

AT_ONCE = 8  # requests to one host side by side, which is Scrapy's own default
MARGIN = 0.5  # seconds after an announced moment: servers name whole seconds
FOREIGN_SECONDS = 60.0  # as long as a host that only serves some pictures may hold an account; ours to choose
UNANNOUNCED = 10.0  # seconds after the first 429 that names no time; doubled each time
SCARCE = 0.1  # of a window's requests: with so few left they are spread over the rest of it
LONGEST_STEP = 30.0  # seconds between two requests that are spread; then it is cheaper to wait at the end
USAGE_HOLDS = 60.0  # seconds that a percentage is believed; every answer brings a new one
EPOCH = 1_000_000_000  # a "reset" above this is a moment, below it a number of seconds to wait


RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
REMAINING = ("ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining")
LIMITS = ("ratelimit-limit", "x-ratelimit-limit", "x-rate-limit-limit")


@dataclass(slots=True)
class _Host:
    until: float = 0.0  # epoch seconds: nothing is sent before
    remaining: int | None = None  # requests left until `reset`, those in flight taken off
    reset: float = 0.0
    flying: int = 0
    waited: float = 0.0  # seconds held this night
    refusals: int = 0  # 429s in a row
    gap: float = 0.0  # seconds between two requests while a limit is near
    gap_until: float = 0.0
    # Counted here, because Scrapy 2.19 lets a burst through: it counts a transfer only when its task has
    # begun.
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))


class Pace:
    """One for a crawl. `longest`: seconds that one host may hold us in a night; after that its requests
    fail. `budget`: requests of a night to all hosts together (0: no budget), after which every one fails."""

    def __init__(
        self,
        longest: float = 1200.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        budget: int = 0,
    ) -> None:
        self._longest, self._clock, self._sleep, self._budget = longest, clock, sleep, budget
        self._sent = 0
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, longest: float | None = None) -> AsyncIterator[None]:
        """Wait until a request may go out. Raises CrawlError kind "rate_limited" where that would take too
        long, "budget_used_up" where the night has no request left; `longest`: this request's own, shorter
        patience."""
        patience = self._longest if longest is None else min(longest, self._longest)
        state = self._hosts.setdefault(host, _Host())
        async with state.room:
            await self._permitted(state, host, patience)
            self._spend(host)
            self._keep_apart(state)
            if state.remaining is not None:
                state.remaining -= 1
            state.flying += 1
            try:
                yield
            finally:
                state.flying -= 1

    def _spend(self, host: str) -> None:
        if self._budget and self._sent >= self._budget:
            raise CrawlError(
                f"the {self._budget} requests of a night to this platform are used up ([crawl] "
                "requests_a_night)",
                kind="budget_used_up",
                where=host,
            )
        self._sent += 1

    def _keep_apart(self, state: _Host) -> None:
        """Whoever waits beside this one waits longer: all of them let go at once would be no slowing down."""
        now = self._clock()
        if state.gap and now < state.gap_until:
            self._hold(state, now + state.gap, now)

    def hold(self, host: str, seconds: float) -> None:
        """Nothing is sent to a host for so long: what a platform says in a body and in no header."""
        now = self._clock()
        self._hold(self._hosts.setdefault(host, _Host()), now + seconds, now)

    async def _permitted(self, state: _Host, host: str, patience: float) -> None:
        while (wait := self._wait(state)) > 0:
            if state.waited > patience:
                raise CrawlError(
                    f"{host} asks us to wait {wait:.0f} s more, over the {patience:.0f} s a night",
                    kind="rate_limited",
                    where=host,
                )
            await self._sleep(wait)

    def heard(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Take note of a response, as soon as its headers are here: a body that drips, or is cut, must not
        hide what they announce. Header names in any case."""
        state = self._hosts.setdefault(host, _Host())
        said = {name.lower(): value for name, value in headers.items()}
        now = self._clock()
        skew = now - (_moment(said.get("date", ""), now) or now)  # our clock minus the server's
        reset = _reset(said, now, skew)
        remaining = _number(said, REMAINING)
        if reset and remaining >= 0:
            self._left(state, remaining, reset)
            self._spread(state, _number(said, LIMITS), now)
        elif remaining < 0 and state.remaining is not None:
            state.remaining += 1  # nothing said: pictures beside an API are not in its count
        wait = usage_wait(said)
        if wait:
            self._slow(state, wait, now, now + USAGE_HOLDS)
        if announces_wait(status, headers):
            state.refusals += 1
            until = (
                _retry_after(said, now, skew) or reset or now + UNANNOUNCED * 2 ** min(state.refusals - 1, 10)
            )
            self._hold(state, until + MARGIN, now)
        elif status < 400:
            state.refusals = 0
        elif until := _retry_after(said, now, skew):  # whatever it was refused for
            self._hold(state, until + MARGIN, now)

    def _left(self, state: _Host, remaining: int, reset: float) -> None:
        left = remaining - max(0, state.flying - 1)
        same_window = abs(reset - state.reset) < 1 and state.remaining is not None
        state.remaining = min(left, state.remaining) if same_window and state.remaining is not None else left
        state.reset = reset

    def _spread(self, state: _Host, limit: int, now: float) -> None:
        """Slower before the limit: the last requests of a window are spread over what is left of it."""
        left = state.remaining or 0
        if 0 < left <= limit * SCARCE:
            step = (state.reset - now) / (left + 1)
            if step <= LONGEST_STEP:
                self._slow(state, step, now, state.reset)
        else:
            state.gap = 0.0

    def _slow(self, state: _Host, seconds: float, now: float, until: float) -> None:
        """The next request waits so long, and each after it keeps the same distance."""
        state.gap = seconds if seconds <= LONGEST_STEP else 0.0
        state.gap_until = until
        self._hold(state, now + seconds, now)

    def _hold(self, state: _Host, until: float, now: float) -> None:
        if until > state.until:
            state.waited += until - max(now, state.until)
            state.until = until

    def _wait(self, state: _Host) -> float:
        now = self._clock()
        if state.remaining is not None and now >= state.reset + MARGIN:
            state.remaining = None
        if state.remaining is not None and state.remaining <= 0:
            self._hold(state, state.reset + MARGIN, now)
        return state.until - now


def announces_wait(status: int, headers: Mapping[str, str]) -> bool:
    """429 always; 503 when it says for how long."""
    return status == 429 or (status == 503 and any(name.lower() == "retry-after" for name in headers))


def _retry_after(said: Mapping[str, str], now: float, skew: float) -> float | None:
    value = said.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 12:
        return now + int(value)
    return _ahead(_moment(value, now), now, skew)


def _reset(said: Mapping[str, str], now: float, skew: float) -> float | None:
    for name in RESETS:
        moment = _ahead(_moment(said.get(name, ""), now), now, skew)
        if moment:
            return moment
    return None


def _number(said: Mapping[str, str], names: tuple[str, ...]) -> int:
    """The first of these headers, -1 where it is none or no number."""
    value = next((said[name] for name in names if name in said), "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else -1


def _ahead(moment: float | None, now: float, skew: float) -> float | None:
    """The moment by our clock. None for one that is over: it says nothing, and must not hide a header that
    does."""
    return moment + skew if moment is not None and moment + skew + MARGIN > now else None


def _moment(value: str, now: float) -> float | None:
    """A header's moment in epoch seconds: digits, an HTTP date or ISO-8601; None for anything else."""
    value = value.strip()
    try:
        number = float(value)
        return None if not 0 <= number < 1e11 else number if number > EPOCH else now + number
    except ValueError:
        pass
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        except (ValueError, TypeError, OverflowError):
            continue
    return None
