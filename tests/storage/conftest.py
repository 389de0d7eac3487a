"""A store on each database we promise: SQLite, and a real PostgreSQL that is started once for a worker."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from storage.shelves import batches
from storage.store import Store, upgrade
from storage.tables.every import METADATA
from tests.postgres import named, postgres_server, run

__all__ = ["postgres_server"]

_names = count()


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> str:
    """One migrated database for all tests, emptied after each: making one for each would cost half a
    second."""
    run(postgres_server, "CREATE DATABASE shared")
    url = named(postgres_server, "shared")
    upgrade(url)
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pattern") / "pattern.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without tables."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"t{next(_names)}"
    run(server, f"CREATE DATABASE {name}")
    yield named(server, name)
    run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a migrated database without rows."""
    if backend == "sqlite":
        path = tmp_path / "twinwatch.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    url: str = request.getfixturevalue("postgres_database")
    yield url
    empty(url)


def empty(url: str) -> None:
    """Delete every row, the rows that point at others first."""
    run(url, *(f"DELETE FROM {table.name}" for table in reversed(METADATA.sorted_tables)))


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(database, tmp_path / "media", create=False)
    yield opened
    opened.close()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> int:
    """The size of the iterators' batches in this test."""
    monkeypatch.setattr(batches, "BATCH", 4)
    return 4
