"""The guarded download to disk: what it keeps, and every way in which it fails by name."""

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from crawler.addresses import Guard
from crawler.fetch import fetch, retrieve
from storage.errors import CrawlError
from tests.crawler.site import Reply, Site

BODY = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 2000


def get(site: Site, tmp_path: Path, path: str = "/film", **more: Any) -> Any:
    options = {"allow_hosts": [site.host], "contact": "a@b.example", "limit_bytes": 1_000_000, "seconds": 5.0}
    return fetch(site.url + path, tmp_path / "film", **{**options, **more})


def test_the_bytes_and_what_was_said_about_them(site: Site, tmp_path: Path) -> None:
    site.routes["/film"] = Reply(BODY, headers={"Set-Cookie": "x=1", "ETag": '"1"'})
    fetched = get(site, tmp_path)
    assert (tmp_path / "film").read_bytes() == BODY
    assert (fetched.sha256, fetched.size) == (hashlib.sha256(BODY).hexdigest(), len(BODY))
    assert dict(fetched.headers)["etag"] == '"1"'
    assert "set-cookie" not in dict(fetched.headers)
    assert site.headers[0]["user-agent"].endswith("(+a@b.example)")


def test_a_redirect_is_followed_and_named(site: Site, tmp_path: Path) -> None:
    site.routes["/old"] = Reply(status=301, headers={"Location": "/film"})
    site.routes["/film"] = Reply(BODY)
    assert get(site, tmp_path, "/old").url_final == f"{site.url}/film"


FAILURES = {
    "private": (Reply(status=302, headers={"Location": "http://127.0.0.1:9/"}), "address_refused"),
    "nat64": (Reply(status=302, headers={"Location": "http://[64:ff9b::7f00:1]/"}), "address_refused"),
    "number": (Reply(status=302, headers={"Location": "http://2130706433:9/"}), "address_refused"),
    "file": (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "bad_url"),
    "port": (Reply(status=302, headers={"Location": "http://x.example:99999/"}), "bad_url"),
    "loop": (Reply(status=302, headers={"Location": "/film"}), "too_many_redirects"),
    "missing": (Reply(b"no", 404), "http_status"),
    "empty": (Reply(), "empty_body"),
    "cut": (Reply(BODY, length=len(BODY) + 1), "cut_body"),
    "long": (Reply(BODY * 3), "too_large"),
    "endless": (Reply(endless=True), "too_large"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_has_a_name(site: Site, tmp_path: Path, name: str) -> None:
    site.routes["/film"], kind = FAILURES[name]
    with pytest.raises(CrawlError) as error:
        get(site, tmp_path)
    assert error.value.kind == kind, error.value


def test_a_slow_drip_ends_at_the_total_time(site: Site, tmp_path: Path) -> None:
    site.routes["/film"] = Reply(b"x" * 1000, drip=0.05)
    with pytest.raises(CrawlError) as error:
        get(site, tmp_path, seconds=0.5)
    assert error.value.kind == "timeout"


DRIPS = {
    "status line": (b"", b"H"),
    "headers": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "more headers": (b"HTTP/1.1 302 Found\r\nLocation: /", b"a"),
    "chunk lines": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"a"),
    "body without a length": (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
    "silence in a body without a length": (b"HTTP/1.1 200 OK\r\n\r\nabc", b""),
    "TLS": (b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\x00"),  # a long ServerHello begins
}


@contextmanager
def dripping(first: bytes, then: bytes) -> Iterator[int]:
    """A server of one connection that never comes to the point. Its port."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError), listening.accept()[0] as line:
                line.recv(4096)
                line.sendall(first)
                while not over.wait(0.05):
                    line.sendall(then)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            over.set()
            thread.join(5)


@pytest.mark.parametrize("where", DRIPS)
def test_the_total_time_holds_wherever_bytes_drip(where: str, tmp_path: Path) -> None:
    with dripping(*DRIPS[where]) as port:
        scheme = "https" if where == "TLS" else "http"
        began = time.monotonic()
        with pytest.raises(CrawlError) as error:
            retrieve(
                f"{scheme}://127.0.0.1:{port}/film",
                tmp_path / "film",
                allow_hosts=[f"127.0.0.1:{port}"],
                contact="",
                limit_bytes=1_000_000,
                seconds=0.4,
            )
        assert error.value.kind == "timeout", error.value
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "url", ["", "ftp://x.example/", "http://", "http://[::1", "javascript:alert(1)", "//x"]
)
def test_what_is_no_web_address(url: str, tmp_path: Path) -> None:
    with pytest.raises(CrawlError) as error:
        fetch(url, tmp_path / "x", allow_hosts=(), contact="", limit_bytes=1, seconds=1)
    assert error.value.kind == "bad_url"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://[::1]/a.jpg", "::1:80 is ::1 (loopback)"),
        ("https://[::1]/a.jpg", "::1:443 is ::1 (loopback)"),
        ("http://[::1]:8080/a.jpg", "::1:8080 is ::1 (loopback)"),
        ("http://[fe80::7]/a.jpg", "fe80::7:80 is fe80::7 (link-local)"),
        ("http://[fd00::1]/a.jpg", "fd00::1:80 is fd00::1 (unique local)"),
        ("http://[::ffff:127.0.0.1]/a.jpg", "IPv4-mapped"),
    ],
)
def test_a_literal_is_refused_under_its_own_name(url: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(CrawlError) as error:
        fetch(url, tmp_path / "x", allow_hosts=(), contact="", limit_bytes=1, seconds=1)
    assert error.value.kind == "address_refused", error.value
    assert why in str(error.value)


def test_nobody_listens(site: Site, tmp_path: Path) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{bound.getsockname()[1]}"
        with pytest.raises(CrawlError) as error:
            fetch(
                f"http://{address}/",
                tmp_path / "x",
                allow_hosts=[address],
                contact="",
                limit_bytes=1,
                seconds=1,
            )
    assert error.value.kind == "connection_failed"


def test_a_name_that_answers_differently_the_second_time(site: Site, tmp_path: Path) -> None:
    """The first hop resolves to the allowed server, the second look-up of the same name to another
    address."""
    site.routes["/film"] = Reply(status=302, headers={"Location": "/film"})
    port = int(site.host.rpartition(":")[2])
    answers = iter(["127.0.0.1", "10.0.0.1"])

    def resolve(host: str, asked: int, *_: object) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, 1, 6, "", (next(answers), asked))]

    guard = Guard([f"127.0.0.1:{port}"], resolve)
    with pytest.raises(CrawlError) as error:
        retrieve(
            f"http://rebind.example:{port}/film",
            tmp_path / "x",
            allow_hosts=(),
            contact="",
            limit_bytes=10,
            seconds=2,
            guard=guard,
        )
    assert error.value.kind == "address_refused"
    assert len(site.asked) == 1
