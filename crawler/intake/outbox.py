"""What one process made and the other has not taken yet: bounded, and sent by a thread of its own, so that
neither waits for the other's start."""

from collections import deque
from threading import Condition, Thread
from typing import BinaryIO

LENGTH = 8  # bytes that say how long the message behind them is, big-endian
MOST_WAITING = 48 * 1024 * 1024  # bytes: some ten thousand posts, read while the other process starts


class Outbox:
    def __init__(self, pipe: BinaryIO) -> None:
        """`pipe`: without a buffer of its own."""
        self._pipe = pipe
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._changed = Condition()
        self._over = self._broken = False
        self._thread = Thread(target=self._send_all, daemon=True)
        self._thread.start()

    def put(self, message: bytes) -> None:
        """Waits where too much is waiting. Raises BrokenPipeError where nobody reads any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._broken or self._size <= MOST_WAITING)
            if self._broken:
                raise BrokenPipeError
            self._waiting.append(message)
            self._size += len(message)
            self._changed.notify_all()

    def close(self) -> None:
        """When all of it is sent, or nobody reads any more."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
        self._thread.join()

    def _send_all(self) -> None:
        while message := self._next():
            try:
                self._send(message)
            except BrokenPipeError:
                with self._changed:
                    self._broken = True
                    self._changed.notify_all()
                return

    def _send(self, message: bytes) -> None:
        rest = memoryview(len(message).to_bytes(LENGTH, "big") + message)
        while rest:
            rest = rest[self._pipe.write(rest) :]

    def _next(self) -> bytes:
        """Empty at the end."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting) or self._over)
            if not self._waiting:
                return b""
            message = self._waiting.popleft()
            self._size -= len(message)
            self._changed.notify_all()
            return message
