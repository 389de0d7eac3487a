"""The moment at which one download ends, whatever it is doing then."""

import socket
import threading
import time
from types import TracebackType
from typing import Self


class Deadline:
    """Shuts the connection down when the time is over.

    A socket's own timeout begins anew with every byte: a server that sends one now and then, in its TLS
    handshake, its headers or the lines between its chunks, would keep a reader for ever.
    """

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds
        self._lock = threading.Lock()  # between the download and the timer's thread
        self._line: socket.socket | None = None
        self._timer = threading.Timer(max(0.0, seconds), self._shut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._hold(None)

    @property
    def left(self) -> float:
        """Seconds; negative when the time is over."""
        return self._at - time.monotonic()

    @property
    def over(self) -> bool:
        return self.left <= 0

    def watch(self, line: socket.socket) -> None:
        """From now on this connection is the one that is shut down."""
        self._hold(line.dup())  # of our own: TLS takes the first one over, and its number may be given anew
        if self.over:
            self._shut()

    def _hold(self, line: socket.socket | None) -> None:
        with self._lock:
            before, self._line = self._line, line
        if before:
            before.close()

    def _shut(self) -> None:
        with self._lock:
            if self._line:
                try:
                    self._line.shutdown(socket.SHUT_RDWR)
                except OSError:  # the other side was first
                    return
