"""Inserts that leave, or update, what is there already: the same on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from storage.tables.base import Base


def upsert(
    connection: Connection,
    table: type[Base],
    identity: Sequence[str],
    changes: Mapping[str, Any] | None = None,
    where: ColumnElement[bool] | None = None,
) -> Insert:
    """INSERT … ON CONFLICT (identity) DO NOTHING, or DO UPDATE with `changes` where asked."""
    if connection.dialect.name == "postgresql":
        insert = postgresql_insert(table)
        if changes:
            return insert.on_conflict_do_update(index_elements=identity, set_=changes, where=where)
        return insert.on_conflict_do_nothing(index_elements=identity)
    insert_here = sqlite_insert(table)
    if changes:
        return insert_here.on_conflict_do_update(index_elements=identity, set_=changes, where=where)
    return insert_here.on_conflict_do_nothing(index_elements=identity)
