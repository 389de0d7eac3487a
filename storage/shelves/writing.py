"""Inserts that leave, or update, what is there already: the same on both databases.

Statements are built once and run with parameters: building one costs more than running it.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables.base import Base


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
    text, binders = _bare(statement, connection.dialect, tuple(rows[0]))
    connection.exec_driver_sql(
        text, [tuple(bind(row[name]) if bind else row[name] for name, bind in binders) for row in rows]
    )


def insert_numbered(connection: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Rows of a table whose `id` is SQLite's row id, and what they got; on SQLite alone. The numbers are
    those that it would give itself, and nobody else writes in this transaction (it began IMMEDIATE)."""
    last = connection.execute(_last_id(table)).scalar() or 0
    ids = range(last + 1, last + 1 + len(rows))
    insert_many(
        connection, _plain_insert(table), [{"id": number, **row} for number, row in zip(ids, rows, strict=True)]
    )
    return list(ids)


@cache
def _last_id(table: type[Base]) -> Any:
    return select(func.max(table.__table__.c.id))


@cache
def _plain_insert(table: type[Base]) -> Insert:
    return insert(table)


Binder = Callable[[Any], Any] | None


@lru_cache(64)
def _bare(
    statement: Insert, dialect: Dialect, names: tuple[str, ...]
) -> tuple[str, Sequence[tuple[str, Binder]]]:
    """The statement's text, and for each of its places the parameter with what makes it the driver's."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    columns = statement.table.c
    return str(compiled), [
        (name, columns[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in compiled.positiontup
    ]
