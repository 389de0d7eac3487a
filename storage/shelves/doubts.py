"""What must not be believed: negatives (pictures that must never match) and registered pictures in
quarantine."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.errors import RegistryError, StoreError
from storage.records import Fingerprint, Negative, Quarantine
from storage.shelves import enrolled, matches
from storage.shelves.examinations import fingerprints_of
from storage.shelves.media import add_files
from storage.shelves.writing import upsert
from storage.tables.registered import NegativeRow, QuarantineRow

# --- negatives ----------------------------------------------------------------------------------------------


def add_negative(connection: Connection, negative: Negative) -> bool:
    """Whether it was new, or is in force again."""
    if not negative.name.strip():
        raise RegistryError("a negative needs a name", kind="no_name")
    add_files(connection, [{"sha256": negative.sha256, "format": "", "size": 0}], collected=False)
    statement = upsert(connection, NegativeRow, ("name",)).values(
        name=negative.name,
        sha256=negative.sha256,
        added_by=negative.added_by,
        note=negative.note,
        added_at=negative.added_at,
        withdrawn_at=negative.withdrawn_at,
    )
    new = connection.execute(statement.returning(NegativeRow.id)).first() is not None
    named = NegativeRow.name == negative.name
    if connection.execute(select(NegativeRow.sha256).where(named)).scalar_one() != negative.sha256:
        message = f"{negative.name} is the name of another picture: use another name"
        raise RegistryError(message, kind="other_picture", where=negative.name)
    restored = update(NegativeRow).where(named, NegativeRow.withdrawn_at.is_not(None))
    again = not new and connection.execute(restored.values(withdrawn_at=None)).rowcount == 1
    enrolled.mark(connection, [negative.sha256])
    return new or again


def withdraw_negative(connection: Connection, name: str, at: datetime) -> bool:
    """False if it was withdrawn before."""
    named = NegativeRow.name == name
    sha256 = connection.execute(select(NegativeRow.sha256).where(named)).scalar()
    if sha256 is None:
        raise RegistryError(f"no negative is called {name}", kind="no_negative", where=name)
    statement = update(NegativeRow).where(named, NegativeRow.withdrawn_at.is_(None))
    changed = connection.execute(statement.values(withdrawn_at=at)).rowcount == 1
    enrolled.mark(connection, [sha256])
    return changed


def negatives(connection: Connection) -> Sequence[Negative]:
    rows = connection.execute(select(NegativeRow).order_by(NegativeRow.name))
    return [
        Negative(row.name, row.sha256, row.added_by, row.note, row.added_at, row.withdrawn_at) for row in rows
    ]


def negative_entries(connection: Connection) -> Sequence[tuple[Negative, tuple[Fingerprint, ...]]]:
    held = [one for one in negatives(connection) if one.withdrawn_at is None]
    prints = fingerprints_of(connection, sorted({one.sha256 for one in held}))
    return [(one, prints.get(one.sha256, ())) for one in held]


# --- quarantine ---------------------------------------------------------------------------------------------


def quarantine(connection: Connection, doubt: Quarantine) -> bool:
    """False if the reference is in quarantine already."""
    matches.lock_file(connection, doubt.reference)
    if doubt.reference in quarantined(connection):
        return False
    connection.execute(
        insert(QuarantineRow).values(
            reference=doubt.reference,
            reason=doubt.reason,
            at=doubt.at,
            lifted_by=doubt.lifted_by,
            lifted_at=doubt.lifted_at,
            note=doubt.note,
        )
    )
    return True


def lift(connection: Connection, reference: str, by: str, at: datetime, note: str) -> None:
    matches.lock_file(connection, reference)
    statement = update(QuarantineRow).where(
        QuarantineRow.reference == reference, QuarantineRow.lifted_at.is_(None)
    )
    if not connection.execute(statement.values(lifted_by=by, lifted_at=at, note=note)).rowcount:
        raise StoreError("this picture is in no quarantine", kind="not_quarantined", where=reference)


def quarantines(connection: Connection) -> Sequence[Quarantine]:
    rows = connection.execute(select(QuarantineRow).order_by(QuarantineRow.id))
    return [
        Quarantine(row.reference, row.reason, row.at, row.lifted_by, row.lifted_at, row.note) for row in rows
    ]


def quarantined(connection: Connection) -> frozenset[str]:
    query = select(QuarantineRow.reference).where(QuarantineRow.lifted_at.is_(None))
    return frozenset(connection.execute(query).scalars())
