"""Contests: somebody disputes what a picture is registered as. Append-only; the newest word on each counts.
`disputed` of a reference follows from them, and a finding's status from that."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.errors import RegistryError
from storage.keeping import WHOLE, Contest
from storage.shelves.batches import chunks
from storage.tables.examined import MatchRow
from storage.tables.judged import FindingRow
from storage.tables.registered import ReferenceRow, TwinRow
from storage.tables.taken_out import ContestRow


def add(connection: Connection, given: Contest) -> None:
    """Raises RegistryError: "no_twin", "no_reference", "contested" (it is so already), "not_contested"."""
    twin_id = twin_row(connection, given.twin)
    if given.reference != WHOLE and given.reference not in _references(connection, twin_id):
        raise RegistryError(
            f"no such picture of {given.twin} is registered", kind="no_reference", where=given.reference
        )
    stands = given.reference in _standing(connection, twin_id)
    if stands is not given.undone:
        what = f"a picture of {given.twin}" if given.reference else given.twin
        kind, words = ("not_contested", "is not contested") if given.undone else ("contested", "is contested")
        already = "" if given.undone else " already"
        raise RegistryError(f"{what} {words}{already}", kind=kind, where=given.reference or given.twin)
    connection.execute(
        insert(ContestRow).values(
            twin_id=twin_id,
            reference=given.reference,
            undone=given.undone,
            by=given.by,
            at=given.at,
            reason=given.reason,
        )
    )
    follow(connection, twin_id)


def follow(connection: Connection, twin_id: int) -> None:
    """The twin's pictures are disputed, or not, as the contests say: also those that came since."""
    standing = _standing(connection, twin_id)
    mine = ReferenceRow.twin_id == twin_id
    if WHOLE in standing:
        connection.execute(update(ReferenceRow).where(mine).values(disputed=True))
        return
    if _said(connection, twin_id):
        disputed = ReferenceRow.sha256.in_(sorted(standing))
        connection.execute(update(ReferenceRow).where(mine, disputed).values(disputed=True))
        connection.execute(update(ReferenceRow).where(mine, ~disputed).values(disputed=False))


def _said(connection: Connection, twin_id: int) -> bool:
    return connection.execute(select(ContestRow.id).where(ContestRow.twin_id == twin_id)).first() is not None


def _standing(connection: Connection, twin_id: int) -> set[str]:
    query = select(ContestRow.reference, ContestRow.undone).where(ContestRow.twin_id == twin_id)
    newest = dict(connection.execute(query.order_by(ContestRow.id)).all())
    return {reference for reference, undone in newest.items() if not undone}


def of(connection: Connection, twin: str | None = None) -> Sequence[Contest]:
    """Oldest first; None: of all twins."""
    query, asked = (_CONTESTS, {}) if twin is None else (_ITS_CONTESTS, {"twin": twin})
    return [
        Contest(row.name, row.reference, row.by, row.at, row.reason, row.undone)
        for row in connection.execute(query, asked)
    ]


_CONTESTS = (
    select(TwinRow.name, *ContestRow.__table__.c)
    .join(TwinRow, TwinRow.id == ContestRow.twin_id)
    .order_by(ContestRow.id)
)
_ITS_CONTESTS = _CONTESTS.where(TwinRow.name == bindparam("twin"))


def resting(connection: Connection, twin: str, references: Sequence[str] | None = None) -> Sequence[int]:
    """Numbers of the findings whose picture matches one of these of the twin; None: any of them."""
    query = (
        select(FindingRow.id)
        .join(MatchRow, MatchRow.sha256 == FindingRow.sha256)
        .where(MatchRow.twin == twin)
        .distinct()
    )
    if references is None:
        return sorted(connection.execute(query).scalars())
    found: set[int] = set()
    for part in chunks(sorted(set(references))):
        found.update(connection.execute(query.where(MatchRow.reference.in_(part))).scalars())
    return sorted(found)


def twin_row(connection: Connection, twin: str) -> int:
    """Raises RegistryError(kind="no_twin")."""
    twin_id = connection.execute(select(TwinRow.id).where(TwinRow.name == twin)).scalar()
    if twin_id is None:
        raise RegistryError(f"no twin is called {twin}", kind="no_twin", where=twin)
    return twin_id


def _references(connection: Connection, twin_id: int) -> set[str]:
    query = select(ReferenceRow.sha256).where(ReferenceRow.twin_id == twin_id)
    return set(connection.execute(query).scalars())
