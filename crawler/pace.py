"""Manners: when the next request may go to a host. All requests to one host are held together.

What servers say is read in crawler.announced and, Meta's usage headers, in crawler.usage. The last permitted
request of a window is the last one sent; where its limit is told, the last tenth is spread over what is left
of it. What was not understood is named in the log, once a night for a host and header. A night may have a
budget of requests as well.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from crawler.announced import RETRY_AFTER, Announced, announced
from crawler.usage import usage
from storage.errors import CrawlError

AT_ONCE = 8  # requests to one host side by side, which is Scrapy's own default
MARGIN = 0.5  # seconds after an announced moment: servers name whole seconds
FOREIGN_SECONDS = 60.0  # as long as a host that only serves some pictures may hold an account; ours to choose
UNANNOUNCED = 10.0  # seconds after the first 429, or the last permitted request, that names no time; doubled
# each time
DOUBLINGS = 10
WINDOW = 86_400.0  # seconds: no limit that we read of is counted over more than a day; what says so beside a
# Retry-After that is nearer is not believed
SCARCE = 0.1  # of a window's requests: with so few left they are spread over the rest of it
LONGEST_STEP = 30.0  # seconds between two requests that are spread; then it is cheaper to wait at the end
USAGE_HOLDS = 60.0  # seconds that a percentage is believed; every answer brings a new one

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Host:
    until: float = 0.0  # epoch seconds: nothing is sent before
    remaining: int | None = None  # requests left until `reset`, those in flight taken off
    reset: float = 0.0
    flying: int = 0
    waited: float = 0.0  # seconds held this night
    refusals: int = 0  # in a row that named no time, those that were in flight together counted once
    guessed: float = 0.0  # epoch seconds until which the last of them holds
    named: set[str] = field(default_factory=set)  # headers that were not understood
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
        limits, used = announced(said, now), usage(said)
        self._name(state, host, {**limits.strange, **used.strange})
        if limits.reset and limits.remaining is not None:
            self._left(state, limits.remaining, limits.reset)
            self._spread(state, limits.limit or -1, now)
        elif limits.remaining is None and state.remaining is not None:
            state.remaining += 1  # nothing said: pictures beside an API are not in its count
        if used.wait:
            self._slow(state, used.wait, now, now + USAGE_HOLDS)
        if announces_wait(status, headers):
            self._hold(state, _until(limits, now) or self._unannounced(state, now), now, MARGIN)
        elif status >= 400 and limits.retry_after:  # whatever it was refused for
            self._hold(state, limits.retry_after, now, MARGIN)
        elif limits.remaining == 0 and not limits.reset:
            until = limits.retry_after or self._unannounced(state, now)
            self._hold(state, until, now, MARGIN)
        elif status < 400 and state.guessed <= now:
            state.refusals = 0

    def _name(self, state: _Host, host: str, strange: Mapping[str, str]) -> None:
        for header, value in strange.items():
            if header not in state.named:
                state.named.add(header)
                log.warning("%s says %s: %s, which is not understood and not heeded", host, header, value)

    def _unannounced(self, state: _Host, now: float) -> float:
        """Until when, where nobody says. What was in flight beside the first refusal is the same refusal."""
        if state.guessed <= now:
            state.refusals += 1
            state.guessed = now + UNANNOUNCED * 2 ** min(state.refusals - 1, DOUBLINGS)
        return state.guessed

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

    def _hold(self, state: _Host, until: float, now: float, margin: float = 0.0) -> None:
        until += margin
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
    return status == 429 or (status == 503 and any(name.lower() == RETRY_AFTER for name in headers))


def _until(limits: Announced, now: float) -> float | None:
    """How long a refusal holds. The later of two moments, unless requests remain in the window that `reset`
    ends: it was another limit then that was hit."""
    if limits.retry_after is None or limits.reset is None:
        return limits.retry_after or limits.reset
    if limits.remaining or limits.reset > now + WINDOW:
        return limits.retry_after
    return max(limits.retry_after, limits.reset)
