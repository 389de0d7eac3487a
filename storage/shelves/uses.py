"""What is known of uses beside their verdicts: what a person settled, and what a third account reposts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, String, bindparam, func, insert, select, type_coerce

from storage import documents
from storage.consent import ConsentVerdict, plain_name
from storage.records import Account, Finding, FindingStatus, MatchKind, PairDecision, Review, ReviewDecision
from storage.shelves import accounts, listing, reviews
from storage.shelves.batches import chunks
from storage.shelves.decided import decided
from storage.tables.base import AnyRow
from storage.tables.desk import InboxRow
from storage.tables.examined import MatchRow
from storage.tables.judged import AnswerRow, FindingRow, ReviewRow, SettledRow
from storage.tables.published import PostRow
from storage.tables.registered import ConsentRow, TwinRow
from storage.tables.watched import AccountRow
from storage.uses import FINE, Repost, Settlement


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


def joined(
    connection: Connection, findings: Sequence[Finding], around: "Around | None" = None
) -> list[Finding]:
    """The findings, each with its reposts and with the settlements of other findings that cover its use."""
    told = known(connection, [shown(one) for one in findings], around)
    return [
        replace(one, reposts=reposted, settled=settled)
        for one, (reposted, settled) in zip(findings, told, strict=True)
    ]


class Around(Protocol):
    """What a repost is told by."""

    @property
    def licensees(self) -> Mapping[str, Collection[str]]:
        """Twin → the names of its licensees, as they are compared; those of licences that ended too."""

    def theirs(self, twin: str) -> Collection[int]:
        """The accounts of these, by row."""

    def firsts(self, wanted: Mapping[tuple[str, str], Collection[int]]) -> Sequence[tuple[str, str, int]]:
        """Of each (twin, reference) and each of these accounts: the finding of its earliest post with a copy
        of that."""


def known(connection: Connection, uses: Sequence[Shown], around: Around | None = None) -> list[Known]:
    """Of each: its reposts, and the settlements of other findings that cover its use. `around`: who knows
    without asking the database, to which it is a walk over all posts with those pictures."""
    if not any(one.twins for one in uses):
        return [((), ()) for _ in uses]
    given = settlements(connection)
    shown_before = reposts(connection, uses, around or _Asked(connection))
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
        if one.consent not in FINE
    ]
    if rows:
        connection.execute(insert(SettledRow), rows)


def settlements(connection: Connection) -> Sequence[Settlement]:
    """Of findings whose last decision that stands is that they are settled, in the order of their reviews."""
    rows = connection.execute(_SETTLED).all()
    if not rows:
        return []
    stands = reviews.last_standing(connection, sorted({row.finding_id for row in rows}))
    return [_settlement(row) for row in rows if stands.get(row.finding_id) == row.review]


_SETTLED = (
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


def reposts(
    connection: Connection, uses: Iterable[Shown], around: Around
) -> Mapping[int, tuple[Repost, ...]]:
    """By finding, where there are any: the earliest post of a licensee's own account with the same registered
    picture, one a twin."""
    asked = {one.id: (one, _strange(one, around.licensees)) for one in uses}
    every = {pair for _, pairs in asked.values() for pair in pairs}
    own = _own_posts(connection, every, around)
    found: dict[int, tuple[Repost, ...]] = {}
    for number, (use, pairs) in asked.items():
        first: dict[str, Repost] = {}
        for repost in sorted((one for pair in pairs for one in own.get(pair, ())), key=lambda one: one.at):
            if repost.at < (use.posted_at or use.first_seen):
                first.setdefault(repost.twin, repost)
        if first:
            found[number] = tuple(first.values())
    return found


def _strange(use: Shown, licensees: Mapping[str, Collection[str]]) -> list[tuple[str, str]]:
    """What it is a copy of, of twins with licences that know nothing of this retailer."""
    here = plain_name(use.account.retailer)
    return [pair for pair in use.copies if licensees.get(pair[0]) and here not in licensees[pair[0]]]


def licensees(connection: Connection) -> Mapping[str, Collection[str]]:
    """As `Around` has them."""
    found: dict[str, set[str]] = defaultdict(set)
    for twin, licensee in connection.execute(_LICENSEES).all():
        found[twin].add(plain_name(licensee))
    return found


_LICENSEES = (
    select(TwinRow.name, ConsentRow.licensee).join(TwinRow, TwinRow.id == ConsentRow.twin_id).distinct()
)


_AT = func.coalesce(PostRow.posted_at, PostRow.first_seen)


def _own_posts(
    connection: Connection, pairs: set[tuple[str, str]], around: Around
) -> Mapping[tuple[str, str], list[Repost]]:
    """The earliest post of each licensee's account with each of these registered pictures."""
    found: dict[tuple[str, str], list[Repost]] = defaultdict(list)
    if not pairs:
        return found
    theirs = {twin: around.theirs(twin) for twin in {twin for twin, _ in pairs}}
    first = around.firsts({pair: theirs[pair[0]] for pair in pairs})
    posts = _posts(connection, sorted({number for _, _, number in first}))
    decisions = decided(connection, sorted({row.sha256 for row in posts.values()}))
    for twin, reference, number in first:
        row = posts.get(number)
        if row and decisions.get((row.sha256, reference)) is not PairDecision.REJECTED:
            account = accounts.record(row)
            repost = Repost(twin, account.retailer, account.platform, account.handle, row.url, row.shown_at)
            found[twin, reference].append(repost)
    return found


def _posts(connection: Connection, numbers: Sequence[int]) -> Mapping[int, AnyRow]:
    """By finding."""
    found: dict[int, AnyRow] = {}
    for part in chunks(numbers):
        found |= {row.id: row for row in connection.execute(_POSTS, {"numbers": part})}
    return found


_POSTS = (
    select(FindingRow.id, FindingRow.sha256, PostRow.url, _AT.label("shown_at"), *accounts.COLUMNS)
    .join(PostRow, PostRow.id == FindingRow.post_id)
    .join(AccountRow, AccountRow.id == PostRow.account_id)
    .where(FindingRow.id.in_(bindparam("numbers", expanding=True)))
)


class _Asked:
    """Out of the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def licensees(self) -> Mapping[str, Collection[str]]:
        return licensees(self._connection)

    @cached_property
    def _named(self) -> list[tuple[int, str]]:
        return [(row.id, plain_name(row.retailer)) for row in self._connection.execute(_RETAILERS).all()]

    def theirs(self, twin: str) -> Collection[int]:
        names = self.licensees.get(twin, ())
        return {number for number, name in self._named if name in names}

    def firsts(self, wanted: Mapping[tuple[str, str], Collection[int]]) -> Sequence[tuple[str, str, int]]:
        """Out of the desk's list, which has each finding with its picture, account and day: the way over
        posts and their versions takes ten times as long."""
        account_ids = sorted({one for theirs in wanted.values() for one in theirs})
        told: list[tuple[str, str, int]] = []
        for part in chunks(sorted({reference for _, reference in wanted})):
            rows = self._connection.execute(_RANKED, {"references": part, "accounts": account_ids})
            told += [
                (twin, reference, number)
                for twin, reference, account, number in rows
                if account in wanted.get((twin, reference), ())
            ]
        return told


_RETAILERS = select(AccountRow.id, AccountRow.retailer)
_kind: ColumnElement[str] = type_coerce(MatchRow.kind, String).concat("")
_OF_ACCOUNT = (
    select(
        MatchRow.twin,
        MatchRow.reference,
        InboxRow.account_id,
        InboxRow.finding_id,
        func.row_number()
        .over(
            partition_by=(MatchRow.twin, MatchRow.reference, InboxRow.account_id),
            order_by=(InboxRow.posted_at, InboxRow.finding_id),
        )
        .label("place"),
    )
    .join(InboxRow, InboxRow.sha256 == MatchRow.sha256)
    # No bare columns: SQLite, to which one index is as good as another, would walk all copies that there
    # are, and look for each picture under each account.
    .where(MatchRow.reference.in_(bindparam("references", expanding=True)))
    .where(_kind == MatchKind.COPY.value, MatchRow.twin != "")
    .where((InboxRow.account_id + 0).in_(bindparam("accounts", expanding=True)))
    .subquery()
)
_RANKED = select(
    _OF_ACCOUNT.c.twin, _OF_ACCOUNT.c.reference, _OF_ACCOUNT.c.account_id, _OF_ACCOUNT.c.finding_id
).where(_OF_ACCOUNT.c.place == 1)
