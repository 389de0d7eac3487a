"""Whoever comes waits in one queue for all processes, and one that is free takes who is next.

asyncio accepts everybody who waits as soon as it looks: of twenty who come at once one process gets fifteen
and the other five, and whoever came to the first waits three times as long. Here a process takes one at a
time, and none while pages of its own wait for their turn. The kernel keeps the others, in the order of
coming, for whichever process is free.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from desk.web.turns import Turns, turns

AT_WORK = 2  # one page is made, and the next one is there when it ends
ASKS_WITHIN = 0.01  # seconds from being accepted to asking for something: most take less than that


class Loop(asyncio.SelectorEventLoop):
    """The event loop of a process of the desk, as uvicorn is told by its `loop`."""

    async def create_server(self, protocol_factory: Any, *args: Any, **kwargs: Any) -> Any:
        """For a socket that is bound already and speaks plain http; all else is asyncio's own."""
        sock: socket.socket | None = kwargs.get("sock")
        if sock is None or kwargs.get("ssl"):
            return await super().create_server(protocol_factory, *args, **kwargs)
        sock.setblocking(False)
        sock.listen(kwargs.get("backlog", 100))
        return Server(self, sock, protocol_factory, turns())


class Server(asyncio.AbstractServer):
    """Accepts from `sock`, which other processes accept from too, until it is closed."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sock: socket.socket,
        protocol: Callable[[], asyncio.Protocol],
        pages: Turns,
    ) -> None:
        self._loop, self._sock, self._protocol, self._pages = loop, sock, protocol, pages
        self._fd = sock.fileno()
        self._closed = loop.create_future()
        self._connecting = set[asyncio.Task[Any]]()
        self._came: int | None = None  # how many had asked for something when the last one was accepted
        self._look()

    def _told(self) -> None:
        """From the thread of a page, which asks for its turn or gives it back."""
        with suppress(RuntimeError):  # the loop is closed: nobody is accepted any more
            self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        """Pages wake the loop only where it waits for them: that costs each of them something."""
        if self._closed.done():
            return
        self._pages.tell = self._told  # before it is asked: whoever gives a turn back meanwhile tells so
        if self._free():
            self._pages.tell = None
            self._loop.add_reader(self._fd, self._take)
        else:
            self._loop.remove_reader(self._fd)

    def _free(self) -> bool:
        if self._came is not None and self._pages.came != self._came:
            self._came = None
        return self._came is None and self._pages.asked < AT_WORK

    def _take(self) -> None:
        if not self._free():
            self._look()
            return
        try:
            connection, _ = self._sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process was quicker, or whoever came has left
        except OSError:  # no descriptor is left for it
            self._rest()
            return
        connection.setblocking(False)
        task = self._loop.create_task(self._connect(connection))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)
        if self._pages.asked:
            self._rest()

    def _rest(self) -> None:
        """Until whoever was accepted asks for something, or takes too long to."""
        self._came = self._pages.came
        self._loop.call_later(ASKS_WITHIN, self._rested, self._came)
        self._look()

    def _rested(self, came: int) -> None:
        if self._came == came:
            self._came = None
        self._look()

    async def _connect(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError:  # it went away meanwhile
            connection.close()

    def close(self) -> None:
        if not self._closed.done():
            self._pages.tell = None
            self._loop.remove_reader(self._fd)
            self._sock.close()
            self._closed.set_result(None)

    async def wait_closed(self) -> None:
        await self._closed

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def is_serving(self) -> bool:
        return not self._closed.done()

    async def start_serving(self) -> None:
        """It does from the beginning."""

    async def serve_forever(self) -> None:
        await self._closed
