"""The database's shape over time: which revision it has, and how it is brought to this program's.

Alembic is configured here, in code: the migrations travel inside the package, and there is no alembic.ini to
find. It is loaded only to make or change a database: every process looks at the revision, and hardly any
changes it, while loading Alembic takes a quarter of a second.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from storage.database import make_engine, named_errors, parse, sqlite_file
from storage.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_REVISION_TABLE = "alembic_version"  # Alembic's own, with one row
_UPGRADE_LOCK = (
    0x7477696E_64620001  # PostgreSQL advisory lock: two first commands must not both create the tables
)


def configuration(connection: Connection | None = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 (slow to load, see above)

    config = Config()
    config.set_main_option("script_location", _MIGRATIONS.as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def revisions() -> tuple[str, ...]:
    """Every revision this program knows, oldest first. Their files are called after them: `0001_….py`."""
    names = (path.name for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    return tuple(sorted(name.partition("_")[0] for name in names))


def current_revision(connection: Connection) -> str:
    """ "" for a database without our tables."""
    if not inspect(connection).has_table(_REVISION_TABLE):
        return ""
    return connection.execute(text(f"SELECT version_num FROM {_REVISION_TABLE}")).scalar() or ""  # noqa: S608


def check(engine: Engine) -> None:
    """Raises StoreError: "no_database", "old_database" or "newer_database"."""
    with named_errors(engine.url), engine.begin() as connection:
        revision = current_revision(connection)
    if not revision:
        raise StoreError("there is no Twinwatch database yet", kind="no_database", where=_shown(engine))
    _refuse_newer(engine, revision)
    if revision != revisions()[-1]:
        message = (
            f"the database is at revision {revision}, older than this program: run `twinwatch db upgrade`"
        )
        raise StoreError(message, kind="old_database", where=_shown(engine))


def _refuse_newer(engine: Engine, revision: str) -> None:
    if revision not in revisions():
        message = f"this program does not know the database's revision {revision}: use a newer Twinwatch"
        raise StoreError(message, kind="newer_database", where=_shown(engine))


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def upgrade_engine(engine: Engine, target: str = "head") -> tuple[str, str]:
    """All steps in one transaction: a kill in the middle leaves the earlier revision."""
    from alembic import command  # noqa: PLC0415 (slow to load, see above)

    with named_errors(engine.url), engine.execution_options(immediate=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        before = current_revision(connection)
        if before:
            _refuse_newer(engine, before)
        else:
            _refuse_strangers(connection)
        command.upgrade(configuration(connection), target)
        return before, current_revision(connection)


def _refuse_strangers(connection: Connection) -> None:
    # On a server other tables are everyday (extensions, a queue); in a file they mean that the path is wrong.
    if connection.dialect.name == "sqlite" and inspect(connection).get_table_names():
        raise StoreError(
            "this file holds another program's tables: name a new file in [storage] database",
            kind="database",
            where=_shown(connection.engine),
        )


def make_folder(engine: Engine) -> None:
    """The folder for a SQLite file. Raises StoreError(kind="database")."""
    path = sqlite_file(engine.url)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the database's folder cannot be made: {error}", kind="database", where=str(path)
        ) from error


def upgrade(database: str) -> tuple[str, str]:
    """Bring a database to this program's migration: (revision before, "" if there was none, and revision
    after)."""
    engine = make_engine(parse(database))
    try:
        make_folder(engine)
        return upgrade_engine(engine)
    finally:
        engine.dispose()
