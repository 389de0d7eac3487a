"""The list in memory says what its rows say: after any changes, by any filter, page by page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.consent import ConsentVerdict
from storage.inbox import MOST_OTHERS, STEP, Place, Sought, shown_at
from storage.listed import Changes, Listed, Row, word
from storage.records import FindingStatus, Labelling

ACCOUNTS = {1: ("H&M", "bluesky"), 2: ("Zara", "bluesky"), 7: ("Zara", "instagram"), 9: ("", "rss")}
TWINS, RULES = ("Anna", "Berta", "Éva"), ("eu-50-4", "hm-promise-2025")
DAYS = [int(datetime(2026, 11, day, hour, tzinfo=UTC).timestamp()) for day in (1, 2, 3) for hour in (0, 23)]


@dataclass(frozen=True)
class Known:
    """A finding as the database has it; `listed`: at a level that is shown."""

    row: Row
    twins: Mapping[str, ConsentVerdict]
    rules: frozenset[str]
    listed: bool = True


@st.composite
def findings(draw: st.DrawFn) -> Known:
    strength, day = draw(st.integers(0, 2)), draw(st.sampled_from(DAYS))
    row = Row(
        draw(st.integers(1, 12)),
        strength * STEP + STEP - 1 - day,
        draw(st.sampled_from(list(ACCOUNTS))),
        draw(st.sampled_from(list(Labelling)[:3])),
        draw(st.sampled_from(list(ConsentVerdict)[:3])),
        draw(st.sampled_from([FindingStatus.NEW, FindingStatus.CONFIRMED])),
        draw(st.sampled_from(["a", "b", "c", "d"])),
    )
    consents = st.sampled_from(list(ConsentVerdict)[:3])
    words = (
        draw(st.dictionaries(st.sampled_from(TWINS), consents)),
        draw(st.frozensets(st.sampled_from(RULES))),
    )
    return Known(row, *words, listed=draw(st.integers(0, 5)) > 0)


DAY = st.none() | st.sampled_from([date(2026, 11, day) for day in (1, 2, 3)])
SOUGHT = st.builds(
    Sought,
    status=st.none() | st.sampled_from([FindingStatus.NEW, FindingStatus.DISPUTED]),
    retailer=st.sampled_from(["", "", "H&M", "Zara", "nobody"]),
    platform=st.sampled_from(["", "", "bluesky", "instagram"]),
    twin=st.sampled_from(["", "", *TWINS, "unheard of"]),
    labelling=st.none() | st.sampled_from(list(Labelling)[:3]),
    consent=st.none() | st.sampled_from(list(ConsentVerdict)[:3]),
    rule=st.sampled_from(["", "", *RULES]),
    since=DAY,
    until=DAY,
    picture=st.sampled_from([0, 0, 0, 1, 2, 3, 99, 10**17]),
    scope=st.none() | st.frozensets(st.sampled_from(TWINS)),
)


def told(
    number: int, changed: Sequence[Known], disputed: frozenset[int] = frozenset(), *, whole: bool = False
) -> Changes:
    return Changes(
        number,
        0,
        whole,
        changed=[one.row.finding_id for one in changed],
        rows=[one.row for one in changed if one.listed],
        twins=[(one.row.finding_id, twin) for one in changed for twin in one.twins],
        verdicts=[(one.row.finding_id, word(*said)) for one in changed for said in one.twins.items()],
        rules=[(one.row.finding_id, rule) for one in changed for rule in one.rules],
        disputed=disputed,
        accounts=ACCOUNTS,
    )


def is_of_picture(one: Known, sought: Sought, known: Mapping[int, Known]) -> bool:
    """Of the same picture as a finding that she may see herself."""
    own = known.get(sought.picture)
    if own is None or not own.listed:
        return False
    seen = sought.scope is None or bool(sought.scope & own.twins.keys())
    return seen and own.row.picture == one.row.picture


def fits(one: Known, sought: Sought, status: FindingStatus, known: Mapping[int, Known]) -> bool:
    row, day = one.row, datetime.fromtimestamp(shown_at(one.row.place), UTC).date()
    retailer, platform = ACCOUNTS[row.account_id]
    asked_for = sought.twins
    theirs = {consent for twin, consent in one.twins.items() if asked_for is None or twin in asked_for}
    consents = {row.consent} if asked_for is None else theirs
    return one.listed and all(
        (
            sought.status in (None, status),
            sought.retailer in ("", retailer),
            sought.platform in ("", platform),
            asked_for is None or theirs,
            sought.labelling in (None, row.labelling),
            sought.consent is None or sought.consent in consents,
            sought.rule == "" or sought.rule in one.rules,
            sought.since is None or day >= sought.since,
            sought.until is None or day <= sought.until,
            sought.picture == 0 or is_of_picture(one, sought, known),
        )
    )


def expected(
    known: Mapping[int, Known], sought: Sought, disputed: frozenset[int]
) -> tuple[list[tuple[int, int]], Counter[FindingStatus]]:
    """The lines and the counts, one finding after the other."""
    status = {n: FindingStatus.DISPUTED if n in disputed else one.row.status for n, one in known.items()}
    ordered = sorted(known.values(), key=lambda one: (one.row.place, one.row.finding_id))
    shown = [one.row for one in ordered if fits(one, sought, status[one.row.finding_id], known)]
    many = Counter(row.picture for row in shown)
    leads = {row.picture: row.finding_id for row in reversed(shown)}
    lines = [(row.finding_id, many[row.picture]) for row in shown if leads[row.picture] == row.finding_id]
    if sought.picture:
        lines = [(row.finding_id, 1) for row in shown]
    counted = replace(sought, status=None)
    fitting = [number for number, one in known.items() if fits(one, counted, status[number], known)]
    return lines, Counter(status[number] for number in fitting)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(findings(), max_size=8, unique_by=lambda one: one.row.finding_id), min_size=1, max_size=4
    ),
    st.lists(SOUGHT, min_size=1, max_size=4),
    st.frozensets(st.integers(1, 14), max_size=2),
    st.integers(1, 4),
)
def test_it_says_what_its_rows_say(
    batches: list[list[Known]], asked: list[Sought], disputed: frozenset[int], limit: int
) -> None:
    listed, known = Listed(), dict[int, Known]()
    for number, batch in enumerate(batches):
        listed = listed.after(told(number, batch, disputed))
        known |= {one.row.finding_id: one for one in batch}
    anew = Listed().after(told(9, list(known.values()), disputed, whole=True))
    for sought in asked:
        lines, counts = expected(known, sought, disputed)
        for one in (listed, anew):
            assert walked(one, sought, limit) == lines
            assert one.counts(sought) == counts
            beside(one, known, sought, lines)


def beside(listed: Listed, known: Mapping[int, Known], sought: Sought, lines: list[tuple[int, int]]) -> None:
    """What stands beside a line is all that it counts, and nothing is beside two."""
    every = dict(listed.some(sought, 99))
    told = listed.others(sought, lines)
    for number, many in lines:
        others = dict(told.get(number, ()))
        assert len(others) == many - 1
        assert number not in others
        assert all(every[one] is status for one, status in others.items())
        assert {known[one].row.picture for one in others} <= {known[number].row.picture}
    assert len(every) == sum(many for _, many in lines)
    assert list(every)[:3] == [one for one, _ in listed.some(sought, 3)]


def walked(listed: Listed, sought: Sought, limit: int) -> list[tuple[int, int]]:
    """All pages."""
    seen: list[tuple[int, int]] = []
    after: Place | None = None
    while True:
        lines, after = listed.page(sought, after, limit)
        seen += lines
        if after is None:
            return seen
        assert len(lines) == limit


def lonely(number: int, **changes: Any) -> Known:
    row = Row(
        number,
        STEP + number,
        1,
        Labelling.UNLABELLED,
        ConsentVerdict.IN_SCOPE,
        FindingStatus.NEW,
        f"picture {number}",
    )
    return Known(row._replace(**changes), {"Anna": ConsentVerdict.IN_SCOPE}, frozenset())


def test_a_decision_changes_one_row_and_the_state_before_stays_as_it_was() -> None:
    before = Listed().after(told(1, [lonely(number) for number in range(1, 6)]))
    after = before.after(told(2, [lonely(3, status=FindingStatus.REJECTED)]))
    assert before.counts(Sought()) == {FindingStatus.NEW: 5}
    assert after.counts(Sought()) == {FindingStatus.NEW: 4, FindingStatus.REJECTED: 1}
    assert [number for number, _ in after.page(Sought(status=FindingStatus.REJECTED), None, 9)[0]] == [3]


def test_a_page_begins_behind_a_place_that_is_there_no_more() -> None:
    listed = Listed().after(told(1, [lonely(number) for number in range(1, 6)]))
    lines, after = listed.page(Sought(), None, 2)
    assert (lines, after) == ([(1, 1), (2, 1)], Place(STEP + 2, 2))
    gone = listed.after(told(2, [replace(lonely(2), listed=False)]))
    assert gone.page(Sought(), after, 9) == ([(3, 1), (4, 1), (5, 1)], None)


def test_choices_are_of_what_is_listed() -> None:
    listed = Listed().after(told(1, [lonely(1), lonely(2, account_id=9), replace(lonely(3), listed=False)]))
    everything, own = listed.choices(None), listed.choices(frozenset({"Berta"}))
    assert (everything.retailers, everything.platforms) == (("H&M",), ("bluesky", "rss"))
    assert (own.retailers, own.twins) == ((), ())


def test_an_empty_list_has_nothing() -> None:
    listed = Listed()
    assert listed.page(Sought(retailer="H&M", scope=frozenset({"x"})), Place(5, 5), 9) == ([], None)
    assert listed.counts(Sought(twin="Anna")) == {}
    assert listed.choices(None).twins == ()


def test_an_account_without_a_row_of_its_own_yet_is_of_no_retailer() -> None:
    """Its row was written after the accounts were read."""
    listed = Listed().after(replace(told(1, [lonely(1, account_id=50)]), accounts=ACCOUNTS))
    assert listed.page(Sought(retailer="H&M"), None, 9)[0] == []
    assert [one for one, _ in listed.page(Sought(), None, 9)[0]] == [1]


def test_places_stand_in_order() -> None:
    listed = Listed().after(told(1, [lonely(number) for number in (4, 1, 3, 2)]))
    found = [number for number, _ in listed.page(Sought(), None, 9)[0]]
    assert all(one < other for one, other in pairwise(found))


def test_a_twin_that_is_not_hers_to_see_is_nobodys() -> None:
    listed = Listed().after(told(1, [lonely(1)]))
    assert listed.counts(Sought(twin="Anna", scope=frozenset({"Berta"}))) == {}
    assert listed.counts(Sought(twin="Anna", scope=frozenset({"Anna"}))) == {FindingStatus.NEW: 1}


def test_a_line_names_the_others_as_long_as_they_are_few() -> None:
    for many, named in ((MOST_OTHERS + 1, MOST_OTHERS), (MOST_OTHERS + 2, 0)):
        rows = [lonely(number, picture="a") for number in range(1, many + 1)]
        listed = Listed().after(told(1, rows))
        page, _ = listed.page(Sought(), None, 9)
        assert page == [(1, many)]
        assert len(listed.others(Sought(), page).get(1, ())) == named
