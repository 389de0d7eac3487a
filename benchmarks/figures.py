"""Intervals of figures on simulated feeds of which the rate is known: how often they hold it, and how wide
they are, beside what is usually taken.

Feeds have thirty pictures at the least, on 3 to 40 accounts of unequal sizes; accounts differ by a beta
distribution, or some label all or nothing. `python -m benchmarks.figures [--feeds N] [--out FILE]`.
"""

import argparse
import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, stdtrit

from desk.figures.interval import LEAST_LIKENESS, rate
from tests.desk.figures.feeds import Counts, feeds

Floats = npt.NDArray[np.float64]
Method = Callable[[Counts, Counts], tuple[Floats, Floats]]
ACCOUNTS = (3, 4, 6, 10, 20, 40)
RATES = (0.02, 0.1, 0.5, 0.9)
ALIKE = (0.0, 0.05, 0.2, 0.5)
UNEQUAL = (0.5, 1.0, 1.5)
PICTURES = (12.0, 40.0)  # of an account, on average
LEAST = (0.0, 0.1, 0.2, 0.25, 0.3, 0.4)
NORMAL, TAIL = 1.959964, 0.975
RESAMPLES = 200
MEASURES = "| worst setting | settings below 93 % | held on average | mean width |\n" + "|---" * 5 + "|"


@dataclass(frozen=True, slots=True)
class Setting:
    accounts: int
    rate: float
    alike: float
    unequal: float
    pictures: float
    all_or_nothing: bool

    def feeds(self, number: int) -> tuple[Counts, Counts]:
        seed = [ord(letter) for letter in repr(self)]
        return feeds(
            np.random.default_rng(seed),
            number,
            rate=self.rate,
            accounts=self.accounts,
            alike=self.alike,
            pictures=self.pictures,
            unequal=self.unequal,
            all_or_nothing=self.all_or_nothing,
        )


@dataclass(frozen=True, slots=True)
class Held:
    setting: Setting
    share: float  # of the feeds whose interval holds the rate
    width: float


# --- what is usually taken ----------------------------------------------------------------------------------


def _linear(sizes: Counts, having: Counts) -> tuple[Floats, Floats, Floats]:
    """Total, share, and the share's variance by linearization (Cochran, Sampling Techniques, 1977)."""
    groups, total = sizes.shape[1], sizes.sum(1)
    share = having.sum(1) / total
    residual = having - share[:, None] * sizes
    return total.astype(float), share, groups / (groups - 1) * (residual**2).sum(1) / total**2


def _effective(sizes: Counts, having: Counts) -> tuple[Floats, Floats, Floats]:
    total, share, variance = _linear(sizes, having)
    with np.errstate(all="ignore"):
        found = np.where(variance > 0, share * (1 - share) / variance, total)
    return total, share, np.clip(found, 1, total)


def _student(sizes: Counts) -> float:
    return float(stdtrit(sizes.shape[1] - 1, TAIL))


def bare_wilson(sizes: Counts, having: Counts) -> tuple[Floats, Floats]:
    total, share, _ = _linear(sizes, having)
    return _wilson(share, total, NORMAL)


def _wilson(share: Floats, size: Floats, z: float) -> tuple[Floats, Floats]:
    square = z * z / size
    middle = (share + square / 2) / (1 + square)
    half = z * np.sqrt(share * (1 - share) / size + square / (4 * size)) / (1 + square)
    return middle - half, middle + half


def wald(sizes: Counts, having: Counts) -> tuple[Floats, Floats]:
    _, share, variance = _linear(sizes, having)
    half = _student(sizes) * np.sqrt(variance)
    return share - half, share + half


def logit(sizes: Counts, having: Counts) -> tuple[Floats, Floats]:
    """On the scale of log odds; Clopper-Pearson where every account has the same share."""
    total, share, variance = _linear(sizes, having)
    with np.errstate(all="ignore"):
        middle = np.log(share / (1 - share))
        half = _student(sizes) * np.sqrt(variance) / (share * (1 - share))
        low, high = 1 / (1 + np.exp(half - middle)), 1 / (1 + np.exp(-half - middle))
    same = (variance == 0) | np.isnan(low)
    least, most = _clopper_pearson(share, total)
    return np.where(same, least, low), np.where(same, most, high)


def _clopper_pearson(share: Floats, size: Floats) -> tuple[Floats, Floats]:
    having = share * size
    low = np.where(having <= 0, 0.0, betaincinv(np.maximum(having, 1e-12), size - having + 1, 1 - TAIL))
    high = np.where(share >= 1, 1.0, betaincinv(having + 1, np.maximum(size - having, 1e-12), TAIL))
    return low, high


def korn_graubard(sizes: Counts, having: Counts) -> tuple[Floats, Floats]:
    """Survey Methodology 24 (1998): Clopper-Pearson on the effective size, with t; what NCHS takes."""
    total, share, effective = _effective(sizes, having)
    ratio = stdtrit(total - 1, TAIL) / _student(sizes)
    return _clopper_pearson(share, np.maximum(effective * ratio**2, 1e-6))


def wilson_effective(sizes: Counts, having: Counts) -> tuple[Floats, Floats]:
    _, share, effective = _effective(sizes, having)
    return _wilson(share, effective, _student(sizes))


def bootstrap(sizes: Counts, having: Counts) -> tuple[Floats, Floats]:
    """Accounts drawn again with replacement; percentiles."""
    random = np.random.default_rng(1)
    groups = sizes.shape[1]
    drawn = random.multinomial(groups, [1 / groups] * groups, RESAMPLES)  # (resamples, accounts)
    shares = (having @ drawn.T) / (sizes @ drawn.T)
    low, high = np.quantile(shares, [1 - TAIL, TAIL], axis=1)
    return low, high


def ours(sizes: Counts, having: Counts, least: float = LEAST_LIKENESS) -> tuple[Floats, Floats]:
    made = [rate(zip(n, y, strict=True), least) for n, y in zip(sizes.tolist(), having.tolist(), strict=True)]
    return np.array([one.low for one in made]), np.array([one.high for one in made])


METHODS: Mapping[str, Method] = {
    "taken here": ours,
    "Wilson, as if pictures were drawn one by one": bare_wilson,
    "share ± t · standard error": wald,
    "log odds, t": logit,
    "Korn & Graubard": korn_graubard,
    "Wilson on the effective size, t": wilson_effective,
    "bootstrap of accounts, percentiles": bootstrap,
}


# --- measuring ----------------------------------------------------------------------------------------------


def settings() -> Iterator[Setting]:
    for one in itertools.product(ACCOUNTS, RATES, ALIKE, UNEQUAL, PICTURES, (False, True)):
        made = Setting(*one)
        if made.accounts * made.pictures >= 30 and not (made.all_or_nothing and not made.alike):
            yield made


def measured(method: Method, setting: Setting, number: int) -> Held:
    low, high = method(*setting.feeds(number))
    held = (low <= setting.rate) & (setting.rate <= high)
    return Held(setting, float(held.mean()), float((np.clip(high, 0, 1) - np.clip(low, 0, 1)).mean()))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--feeds", type=int, default=1_000)
    asked.add_argument("--out", type=Path)
    given = asked.parse_args()
    started = time.monotonic()
    every = list(settings())
    methods = {
        name: [measured(method, one, given.feeds) for one in every] for name, method in METHODS.items()
    }
    floors = {
        least: [measured(partial(ours, least=least), one, given.feeds) for one in every] for least in LEAST
    }
    told = "\n".join(_report(methods, floors, given.feeds, len(every)))
    print(told)
    print(f"{time.monotonic() - started:.0f} s")
    if given.out:
        given.out.write_text(told)


def _report(
    methods: Mapping[str, list[Held]], floors: Mapping[float, list[Held]], number: int, count: int
) -> Iterator[str]:
    own = methods["taken here"]
    worst = min(own, key=lambda one: one.share)
    yield "# Figures: do the intervals hold?\n"
    yield (
        f"`make bench-figures`: {count} settings of {number:,} simulated feeds each, with a known rate. "
        f"Accounts: {_named(ACCOUNTS)}; rates: {_named(RATES)}; intra-cluster correlation: {_named(ALIKE)}; "
        f"pictures of an account: {_named(PICTURES)} on average, with a coefficient of variation of "
        f"{_named(UNEQUAL)}; accounts differ by a beta distribution, or some label all or nothing. "
        "The method and its sources stand in `desk/figures/interval.py`, the feeds in "
        "`tests/desk/figures/feeds.py`.\n"
    )
    yield (
        f"**The 95 % intervals hold the rate in {worst.share:.1%} of the feeds of the worst setting** "
        f"(target: 93 %), {_words(worst.setting)}; in {np.mean([one.share for one in own]):.1%} on average.\n"
    )
    yield "## Beside what is usually taken\n"
    yield f"| interval {MEASURES}"
    yield from (_line(name, found) for name, found in methods.items())
    yield "\n## By accounts and rate\n"
    yield "What is taken here: the worst setting, and the mean width with a correlation of .05 and .5.\n"
    yield "| accounts | " + " | ".join(f"rate {one:g}" for one in RATES) + " |"
    yield "|---" * (len(RATES) + 1) + "|"
    yield from _by_accounts(own)
    yield "\n## How alike an account's pictures are taken to be, at the least\n"
    yield f"| at least {MEASURES}"
    yield from (_line(f"{least:g}", found) for least, found in floors.items())
    yield (
        "\nThree accounts can say little: their intervals are wide because nothing narrower holds. What the "
        "simulation does not try: sizes that go with the rate (who posts most labels least), and rates that "
        "drift within a period.\n"
    )


def _named(values: tuple[float, ...]) -> str:
    return ", ".join(f"{one:g}" for one in values)


def _words(one: Setting) -> str:
    how = "some label all or nothing" if one.all_or_nothing else "beta"
    return (
        f"with {one.accounts} accounts of {one.pictures:g} pictures (variation {one.unequal:g}), "
        f"a rate of {one.rate:g} and a correlation of {one.alike:g} ({how})"
    )


def _line(name: str, found: list[Held]) -> str:
    shares = [one.share for one in found]
    below = sum(share < 0.93 for share in shares)
    width = np.mean([one.width for one in found])
    return f"| {name} | {min(shares):.1%} | {below} of {len(found)} | {np.mean(shares):.1%} | {width:.2f} |"


def _by_accounts(own: list[Held]) -> Iterator[str]:
    cells: dict[tuple[int, float], list[Held]] = defaultdict(list)
    for one in own:
        cells[one.setting.accounts, one.setting.rate].append(one)
    for accounts in ACCOUNTS:
        told = [_cell(cells[accounts, one]) for one in RATES]
        yield f"| {accounts} | {' | '.join(told)} |"


def _cell(found: list[Held]) -> str:
    widths = {
        alike: np.mean([one.width for one in found if one.setting.alike == alike]) for alike in (0.05, 0.5)
    }
    return f"{min(one.share for one in found):.1%}; {widths[0.05]:.2f}, {widths[0.5]:.2f}"


if __name__ == "__main__":
    main()
