"""Findings that rest on a contested reference: they are disputed, whatever was decided before."""

from sqlalchemy import Connection, select

from storage.shelves.reviews import disputed_references
from storage.tables.examined import MatchRow
from storage.tables.judged import FindingRow


def contested(connection: Connection, references: frozenset[tuple[str, str]] | None = None) -> frozenset[int]:
    """Their numbers. `references`: the contested ones, where they have been asked for."""
    if references is None:
        references = disputed_references(connection)
    if not references:
        return frozenset()
    query = (
        select(FindingRow.id, MatchRow.twin, MatchRow.reference)
        .join(MatchRow, MatchRow.sha256 == FindingRow.sha256)
        .where(MatchRow.reference.in_(sorted({reference for _, reference in references})))
    )
    return frozenset(row.id for row in connection.execute(query) if (row.twin, row.reference) in references)
