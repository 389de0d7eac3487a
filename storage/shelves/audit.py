"""The audit log: append-only, each line chained to the one before by its digest, so that one that was altered
or taken out is noticed."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from storage.people import Entry
from storage.shelves.counters import AUDIT, current, hold
from storage.tables.base import AnyRow
from storage.tables.desk import AuditRow
from storage.text import clean, clean_document, dump_json

FIRST = "0" * 64  # what the first line is chained to


def append(
    connection: Connection, at: datetime, who: str, what: str, about: str, detail: Mapping[str, object]
) -> Entry:
    hold(connection, AUDIT)  # one line after the other
    last = connection.execute(select(AuditRow.digest).order_by(AuditRow.id.desc()).limit(1)).scalar()
    values = {
        "at": at.astimezone(UTC).replace(microsecond=0),
        "who": clean(who),
        "what": clean(what),
        "about": clean(about),
        "detail": clean_document(dict(detail)),
        "before": last or FIRST,
    }
    values["digest"] = _digest(values)
    row = connection.execute(insert(AuditRow).values(**values).returning(*AuditRow.__table__.c)).one()
    return _entry(row)


def latest(connection: Connection, before: int | None, limit: int) -> Sequence[Entry]:
    query = select(*AuditRow.__table__.c).order_by(AuditRow.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditRow.id < before)
    return [_entry(row) for row in connection.execute(query)]


def broken(connection: Connection) -> int | None:
    """The number of the first line that was altered or does not fit to the one before it, or that is missing
    at the end (a counter says how many were written); None: all are there, and fit."""
    expected, last, many = FIRST, 0, 0
    for row in connection.execute(select(*AuditRow.__table__.c).order_by(AuditRow.id)):
        entry = _entry(row)
        values = {name: getattr(entry, name) for name in ("at", "who", "what", "about", "before")}
        if entry.before != expected or entry.digest != _digest({**values, "detail": dict(entry.detail)}):
            return entry.id
        expected, last, many = entry.digest, entry.id, many + 1
    return last + 1 if many < current(connection, AUDIT) else None


def _digest(values: Mapping[str, object]) -> str:
    at = values["at"]
    told = [
        at.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(at, datetime) else "",
        *(values[name] for name in ("who", "what", "about", "before")),
        dump_json(_sorted(values["detail"])),
    ]
    return hashlib.sha256(dump_json(told).encode()).hexdigest()


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _sorted(value[name]) for name in sorted(value, key=str)}
    return [_sorted(one) for one in value] if isinstance(value, list | tuple) else value


def _entry(row: AnyRow) -> Entry:
    return Entry(row.id, row.at, row.who, row.what, row.about, row.detail, row.before, row.digest)
