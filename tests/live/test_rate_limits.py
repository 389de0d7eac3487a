"""The same server with its rate limits on: what it announces is kept to, a long wait is an honest "later".

The limiter, its headers and its 429 are the PDS's own; only the window is shorter than its 300 s, or longer.
"""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.bluesky import Publisher, Request, Server
from tests.live.campaign import publish
from tests.live.house import House

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]

HANDLE = "limited.test"
OTHERS = "com.atproto.server.describeServer"  # what somebody else asks for


def _exhaust(server: Server) -> float:
    """Somebody else at our address uses the window up. When it resets, in epoch seconds."""
    for _ in range(1000):
        try:
            urllib.request.urlopen(f"{server.pds}/xrpc/{OTHERS}", timeout=10).close()
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise
            return float(error.headers["ratelimit-reset"])
    raise AssertionError("the server never said 429")


def _crawlers(server: Server) -> list[Request]:
    return [request for request in server.requests() if OTHERS not in request.url]


@contextmanager
def _spent_until_it_is_refused(server: Server) -> Iterator[None]:
    """Somebody else at our address uses up this window and each one after it until the crawl is refused:
    however long it takes to start, the window that it meets is spent."""
    over = threading.Event()
    first = _exhaust(server)

    def spend() -> None:
        reset = first
        while not over.wait(max(0.02, min(0.2, reset - time.time()))):
            if any(request.status == 429 for request in _crawlers(server)):
                return
            if time.time() >= reset:
                reset = _exhaust(server)

    somebody = threading.Thread(target=spend, daemon=True)
    somebody.start()
    try:
        yield
    finally:
        over.set()
        somebody.join()


def _too_early(requests: Sequence[Request]) -> list[tuple[Request, Request]]:
    """Pairs of a 429 and a later request that did not wait for the moment which the 429 named."""
    return [
        (refused, later)
        for number, refused in enumerate(requests)
        if refused.status == 429 and refused.reset
        for later in requests[number + 1 :]
        if later.at < refused.reset
    ]


def test_a_spent_window_is_waited_for(tmp_path: Path) -> None:
    with Server(tmp_path / "pds", limit="14;20") as server:
        campaign = publish(Publisher(server, HANDLE))
        house = House(tmp_path / "house", server, HANDLE, service=True)
        with _spent_until_it_is_refused(server):
            summary = house.night()
        requests = _crawlers(server)
    assert summary["posts"]["new"] == len(campaign.uris)
    assert summary["media"]["failed"] == 0
    assert summary["errors"] == []
    assert _too_early(requests) == []
    refused = [request for request in requests if request.status == 429]
    assert refused, "the crawl met no spent window"
    assert len(refused) <= 3, (
        f"{len(refused)} of {len(requests)} requests were refused: the announcements were ignored"
    )


def test_an_hour_to_wait_is_later_and_not_now(tmp_path: Path) -> None:
    with Server(tmp_path / "pds", limit="12;3600") as server:
        publish(Publisher(server, HANDLE))
        house = House(tmp_path / "house", server, HANDLE, service=True)
        _exhaust(server)
        started = time.monotonic()
        summary = house.night(status=(75,))
        waited = time.monotonic() - started
        requests = _crawlers(server)
    assert waited < 60
    assert len(requests) <= 2, "it went on asking after it was told to wait"
    assert summary["accounts"]["failed"] == 1
    assert [error["kind"] for error in summary["errors"]] == ["rate_limited"]
    assert summary["posts"]["new"] == 0
