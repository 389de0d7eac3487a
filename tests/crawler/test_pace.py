"""How long a host's words hold us, on a clock that the test turns."""

import asyncio
from email.utils import formatdate

import pytest

from crawler.pace import AT_ONCE, FOREIGN_SECONDS, MARGIN, UNANNOUNCED, Pace, announces_wait
from storage.errors import CrawlError

NOW = 1_800_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def waited(status: int, headers: dict[str, str], longest: float = 1200) -> float:
    """Seconds that the next request to the host waits after such an answer."""
    clock = Clock()
    pace = Pace(longest, clock, clock.sleep)

    async def play() -> None:
        async with pace.turn("a.example"):
            pace.heard("a.example", status, headers)
        async with pace.turn("b.example"):
            pass
        assert not clock.slept, "another host is not held"
        async with pace.turn("a.example"):
            pass

    asyncio.run(play())
    return sum(clock.slept)


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, {}, 0),
        (200, {"ratelimit-remaining": "5", "ratelimit-reset": str(NOW + 60)}, 0),
        (200, {"ratelimit-remaining": "0", "ratelimit-reset": str(int(NOW) + 60)}, 60 + MARGIN),
        (200, {"RateLimit-Remaining": "0", "RateLimit-Reset": "30"}, 30 + MARGIN),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2027-01-15T08:01:00.000Z"}, 60 + MARGIN),
        # As Mastodon 4.6 writes it; an hour's offset names the same moment.
        (
            200,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2027-01-15T08:01:00.029100Z"},
            60.03 + MARGIN,
        ),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2027-01-15T09:01:00+01:00"}, 60 + MARGIN),
        (200, {"x-ratelimit-remaining": "299", "x-ratelimit-reset": "2027-01-15T08:05:00.000000Z"}, 0),
        # Nothing is left, and the moment is over: as good as none.
        (
            200,
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1970-01-01T00:00:00Z"},
            UNANNOUNCED + MARGIN,
        ),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "tomorrow"}, UNANNOUNCED + MARGIN),
        (200, {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW) + 9)}, 9 + MARGIN),
        (200, {"ratelimit-remaining": "0"}, UNANNOUNCED + MARGIN),
        (200, {"ratelimit-remaining": "0", "Retry-After": "3"}, 3 + MARGIN),
        (200, {"ratelimit-remaining": "0", "ratelimit-reset": "soon"}, UNANNOUNCED + MARGIN),
        (404, {"ratelimit-remaining": "0"}, UNANNOUNCED + MARGIN),
        # Epochs in milli- and microseconds, and one where seconds belong.
        (429, {"x-ratelimit-reset": f"{NOW + 60:.0f}000"}, 60 + MARGIN),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{NOW + 60:.0f}250"}, 60.25 + MARGIN),
        (429, {"x-ratelimit-reset": f"{NOW + 60:.0f}000000"}, 60 + MARGIN),
        (429, {"Retry-After": f"{NOW + 60:.0f}"}, 60 + MARGIN),
        (429, {"Retry-After": "1.5"}, 1.5 + MARGIN),
        # The later of two moments holds, unless requests remain until the one or it is nobody's window.
        (429, {"Retry-After": "1", "x-ratelimit-reset": str(int(NOW) + 60)}, 60 + MARGIN),
        (429, {"Retry-After": "90", "x-ratelimit-reset": str(int(NOW) + 60)}, 90 + MARGIN),
        (
            429,
            {"Retry-After": "1", "x-ratelimit-reset": str(int(NOW) + 60), "x-ratelimit-remaining": "0"},
            60 + MARGIN,
        ),
        (
            429,
            {"Retry-After": "1", "x-ratelimit-reset": str(int(NOW) + 60), "x-ratelimit-remaining": "9"},
            1 + MARGIN,
        ),
        (429, {"Retry-After": "1", "x-ratelimit-reset": str(int(NOW) + 90_000)}, 1 + MARGIN),
        # The draft's way of writing several windows: the first is the one that is met first.
        (
            200,
            {"ratelimit-remaining": "0, 900;w=3600", "ratelimit-reset": "30"},
            30 + MARGIN,
        ),
        (429, {"Retry-After": "20"}, 20 + MARGIN),
        (429, {"Retry-After": formatdate(NOW + 45, usegmt=True)}, 45 + MARGIN),
        (429, {"ratelimit-reset": str(int(NOW) + 7)}, 7 + MARGIN),
        (429, {"x-ratelimit-reset": "2027-01-15T08:00:30Z"}, 30 + MARGIN),
        (429, {}, UNANNOUNCED + MARGIN),
        (429, {"Retry-After": "soon", "ratelimit-reset": "nan"}, UNANNOUNCED + MARGIN),
        (429, {"Retry-After": "-5"}, UNANNOUNCED + MARGIN),
        (
            429,
            {"Retry-After": formatdate(NOW - 60, usegmt=True), "ratelimit-reset": str(int(NOW) + 7)},
            7 + MARGIN,
        ),
        (
            429,
            {"ratelimit-reset": str(int(NOW) - 60), "x-ratelimit-reset": "2027-01-15T08:00:30Z"},
            30 + MARGIN,
        ),
        (429, {"Retry-After": formatdate(NOW - 60, usegmt=True)}, UNANNOUNCED + MARGIN),
        (429, {"ratelimit-reset": "1000000001", "ratelimit-remaining": "0"}, UNANNOUNCED + MARGIN),
        (429, {"ratelimit-reset": str(int(NOW))}, MARGIN),
        (503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, UNANNOUNCED + MARGIN),
        (503, {"Retry-After": "3"}, 3 + MARGIN),
        (403, {"Retry-After": "60"}, 60 + MARGIN),
        (500, {"Retry-After": formatdate(NOW + 9, usegmt=True)}, 9 + MARGIN),
        (403, {}, 0),
        (200, {"Retry-After": "60"}, 0),
        (503, {}, 0),
        (
            429,
            {"Date": formatdate(NOW + 600, usegmt=True), "ratelimit-reset": str(int(NOW) + 605)},
            5 + MARGIN,
        ),
        # Seconds to wait are the same by both clocks.
        (429, {"Date": formatdate(NOW + 600, usegmt=True), "ratelimit-reset": "30"}, 30 + MARGIN),
    ],
)
def test_what_a_host_says_is_waited_out(status: int, headers: dict[str, str], seconds: float) -> None:
    assert waited(status, headers) == pytest.approx(seconds, abs=0.01)


def test_more_than_a_night_allows_is_a_failure_at_once() -> None:
    with pytest.raises(CrawlError) as error:
        waited(429, {"Retry-After": "3600"})
    assert error.value.kind == "rate_limited"


def test_waits_add_up_over_the_night() -> None:
    clock = Clock()
    pace = Pace(100, clock, clock.sleep)

    async def refused() -> None:
        async with pace.turn("a"):
            pace.heard("a", 429, {"Retry-After": "40"})

    async def play() -> None:
        for _ in range(3):
            await refused()
        async with pace.turn("a"):
            pass

    with pytest.raises(CrawlError):
        asyncio.run(play())
    assert clock.now < NOW + 100


def test_requests_in_flight_count_against_what_is_left() -> None:
    """Three are left, two are in the air: one more may go, the next waits for the reset."""
    clock = Clock()
    pace = Pace(100, clock, clock.sleep)

    async def play() -> None:
        async with pace.turn("a"), pace.turn("a"), pace.turn("a"):
            pace.heard("a", 200, {"ratelimit-remaining": "3", "ratelimit-reset": str(NOW + 50)})
            async with pace.turn("a"):
                assert not clock.slept
                async with pace.turn("a"):
                    assert sum(clock.slept) == pytest.approx(50 + MARGIN)

    asyncio.run(play())


def test_a_burst_is_not_let_through() -> None:
    clock = Clock()
    pace = Pace(100, clock, clock.sleep)
    most = [0, 0]

    async def one() -> None:
        async with pace.turn("a"):
            most[0] += 1
            most[1] = max(most)
            await asyncio.sleep(0)
            most[0] -= 1

    async def play() -> None:
        await asyncio.gather(*(one() for _ in range(50)))

    asyncio.run(play())
    assert most[1] == AT_ONCE


def test_unannounced_refusals_double_the_wait() -> None:
    clock = Clock()
    pace = Pace(1000, clock, clock.sleep)

    async def play() -> None:
        for _ in range(3):
            async with pace.turn("a"):
                pace.heard("a", 429, {})
        async with pace.turn("a"):
            pass

    asyncio.run(play())
    assert clock.slept == pytest.approx([wait + MARGIN for wait in (10, 20, 40)])


def test_a_window_that_names_no_end_is_waited_for_longer_each_time() -> None:
    """And the first answer that has something left ends that."""
    clock = Clock()
    pace = Pace(1000, clock, clock.sleep)

    async def play() -> None:
        for left in ("0", "0", "0", "5", "0"):
            async with pace.turn("a"):
                pace.heard("a", 200, {"x-ratelimit-remaining": left})
        async with pace.turn("a"):
            pass

    asyncio.run(play())
    assert clock.slept == pytest.approx([wait + MARGIN for wait in (10, 20, 40, 10)])


def test_refusals_in_flight_together_are_one_refusal() -> None:
    clock = Clock()
    pace = Pace(1000, clock, clock.sleep)

    async def play() -> None:
        async with pace.turn("a"), pace.turn("a"), pace.turn("a"):
            for _ in range(3):
                pace.heard("a", 429, {})
            pace.heard("a", 200, {})
        async with pace.turn("a"):
            pace.heard("a", 429, {})
        async with pace.turn("a"):
            pass

    asyncio.run(play())
    assert clock.slept == pytest.approx([wait + MARGIN for wait in (10, 20)])


def test_what_is_not_understood_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    said = {
        "Retry-After": "soon\nish",
        "X-RateLimit-Reset": "tomorrow",
        "X-RateLimit-Remaining": "many",
        "X-RateLimit-Limit": "-3",
        "X-App-Usage": '{"call_count": "a lot"}',
    }
    clock = Clock()
    pace = Pace(1000, clock, clock.sleep)
    for _ in range(2):
        pace.heard("a.example", 200, said)
    pace.heard("b.example", 200, {"Retry-After": "30", "X-RateLimit-Remaining": "12", "Date": "never"})
    named = [record.getMessage() for record in caplog.records]
    assert [name.partition(", which")[0] for name in named] == [
        "a.example says retry-after: 'soon\\nish'",
        "a.example says x-ratelimit-reset: 'tomorrow'",
        "a.example says x-ratelimit-remaining: 'many'",
        "a.example says x-ratelimit-limit: '-3'",
        "a.example says x-app-usage: 'call_count = a lot'",
    ]


def test_a_host_that_names_a_past_moment_each_time_is_not_asked_at_once_each_time() -> None:
    clock = Clock()
    pace = Pace(1000, clock, clock.sleep)

    async def play() -> None:
        for _ in range(3):
            async with pace.turn("a"):
                pace.heard("a", 429, {"Retry-After": formatdate(NOW - 3600, usegmt=True)})
        async with pace.turn("a"):
            pass

    asyncio.run(play())
    assert clock.slept == pytest.approx([wait + MARGIN for wait in (10, 20, 40)])


def test_only_announcements_are_announcements() -> None:
    assert announces_wait(429, {})
    assert announces_wait(503, {"retry-after": "1"})
    assert not announces_wait(503, {})
    assert not announces_wait(200, {"retry-after": "1"})


def test_a_request_may_have_less_patience_than_the_night() -> None:
    clock = Clock()
    pace = Pace(1200, clock, clock.sleep)

    async def play() -> None:
        pace.heard("cdn", 429, {"retry-after": "100"})
        with pytest.raises(CrawlError) as error:
            async with pace.turn("cdn", FOREIGN_SECONDS):
                pass
        assert (error.value.kind, clock.slept) == ("rate_limited", [])
        async with pace.turn("cdn"):
            pass
        assert sum(clock.slept) == 100 + MARGIN

    asyncio.run(play())
