"""One holder at a time, let go by the system when the holder dies: flock beside a SQLite file, else
PostgreSQL's own.

A name never blocks another name. The holder is named to those who come too late.
"""

import fcntl
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from storage.database import named_errors, sqlite_file
from storage.errors import StoreError, TryAgainLater
from storage.text import digest

_POLL_SECONDS = 0.1
_NAME_BYTES = 63  # PostgreSQL cuts application_name there
_open_locks: set[int] = set()
_in_memory: set[tuple[int, str]] = set()
_guard = threading.Lock()


def lock(engine: Engine, name: str, *, wait_seconds: float = 0) -> AbstractContextManager[None]:
    """Raises TryAgainLater(kind="locked")."""
    path = sqlite_file(engine.url)
    if path is not None:
        return _file_lock(path.with_name(f"{path.name}.{digest((name,))[:8]}.lock"), name, wait_seconds)
    if engine.url.get_backend_name() == "sqlite":
        return _memory_lock((id(engine), name), name, wait_seconds)
    return _server_lock(engine, name, wait_seconds)


def _until(take: Callable[[], bool], holder: Callable[[], str], name: str, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while not take():
        if time.monotonic() >= deadline:
            raise TryAgainLater(
                f"another run holds the lock: {holder() or 'unknown'}", kind="locked", where=name
            )
        time.sleep(_POLL_SECONDS)


def _holder_line() -> str:
    return f"pid {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


# --- a file -------------------------------------------------------------------------------------------------


def _close_inherited() -> None:
    # A forked worker that outlives its parent must not keep the lock: closing leaves the parent's hold
    # untouched.
    for descriptor in _open_locks:
        os.close(descriptor)
    _open_locks.clear()


os.register_at_fork(after_in_child=_close_inherited)


@contextmanager
def _file_lock(path: Path, name: str, wait_seconds: float) -> Iterator[None]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"the lock file cannot be opened: {error}", kind="lock", where=str(path)) from error
    _open_locks.add(descriptor)
    try:
        _until(lambda: _take_file(descriptor), lambda: _read_holder(path), name, wait_seconds)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, _holder_line().encode(), 0)
        yield
    finally:
        if descriptor in _open_locks:  # not in a forked child that unwinds its parent's stack
            _open_locks.discard(descriptor)
            os.close(descriptor)


def _take_file(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read_holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # only the name of the holder is lost, not the lock
        return ""


# --- memory -------------------------------------------------------------------------------------------------


@contextmanager
def _memory_lock(key: tuple[int, str], name: str, wait_seconds: float) -> Iterator[None]:
    def take() -> bool:
        with _guard:
            if key in _in_memory:
                return False
            _in_memory.add(key)
            return True

    _until(take, _holder_line, name, wait_seconds)
    try:
        yield
    finally:
        with _guard:
            _in_memory.discard(key)


# --- PostgreSQL ---------------------------------------------------------------------------------------------


@contextmanager
def _server_lock(engine: Engine, name: str, wait_seconds: float) -> Iterator[None]:
    """An advisory lock lives as long as its connection, so it has one of its own, outside the pool."""
    number = int(digest(("lock", name))[:15], 16)
    own = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with named_errors(engine.url):
        connection = own.connect()
    with closing(connection):
        with named_errors(engine.url):
            _until(
                lambda: _take(connection, number),
                lambda: _server_holder(connection, number),
                name,
                wait_seconds,
            )
            connection.execute(
                text("SELECT set_config('application_name', :line, false)"),
                {"line": _holder_line().encode()[:_NAME_BYTES].decode(errors="ignore")},
            )
        yield


def _take(connection: Connection, number: int) -> bool:
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar())


_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (l.classid::bigint << 32) | l.objid::bigint = :number"
)


def _server_holder(connection: Connection, number: int) -> str:
    return str(connection.execute(_HOLDER, {"number": number}).scalar() or "")
