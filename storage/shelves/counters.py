"""Numbers that only grow, whoever takes one."""

from sqlalchemy import Connection, Insert, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables.examined import CounterRow

FINGERPRINTED = "fingerprinted"
COPIES = "copies"
KIN = "kin"
BANKS = "banks"
CACHE = "cache"
AUDIT = "audit"
LISTED = "listed"
LISTED_ANEW = "listed anew"


def _take(connection: Connection, name: str, many: int) -> Insert:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(CounterRow).values(name=name, value=many)
    taken = statement.on_conflict_do_update(index_elements=("name",), set_={"value": CounterRow.value + many})
    return taken.returning(CounterRow.value)


def take(connection: Connection, name: str, many: int = 1) -> range:
    """The next numbers, from 1. Nobody else gets one until this transaction ends, so they are seen in their
    order; a transaction that is rolled back gives its own back."""
    last: int = connection.execute(_take(connection, name, many)).scalar_one()
    return range(last - many + 1, last + 1)


def current(connection: Connection, name: str) -> int:
    """The last number that was taken; 0 before the first."""
    found = connection.execute(select(CounterRow.value).where(CounterRow.name == name)).scalar_one_or_none()
    return found or 0


def hold(connection: Connection, name: str) -> None:
    """One transaction at a time goes past here."""
    take(connection, name)
