"""The list that the desk shows: what is in it, in which order, in how many, and for whom."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from storage.consent import ConsentVerdict
from storage.database import make_engine, parse
from storage.inbox import Page, Place, Sought, strength
from storage.records import (
    Account,
    Event,
    EventKind,
    FindingStatus,
    Labelling,
    MatchKind,
    Review,
    ReviewDecision,
    RuleVerdict,
    TwinVerdict,
)
from storage.shelves.listing import begin_anew, name_group
from storage.store import Store
from storage.tables.desk import InboxRow, InboxRuleRow, InboxTwinRow
from storage.tables.registered import ReferenceRow
from tests.storage.samples import HM, NOW, answer, later, match, picture, post, reference, sha, twin

pytestmark = pytest.mark.slow  # many stores

ZARA = Account("instagram", "zara", retailer="Zara", country="ES")


def found(
    store: Store,
    name: str,
    account: Account = HM,
    file: str = "",
    days: float = 0,
    twins: tuple[str, ...] = ("Anna",),
    consent: ConsentVerdict = ConsentVerdict.OUT_OF_SCOPE,
    rules: tuple[str, ...] = ("eu-50-4",),
    **changes: Any,
) -> int:
    """A post of this day with a finding; its number."""
    made = post(
        name,
        platform=account.platform,
        handle=account.handle,
        posted_at=later(days),
        media=(picture(file or name),),
    )
    store.save_post(account, made)
    item = next(
        one
        for one in store.all_items()
        if (one.version.post.post_id, one.version.account.handle) == (name, account.handle)
    )
    told = answer(**changes)
    verdict = replace(
        told.verdict,
        consent=consent,
        twins=tuple(TwinVerdict(one, consent) for one in twins),
        rules=tuple(RuleVerdict(one, told.verdict.labelling) for one in rules),
    )
    number, _ = store.save_answer(item, "j", replace(told, verdict=verdict), later(1))
    return number


def numbers(store: Store) -> list[int]:
    """Of all findings, in the order of being found."""
    return sorted(one.id for one in store.findings())


def named(store: Store, page: Page) -> list[str]:
    """The posts of its lines."""
    found = {one.id: one.post_id for one in store.findings()}
    return [found[line.finding_id] for line in page.lines]


def names(store: Store, sought: Sought = Sought(), limit: int = 50) -> list[str]:  # noqa: B008 - frozen
    return named(store, store.inbox.lines(sought, limit=limit))


# --- order --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("consent", "labelling", "kind", "level", "event", "place"),
    [
        (ConsentVerdict.WITHDRAWN, Labelling.LABELLED, MatchKind.COPY, 3, None, 0),
        (ConsentVerdict.IN_SCOPE, Labelling.LABELLED, MatchKind.COPY, 3, EventKind.MARK_REMOVED, 1),
        (ConsentVerdict.EXPIRED, Labelling.LABELLED, MatchKind.COPY, 3, None, 2),
        (ConsentVerdict.IN_SCOPE, Labelling.UNLABELLED, MatchKind.COPY, 3, None, 3),
        (ConsentVerdict.IN_SCOPE, Labelling.UNLABELLED_WHERE_SEEN, MatchKind.COPY, 3, None, 4),
        (ConsentVerdict.WITHDRAWN, Labelling.CANNOT_SAY, MatchKind.LIKELY_COPY, 2, None, 5),
        (ConsentVerdict.NO_TERMS, Labelling.WEAKLY_LABELLED, MatchKind.COPY, 3, None, 6),
        (ConsentVerdict.NO_TERMS, Labelling.LABELLED, MatchKind.COPY, 3, None, 7),
        (ConsentVerdict.NO_TERMS, Labelling.NO_AI_EVIDENCE, MatchKind.COPY, 0, None, 8),
    ],
)
def test_what_the_program_is_sure_of_stands_first(
    consent: ConsentVerdict,
    labelling: Labelling,
    kind: MatchKind,
    level: int,
    event: EventKind | None,
    place: int,
) -> None:
    told = answer(level=level, labelling=labelling, matches=(replace(match(), kind=kind),))
    happened = (Event(event, NOW, ""),) if event else ()
    told = replace(told, verdict=replace(told.verdict, consent=consent), events=happened)
    assert strength(told) == place


def test_of_equals_the_newest_post_comes_first(store: Store) -> None:
    for name, days in (("old", -9.0), ("new", 0.0), ("older", -20.0)):
        found(store, name, days=days)
    assert names(store) == ["new", "old", "older"]


def test_pages_follow_one_another_and_leave_nothing_out(store: Store) -> None:
    for number in range(23):
        found(store, f"p{number:02}", days=-number)
    seen: list[str] = []
    after: Place | None = None
    for _ in range(9):
        page = store.inbox.lines(Sought(), after, limit=5)
        seen += named(store, page)
        after = page.after
        if after is None:
            break
    assert seen == [f"p{number:02}" for number in range(23)]


# --- groups -------------------------------------------------------------------------------------------------


def test_one_picture_in_many_posts_is_one_line(store: Store) -> None:
    weak = found(
        store, "labelled", file="same", labelling=Labelling.LABELLED, consent=ConsentVerdict.IN_SCOPE
    )
    strong = found(store, "strong", file="same", days=-3)
    found(store, "third", file="same", days=-5)
    found(store, "alone", days=-9)
    first, second = store.inbox.lines(Sought()).lines
    assert (first.finding_id, first.count) == (strong, 3)
    assert (names(store)[1], second.count) == ("alone", 1)
    (only,) = store.inbox.lines(Sought(labelling=Labelling.LABELLED)).lines
    assert (only.finding_id, only.count) == (weak, 1)  # of those sought


def test_a_group_that_is_joined_or_parted_later_is_so_in_the_list(store: Store) -> None:
    found(store, "a", file="one")
    found(store, "b", file="two", days=-1)
    assert len(store.inbox.lines(Sought()).lines) == 2
    store._database.write(name_group, [sha("one"), sha("two")], sha("one"))
    assert [line.count for line in store.inbox.lines(Sought()).lines] == [2]
    store._database.write(name_group, [sha("one"), sha("two")], None)
    assert [line.count for line in store.inbox.lines(Sought()).lines] == [1, 1]


def test_pages_do_not_repeat_a_picture_that_an_earlier_page_showed(store: Store) -> None:
    for number in range(6):
        found(store, f"same{number}", file="same", days=-number)
        found(store, f"other{number}", days=-number - 0.5)
    seen: list[str] = []
    after: Place | None = None
    for _ in range(10):
        page = store.inbox.lines(Sought(), after, limit=2)
        seen += named(store, page)
        if (after := page.after) is None:
            break
    assert seen == ["same0", *(f"other{number}" for number in range(6))]


# --- what is sought -----------------------------------------------------------------------------------------


@pytest.fixture
def shelf(store: Store) -> Store:
    found(store, "hm")
    found(store, "zara", account=ZARA, days=-10, twins=("Berta",), rules=("hm-promise-2025",))
    found(store, "told", labelling=Labelling.LABELLED, consent=ConsentVerdict.IN_SCOPE, days=-20, rules=())
    return store


DAY = NOW.date()


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        (Sought(), ["hm", "zara", "told"]),
        (Sought(retailer="Zara"), ["zara"]),
        (Sought(platform="bluesky"), ["hm", "told"]),
        (Sought(platform="bluesky", retailer="Zara"), []),
        (Sought(twin="Berta"), ["zara"]),
        (Sought(labelling=Labelling.LABELLED), ["told"]),
        (Sought(consent=ConsentVerdict.OUT_OF_SCOPE), ["hm", "zara"]),
        (Sought(rule="hm-promise-2025"), ["zara"]),
        (Sought(since=DAY), ["hm"]),
        (Sought(until=DAY - timedelta(days=1)), ["zara", "told"]),
        (Sought(since=DAY - timedelta(days=10), until=DAY - timedelta(days=10)), ["zara"]),
        (Sought(scope=frozenset({"Berta"})), ["zara"]),
        (Sought(scope=frozenset()), []),
        (Sought(status=FindingStatus.CONFIRMED), []),
        (Sought(status=FindingStatus.NEW, retailer="H&M"), ["hm", "told"]),
        (Sought(twin="'; drop table inbox; --"), []),
    ],
)
def test_what_is_sought_is_found(shelf: Store, sought: Sought, expected: list[str]) -> None:
    assert names(shelf, sought) == expected
    walked, _ = shelf.inbox.walk(sought, limit=50)  # out of the database, without the list in memory
    assert [one.post_id for one in walked] == expected
    assert sum(shelf.inbox.counts(replace(sought, status=None)).values()) >= len(expected)


def test_counts_are_of_every_status(shelf: Store) -> None:
    first, second, _ = numbers(shelf)
    shelf.add_review(Review(first, ReviewDecision.CONFIRMED, "ann", NOW))
    shelf.add_review(Review(second, ReviewDecision.REJECTED, "ann", NOW))
    assert shelf.inbox.counts(Sought(status=FindingStatus.NEW)) == {
        FindingStatus.NEW: 1,
        FindingStatus.CONFIRMED: 1,
        FindingStatus.REJECTED: 1,
    }
    assert names(shelf, Sought(status=FindingStatus.CONFIRMED)) == ["hm"]
    shelf.add_review(Review(first, ReviewDecision.UNDO, "ann", NOW))
    assert shelf.inbox.counts(Sought(retailer="H&M")) == {FindingStatus.NEW: 2}


def test_a_contested_reference_makes_findings_disputed_and_back(shelf: Store, database: str) -> None:
    shelf.add_twin(twin(), [reference()])
    shelf.save_matches(sha("hm"), "m", [match()])
    engine = make_engine(parse(database))
    with engine.begin() as connection:
        connection.execute(update(ReferenceRow).values(disputed=True))
    assert shelf.inbox.counts(Sought()) == {FindingStatus.NEW: 2, FindingStatus.DISPUTED: 1}
    assert names(shelf, Sought(status=FindingStatus.DISPUTED)) == ["hm"]
    assert names(shelf, Sought(status=FindingStatus.NEW)) == ["zara", "told"]
    with engine.begin() as connection:
        connection.execute(update(ReferenceRow).values(disputed=False))
    engine.dispose()
    assert shelf.inbox.counts(Sought()) == {FindingStatus.NEW: 3}


def test_what_says_no_ai_any_more_leaves_the_list(shelf: Store) -> None:
    item = next(one for one in shelf.all_items() if one.version.post.post_id == "hm")
    shelf.save_answer(item, "k", answer(level=0, labelling=Labelling.NO_AI_EVIDENCE), later(2))
    assert names(shelf) == ["zara", "told"]


def test_choices_are_what_there_is_and_what_one_may_see(shelf: Store) -> None:
    everything = shelf.inbox.choices()
    assert (everything.retailers, everything.platforms) == (("H&M", "Zara"), ("bluesky", "instagram"))
    assert (everything.twins, everything.rules) == (("Anna", "Berta"), ("eu-50-4", "hm-promise-2025"))
    own = shelf.inbox.choices(frozenset({"Berta"}))
    assert (own.retailers, own.twins) == (("Zara",), ("Berta",))


def test_who_sees_some_twins_sees_their_findings_alone(shelf: Store) -> None:
    first, second, third = numbers(shelf)
    asked = (first, second, third, third + 99)
    seen = [shelf.inbox.may_see(number, frozenset({"Berta"})) for number in asked]
    assert seen == [False, True, False, False]
    assert shelf.inbox.may_see(first, None)


def test_what_holds_of_another_twin_in_the_picture_is_not_found_out_by_filtering(store: Store) -> None:
    number = found(store, "both", twins=("Anna",), consent=ConsentVerdict.IN_SCOPE)
    item = next(iter(store.all_items()))
    told = answer()
    twins = TwinVerdict("Anna", ConsentVerdict.IN_SCOPE), TwinVerdict("Berta", ConsentVerdict.WITHDRAWN)
    verdict = replace(told.verdict, consent=ConsentVerdict.WITHDRAWN, twins=twins)
    assert store.save_answer(item, "k", replace(told, verdict=verdict), later(2))[0] == number
    withdrawn, licensed = Sought(consent=ConsentVerdict.WITHDRAWN), Sought(consent=ConsentVerdict.IN_SCOPE)
    anna, berta = frozenset({"Anna"}), frozenset({"Berta"})
    for sought, expected in (
        (withdrawn, True),  # the picture's verdict is the worst
        (licensed, False),
        (replace(withdrawn, scope=anna), False),
        (replace(licensed, scope=anna), True),
        (replace(withdrawn, scope=berta), True),
        (replace(withdrawn, twin="Anna"), False),
        (replace(licensed, twin="Anna"), True),
        (replace(licensed, twin="Anna", scope=berta), False),
    ):
        assert bool(names(store, sought)) is expected, sought
        assert bool(store.inbox.walk(sought)[0]) is expected, sought


# --- in memory ----------------------------------------------------------------------------------------------


def test_what_another_process_changes_is_seen_at_once(shelf: Store, database: str, tmp_path: Path) -> None:
    assert names(shelf) == ["hm", "zara", "told"]
    other = Store.open(database, tmp_path / "other", create=False)
    other.add_review(Review(numbers(other)[0], ReviewDecision.REJECTED, "ann", NOW))
    found(other, "new", days=3)
    assert names(shelf, Sought(status=FindingStatus.NEW)) == ["new", "zara", "told"]
    assert shelf.inbox.counts(Sought()) == {FindingStatus.NEW: 3, FindingStatus.REJECTED: 1}
    other.close()


def test_an_erased_twin_has_its_new_name_at_once(shelf: Store, database: str) -> None:
    assert "Berta" in shelf.inbox.choices().twins
    engine = make_engine(parse(database))
    with engine.begin() as connection:
        connection.execute(update(InboxTwinRow).where(InboxTwinRow.twin == "Berta").values(twin="erased 1"))
        begin_anew(connection)
    engine.dispose()
    assert shelf.inbox.choices().twins == ("Anna", "erased 1")
    assert names(shelf, Sought(twin="Berta")) == []


def test_a_rehearsal_lists_what_it_would_be(shelf: Store) -> None:
    with shelf.rehearsal() as rehearsed:
        rehearsed.add_review(Review(numbers(shelf)[0], ReviewDecision.REJECTED, "ann", NOW))
        assert rehearsed.inbox.counts(Sought())[FindingStatus.REJECTED] == 1
    assert shelf.inbox.counts(Sought()) == {FindingStatus.NEW: 3}


def test_a_post_from_before_1970_stands_with_its_equals(store: Store) -> None:
    found(store, "now")
    found(store, "old", days=-365 * 60)
    found(store, "weaker", labelling=Labelling.LABELLED, consent=ConsentVerdict.IN_SCOPE)
    assert names(store) == ["now", "old", "weaker"]


# --- made anew ----------------------------------------------------------------------------------------------


def test_it_can_be_made_anew_from_the_findings(shelf: Store, database: str) -> None:
    shelf.add_review(Review(numbers(shelf)[0], ReviewDecision.CONFIRMED, "ann", NOW))
    before = (names(shelf), shelf.inbox.counts(Sought()), shelf.inbox.choices())
    engine = make_engine(parse(database))
    with engine.begin() as connection:
        for table in (InboxTwinRow, InboxRuleRow, InboxRow):
            connection.execute(delete(table))
    assert names(shelf) == []
    assert shelf.inbox.catch_up() == 3
    assert (names(shelf), shelf.inbox.counts(Sought()), shelf.inbox.choices()) == before
    with engine.begin() as connection:
        connection.execute(update(InboxRow).values(version="0", place=0))
    engine.dispose()
    assert (shelf.inbox.catch_up(), shelf.inbox.catch_up()) == (3, 0)
    assert names(shelf) == before[0]


def test_days_are_those_of_utc(store: Store) -> None:
    found(store, "late", days=0.87)  # 23:52 UTC
    assert names(store, Sought(since=date(2026, 11, 1), until=date(2026, 11, 1))) == ["late"]
    assert datetime(2026, 11, 1, tzinfo=UTC).date() == date(2026, 11, 1)


def test_of_one_picture_each_finding_is_told_by_itself(store: Store) -> None:
    """Also where all are read from the database, as for exports; and for whoever sees some twins alone."""
    first = found(store, "one", file="same")
    found(store, "two", file="same", account=ZARA, twins=("Anna", "Berta"))
    other = found(store, "other", twins=("Berta",))
    sought = Sought(picture=first)
    assert sorted(names(store, sought)) == ["one", "two"]
    assert [line.count for line in store.inbox.lines(sought).lines] == [1, 1]
    assert {one.post_id for one in store.inbox.every(sought)} == {"one", "two"}
    assert len(store.inbox.walk(sought, by_number=True)[0]) == 2
    assert store.inbox.counts(sought) == {FindingStatus.NEW: 2}
    (line,) = (one for one in store.inbox.lines(Sought()).lines if one.finding_id != other)
    assert (line.count, [status for _, status in line.others]) == (2, [FindingStatus.NEW])
    # somebody who may not see the first is told of nothing by its number
    hers = replace(sought, scope=frozenset({"Berta"}))
    assert (names(store, hers), list(store.inbox.every(hers))) == ([], [])
    both = replace(sought, scope=frozenset({"Anna"}))
    assert (
        sorted(names(store, both)) == sorted(one.post_id for one in store.inbox.every(both)) == ["one", "two"]
    )
