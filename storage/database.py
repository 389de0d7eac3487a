"""The engine under the store: how it is opened, and how one transaction is run, tried again and named when it
fails.

SQLite runs in WAL mode; every write begins IMMEDIATE, so that no reader is ever upgraded into a deadlock.
On a disk that is mounted read-only (an archive, a copy that was handed on) it is read as it lies.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

import orjson
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool, StaticPool

from storage.errors import StoreError
from storage.text import dump_json

P = ParamSpec("P")
T = TypeVar("T")

BUSY_SECONDS = 30  # how long a writer waits for another one
_RETRIED = {
    "40001",
    "40P01",
}  # PostgreSQL: serialization failure, deadlock: safe to run again, nothing was written
_ATTEMPTS = 5


def parse(database: str) -> URL:
    """The URL with its driver. Raises StoreError(kind="database")."""
    try:
        url = make_url(database)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            f"{database!r} is no database URL; write sqlite:///twinwatch.db or postgresql://user@host/name",
            kind="database",
            where="storage.database",
        ) from error
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise StoreError(
            f"{url.drivername} is not supported: SQLite (sqlite:///…) and PostgreSQL (postgresql://…) are",
            kind="database",
            where="storage.database",
        )
    return url


def sqlite_file(url: URL) -> Path | None:
    """The database's file; None for one in memory or on a server."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def make_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(
            url,
            json_serializer=dump_json,
            json_deserializer=orjson.loads,
            pool_pre_ping=True,
            connect_args={"application_name": "twinwatch", "connect_timeout": BUSY_SECONDS},
        )
    file = sqlite_file(url)
    pool: dict[str, Any] = {} if file else {"poolclass": StaticPool}
    as_it_lies = file is not None and file.exists() and on_read_only_disk(file)
    if file and as_it_lies:
        pool["creator"] = _as_it_lies(file)
    engine = create_engine(
        url,
        json_serializer=dump_json,
        json_deserializer=orjson.loads,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        **pool,
    )
    event.listen(engine, "connect", _prepare_unchanging if as_it_lies else _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def on_read_only_disk(file: Path) -> bool:
    """Not: a file or folder that this user may not write. Somebody else may be writing there."""
    return bool(os.statvfs(file.parent).f_flag & os.ST_RDONLY)


def _as_it_lies(file: Path) -> Callable[[], sqlite3.Connection]:
    """WAL wants to write even for a reader; what cannot change is read without (sqlite.org/uri.html,
    `immutable`). Then a log beside it is not read, and must not hold anything. Raises StoreError."""
    log = file.with_name(f"{file.name}-wal")
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"the disk is read-only, and the last changes are still in {log.name}: copy both files to a disk"
            " that can be written to",
            kind="database",
            where=str(file),
        )
    path = quote(str(file.absolute()))
    return lambda: sqlite3.connect(
        f"file:{path}?mode=ro&immutable=1", uri=True, timeout=BUSY_SECONDS, check_same_thread=False
    )


def _prepare_unchanging(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling begins too late and breaks savepoints: we begin ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def named_errors(url: URL) -> Iterator[None]:
    """Database errors leave the store as StoreError, with what to do."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _named(error, url) from error


def _named(error: SQLAlchemyError, url: URL) -> StoreError:
    return _refused(getattr(error, "orig", None) or error, url)


def _refused(error: BaseException, url: URL) -> StoreError:
    shown = url.render_as_string(hide_password=True)
    cause = str(error).strip()
    if "database is locked" in cause:
        return StoreError(
            f"another process kept the database locked for {BUSY_SECONDS} s: run it again later",
            kind="database_busy",
            where=shown,
        )
    if "readonly database" in cause:
        return StoreError(
            "the disk or the database file is read-only: it can be looked at, and nothing in it changed",
            kind="read_only",
            where=shown,
        )
    return StoreError(f"the database refused: {cause}", kind="database", where=shown)


class Database:
    """Runs work in transactions. Bound to a connection (a rehearsal), each piece of work is a savepoint of
    it."""

    def __init__(self, engine: Engine, rehearsed: Connection | None = None) -> None:
        self.engine = engine
        self.url = engine.url
        self._writer = engine.execution_options(immediate=True)
        self._rehearsed = rehearsed
        self.is_sqlite = engine.url.get_backend_name() == "sqlite"
        self._in_memory = self.is_sqlite and sqlite_file(self.url) is None
        # SQLite's transactions see one state anyway; PostgreSQL's do where that is asked for.
        still = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._still = engine.execution_options(**still)
        self._holding = threading.local()
        self._listening = threading.Lock()
        self._listener: Connection | None = None

    @property
    def is_at_hand(self) -> bool:
        """A file, with a connection to it for whoever asks now: those who wait to write hold theirs."""
        pool = self.engine.pool
        return self.is_sqlite and not (isinstance(pool, QueuePool) and pool.checkedout() >= pool.size())

    @property
    def rehearsed(self) -> bool:
        return self._rehearsed is not None

    def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One transaction; run again from its start where the database chose it as the victim of a
        deadlock."""
        with named_errors(self.url):
            if self._rehearsed is not None:
                with self._rehearsed.begin_nested():
                    return work(self._rehearsed, *args, **kwargs)
            for attempt in range(1, _ATTEMPTS):
                try:
                    with self._writer.begin() as connection:
                        return work(connection, *args, **kwargs)
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in _RETRIED:
                        raise
                    time.sleep(0.02 * attempt)
            with self._writer.begin() as connection:
                return work(connection, *args, **kwargs)

    def compact(self) -> bool:
        """Write the database anew without what was deleted from it, and empty its log: freed pages and old
        pages of the log would still hold the bytes. False where that cannot be promised: on PostgreSQL the
        tables are written anew, its log and its backups are the server's. Raises StoreError."""
        with named_errors(self.url):
            if not self.is_sqlite:
                alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
                with alone.connect() as server:
                    server.exec_driver_sql("VACUUM FULL")
                return False
            if self._in_memory:
                return True
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                for statement in ("PRAGMA secure_delete=ON", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    cursor.execute(statement)
                (busy, *_) = cursor.fetchone() or (0,)
                cursor.close()
            except sqlite3.Error as error:
                raise _refused(error, self.url) from error
            finally:
                connection.close()
        if busy:
            raise StoreError(
                "another process is reading the database, so its log cannot be emptied yet: run it again",
                kind="database_busy",
                where=self.url.render_as_string(hide_password=True),
            )
        return True

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """All reads of this thread within see the same state: a page of twenty questions is one transaction,
        not twenty. Writes are their own transactions as ever, and what they wrote is seen after this."""
        if self._rehearsed is not None or self._held() is not None:
            yield
            return
        with named_errors(self.url), self._still.begin() as connection:
            self._holding.connection = connection
            try:
                yield
            finally:
                self._holding.connection = None

    def _held(self) -> Connection | None:
        return getattr(self._holding, "connection", None)

    def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """One short transaction that sees one state."""
        with named_errors(self.url):
            held = self._rehearsed if self._rehearsed is not None else self._held()
            if held is not None:
                return work(held, *args, **kwargs)
            with self.engine.begin() as connection:
                return work(connection, *args, **kwargs)

    def state(self) -> object:
        """What equals what it was before as long as nothing that can be seen here has changed; None where
        that is not known. SQLite: the number that a connection that writes nothing sees change with any other
        one's commit (sqlite.org/pragma.html#pragma_data_version). PostgreSQL: its snapshot, by which the same
        rows are visible."""
        if self._rehearsed is not None or self._in_memory:
            return None
        with named_errors(self.url):
            if not self.is_sqlite:
                with self.engine.connect() as connection:
                    return connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar()
            with self._listening:
                if self._listener is None:
                    self._listener = self.engine.connect()
                    self._listener.detach()  # its own: no pool gives it to somebody who writes
                return self._listener.connection.cursor().execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        with self._listening:
            if self._listener is not None:
                self._listener.close()
                self._listener = None
        self.engine.dispose()

    @contextmanager
    def rehearsal(self) -> Iterator["Database"]:
        """A database whose writes are all undone at the end."""
        if self._rehearsed is not None:
            with self._rehearsed.begin_nested() as savepoint:
                try:
                    yield self
                finally:
                    savepoint.rollback()
            return
        with named_errors(self.url):
            connection = self._writer.connect()
        try:
            with named_errors(self.url):
                transaction = connection.begin()
            try:
                yield Database(self.engine, connection)
            finally:
                transaction.rollback()
        finally:
            connection.close()
