"""Inserts that leave, or update, what is there already: the same on both databases.

Statements are built once and run with parameters: building one costs more than running it.
"""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert
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
