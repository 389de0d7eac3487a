"""How the weights of detector/matching/replaced.py were fitted: the traits of all regions that differ, of
replaced and of innocent trials, to a logistic regression with a ridge penalty.

python -m benchmarks.labels.train_replaced PHOTOS [PHOTOS ...] [--replaced 120] [--innocent 500]

Only ever on the choosing half. Prints mean, spread and weight of each trait, the bias, and how many regions
of each side stand above the threshold when ten parts of the pairs are left out in turn.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.labels.altered import Trial, innocent_trials, replaced_trials, saved, small
from benchmarks.matching.split import Half, photographs
from detector.matching.altered import LEAST
from detector.matching.differing import Region, compared, regions
from detector.matching.fine import Fine, laid_finely
from detector.matching.replaced import KEPT, LOST, look, traits
from detector.matching.verify import (
    PICTURE_EDGE,
    REFERENCE_EDGE,
    compare,
    prepare_picture,
    prepare_reference,
)
from detector.matching.weighing import Weighing

RIDGE, ROUNDS, PARTS = 1.0, 60, 10
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A region with its traits; `trial` tells which ones belong together."""

    weighing: Weighing
    values: tuple[float, ...]
    replaced: bool
    trial: int


def rows(trial: Trial, number: int) -> Iterator[Row]:
    """Of a replaced trial the regions that meet what was replaced; of an innocent one all."""
    picture = prepare_picture(small(trial.picture, PICTURE_EDGE))
    reference = prepare_reference(small(saved(trial.reference, 92), REFERENCE_EDGE))
    matrix = compare(picture, "0" * 64, reference).matrix
    fine = laid_finely(picture.pixels, reference.pixels, matrix) if matrix else None
    if fine is None:
        return
    seen = compared(fine)
    for region in regions(fine, seen.odd, LEAST):
        measured = traits(region, look(fine, seen))
        if measured and (trial.mask is None or _meets(region, trial.mask, fine)):
            weighing, values = measured
            ordered = tuple(values[name] for name in weighing.traits)
            yield Row(weighing, ordered, trial.mask is not None, number)


def _meets(region: Region, mask: Image.Image, fine: Fine) -> bool:
    """A third of the region, or of what was replaced, is common to both."""
    there = np.diag([mask.width, mask.height, 1.0]) @ fine.found
    size = (region.mask.shape[1], region.mask.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    where = cv2.warpPerspective(np.asarray(mask), there, size, flags=flags) > 127
    return bool((region.mask & where).sum() > min(region.mask.sum(), where.sum()) / 3)


def fitted(values: Numbers, replaced: Numbers) -> Numbers:
    """Bias and weights (1 + k,) of standardised values (n, k), by Newton's method."""
    terms = np.column_stack([np.ones(len(values)), values])
    ridge = np.diag([1e-6, *[RIDGE] * values.shape[1]])
    weights = np.zeros(terms.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-terms @ weights))
        slope = terms.T @ (chance - replaced) + ridge @ weights
        curve = terms.T @ (terms * (chance * (1 - chance))[:, None]) + ridge
        weights -= np.linalg.solve(curve, slope)
    return weights


def left_out(values: Numbers, replaced: Numbers, trials: NDArray[np.int64]) -> Numbers:
    """Log-odds (n,) of each region, by weights that were fitted without the trials of its part."""
    odds = np.zeros(len(values))
    for part in range(PARTS):
        out = trials % PARTS == part
        if out.any():
            weights = fitted(values[~out], replaced[~out])
            odds[out] = weights[0] + values[out] @ weights[1:]
    return odds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--replaced", type=int, default=120)
    parser.add_argument("--innocent", type=int, default=500)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    found: list[Row] = []
    number = 0
    for folder in given.photos:
        photos = [photo.path for photo in photographs(folder, Half.CHOOSE)]
        for trials in (replaced_trials(photos, given.replaced), innocent_trials(photos, given.innocent)):
            for trial in trials:
                number += 1
                found += rows(trial, number)
    for name, weighing in (("LOST", LOST), ("KEPT", KEPT)):
        print_fit(name, weighing, [row for row in found if row.weighing is weighing])


def print_fit(name: str, weighing: Weighing, some: list[Row]) -> None:
    values = np.array([row.values for row in some], np.float64)
    replaced = np.array([row.replaced for row in some], np.float64)
    usual, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    plain = (values - usual) / spread
    bias, *weights = fitted(plain, replaced)
    print(f"{name}: {int(replaced.sum())} replaced, {int((1 - replaced).sum())} innocent, bias {bias:.2f}")
    for trait, *numbers in zip(weighing.traits, usual, spread, weights, strict=True):
        print(f"  {trait}: " + ", ".join(f"{number:.3f}" for number in numbers))
    odds = left_out(plain, replaced, np.array([row.trial for row in some], np.int64))
    above = [int((odds[replaced == side] >= weighing.least).sum()) for side in (1, 0)]
    print(f"  left out in turn: {above[0]} replaced and {above[1]} innocent above {weighing.least}")


if __name__ == "__main__":
    main()
