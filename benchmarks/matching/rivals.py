"""The peers' part of the report: recall and false matches at their users' thresholds and at measured ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching import peers
from benchmarks.matching.bounds import upper
from benchmarks.matching.changes import CHANGES, WITHOUT_OVERLAY
from benchmarks.matching.trials import Record

ORB, SEGMENTS = "ORB + RANSAC", "imagehash crop_resistant_hash"
ORB_LIMITS = (10, 20, 40)  # inliers; tutorials begin to believe a homography at 10
RATES = (1e-5, 1e-6)
FEW = 20  # trials, of which a rate says nothing
HEAD = (
    "| method | match if | mean recall | without overlay | false on ordinary pairs | on hard negatives "
    "| recall at 1e-5 | at 1e-6 |"
)

Decision = Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class Rivals:
    """`histograms`: by hash, how many ordinary pairs lie so many bits apart (257,). `chance`: ordinary pairs
    for the methods that have to be asked pair by pair."""

    recall: Sequence[Record]
    hard: Sequence[Record]
    chance: Sequence[Record]
    histograms: Mapping[str, NDArray[np.int64]]


def table(rivals: Rivals) -> list[str]:
    rows = [HEAD, "|---|---|---|---|---|---|---|---|"]
    for name, peer in peers.HASHES.items():
        histogram = rivals.histograms[name]
        near = _near(name, peer.usual)
        ordinary = int(histogram[: peer.usual + 1].sum()), int(histogram.sum())
        limits = [threshold(histogram, rate) for rate in RATES]
        at = [f"{_recall(rivals.recall, _near(name, limit)):.3f} (≤ {limit})" for limit in limits]
        rows.append(_line(name, f"≤ {peer.usual} bits", rivals, near, ordinary, at))
    for limit in ORB_LIMITS:
        agree = _agreeing(limit)
        rows.append(_line(ORB, f"≥ {limit} inliers", rivals, agree, _counted(rivals.chance, agree)))
    asked = [_segmented(each) for each in (rivals.recall, rivals.hard, rivals.chance)]
    some = Rivals(asked[0], asked[1], asked[2], rivals.histograms)
    if some.recall:
        rows.append(_line(SEGMENTS, "a segment", some, _segment, _counted(some.chance, _segment)))
    return rows


def curves(rivals: Rivals) -> dict[str, list[tuple[float, float]]]:
    """False rate on ordinary pairs and mean recall, for every threshold."""
    drawn = {}
    for name in peers.HASHES:
        rates = rivals.histograms[name].cumsum() / rivals.histograms[name].sum()
        limits = [limit for limit in range(0, 129, 2) if rates[limit] > 0]
        drawn[name] = [(float(rates[limit]), _recall(rivals.recall, _near(name, limit))) for limit in limits]
    points = []
    for limit in range(4, 100, 2):
        wrong, tried = _counted(rivals.chance, _agreeing(limit))
        if wrong:
            points.append((wrong / tried, _recall(rivals.recall, _agreeing(limit))))
    return {**drawn, ORB: points}


def threshold(histogram: NDArray[np.int64], rate: float) -> int:
    """The most bits at which no more than this share of ordinary pairs would match; -1 for none."""
    return int(np.searchsorted(histogram.cumsum(), rate * histogram.sum(), side="right")) - 1


def _near(name: str, limit: int) -> Decision:
    return lambda record: bool(record["bits"][name] <= limit)


def _agreeing(limit: int) -> Decision:
    return lambda record: bool(record["orb"] >= limit)


def _segment(record: Record) -> bool:
    return bool(record["segments"])


def _segmented(records: Iterable[Record]) -> list[Record]:
    return [record for record in records if "segments" in record]


def _recall(records: Sequence[Record], decision: Decision, names: Iterable[str] = CHANGES) -> float:
    """The mean over these changes."""
    by_change: dict[str, list[bool]] = {}
    for record in records:
        by_change.setdefault(record["change"], []).append(decision(record))
    return fmean([fmean(by_change[name]) for name in names if name in by_change] or [0.0])


def _counted(records: Sequence[Record], decision: Decision) -> tuple[int, int]:
    return sum(map(decision, records)), len(records)


def _line(
    name: str,
    rule: str,
    rivals: Rivals,
    decision: Decision,
    ordinary: tuple[int, int],
    at: Sequence[str] = ("–", "–"),
) -> str:
    shares = (_recall(rivals.recall, decision, names) for names in (CHANGES, WITHOUT_OVERLAY))
    cells = [name, rule, *(f"{share:.3f}" for share in shares), _rate(*ordinary)]
    return f"| {' | '.join([*cells, _rate(*_counted(rivals.hard, decision)), *at])} |"


def _rate(wrong: int, tried: int) -> str:
    if tried < FEW:
        return "–"
    return (
        f"{wrong / tried:.1e} ({wrong} of {tried:,})"
        if wrong
        else f"0 of {tried:,} (≤ {upper(0, tried):.1e})"
    )
