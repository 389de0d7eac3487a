"""Traits add up to log-odds, and what speaks most against a region says why it is none."""

import pytest

from detector.matching.changes.weighing import Trait, Weighing, logarithm

WEIGHING = Weighing(
    traits={
        "edge": Trait(usual=0.5, spread=0.25, weight=-2.0, otherwise="it has an edge"),
        "size": Trait(usual=0.0, spread=1.0, weight=1.0, otherwise="it is small"),
    },
    bias=0.5,
    least=0.0,
)


@pytest.mark.parametrize(
    ("edge", "size", "against"),
    [
        (0.5, 0.0, ""),
        (0.0, 0.0, ""),
        (1.0, 0.0, "it has an edge"),
        (1.0, 4.0, ""),
        (0.5, -1.0, "it is small"),
        (0.75, -1.5, "it has an edge"),
    ],
)
def test_what_speaks_most_against_it_says_why(edge: float, size: float, against: str) -> None:
    assert WEIGHING.against({"edge": edge, "size": size}) == against


def test_twice_as_large_is_as_far_as_half() -> None:
    middle = logarithm(0.1, 0.0)
    assert logarithm(0.2, 0.0) - middle == pytest.approx(middle - logarithm(0.05, 0.0))


def test_nothing_is_finite() -> None:
    assert logarithm(0.0, 0.01) == pytest.approx(-4.605, abs=0.001)
