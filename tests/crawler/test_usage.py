"""Meta's usage headers, as their documentation shows them, and as nobody should write them."""

import asyncio
import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pace import AT_ONCE, LONGEST_STEP, MARGIN, Pace
from crawler.usage import PAUSE, SLOWEST, usage, usage_wait
from storage.errors import CrawlError
from tests.crawler.test_pace import NOW, Clock, waited

APP = "x-app-usage"
BUSINESS = "x-business-use-case-usage"


def business(**values: object) -> str:
    return json.dumps({"17841400000000000": [{"type": "instagram", "call_count": 1, **values}]})


@pytest.mark.parametrize(
    ("header", "value", "seconds"),
    [
        (APP, '{"call_count":28,"total_time":25,"total_cputime":25}', 0),
        (APP, '{"call_count":75,"total_time":25,"total_cputime":25}', 0),
        (APP, '{"call_count":10,"total_time":85,"total_cputime":25}', SLOWEST / 2),
        (APP, '{"call_count":95}', PAUSE),
        (APP, '{"call_count":130}', PAUSE),
        (BUSINESS, business(), 0),
        (BUSINESS, business(total_cputime=80), SLOWEST / 4),
        (BUSINESS, business(estimated_time_to_regain_access=19), 19 * 60),
        (BUSINESS, business(call_count=100, estimated_time_to_regain_access=3), PAUSE),
        ("x-ad-account-usage", '{"acc_id_util_pct": 90.0}', SLOWEST * 0.75),
        (APP, "", 0),
        (APP, "no json", 0),
        (APP, "[1, 2]", 0),
        (APP, '{"call_count": true, "total_time": "94", "total_cputime": null}', SLOWEST * 0.95),
        (APP, '{"call_count": "95"}', PAUSE),
        (APP, '{"call_count": "95.3", "total_time": 10}', PAUSE),
        (APP, '{"call_count": " 80 %"}', SLOWEST / 4),
        (BUSINESS, business(estimated_time_to_regain_access="19"), 19 * 60),
        (BUSINESS, '{"17841400000000000": {"call_count": "85"}}', SLOWEST / 2),
        (APP, '{"call_count": NaN, "total_time": Infinity, "total_cputime": -95}', 0),
        (APP, '{"call_count": 1' + "0" * 400 + "}", 0),
        (BUSINESS, "[" * 5000, 0),
    ],
)
def test_what_is_used_slows_down_before_the_limit(header: str, value: str, seconds: float) -> None:
    assert usage_wait({header: value}) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ('{"call_count": "a lot", "total_time": 85}', "'call_count = a lot'"),
        ('{"call_count": true}', "'call_count = True'"),
        ('{"call_count": -5}', "'call_count = -5'"),
        ('{"call_count": NaN}', "'call_count = nan'"),
        ('{"call_count": [95]}', "'call_count = [95]'"),
        ('{"call_count": 95', "'{\"call_count\": 95'"),
        ("[95]", "'[95]'"),
        ('{"call_count": null, "id": "x"}', None),
        ("", None),
    ],
)
def test_what_is_no_number_is_named(value: str, named: str | None) -> None:
    assert usage({APP: value}).strange == ({APP: named} if named else {})


NUMBERS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
OBJECTS = st.dictionaries(st.sampled_from(["call_count", "total_time", "id"]), NUMBERS, max_size=3)
VALUES = st.text(max_size=50) | OBJECTS.map(json.dumps)
BUSINESSES = st.dictionaries(st.just("1"), st.lists(OBJECTS, max_size=2), max_size=1).map(json.dumps)


@given(VALUES, VALUES | BUSINESSES)
def test_any_header_gives_some_seconds(app: str, cases: str) -> None:
    assert 0 <= usage_wait({APP: app, BUSINESS: cases}) < 1e11


def test_the_next_request_is_held_back() -> None:
    assert waited(200, {"X-App-Usage": '{"call_count": 85}'}) == pytest.approx(SLOWEST / 2)
    with pytest.raises(CrawlError, match="asks us to wait"):
        waited(400, {"X-Business-Use-Case-Usage": business(estimated_time_to_regain_access=59)})


@pytest.mark.parametrize(
    ("limit", "remaining", "seconds"),
    [("300", "31", 0), ("300", "30", 60 / 31), ("300", "3", 60 / 4), ("", "3", 0), ("300", "0", 60 + MARGIN)],
)
def test_the_last_tenth_of_a_window_is_spread(limit: str, remaining: str, seconds: float) -> None:
    said = {"X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": str(NOW + 60)}
    assert waited(200, said | ({"X-RateLimit-Limit": limit} if limit else {})) == pytest.approx(seconds)


def test_a_step_that_would_be_too_long_waits_at_the_end_instead() -> None:
    said = {"x-ratelimit-limit": "300", "x-ratelimit-remaining": "2", "x-ratelimit-reset": str(NOW + 900)}
    assert LONGEST_STEP < 900 / 3
    assert waited(200, said) == 0


def test_the_nights_budget_is_all_hosts_together() -> None:
    clock = Clock()
    pace = Pace(100, clock, clock.sleep, budget=3)

    async def play() -> None:
        for host in ("a", "b", "a"):
            async with pace.turn(host):
                pass
        with pytest.raises(CrawlError, match=r"the 3 requests of a night .* requests_a_night") as caught:
            async with pace.turn("c"):
                pass
        assert caught.value.kind == "budget_used_up"

    asyncio.run(play())


def test_a_platform_may_hold_a_host_back_by_its_own_words() -> None:
    clock = Clock()
    pace = Pace(100, clock, clock.sleep)

    async def play() -> None:
        pace.hold("a", 50)
        async with pace.turn("a"):
            assert sum(clock.slept) == 50
        pace.hold("a", 3600)
        with pytest.raises(CrawlError) as caught:
            async with pace.turn("a"):
                pass
        assert caught.value.kind == "rate_limited"

    asyncio.run(play())


class SharedClock(Clock):
    """For several that wait at the same time: it goes on to the next moment when nobody can do anything."""

    def __init__(self) -> None:
        super().__init__()
        self.moments = set[float]()

    async def sleep(self, seconds: float) -> None:
        moment = self.now + seconds
        self.moments.add(moment)
        while self.now < moment:
            await asyncio.sleep(0)

    async def turn(self) -> None:
        while True:
            for _ in range(10):
                await asyncio.sleep(0)
            later = [moment for moment in self.moments if moment > self.now]
            self.now = min(later, default=self.now)


def test_the_last_tenth_is_spread_among_all_that_wait_together() -> None:
    """Mastodon's 300 in five minutes: accounts side by side do not leap off together when the wait is over,
    and the limit is never reached."""
    clock = SharedClock()
    pace = Pace(1200, clock, clock.sleep)
    left, sent = [31], list[float]()

    async def one() -> None:
        async with pace.turn("a"):
            sent.append(clock.now)
            left[0] -= 1
            said = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": str(left[0])}
            await asyncio.sleep(0)
            pace.heard("a", 200, said | {"X-RateLimit-Reset": str(NOW + 290)})

    async def play() -> None:
        turning = asyncio.ensure_future(clock.turn())
        await asyncio.gather(*(one() for _ in range(30)))
        turning.cancel()

    asyncio.run(play())
    first, last = sent[AT_ONCE:], sent[-1]
    gaps = [later - earlier for earlier, later in itertools.pairwise(first)]
    assert min(gaps) > 5, "one at a time, all along the window"
    assert (left[0], last < NOW + 290) == (1, True)


def test_answers_that_say_nothing_are_not_in_the_count() -> None:
    """Pictures beside an API: two hundred of them leave its window as it was."""
    clock = Clock()
    pace = Pace(1200, clock, clock.sleep)
    said = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "90", "X-RateLimit-Reset": str(NOW + 290)}

    async def play() -> None:
        async with pace.turn("a"):
            pace.heard("a", 200, said)
        for _ in range(200):
            async with pace.turn("a"):
                pace.heard("a", 200, {"content-type": "image/png"})

    asyncio.run(play())
    assert clock.slept == []
