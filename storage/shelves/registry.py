"""Twins and their pictures."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.documents import box, box_document
from storage.errors import RegistryError
from storage.handed import Handed
from storage.records import Fingerprint, ReferenceImage, Twin
from storage.shelves import consents, contests, doubts, enrolled, terms, withdrawing
from storage.shelves.examinations import fingerprints_of
from storage.shelves.media import add_files
from storage.shelves.writing import upsert
from storage.tables.base import AnyRow
from storage.tables.registered import ReferenceRow, TwinRow
from storage.tables.watched import AccountRow
from storage.text import digest, dump_json


def add_twin(
    connection: Connection, twin: Twin, references: Sequence[ReferenceImage]
) -> Sequence[ReferenceImage]:
    _check(twin, references)
    connection.execute(
        upsert(connection, TwinRow, ("name",)).values(
            name=twin.name,
            kind=twin.kind,
            model=twin.model,
            agency=twin.agency,
            note=twin.note,
            added_at=twin.added_at,
            withdrawn_at=twin.withdrawn_at,
        )
    )
    columns = (TwinRow.id, TwinRow.kind, TwinRow.erased_at)
    row = connection.execute(select(*columns).where(TwinRow.name == twin.name)).one()
    if row.erased_at is not None:
        raise RegistryError(f"{twin.name} was erased: use another name", kind="erased", where=twin.name)
    if row.kind != twin.kind:
        raise RegistryError(
            f"{twin.name} is registered as {row.kind.value}, not as {twin.kind.value}: use another name",
            kind="other_kind",
            where=twin.name,
        )
    add_files(
        connection,
        [{"sha256": reference.sha256, "format": "", "size": 0} for reference in references],
        collected=False,
    )
    new = [reference for reference in references if _add_reference(connection, row.id, reference)]
    contests.follow(connection, row.id)
    enrolled.mark(connection, [reference.sha256 for reference in references])
    return new


def _check(twin: Twin, references: Sequence[ReferenceImage]) -> None:
    if not twin.name.strip():
        raise RegistryError("a twin needs a name", kind="no_name")
    for reference in references:
        if reference.twin != twin.name:
            raise RegistryError(f"the picture is of {reference.twin}", kind="other_twin", where=twin.name)
        if not reference.basis.strip():
            raise RegistryError(
                "a picture needs a basis: a contract, an announcement, a URL",
                kind="no_basis",
                where=reference.source,
            )


def _add_reference(connection: Connection, twin_id: int, reference: ReferenceImage) -> bool:
    statement = upsert(connection, ReferenceRow, ("twin_id", "sha256")).values(
        twin_id=twin_id,
        sha256=reference.sha256,
        kind=reference.kind,
        basis=reference.basis,
        attested_by=reference.attested_by,
        mark_box=box_document(reference.mark_box),
        mark_placed=reference.mark_placed,
        source=reference.source,
        added_at=reference.added_at,
        disputed=reference.disputed,
        withdrawn_at=reference.withdrawn_at,
        handed=reference.handed,
        document=reference.document,
        document_sha256=reference.document_sha256,
        note=reference.note,
    )
    if connection.execute(statement.returning(ReferenceRow.id)).first() is not None:
        return True
    came = reference.handed is Handed.PICTURE and _came(connection, twin_id, reference)
    again = withdrawing.restored(connection, twin_id, [reference.sha256])  # given again after a withdrawal
    return came or bool(again)


def _came(connection: Connection, twin_id: int, reference: ReferenceImage) -> bool:
    """The picture of a reference that was registered by its fingerprints alone until now."""
    mine = ReferenceRow.twin_id == twin_id, ReferenceRow.sha256 == reference.sha256
    statement = update(ReferenceRow).where(*mine, ReferenceRow.handed == Handed.FINGERPRINTS)
    values: dict[str, Any] = {"handed": Handed.PICTURE, "source": reference.source}
    if reference.mark_box is not None:
        values |= {"mark_box": box_document(reference.mark_box), "mark_placed": reference.mark_placed}
    return connection.execute(statement.values(**values)).rowcount == 1


def twins(connection: Connection) -> Sequence[Twin]:
    rows = connection.execute(select(TwinRow).order_by(TwinRow.name))
    why = {one.twin: one.reason for one in consents.of(connection) if one.restored_at is None}
    return [
        Twin(
            name=row.name,
            kind=row.kind,
            model=row.model,
            agency=row.agency,
            note=row.note,
            added_at=row.added_at,
            withdrawn_at=row.withdrawn_at,
            withdrawn_because=why.get(row.name, "") if row.withdrawn_at else "",
            erased_at=row.erased_at,
        )
        for row in rows
    ]


def references(connection: Connection, twin: str | None) -> Sequence[ReferenceImage]:
    query, asked = (_REFERENCES, {}) if twin is None else (_ITS_REFERENCES, {"twin": twin})
    return [_reference(row) for row in connection.execute(query, asked)]


_REFERENCES = (
    select(TwinRow.name.label("twin"), *ReferenceRow.__table__.c)
    .join(TwinRow, TwinRow.id == ReferenceRow.twin_id)
    .order_by(ReferenceRow.id)
)
_ITS_REFERENCES = _REFERENCES.where(TwinRow.name == bindparam("twin"))


def _reference(row: AnyRow) -> ReferenceImage:
    return ReferenceImage(
        twin=row.twin,
        sha256=row.sha256,
        kind=row.kind,
        basis=row.basis,
        attested_by=row.attested_by,
        mark_box=box(row.mark_box),
        mark_placed=row.mark_placed,
        source=row.source,
        added_at=row.added_at,
        disputed=row.disputed,
        withdrawn_at=row.withdrawn_at,
        handed=row.handed,
        document=row.document,
        document_sha256=row.document_sha256,
        note=row.note,
    )


def bank_entries(
    connection: Connection, without: Sequence[str] = ()
) -> Sequence[tuple[ReferenceImage, tuple[Fingerprint, ...]]]:
    """Of references that are not withdrawn, without the fingerprints of these stages. A withdrawn twin stays:
    whatever shows it now must be found."""
    registered = [one for one in references(connection, None) if one.withdrawn_at is None]
    prints = fingerprints_of(connection, sorted({reference.sha256 for reference in registered}), without)
    return [(reference, prints.get(reference.sha256, ())) for reference in registered]


def stamp(connection: Connection) -> str:
    """Over all that a verdict asks the registry and the watchlist; the time of it is no part."""
    watched = select(AccountRow.platform, AccountRow.handle, AccountRow.retailer, AccountRow.country)
    known: list[Any] = [
        [replace(one, added_at=None) for one in twins(connection)],
        [replace(one, added_at=None, note="") for one in references(connection, None)],
        [replace(one, added_at=None, added_by="") for one in terms.every(connection)],
        [list(row) for row in connection.execute(watched.order_by(AccountRow.id))],
        sorted(doubts.quarantined(connection)),
    ]
    return digest((dump_json(known),))
