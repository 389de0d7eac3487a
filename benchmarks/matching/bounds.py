"""How sure a count is: the one-sided 95 % upper bound of Clopper and Pearson (Biometrika 26, 1934). For none
of n it is the "rule of three", nearly 3 / n."""

import math

CONFIDENCE = 0.95


def upper(wrong: int, tried: int) -> float:
    """The largest rate under which seeing so few is still as likely as 1 in 20; 1 where nothing was tried."""
    if wrong >= tried:
        return 1.0
    low, high = wrong / tried, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        if _at_most(wrong, tried, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, tried: int, rate: float) -> float:
    """The binomial chance of at most so many."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    logs = (
        math.lgamma(tried + 1)
        - math.lgamma(count + 1)
        - math.lgamma(tried - count + 1)
        + count * math.log(rate)
        + (tried - count) * math.log1p(-rate)
        for count in range(wrong + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))
