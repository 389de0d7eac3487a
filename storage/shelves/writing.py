"""Inserts that leave, or update, what is there already: the same on both databases.

Statements are built once and run with parameters: building one costs more than running it.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables.base import Base, CleanText
from storage.text import clean


def upsert(
    connection: Connection,
    table: type[Base],
    identity: tuple[str, ...],
    update: tuple[str, ...] = (),
    unless: str = "",
    returning: tuple[Any, ...] = (),
) -> Insert:
    """INSERT … ON CONFLICT (identity) DO NOTHING, or DO UPDATE of the columns in `update` to the new row's
    values, there only where the flag `unless` is not set yet. Execute it with the rows as parameters."""
    return _upsert(connection.dialect.name, table, identity, update, unless, returning)


@cache
def _upsert(
    dialect: str,
    table: type[Base],
    identity: tuple[str, ...],
    update: tuple[str, ...],
    unless: str,
    returning: tuple[Any, ...],
) -> Insert:
    insert: Any = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    if update:
        insert = insert.on_conflict_do_update(
            index_elements=identity,
            set_={name: insert.excluded[name] for name in update},
            where=table.__table__.c[unless].is_(False) if unless else None,
        )
    else:
        insert = insert.on_conflict_do_nothing(index_elements=identity)
    statement: Insert = insert.returning(*returning) if returning else insert
    return statement


def insert_many(connection: Connection, statement: Insert, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of one shape, each with every parameter of the statement; nothing is returned. Statement objects
    are kept for good: pass those that are built once.

    On SQLite the driver gets the tuples at once: what SQLAlchemy does for each row costs more than the
    insert. The columns' own types make the values all the same.
    """
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(statement, rows)
        return
    text, columns = _bare(statement, connection.dialect, tuple(rows[0]))
    values = [map(bind, map(get, rows)) if bind else map(get, rows) for get, bind in columns]
    connection.exec_driver_sql(text, list(zip(*values, strict=True)))


def insert_numbered(connection: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Rows of a table whose `id` is SQLite's row id, and what they got; on SQLite alone."""
    ids = numbers(connection, table, len(rows))
    insert_many(
        connection,
        _plain_insert(table),
        [{"id": number, **row} for number, row in zip(ids, rows, strict=True)],
    )
    return list(ids)


@cache
def _last_id(table: type[Base]) -> Any:
    return select(func.max(table.__table__.c.id))


@cache
def _plain_insert(table: type[Base]) -> Insert:
    return insert(table)


def insert_laid_out(
    connection: Connection,
    table: type[Base],
    names: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    *,
    known: bool = False,
) -> None:
    """Rows whose values are SQLite's driver's already (storage/fresh.py). `known`: leave those that are there
    as they are."""
    if rows:
        connection.exec_driver_sql(_text(table, connection.dialect, names, known=known), list(rows))


@lru_cache(64)
def _text(table: type[Base], dialect: Dialect, names: tuple[str, ...], *, known: bool) -> str:
    quote: Callable[[str], str] = dialect.identifier_preparer.quote
    columns, places = ", ".join(map(quote, names)), ", ".join("?" * len(names))
    return (
        f"INSERT INTO {quote(table.__tablename__)} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
        f"{' ON CONFLICT DO NOTHING' if known else ''}"
    )


def numbers(connection: Connection, table: type[Base], count: int) -> range:
    """The ids that so many new rows get: those that SQLite would give them itself, and nobody else writes in
    this transaction (it began IMMEDIATE)."""
    last = connection.execute(_last_id(table)).scalar() or 0
    return range(last + 1, last + 1 + count)


Column = tuple[Callable[[Any], Any], Callable[[Any], Any] | None]


@lru_cache(64)
def _bare(statement: Insert, dialect: Dialect, names: tuple[str, ...]) -> tuple[str, Sequence[Column]]:
    """The statement's text, and for each of its places how a row's value is got and made the driver's."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    columns = statement.table.c
    return str(compiled), [
        (itemgetter(name), _binder(columns[name].type, dialect)) for name in compiled.positiontup
    ]


def _binder(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What the column's type does with a value. Texts, nearly all, without the two calls around it."""
    if isinstance(kind, CleanText):
        return _cleaned
    found: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text)
