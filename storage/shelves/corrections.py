"""What was typed wrong when a twin was registered, and is said right now: its agency, its model, its kind.
Append-only; the twin's row holds what counts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.errors import RegistryError
from storage.keeping import Correction
from storage.records import ReferenceKind
from storage.shelves.contests import twin_row
from storage.tables.examined import MatchRow
from storage.tables.registered import CorrectionRow, ReferenceRow, TwinRow

OF_TWIN = ("agency", "model", "kind")
OF_PICTURES = ("basis", "attested_by")  # which another kind may need


def add(connection: Connection, given: Correction) -> None:
    """Raises RegistryError: "no_twin", "erased"."""
    twin_id = twin_row(connection, given.twin)
    if connection.execute(select(TwinRow.erased_at).where(TwinRow.id == twin_id)).scalar() is not None:
        raise RegistryError(f"{given.twin} was erased", kind="erased", where=given.twin)
    mine = ReferenceRow.twin_id == twin_id
    told: dict[str, Any] = {name: words for name, words in given.after.items() if name in OF_TWIN}
    pictures: dict[str, Any] = {name: words for name, words in given.after.items() if name in OF_PICTURES}
    if "kind" in told:
        kind = ReferenceKind(told["kind"])
        told["kind"] = pictures["kind"] = kind
        of_matches = update(MatchRow).where(MatchRow.twin == given.twin)
        connection.execute(of_matches.values(reference_kind=kind))
    if told:
        connection.execute(update(TwinRow).where(TwinRow.id == twin_id).values(**told))
    if pictures:
        connection.execute(update(ReferenceRow).where(mine).values(**pictures))
    connection.execute(
        insert(CorrectionRow).values(
            twin_id=twin_id,
            at=given.at,
            by=given.by,
            reason=given.reason,
            before=dict(given.before),
            after=dict(given.after),
        )
    )


def of(connection: Connection, twin: str | None = None) -> Sequence[Correction]:
    """Oldest first; None: of all twins."""
    query = (
        select(TwinRow.name, *CorrectionRow.__table__.c)
        .join(TwinRow, TwinRow.id == CorrectionRow.twin_id)
        .order_by(CorrectionRow.id)
    )
    if twin is not None:
        query = query.where(TwinRow.name == twin)
    return [
        Correction(row.name, row.at, row.by, row.reason, row.before, row.after)
        for row in connection.execute(query)
    ]


def former(connection: Connection, twin_id: int, column: str) -> set[str]:
    """What it was said to be before, and is said no longer."""
    query = select(CorrectionRow.before, CorrectionRow.after).where(CorrectionRow.twin_id == twin_id)
    rows = connection.execute(query).all()
    return {str(said[column]) for row in rows for said in (row.before, row.after) if said.get(column)}
