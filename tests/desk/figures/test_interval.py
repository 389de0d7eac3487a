"""Shares with their intervals: by hand, whatever the counts are, and on feeds of which the rate is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.figures.interval import rate, wilson
from tests.desk.figures.feeds import feeds

COUNTS = st.lists(
    st.integers(1, 400).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size))),
    min_size=2,
    max_size=60,
)


@settings(deadline=None)  # the first one loads Student's t
@given(COUNTS)
def test_the_share_lies_in_its_interval_and_both_between_nought_and_one(
    counts: list[tuple[int, int]],
) -> None:
    found = rate(counts)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert 0 < found.effective <= sum(size for size, _ in counts)
    assert found.share == sum(having for _, having in counts) / sum(size for size, _ in counts)


@settings(deadline=None)
@given(COUNTS)
def test_the_share_without_is_the_mirror_of_the_share_with(counts: list[tuple[int, int]]) -> None:
    found, mirror = rate(counts), rate([(size, size - having) for size, having in counts])
    assert (1 - mirror.high, 1 - mirror.low) == pytest.approx((found.low, found.high), abs=1e-9)


def test_wilson_is_as_in_the_books() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29
    for having, size, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
                                    (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):  # fmt: skip
        assert wilson(having / size, size, 1.959964) == pytest.approx((low, high), abs=5e-5)


def test_accounts_that_are_alike_count_for_no_more_than_themselves() -> None:
    same = rate([(20, 20), (20, 0), (20, 20), (20, 0)])  # two label all, two nothing
    spread = rate([(20, 10)] * 4)
    assert same.share == spread.share == 0.5
    assert same.effective < 4
    assert same.high - same.low > spread.high - spread.low
    assert spread.effective == pytest.approx(80 / (1 + 19 * 0.3))


def test_by_hand() -> None:
    # Three accounts of 10, 20, 30 with 1, 4, 15: the share is 1/3. Assumed: 60 / (1 + (1400/60 - 1) * .3)
    # = 7.792. Jackknife: residuals -7/3 / (5/6), -8/3 / (2/3), 5 / (1/2) = -2.8, -4, 10;
    # variance 2/3 * 123.84 / 3600 = .02293; 2/9 / .02293 = 9.69.
    found = rate([(10, 1), (20, 4), (30, 15)])
    assert found.share == pytest.approx(1 / 3)
    assert found.effective == pytest.approx(7.7922, abs=1e-4)
    # Kish: 3600 / 1400 - 1 = 1.5714 degrees of freedom; t there lies between 12.71 (1) and 4.30 (2)
    narrow, wide = wilson(1 / 3, 9.69, 4.30), wilson(1 / 3, 9.69, 12.71)
    assert wide[0] < found.low < narrow[0] < 1 / 3 < narrow[1] < found.high < wide[1]


def test_few_accounts_that_agree_leave_what_is_assumed() -> None:
    found = rate([(20, 0)] * 3)
    assert (found.low, found.high) == pytest.approx(wilson(0, 60 / (1 + 19 * 0.3), 1.959963984540054))


@pytest.mark.parametrize("counts", [[], [(30, 3)], [(30, 3), (0, 0)], [(3, 4), (5, 1)], [(3, -1), (5, 1)]])
def test_what_cannot_be_counted_is_refused(counts: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="no rate can be made"):
        rate(counts)


@pytest.mark.slow
@pytest.mark.parametrize("all_or_nothing", [False, True], ids=["spread", "all or nothing"])
@pytest.mark.parametrize("accounts", [3, 6, 12, 40])
@pytest.mark.parametrize("true", [0.02, 0.1, 0.5, 0.9])
def test_a_thousand_feeds_with_a_known_rate_are_covered(
    accounts: int, true: float, all_or_nothing: bool
) -> None:
    random = np.random.default_rng([accounts, int(true * 100), all_or_nothing])
    for alike in (0.05, 0.2, 0.5):
        drawn = feeds(random, 1_000, rate=true, accounts=accounts, alike=alike, all_or_nothing=all_or_nothing)
        held = sum(
            found.low <= true <= found.high
            for sizes, labelled in zip(*drawn, strict=True)
            for found in [rate(zip(sizes.tolist(), labelled.tolist(), strict=True))]
        )
        assert held >= 930, alike


def test_without_clusters_in_mind_the_interval_would_not_hold() -> None:
    """The test above can fail: Wilson's interval on the bare number of pictures does."""
    drawn = feeds(np.random.default_rng(1), 300, rate=0.5, accounts=6, alike=0.5)
    ends = [wilson(y.sum() / n.sum(), n.sum(), 1.96) for n, y in zip(*drawn, strict=True)]
    assert sum(low <= 0.5 <= high for low, high in ends) < 150
