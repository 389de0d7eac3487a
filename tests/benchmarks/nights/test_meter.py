"""Meta's calls as the loopback server counts them: Twinwatch slows down before they are used up, and waits
where it is told to."""

import asyncio
import heapq
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.nights.meter import CALLS, MINUTES, REFUSAL, WINDOW, Meter, headers
from benchmarks.nights.weather import USAGE, Ledger
from crawler.meta.errors import limit_in
from crawler.pace import AT_ONCE, Pace
from crawler.pages import Answer
from crawler.usage import SLOWER_FROM, STOP_FROM

START = 1_800_000_000.0
ANSWER = 0.2  # seconds until an answer is there


class Time:
    """Seconds that pass when everybody waits."""

    def __init__(self) -> None:
        self.now = START
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.now + seconds, self._count, woken))
        await woken

    async def pass_until(self, done: "asyncio.Future[Any]") -> None:
        while not done.done():
            for _ in range(50):  # let everybody go as far as they come
                await asyncio.sleep(0)
            if self._sleeping and not done.done():
                self.now, _, woken = heapq.heappop(self._sleeping)
                woken.set_result(None)


def played(calls: int, *, paced: bool) -> tuple[Meter, float]:
    """So many calls, as many side by side as a crawl sends; seconds that they took."""
    meter, time = Meter(), Time()

    async def call(pace: Pace) -> None:
        async with pace.turn("graph"):
            used = meter.call(time.now)
            await time.sleep(ANSWER)
            pace.heard("graph", 200, dict(headers(used)) if paced else {})

    async def play() -> None:
        pace = Pace(3600, time, time.sleep)
        together = asyncio.gather(*(call(pace) for _ in range(calls)))
        await time.pass_until(together)
        await together

    asyncio.run(play())
    return meter, time.now - START


def test_calls_are_used_up_by_whoever_does_not_read_the_headers() -> None:
    meter, seconds = played(4 * CALLS, paced=False)
    assert meter.most > 100
    assert seconds < WINDOW


def test_and_never_by_whoever_does() -> None:
    meter, seconds = played(4 * CALLS, paced=True)
    assert SLOWER_FROM < meter.most < STOP_FROM
    assert meter.calls == 4 * CALLS
    assert seconds < 10 * WINDOW, "it goes on, only slower"


def test_what_is_used_falls_away_after_the_window() -> None:
    meter = Meter()
    assert [meter.call(START + second) for second in (0, 1, WINDOW, WINDOW + 1)] == pytest.approx(
        [100 / CALLS, 200 / CALLS, 200 / CALLS, 200 / CALLS]
    )
    assert meter.most == pytest.approx(200 / CALLS)
    assert AT_ONCE * 100 / CALLS < STOP_FROM - SLOWER_FROM, "those on their way do not use up the rest"


def test_a_refusal_says_for_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [START]
    monkeypatch.setattr("benchmarks.nights.weather.time.time", lambda: now[0])
    ledger = Ledger()
    status, told = ledger.announce(80, USAGE)
    assert status == 400
    body = json.dumps(REFUSAL).encode()
    heard = {name.lower(): value for name, value in told.items()}
    limit = limit_in(Answer("https://graph", status, heard, body, datetime.now(UTC)))
    assert limit is not None
    assert limit.seconds == 60 * MINUTES
    now[0] += 59
    assert ledger.asked(80, "/too early")
    assert len(ledger.broken) == 1
    now[0] += 2
    assert not ledger.asked(80, "/in time")
