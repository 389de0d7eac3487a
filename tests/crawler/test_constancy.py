"""How improbable it is that so many posts say the same, beside what scipy-free arithmetic says exactly."""

from fractions import Fraction
from math import comb, exp, isclose

import pytest

from crawler.constancy import (
    ALPHA,
    FEWEST,
    MOST_RECKONED,
    ROUNDED,
    beta_binomial_tail,
    binomial_tail,
    is_no_chance,
    is_sudden,
    most_of,
)


@pytest.mark.parametrize(
    ("count", "share"),
    [(0, 1.0), (1, exp(-1)), (2, 2 * exp(-2)), (3, ROUNDED), (100_000, ROUNDED)],  # 3: e^-3 27/6 is 0.224
)
def test_the_largest_share_that_a_number_can_have(count: int, share: float) -> None:
    assert isclose(most_of(count), share)


def test_tails_are_the_exact_ones() -> None:
    exact = sum(comb(30, n) * Fraction(1, 4) ** n * Fraction(3, 4) ** (30 - n) for n in range(15, 31))
    assert isclose(binomial_tail(15, 30, 0.25), float(exact), rel_tol=1e-9)
    # Drawn one by one from an urn that gets one more of each kind drawn (Pólya): 3 of 202, 4 of 203, …
    urn = Fraction(1)
    for number in range(15):
        urn *= Fraction(3 + number, 202 + number)
    assert isclose(beta_binomial_tail(15, 15, 2, 200), float(urn), rel_tol=1e-9)
    assert isclose(beta_binomial_tail(0, 20, 3, 9), 1.0, rel_tol=1e-9)
    assert binomial_tail(3, 9, 1.0) == 1.0


@pytest.mark.parametrize(
    ("count", "same", "posts", "found"),
    [
        (3, 15, 15, True),
        (3, 14, 14, False),
        (3, 280, 300, True),
        (3, 100, 300, False),
        (1, 15, 15, False),  # up to 37 % of an account's posts may have one like
        (1, 19, 19, True),
        (0, 300, 300, False),  # nobody may like them at all
        (1000, 80, 300, False),  # rounded
    ],
)
def test_a_number_in_many_posts(count: int, same: int, posts: int, found: bool) -> None:
    assert is_no_chance(count, same, posts) is found


@pytest.mark.parametrize(
    ("same", "posts", "others_same", "others", "found"),
    [
        (15, 15, 0, 200, True),
        (15, 15, 0, 20, True),
        (15, 15, 0, 5, False),
        (15, 15, 150, 200, False),
        (27, 30, 4, 200, True),
        (26, 30, 0, 200, False),  # a field that broke says it in all
        (14, 14, 0, 200, False),
        (300, 300, 0, 0, False),  # nothing to compare with
        (100_000, 100_000, 3, 200, True),
    ],
)
def test_a_value_that_was_not_so_frequent(
    same: int, posts: int, others_same: int, others: int, found: bool
) -> None:
    assert is_sudden(same, posts, others_same, others) is found


def test_what_was_chosen() -> None:
    assert (ALPHA, FEWEST, ROUNDED, MOST_RECKONED) == (1e-8, 15, 0.25, 1000)
