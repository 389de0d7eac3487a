"""Connections wait in the kernel's queue until a process is free to make their page."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from desk.web.accepting import AT_WORK, Loop, Server
from desk.web.turns import Turns


class Answering(asyncio.Protocol):
    """Says which process it is of, and ends."""

    def __init__(self, name: bytes) -> None:
        self._name = name

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._name)
        transport.close()


class Process:
    """A loop in a thread of its own that accepts from a socket which others accept from, too."""

    def __init__(self, name: bytes, sock: socket.socket) -> None:
        self.pages, self._loop = Turns(), Loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        mine = sock.dup()
        mine.setblocking(False)

        async def begun() -> Server:
            return Server(self._loop, mine, lambda: Answering(name), self.pages)

        self.server = asyncio.run_coroutine_threadsafe(begun(), self._loop).result(10)

    def end(self) -> None:
        async def ended() -> None:
            self.server.close()
            await self.server.wait_closed()

        asyncio.run_coroutine_threadsafe(ended(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class Full:
    """As many as a process takes are at work."""

    def __init__(self, pages: Turns) -> None:
        self._let, self._pages = threading.Event(), pages
        self._threads = [threading.Thread(target=self._page) for _ in range(AT_WORK)]
        for thread in self._threads:
            thread.start()
        while pages.asked < AT_WORK:
            pass

    def _page(self) -> None:
        with self._pages.turn():
            self._let.wait(30)

    def end(self) -> None:
        self._let.set()
        for thread in self._threads:
            thread.join(10)


@pytest.fixture
def sock() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def asked(sock: socket.socket) -> bytes:
    with socket.create_connection(sock.getsockname()) as client:
        client.settimeout(10)
        return client.recv(10)


def test_a_full_process_takes_nobody_until_a_page_is_made(sock: socket.socket) -> None:
    one = Process(b"one", sock)
    full = Full(one.pages)
    try:
        with socket.create_connection(sock.getsockname()) as client:
            client.settimeout(0.3)
            with pytest.raises(TimeoutError):
                client.recv(10)
            full.end()
            client.settimeout(10)
            assert client.recv(10) == b"one"
    finally:
        full.end()
        one.end()


def test_whoever_comes_while_one_is_full_is_answered_by_the_other(sock: socket.socket) -> None:
    one, other = Process(b"one", sock), Process(b"other", sock)
    full = Full(one.pages)
    try:
        assert {asked(sock) for _ in range(30)} == {b"other"}
    finally:
        full.end()
        one.end()
        other.end()


def test_what_asks_for_no_page_does_not_keep_others_waiting(sock: socket.socket) -> None:
    """Pictures, or a connection on which nothing is asked: one page is being made, and no turn is taken."""
    one = Process(b"one", sock)
    held = threading.Event()

    def page() -> None:
        with one.pages.turn():
            held.wait(30)

    thread = threading.Thread(target=page)
    thread.start()
    try:
        assert [asked(sock) for _ in range(5)] == [b"one"] * 5
    finally:
        held.set()
        thread.join(10)
        one.end()


def test_it_is_the_loop_that_says_who_accepts(sock: socket.socket) -> None:
    """For a socket that is bound already, as the server of several processes has it; else asyncio does."""

    async def made() -> tuple[object, object]:
        loop = asyncio.get_running_loop()
        ours = await loop.create_server(lambda: Answering(b"ours"), sock=sock, backlog=5)
        theirs = await loop.create_server(lambda: Answering(b"theirs"), "127.0.0.1", 0)
        told = await asyncio.to_thread(asked, sock), theirs.sockets[0].getsockname()
        assert told[0] == b"ours"
        assert ours.is_serving()
        for one in (ours, theirs):
            one.close()
            await one.wait_closed()
        return ours, theirs

    with asyncio.Runner(loop_factory=Loop) as runner:
        ours, theirs = runner.run(made())
    assert isinstance(ours, Server)
    assert not isinstance(theirs, Server)
    assert not ours.is_serving()
