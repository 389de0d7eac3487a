"""Licences: written once, never edited; ended, or superseded, by a further row."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from storage.consent import Consent, Ending
from storage.errors import RegistryError
from storage.shelves.writing import upsert
from storage.tables.base import AnyRow
from storage.tables.registered import ConsentRow, EndingRow, TwinRow
from storage.text import digest, dump_json


def add(connection: Connection, consent: Consent) -> tuple[int, bool]:
    """Its number, and whether it is new."""
    twin_id = connection.execute(select(TwinRow.id).where(TwinRow.name == consent.twin)).scalar()
    if twin_id is None:
        raise RegistryError(
            f"no twin is called {consent.twin}: add it first", kind="no_twin", where=consent.twin
        )
    terms = _terms(consent)
    content = digest((dump_json(terms),))
    told = {
        "document": consent.document,
        "exclusive": consent.exclusive,
        "added_by": consent.added_by,
        "added_at": consent.added_at,
        "supersedes": consent.supersedes or None,
    }
    statement = upsert(connection, ConsentRow, ("twin_id", "content")).values(
        twin_id=twin_id, content=content, **terms, **told
    )
    number = connection.execute(statement.returning(ConsentRow.id)).scalar()
    if number is None:
        query = select(ConsentRow.id).where(ConsentRow.twin_id == twin_id, ConsentRow.content == content)
        return connection.execute(query).scalar_one(), False
    if consent.supersedes:
        _supersede(connection, consent)
    return number, True


def _supersede(connection: Connection, consent: Consent) -> None:
    """The earlier one holds until the day before; at once, where the later one says no day."""
    old = one(connection, consent.supersedes)
    if old.twin != consent.twin:
        raise RegistryError(
            f"licence {old.id} is one of {old.twin}, not of {consent.twin}",
            kind="other_twin",
            where=str(old.id),
        )
    if consent.added_at is None:
        raise RegistryError("who supersedes, and when, must be said", kind="no_time", where=str(old.id))
    begins = consent.valid_from or consent.added_at.date()
    ending = Ending(
        begins - timedelta(days=1), consent.added_at, consent.added_by, "superseded by other terms"
    )
    end(connection, old.id, ending)


def end(connection: Connection, number: int, ending: Ending) -> Consent:
    """The licence as it stands then."""
    one(connection, number)
    values = {
        "consent_id": number,
        "last_day": ending.last_day,
        "at": ending.at,
        "by": ending.by,
        "reason": ending.reason,
    }
    connection.execute(insert(EndingRow).values(**values))
    return one(connection, number)


def one(connection: Connection, number: int) -> Consent:
    found = every(connection, number)
    if not found:
        raise RegistryError(
            f"there is no licence {number} (`twinwatch terms list`)", kind="no_licence", where=str(number)
        )
    return found[0]


def every(connection: Connection, number: int | None = None) -> Sequence[Consent]:
    """In the order in which they came; each with its newest ending."""
    query = (
        select(TwinRow.name.label("twin"), *ConsentRow.__table__.c)
        .join(TwinRow, TwinRow.id == ConsentRow.twin_id)
        .order_by(ConsentRow.id)
    )
    if number is not None:
        query = query.where(ConsentRow.id == number)
    newest = {row.consent_id: row for row in connection.execute(_endings(number))}
    return [_record(row, newest.get(row.id)) for row in connection.execute(query)]


def endings(connection: Connection, number: int) -> Sequence[Ending]:
    """Oldest first."""
    return [_ending(row) for row in connection.execute(_endings(number))]


def _endings(number: int | None) -> Any:
    query = select(*EndingRow.__table__.c).order_by(EndingRow.id)
    return query if number is None else query.where(EndingRow.consent_id == number)


def _terms(consent: Consent) -> dict[str, Any]:
    """What makes two licences one and the same."""
    return {
        "licensee": consent.licensee,
        "channels": list(consent.channels),
        "territories": list(consent.territories),
        "valid_from": consent.valid_from,
        "valid_until": consent.valid_until,
        "purposes": consent.purposes,
        "label_duty": list(consent.label_duty),
        "pay_note": consent.pay_note,
        "document_sha256": consent.document_sha256,
        "clause": consent.clause,
    }


def _record(row: AnyRow, ending: AnyRow | None) -> Consent:
    return Consent(
        twin=row.twin,
        licensee=row.licensee,
        channels=tuple(row.channels),
        territories=tuple(row.territories),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        purposes=row.purposes,
        label_duty=tuple(row.label_duty),
        pay_note=row.pay_note,
        document_sha256=row.document_sha256,
        clause=row.clause,
        id=row.id,
        document=row.document,
        exclusive=row.exclusive,
        added_by=row.added_by,
        added_at=row.added_at,
        supersedes=row.supersedes or 0,
        ending=None if ending is None else _ending(ending),
    )


def _ending(row: AnyRow) -> Ending:
    return Ending(row.last_day, row.at, row.by, row.reason)
