"""How much there is of everything, for doctor."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from storage.tables.base import Base
from storage.tables.examined import FileRow
from storage.tables.judged import FindingRow
from storage.tables.published import PostRow, VersionRow
from storage.tables.registered import MarkRow, NegativeRow, QuarantineRow, ReferenceRow, TwinRow
from storage.tables.watched import AccountRow

_COUNTED: Mapping[str, type[Base]] = {
    "accounts": AccountRow,
    "posts": PostRow,
    "versions": VersionRow,
    "twins": TwinRow,
    "references": ReferenceRow,
    "findings": FindingRow,
}


def counts(connection: Connection) -> Mapping[str, int]:
    found = {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in _COUNTED.items()
    }
    standing = {
        "media": select(func.count()).select_from(FileRow).where(FileRow.collected.is_(True)),
        "negatives": select(func.count()).where(NegativeRow.withdrawn_at.is_(None)),
        "marks": select(func.count()).where(MarkRow.withdrawn_at.is_(None)),
        "quarantined": select(func.count()).where(QuarantineRow.lifted_at.is_(None)),
    }
    return {**found, **{name: connection.execute(query).scalar_one() for name, query in standing.items()}}
