"""The findings behind the lines of the desk's list (kept by `listing`): all that are sought, read in batches.
Pages of lines and counts are told from memory (storage/listed.py)."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select
from sqlalchemy.orm import aliased

from storage.consent import ConsentVerdict
from storage.inbox import Place, Sought
from storage.records import Finding, FindingStatus
from storage.shelves import findings
from storage.shelves.batches import BATCH, chunks
from storage.shelves.contested import contested
from storage.tables.base import AnyRow
from storage.tables.desk import InboxRow, InboxRuleRow, InboxTwinRow
from storage.tables.judged import AnswerRow, FindingRow
from storage.tables.watched import AccountRow

AI_LEVEL = findings.AI_LEVEL


def walk(
    connection: Connection, sought: Sought, after: Place | None, limit: int, *, by_number: bool
) -> tuple[list[Finding], Place | None]:
    """Every finding sought, copies of one picture too, and where the next page begins. `by_number`: the
    oldest first, so that whoever comes back later goes on where she ended."""
    which = _which(connection, sought)
    if by_number:
        query = select(*_ROW).where(which).order_by(InboxRow.finding_id).limit(limit + 1)
        if after is not None:
            query = query.where(InboxRow.finding_id > after.finding_id)
        rows = connection.execute(query).all()
    else:
        rows = _after(connection, which, after, limit + 1)
    shown = rows[:limit]
    numbers = [row.finding_id for row in shown]
    loaded = {one.id: one for one in findings.load(connection, where=FindingRow.id.in_(numbers))}
    found = [loaded[number] for number in numbers if number in loaded]
    return found, _place(shown[-1]) if len(rows) > limit else None


_ROW = (InboxRow.finding_id, InboxRow.place)


def _place(row: AnyRow) -> Place:
    return Place(row.place, row.finding_id)


def _after(
    connection: Connection, which: ColumnElement[bool], behind: Place | None, size: int
) -> Sequence[AnyRow]:
    query = select(*_ROW).where(which).order_by(InboxRow.place, InboxRow.finding_id).limit(size)
    if behind is not None:
        later = and_(InboxRow.place == behind.order, InboxRow.finding_id > behind.finding_id)
        query = query.where(InboxRow.place >= behind.order, or_(InboxRow.place > behind.order, later))
    return connection.execute(query).all()


def some(
    connection: Connection, sought: Sought, behind: Place | None, size: int
) -> list[tuple[Place, Finding]]:
    """The next ones of all sought, strongest first, several of one picture too; each with its place."""
    rows = _after(connection, _which(connection, sought), behind, size)
    loaded = _loaded(connection, [row.finding_id for row in rows])
    return [(_place(row), loaded[row.finding_id]) for row in rows if row.finding_id in loaded]


def among(connection: Connection, sought: Sought, numbers: Sequence[int]) -> set[int]:
    """Those of these findings that are sought."""
    which, found = _which(connection, sought), set[int]()
    for part in chunks(numbers):
        query = select(InboxRow.finding_id).where(which, InboxRow.finding_id.in_(part))
        found |= set(connection.execute(query).scalars())
    return found


def newest(connection: Connection, sought: Sought, limit: int) -> list[Finding]:
    """Those sought whose answer changed last."""
    query = (
        select(InboxRow.finding_id)
        .join(
            AnswerRow, (AnswerRow.finding_id == InboxRow.finding_id) & (AnswerRow.number == InboxRow.number)
        )
        .where(_which(connection, sought))
        .order_by(AnswerRow.id.desc())
        .limit(limit)
    )
    numbers = list(connection.execute(query).scalars())
    loaded = _loaded(connection, numbers)
    return [loaded[number] for number in numbers if number in loaded]


def _loaded(connection: Connection, numbers: Sequence[int]) -> dict[int, Finding]:
    found = [findings.load(connection, where=FindingRow.id.in_(part)) for part in chunks(numbers, BATCH)]
    return {one.id: one for batch in found for one in batch}


def may_see(connection: Connection, finding_id: int, scope: frozenset[str] | None) -> bool:
    """Whether somebody who sees these twins alone may see this finding."""
    if scope is None:
        return True
    query = select(InboxTwinRow.twin).where(InboxTwinRow.finding_id == finding_id)
    return bool(scope & set(connection.execute(query).scalars()))


def _which(connection: Connection, sought: Sought) -> ColumnElement[bool]:
    asked: list[ColumnElement[bool]] = [InboxRow.level >= AI_LEVEL]
    if sought.status is not None:
        asked.append(_with_status(connection, sought.status))
    if sought.retailer or sought.platform:
        asked.append(InboxRow.account_id.in_(_accounts(connection, sought)))
    if sought.twins is not None:
        asked.append(_shows(sought.twins))
    if sought.labelling is not None:
        asked.append(InboxRow.labelling == sought.labelling)
    if sought.consent is not None:
        asked.append(_consent(sought, sought.consent))
    if sought.rule:
        asked.append(
            exists().where(InboxRuleRow.finding_id == InboxRow.finding_id, InboxRuleRow.rule == sought.rule)
        )
    if sought.picture:
        asked.append(_same_picture(sought))
    if sought.since is not None:
        asked.append(InboxRow.posted_at >= datetime.combine(sought.since, time.min, UTC))
    if sought.until is not None:
        asked.append(InboxRow.posted_at < datetime.combine(sought.until + timedelta(days=1), time.min, UTC))
    return and_(*asked)


def _same_picture(sought: Sought) -> ColumnElement[bool]:
    own = aliased(InboxRow)
    query = select(own.picture).where(own.finding_id == sought.picture)
    if sought.scope is not None:
        hers = select(InboxTwinRow.finding_id).where(InboxTwinRow.twin.in_(sorted(sought.scope)))
        query = query.where(own.finding_id.in_(hers))
    return InboxRow.picture == query.scalar_subquery()


def _consent(sought: Sought, consent: ConsentVerdict) -> ColumnElement[bool]:
    twins = sought.twins
    if twins is None:
        return InboxRow.consent == consent
    of_twin = InboxTwinRow.finding_id == InboxRow.finding_id
    return exists().where(of_twin, InboxTwinRow.twin.in_(sorted(twins)), InboxTwinRow.consent == consent)


def _with_status(connection: Connection, status: FindingStatus) -> ColumnElement[bool]:
    """`disputed` is of now, not of the row: it goes before whatever was decided."""
    disputed = sorted(contested(connection))
    if status is FindingStatus.DISPUTED:
        return InboxRow.finding_id.in_(disputed)
    own = InboxRow.status == status
    return and_(own, InboxRow.finding_id.not_in(disputed)) if disputed else own


def _accounts(connection: Connection, sought: Sought) -> list[int]:
    query = select(AccountRow.id)
    if sought.retailer:
        query = query.where(AccountRow.retailer == sought.retailer)
    if sought.platform:
        query = query.where(AccountRow.platform == sought.platform)
    return list(connection.execute(query).scalars())


def _shows(twins: frozenset[str]) -> ColumnElement[bool]:
    shown = select(InboxTwinRow.finding_id).where(InboxTwinRow.twin.in_(sorted(twins)))
    return InboxRow.finding_id.in_(shown)
