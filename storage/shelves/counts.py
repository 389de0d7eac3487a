"""How much there is of everything, for doctor."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from storage.tables.base import Base
from storage.tables.examined import FileRow
from storage.tables.judged import FindingRow
from storage.tables.published import PostRow, VersionRow
from storage.tables.registered import ReferenceRow, TwinRow
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
    collected = select(func.count()).select_from(FileRow).where(FileRow.collected.is_(True))
    return {**found, "media": connection.execute(collected).scalar_one()}
