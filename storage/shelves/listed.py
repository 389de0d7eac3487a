"""What has changed in the desk's list since it was read into memory (storage/listed.py)."""

from dataclasses import replace

from sqlalchemy import Connection, String, select, true, type_coerce

from storage.listed import Changes, Row, word
from storage.records import MatchKind
from storage.shelves import counters
from storage.shelves.contested import contested
from storage.shelves.findings import AI_LEVEL
from storage.shelves.reviews import disputed_references
from storage.shelves.uses import licensees
from storage.tables.desk import InboxRow, InboxRuleRow, InboxTwinRow
from storage.tables.examined import MatchRow
from storage.tables.watched import AccountRow


def changes(connection: Connection, number: int, anew: int) -> Changes:
    """What is otherwise than in the state with these numbers of `Listed`. The numbers are read first: what
    is written meanwhile is read twice rather than never."""
    last = counters.current(connection, counters.LISTED)
    begun = counters.current(connection, counters.LISTED_ANEW)
    whole = begun != anew or last < number or number < 0
    references = disputed_references(connection)
    told = Changes(
        last,
        begun,
        whole,
        disputed=contested(connection, references),
        references=references,
        accounts=_of_accounts(connection),
        licensees=licensees(connection),
    )
    if last == number and not whole:
        return told
    behind = true() if whole else InboxRow.changed > number
    changed, rows = [], []
    for *values, level in connection.execute(select(*_LISTED, InboxRow.level).where(behind)):
        row = Row._make(values)
        changed.append(row.finding_id)
        if level >= AI_LEVEL:
            rows.append(row)
    twins = connection.execute(_TWINS.where(behind)).all()
    rules = connection.execute(_RULES.where(behind))
    copies = connection.execute(_COPIES.where(behind))
    return replace(
        told,
        changed=changed,
        rows=rows,
        twins=[(finding, twin) for finding, twin, _ in twins],
        verdicts=[(finding, word(twin, consent)) for finding, twin, consent in twins],
        rules=[(finding, rule) for finding, rule in rules],
        copies=[(finding, word(twin, reference)) for finding, twin, reference in copies],
    )


_TWINS = select(InboxTwinRow.finding_id, InboxTwinRow.twin, InboxTwinRow.consent).join(
    InboxRow, InboxRow.finding_id == InboxTwinRow.finding_id
)
_RULES = select(InboxRuleRow.finding_id, InboxRuleRow.rule).join(
    InboxRow, InboxRow.finding_id == InboxRuleRow.finding_id
)
_COPIES = (
    select(InboxRow.finding_id, MatchRow.twin, MatchRow.reference)
    .join(MatchRow, MatchRow.sha256 == InboxRow.sha256)
    # No bare column: SQLite would begin at all copies that there are, not at the few rows that have changed.
    .where(type_coerce(MatchRow.kind, String).concat("") == MatchKind.COPY.value, MatchRow.twin != "")
)
_LISTED = tuple(getattr(InboxRow, name) for name in Row._fields)


def _of_accounts(connection: Connection) -> dict[int, tuple[str, str]]:
    rows = connection.execute(select(AccountRow.id, AccountRow.retailer, AccountRow.platform))
    return {number: (retailer, platform) for number, retailer, platform in rows}
