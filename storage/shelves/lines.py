"""One line of the desk's list for each picture: read out of an answer's document, without the whole of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, select

from storage.consent import ConsentVerdict
from storage.inbox import Line, Others
from storage.records import FindingStatus, MatchKind, PairDecision
from storage.shelves import accounts, uses, verifications
from storage.tables.base import AnyRow
from storage.tables.desk import InboxRow
from storage.tables.judged import AnswerRow, FindingRow
from storage.tables.published import PostRow
from storage.tables.watched import AccountRow

if TYPE_CHECKING:
    from storage.listed import Listed


def lines(
    connection: Connection,
    counts: Mapping[int, int],
    around: "Listed",
    others: Mapping[int, Others],
    *,
    brief: bool = False,
) -> list[Line]:
    """Of these findings, in this order. `counts`: in how many posts each one's picture stands. `around`: the
    list in memory, which knows of the posts of others; `others`: the findings beside each one. `brief`: what
    is a repost, and what is settled, is not asked."""
    rows = {row.finding_id: row for row in connection.execute(_LINES, {"findings": list(counts)})}
    ordered = [rows[number] for number in counts if number in rows]
    standings = verifications.of_accounts(connection, [row.account_id for row in ordered], datetime.now(UTC))
    asked = [] if brief else [_shown(row) for row in ordered]
    known = uses.known(connection, asked, around) or [((), ()) for _ in ordered]
    return [
        _line(
            row,
            counts[row.finding_id],
            status=FindingStatus.DISPUTED if _rests_on(row, around.disputed) else row.status,
            unverified=bool(standings[row.account_id].caveat),
            reposted=bool(reposted),
            settled=bool(settled),
            others=others.get(row.finding_id, ()),
        )
        for row, (reposted, settled) in zip(ordered, known, strict=True)
    ]


_LINES = (
    select(
        InboxRow.finding_id,
        InboxRow.sha256,
        InboxRow.labelling,
        InboxRow.consent,
        InboxRow.status,
        AnswerRow.answer,
        PostRow.posted_at,
        PostRow.first_seen,
        PostRow.gone_at,
        PostRow.account_id,
        *accounts.COLUMNS,
    )
    .join(FindingRow, FindingRow.id == InboxRow.finding_id)
    .join(AnswerRow, (AnswerRow.finding_id == FindingRow.id) & (AnswerRow.number == FindingRow.answers))
    .join(PostRow, PostRow.id == FindingRow.post_id)
    .join(AccountRow, AccountRow.id == PostRow.account_id)
    .where(InboxRow.finding_id.in_(bindparam("findings", expanding=True)))
)


def _line(row: AnyRow, count: int, **known: Any) -> Line:
    verdict = row.answer["verdict"]
    return Line(
        finding_id=row.finding_id,
        account=accounts.record(row),
        posted_at=row.posted_at,
        sha256=row.sha256,
        labelling=row.labelling,
        consent=row.consent,
        twins=tuple((one["twin"], ConsentVerdict(one["consent"])) for one in verdict["twins"]),
        reason=next(iter(verdict["reasons"]), ""),
        gone_at=row.gone_at,
        count=count,
        **known,
    )


def _shown(row: AnyRow) -> uses.Shown:
    return uses.Shown(
        id=row.finding_id,
        account=accounts.record(row),
        posted_at=row.posted_at,
        first_seen=row.first_seen,
        twins=tuple((one["twin"], ConsentVerdict(one["consent"])) for one in row.answer["verdict"]["twins"]),
        copies=tuple(
            (match["twin"], match["reference"])
            for match in row.answer["matches"]
            if match["twin"] and uses.is_sure(MatchKind(match["kind"]), _decided(match))
        ),
    )


def _decided(match: Mapping[str, Any]) -> PairDecision | None:
    said = match.get("decided")  # answers of the first revision do not have it
    return PairDecision(said) if said else None


def _rests_on(row: AnyRow, references: frozenset[tuple[str, str]]) -> bool:
    return bool(references) and any(
        (match["twin"], match["reference"]) in references for match in row.answer["matches"]
    )
