"""Learn a codebook of visual words from photographs: how matching/local_features/codebook.npz was made.

    python -m benchmarks.matching.train_codebook PHOTOS OUT.npz [--photographs 900]

Only the choosing half is read, of those photographs whose contributor is known (all, where no table tells).
The same photographs give the same numbers on one version of OpenCV and NumPy; OpenCV's k-means found the
centres, and another version of it may draw other random numbers.

The committed codebook was learnt from 251,027 descriptors of 900 photographs of clothing-dataset. `learnt`
makes the same numbers of them, to the bit (OpenCV 5.0.0). From the photographs themselves it comes out a
little different today: the same 900 are drawn at the same sizes, but where a photograph has more than 300
features, `features.points` has since come to spread its choice otherwise. No stored fingerprint would fit
another codebook, so the committed one is kept, not made again: a new one needs a new `codebook.VERSION`.

What is learnt, from RootSIFT descriptors at sizes as pictures and references have them:

1. the axis along which a descriptor and its mirror image differ most: its sign says which of the two flips is
   the canonical one;
2. the principal axes of what then lies in its canonical flip, the first 32 dealt out to two halves, so that
   both have as much to tell apart;
3. 256 centres in each half, by k-means: the pair of the nearest is the word;
4. a rotation of what is left beside the centres, in which one bit an axis keeps most of the distances
   (iterative quantization: Gong and Lazebnik 2011), and the median along each axis.
"""

import argparse
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # several threads add up in an order of their own

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.split import Half, Photo, photographs
from detector.matching.local_features import local, local_reference
from detector.matching.local_features.codebook import CENTRES, HALF, Codebook, Reduced
from detector.matching.local_features.features import MIRRORED, Floats, points, resized

PHOTOGRAPHS = 900
EDGES = (local.LONG_EDGE, local.LONG_EDGE, local_reference.LONG_EDGE)  # px: one of them for each photograph
POINTS = 300  # of a photograph
SEED = 5
FLIPS_FROM = ROTATION_FROM = 60_000  # descriptors that the flip axis and the rotation are learnt from
CENTRES_FROM = 120_000  # and the centres and medians: as many as fit into a minute on one core
AXES = 64
ROUNDS = 25  # of k-means
MOVED = 1e-4  # a centre that moves less stands
TURNS = 30  # of the rotation towards its signs
SPREAD = 3.5  # standard deviations that 127 steps reach


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Learn a codebook of visual words.")
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--photographs", type=int, default=PHOTOGRAPHS, help="how many are drawn")
    asked = parser.parse_args(arguments)
    chosen = chosen_from(photographs(asked.photos, Half.CHOOSE), asked.photographs)
    found = descriptors(chosen)
    print(f"{len(found):,} descriptors of {len(chosen):,} photographs", file=sys.stderr)
    if len(found) < CENTRES:
        print(f"too few: {CENTRES} centres need as many descriptors", file=sys.stderr)
        return 1
    keep(learnt(found), asked.out)
    return 0


def chosen_from(photos: Sequence[Photo], count: int) -> list[tuple[Photo, int]]:
    """Photographs drawn at random, each with the long edge (px) at which it is looked at."""
    known = [photo for photo in photos if photo.contributor] or list(photos)
    draw = random.Random(SEED)
    named = sorted(known, key=lambda photo: photo.path.name)
    drawn = draw.sample(named, min(count, len(named)))
    return [(photo, draw.choice(EDGES)) for photo in drawn]


def descriptors(chosen: Sequence[tuple[Photo, int]]) -> Floats:
    """float32 (n, 128), RootSIFT."""
    found = [np.zeros((0, len(MIRRORED)), np.float32)]
    for photo, edge in chosen:
        grey = cv2.imread(str(photo.path), cv2.IMREAD_GRAYSCALE)
        if grey is not None:
            found.append(points(resized(np.asarray(grey, np.uint8), edge), POINTS).descriptors)
    return np.concatenate(found)


def learnt(found: Floats) -> Codebook:
    """Of float32 (n, 128) descriptors, at least `CENTRES` of them."""
    flip = _flip_axis(found)
    canonical = np.where((found @ flip < 0)[:, None], found[:, MIRRORED], found)
    mean = canonical.mean(axis=0)
    axes = _principal_axes(canonical - mean)
    along = np.asarray((canonical - mean) @ axes, np.float32)
    cv2.setNumThreads(1)
    cv2.setRNGSeed(0)  # the state in which OpenCV starts
    first, second = (_centres(along[:CENTRES_FROM, part]) for part in (_part(0), _part(1)))
    step = (along.std(axis=0) * SPREAD / 127).astype(np.float32)
    rotation, medians = np.eye(AXES, dtype=np.float32), np.zeros(AXES, np.float32)
    book = Codebook(flip, mean, axes, step, first, second, rotation, medians)
    left = _left_over(book, book.reduce(found[:CENTRES_FROM]))
    rotation = _rotation(left)
    medians = np.median(left @ rotation, axis=0).astype(np.float32)
    return replace(book, rotation=rotation, medians=medians)


def keep(book: Codebook, out: Path) -> None:
    np.savez(out, **{one.name: getattr(book, one.name) for one in fields(book)})


def _part(half: int) -> slice:
    return slice(half * HALF, (half + 1) * HALF)


def _flip_axis(found: Floats) -> Floats:
    """(128,): mirroring turns it into its own opposite."""
    apart = (found - found[:, MIRRORED])[:FLIPS_FROM]
    return np.asarray(np.linalg.svd(apart, full_matrices=False)[2][0], np.float32)


def _principal_axes(centred: Floats) -> Floats:
    """(128, 64), most variance first, but that the first 32 are dealt out: of each four the outer two to the
    first half, the inner two to the second."""
    strength, axes = np.linalg.eigh(np.cov(centred.T))
    axes = axes[:, np.argsort(-strength)]
    outer = [axis for axis in range(2 * HALF) if axis % 4 in (0, 3)]
    inner = [axis for axis in range(2 * HALF) if axis % 4 in (1, 2)]
    return np.asarray(axes[:, [*outer, *inner, *range(2 * HALF, AXES)]], np.float32)


def _centres(along: Floats) -> Floats:
    """(256, 16)."""
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, ROUNDS, MOVED)
    rows = np.ascontiguousarray(along)
    _, _, centres = cv2.kmeans(rows, CENTRES, None, until, 1, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    return np.asarray(centres, np.float32)


def _left_over(book: Codebook, reduced: Reduced) -> Floats:
    """(n, 64): descriptors beside the centres of their word, as the signature sees them."""
    words = book.words(reduced.low)[:, 0]
    left = np.asarray(reduced.low * book.step, np.float32)
    left[:, _part(0)] -= book.first[words >> 8]
    left[:, _part(1)] -= book.second[words & 255]
    return left


def _rotation(left: Floats) -> Floats:
    """(64, 64): axes evened out by the root of their spread, then turned until what they hold lies nearest to
    the corners of a cube."""
    even = 1 / np.sqrt(np.maximum(left.std(axis=0), 1e-9))
    sample = (left * even)[:ROTATION_FROM]
    start: NDArray[np.float64] = np.random.default_rng(SEED).normal(size=(AXES, AXES))
    turn = np.linalg.qr(start)[0]
    for _ in range(TURNS):
        signs = np.sign(sample @ turn)
        one, _, other = np.linalg.svd(signs.T @ sample)
        turn = (one @ other).T
    return np.asarray(even[:, None] * turn, np.float32)


if __name__ == "__main__":
    sys.exit(main())
