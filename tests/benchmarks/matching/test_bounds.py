"""The upper bound against values that follow from its definition."""

import pytest

from benchmarks.matching.bounds import upper


@pytest.mark.parametrize(
    ("wrong", "tried", "bound"),
    [
        (0, 1, 0.95),
        (0, 2214, 1 - 0.05 ** (1 / 2214)),
        (0, 3_000_000, 1 - 0.05 ** (1 / 3_000_000)),
        (1, 10, 0.3942),  # Clopper and Pearson's table, 90 % two-sided
        (10, 10, 1.0),
        (0, 0, 1.0),
    ],
)
def test_upper_bound(wrong: int, tried: int, bound: float) -> None:
    assert upper(wrong, tried) == pytest.approx(bound, rel=1e-3)
