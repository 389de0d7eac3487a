"""What is known of uses beside their verdicts: what a person settled, and what a third account reposts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, func, insert, select, type_coerce

from storage import documents
from storage.consent import ConsentVerdict, plain_name
from storage.records import Account, Finding, FindingStatus, MatchKind, PairDecision, Review, ReviewDecision
from storage.shelves import accounts, listing, reviews
from storage.shelves.batches import chunks
from storage.shelves.decided import decided
from storage.tables.base import AnyRow, AnySelect
from storage.tables.desk import InboxRow
from storage.tables.examined import MatchRow
from storage.tables.judged import AnswerRow, FindingRow, ReviewRow, SettledRow
from storage.tables.published import PostRow
from storage.tables.registered import ConsentRow, TwinRow
from storage.tables.watched import AccountRow
from storage.uses import Repost, Settlement

# There is nothing to settle of what is licensed, or of no twin's picture.
_FINE = frozenset({ConsentVerdict.IN_SCOPE, ConsentVerdict.NOT_A_TWIN})


@dataclass(frozen=True, slots=True)
class Shown:
    """What is asked of a finding here. `copies`: (twin, reference) of which its picture is a copy, for
    certain."""

    id: int
    account: Account
    posted_at: datetime | None
    first_seen: datetime
    twins: tuple[tuple[str, ConsentVerdict], ...]
    copies: tuple[tuple[str, str], ...]


def shown(finding: Finding) -> Shown:
    verdicts = finding.answer.verdict.twins
    return Shown(
        id=finding.id,
        account=finding.account,
        posted_at=finding.posted_at,
        first_seen=finding.first_seen,
        twins=tuple((one.twin, one.consent) for one in verdicts),
        copies=tuple(
            (match.twin, match.reference)
            for match in finding.answer.matches
            if match.twin and is_sure(match.kind, match.decided)
        ),
    )


def is_sure(kind: MatchKind, decided: PairDecision | None) -> bool:
    """Whether a match with a registered picture is a copy for certain."""
    sure = kind is MatchKind.COPY or decided is PairDecision.CONFIRMED
    return sure and decided is not PairDecision.REJECTED


Known = tuple[tuple[Repost, ...], tuple[Settlement, ...]]


def joined(connection: Connection, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each with its reposts and with the settlements of other findings that cover its use."""
    told = known(connection, [shown(one) for one in findings])
    return [
        replace(one, reposts=reposted, settled=settled)
        for one, (reposted, settled) in zip(findings, told, strict=True)
    ]


def known(connection: Connection, uses: Sequence[Shown]) -> list[Known]:
    """Of each: its reposts, and the settlements of other findings that cover its use."""
    if not any(one.twins for one in uses):
        return [((), ()) for _ in uses]
    given, shown_before = settlements(connection), reposts(connection, uses)
    return [
        (
            shown_before.get(one.id, ()),
            tuple(each for each in given if each.finding_id != one.id and _covers(each, one)),
        )
        for one in uses
    ]


def _covers(settlement: Settlement, use: Shown) -> bool:
    account = use.account
    return any(
        settlement.covers(
            twin,
            consent,
            retailer=account.retailer,
            platform=account.platform,
            country=account.country,
            posted_at=use.posted_at,
        )
        for twin, consent in use.twins
    )


# --- settled ------------------------------------------------------------------------------------------------


def add_review(connection: Connection, review: Review, seen: FindingStatus | None) -> None:
    """With the uses that it settles."""
    row = reviews.add(connection, review, seen)
    listing.decide(connection, review.finding_id)
    if review.decision is ReviewDecision.SETTLED:
        _settle(connection, row, review.finding_id)


def _settle(connection: Connection, review_id: int, finding_id: int) -> None:
    """Write down which uses a review settles: those that the answer of now has something against."""
    query = (
        select(AnswerRow.answer)
        .join(FindingRow, (FindingRow.id == AnswerRow.finding_id) & (FindingRow.answers == AnswerRow.number))
        .where(FindingRow.id == finding_id)
    )
    twins = documents.answer(connection.execute(query).scalar_one()).verdict.twins
    rows = [
        {"review_id": review_id, "twin": one.twin, "consent": one.consent}
        for one in twins
        if one.consent not in _FINE
    ]
    if rows:
        connection.execute(insert(SettledRow), rows)


def settlements(connection: Connection) -> Sequence[Settlement]:
    """Of findings whose last decision that stands is that they are settled, in the order of their reviews."""
    query = (
        select(
            SettledRow.twin,
            SettledRow.consent,
            ReviewRow.id.label("review"),
            *(getattr(ReviewRow, name) for name in ("finding_id", "by", "at", "until", "note")),
            *accounts.COLUMNS,
        )
        .join(ReviewRow, ReviewRow.id == SettledRow.review_id)
        .join(FindingRow, FindingRow.id == ReviewRow.finding_id)
        .join(PostRow, PostRow.id == FindingRow.post_id)
        .join(AccountRow, AccountRow.id == PostRow.account_id)
        .order_by(SettledRow.id)
    )
    rows = connection.execute(query).all()
    stands = reviews.last_standing(connection, sorted({row.finding_id for row in rows}))
    return [_settlement(row) for row in rows if stands.get(row.finding_id) == row.review]


def _settlement(row: AnyRow) -> Settlement:
    account = accounts.record(row)
    return Settlement(
        finding_id=row.finding_id,
        twin=row.twin,
        consent=row.consent,
        retailer=account.retailer,
        platform=account.platform,
        country=account.country,
        by=row.by,
        at=row.at,
        until=row.until,
        note=row.note,
    )


# --- reposted -----------------------------------------------------------------------------------------------


def reposts(connection: Connection, uses: Iterable[Shown]) -> Mapping[int, tuple[Repost, ...]]:
    """By finding, where there are any: the earliest post of a licensee's own account with the same registered
    picture, one a twin."""
    licensees = _licensees(connection)
    asked = {one.id: (one, _strange(one, licensees)) for one in uses}
    own = _own_posts(connection, {pair for _, pairs in asked.values() for pair in pairs}, licensees)
    found: dict[int, tuple[Repost, ...]] = {}
    for number, (use, pairs) in asked.items():
        first: dict[str, Repost] = {}
        for repost in sorted((one for pair in pairs for one in own.get(pair, ())), key=lambda one: one.at):
            if repost.at < (use.posted_at or use.first_seen):
                first.setdefault(repost.twin, repost)
        if first:
            found[number] = tuple(first.values())
    return found


def _strange(use: Shown, licensees: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """What it is a copy of, of twins with licences that know nothing of this retailer."""
    here = plain_name(use.account.retailer)
    return [pair for pair in use.copies if licensees.get(pair[0]) and here not in licensees[pair[0]]]


def _licensees(connection: Connection) -> Mapping[str, set[str]]:
    """Twin → the names of its licensees, as they are compared; those of licences that ended too."""
    query = select(TwinRow.name, ConsentRow.licensee).join(TwinRow, TwinRow.id == ConsentRow.twin_id)
    found: dict[str, set[str]] = defaultdict(set)
    for twin, licensee in connection.execute(query.distinct()):
        found[twin].add(plain_name(licensee))
    return found


_AT = func.coalesce(PostRow.posted_at, PostRow.first_seen)


def _own_posts(
    connection: Connection, pairs: set[tuple[str, str]], licensees: Mapping[str, set[str]]
) -> Mapping[tuple[str, str], list[Repost]]:
    """The earliest post of each licensee's account with each of these registered pictures."""
    found: dict[tuple[str, str], list[Repost]] = defaultdict(list)
    if not pairs:
        return found
    names = {name for twin, _ in pairs for name in licensees[twin]}
    query = select(AccountRow.id, AccountRow.retailer)
    theirs = [row.id for row in connection.execute(query) if plain_name(row.retailer) in names]
    for part in chunks(sorted({reference for _, reference in pairs})):
        rows = connection.execute(_published(part, theirs)).all()
        decisions = decided(connection, sorted({row.sha256 for row in rows}))
        for row in rows:
            pair = (row.twin, row.reference)
            taken_back = decisions.get((row.sha256, row.reference)) is PairDecision.REJECTED
            if pair in pairs and plain_name(row.retailer) in licensees[row.twin] and not taken_back:
                found[pair].append(_repost(row))
    return found


def _published(references: Sequence[str], account_ids: Sequence[int]) -> AnySelect:
    """Out of the desk's list, which has each finding with its picture, account and day: the way over posts
    and their versions takes ten times as long."""
    place = func.row_number().over(
        partition_by=(MatchRow.twin, MatchRow.reference, InboxRow.account_id),
        order_by=(InboxRow.posted_at, InboxRow.finding_id),
    )
    ranked = (
        select(MatchRow.twin, MatchRow.sha256, MatchRow.reference, InboxRow.finding_id, place.label("place"))
        .join(InboxRow, InboxRow.sha256 == MatchRow.sha256)
        # No bare columns: SQLite, to which one index is as good as another, would walk all copies that there
        # are, and look for each picture under each account.
        .where(MatchRow.reference.in_(references), _kind == MatchKind.COPY.value, MatchRow.twin != "")
        .where((InboxRow.account_id + 0).in_(account_ids))
        .subquery()
    )
    columns = (ranked.c.twin, ranked.c.sha256, ranked.c.reference)
    return (
        select(*columns, PostRow.url, _AT.label("shown_at"), *accounts.COLUMNS)
        .join(FindingRow, FindingRow.id == ranked.c.finding_id)
        .join(PostRow, PostRow.id == FindingRow.post_id)
        .join(AccountRow, AccountRow.id == PostRow.account_id)
        .where(ranked.c.place == 1)
    )


_kind: ColumnElement[str] = type_coerce(MatchRow.kind, String).concat("")


def _repost(row: AnyRow) -> Repost:
    account = accounts.record(row)
    return Repost(row.twin, account.retailer, account.platform, account.handle, row.url, row.shown_at)
