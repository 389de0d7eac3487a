"""A share of pictures with a 95 % interval, where pictures come in clusters: what one account posts is alike.

Wilson's score interval (1927) on the effective number of pictures: of seven intervals for clustered samples
the one that Franco, Little, Louis & Slud recommend (J. Survey Statistics and Methodology 7, 2019; PMC6690503;
see also Dean & Pagano, ibid. 3, 2015). They show as well that it falls short where that number comes out of
the variance of few clusters. Three guards against that:

- the variance is the jackknife over accounts (Bell & McCaffrey, Survey Methodology 28, 2002: CR3), which errs
  on the safe side where clusters are few (MacKinnon, Nielsen & Webb, J. Econometrics 232, 2023);
- degrees of freedom come from the effective number of accounts, (Σn)² / Σn² (Kish, Survey Sampling, 1965),
  less one: an account with most of the pictures counts for most of them and still is one account (Carter,
  Schnepel & Steigerwald, Review of Economics and Statistics 99, 2017);
- the interval is at the least what it would be if the pictures of an account were alike by `LEAST_LIKENESS`:
  three accounts without any label say little about a fourth, and so few cannot show how much they differ.

What this covers, and what the usual ones do not: docs/benchmarks/figures.md.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

LEVEL = 0.95
NORMAL = NormalDist().inv_cdf((1 + LEVEL) / 2)
# An intra-cluster correlation. With less, some settings are covered less than 93 % of the time: measured in
# docs/benchmarks/figures.md.
LEAST_LIKENESS = 0.3


@dataclass(frozen=True, slots=True)
class Rate:
    """`effective`: how many pictures drawn one by one would say as much."""

    share: float  # 0 to 1, as are both ends
    low: float
    high: float
    effective: float


def rate(accounts: Iterable[tuple[int, int]], least: float = LEAST_LIKENESS) -> Rate:
    """`accounts`: of each, how many pictures there are, and how many of them have it. Raises ValueError for
    fewer than two accounts with pictures, or counts that cannot be."""
    counts = [(size, having) for size, having in accounts if size]
    if len(counts) < 2 or any(not 0 <= having <= size for size, having in counts):
        raise ValueError(f"no rate can be made of {counts}")
    total = sum(size for size, _ in counts)
    share = sum(having for _, having in counts) / total
    heaviest = sum(size * size for size, _ in counts) / total  # the size of a picture's cluster, on average
    shown = _effective(counts, total, share)
    assumed = total / (1 + (heaviest - 1) * least)
    ends = (
        wilson(share, max(shown, 1.0), _student(max(total / heaviest - 1, 1.0))),
        wilson(share, max(assumed, 1.0), NORMAL),
    )
    return Rate(share, min(low for low, _ in ends), max(high for _, high in ends), min(shown, assumed))


def _effective(counts: list[tuple[int, int]], total: int, share: float) -> float:
    """As these accounts show it, by the jackknife; all of them where every account has the same share."""
    groups = len(counts)
    left = ((having - share * size) / (1 - size / total) for size, having in counts)
    variance = (groups - 1) / groups * sum(one * one for one in left) / total**2
    return min(share * (1 - share) / variance, total) if variance > 0 else total


def wilson(share: float, size: float, z: float) -> tuple[float, float]:
    """Both ends; the share lies between them."""
    square = z * z / size
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / size + square / (4 * size)) / (1 + square)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


@lru_cache(4096)
def _student(freedom: float) -> float:
    """The quantile of Student's t for an interval on both sides; `freedom` may be a fraction."""
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to load: only where a rate is made

    return float(stdtrit(freedom, (1 + LEVEL) / 2))
