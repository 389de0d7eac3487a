"""Laying a picture on a registered one: the geometry that their local features agree on.

RootSIFT matches by the ratio test, an affine fit by RANSAC, matches looked for again under that fit, a
refit, and a homography where it explains the matches better (matching.md, section 3a). Mirrored copies are
met by the mirrored descriptors; the affine fit then turns the picture over by itself.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.local_features.features import MIRRORED, Floats, Points

RATIO = 0.85  # of the nearest to the second nearest descriptor (matching.md 3a; likewise the next four)
ROUGH = 4.0  # px
GUIDED = 6.0  # px
FINE = 3.0  # px
HOMOGRAPHY_FROM = 12  # matches
HOMOGRAPHY_GAIN = 0.85  # of the affine fit's median residual,
HOMOGRAPHY_MORE = 1.3  # or times as many inliers
FEWEST = 6  # inliers: fewer are chance
ALIKE = 0.75  # dot product of two RootSIFT descriptors that may still be the same point
TRIES = 2000
STRETCH = 4.0  # times longer one way than the other: no picture is shown like that

Matrix3 = NDArray[np.float64]
Pairs = NDArray[np.int64]  # (n, 2): place in the picture's points, place in the reference's


@dataclass(frozen=True, slots=True)
class Fit:
    """`matrix` (3, 3) maps the reference's px to the picture's, `affine` is the affine fit behind it; `pairs`
    are its inliers; `residual` px, the median over them, measured where the picture is smaller."""

    matrix: Matrix3
    affine: Matrix3
    pairs: Pairs
    residual: float
    mirrored: bool


def fit(picture: Points, reference: Points) -> Fit | None:
    """The best geometry, or None where fewer than `FEWEST` points agree on any."""
    if min(len(picture), len(reference)) < FEWEST:
        return None
    found = [
        _fit(picture, reference, alike, mirrored=mirrored)
        for mirrored, alike in (
            (False, picture.descriptors @ reference.descriptors.T),
            (True, picture.descriptors[:, MIRRORED] @ reference.descriptors.T),
        )
    ]
    known = [one for one in found if one is not None]
    return max(known, key=lambda one: len(one.pairs), default=None)


def _fit(picture: Points, reference: Points, alike: Floats, *, mirrored: bool) -> Fit | None:
    pairs = _ratio_matches(alike)
    matrix = _affine(picture, reference, pairs, ROUGH)
    if matrix is None or not _possible(matrix, mirrored=mirrored):
        return None
    pairs = _guided(picture, reference, alike, matrix)
    matrix = _affine(picture, reference, pairs, FINE)
    if matrix is None or not _possible(matrix, mirrored=mirrored):
        return None
    pairs = _guided(picture, reference, alike, matrix)
    best, pairs = _settled(picture, reference, alike, pairs, matrix)
    if len(pairs) < FEWEST or len(np.unique(pairs[:, 0])) < FEWEST:
        return None
    return Fit(best, matrix, pairs, _residual(picture, reference, pairs, best), mirrored)


def _settled(
    picture: Points, reference: Points, alike: Floats, pairs: Pairs, matrix: Matrix3
) -> tuple[Matrix3, Pairs]:
    """The affine fit with its inliers, or the homography with its own where that fits clearly better."""
    inliers = pairs[_errors(picture, reference, pairs, matrix) <= FINE]
    bent = _homography(picture, reference, pairs)
    if bent is None:
        return matrix, inliers
    wider = _guided(picture, reference, alike, bent)  # far from the middle an affine fit finds no matches
    bent = _homography(picture, reference, wider)
    if bent is None:
        return matrix, inliers
    held = wider[_errors(picture, reference, wider, bent) <= FINE]
    if len(held) < len(inliers) * 0.9:
        return matrix, inliers
    before = np.median(_errors(picture, reference, inliers, matrix)) if len(inliers) else np.inf
    after = np.median(_errors(picture, reference, held, bent))
    better = after < HOMOGRAPHY_GAIN * before or len(held) > HOMOGRAPHY_MORE * len(inliers)
    return (bent, held) if better else (matrix, inliers)


def _homography(picture: Points, reference: Points, pairs: Pairs) -> Matrix3 | None:
    if len(pairs) < HOMOGRAPHY_FROM:
        return None
    cv2.setRNGSeed(7)
    theirs, mine = reference.places[pairs[:, 1]], picture.places[pairs[:, 0]]
    found, _ = cv2.findHomography(theirs, mine, cv2.RANSAC, FINE, maxIters=TRIES)
    if found is None or not np.isfinite(found).all():
        return None
    return np.asarray(found, np.float64)


def _ratio_matches(alike: Floats) -> Pairs:
    if alike.shape[1] < 2:
        return np.zeros((0, 2), np.int64)
    rows = np.arange(len(alike))
    best = alike.argmax(axis=1)
    nearest = alike[rows, best]
    alike[rows, best] = -1  # for as long as the second nearest is looked for: sorting would cost far more
    second = alike.max(axis=1)
    alike[rows, best] = nearest
    # Of unit vectors: squared distance 2 - 2 cos.
    mine = np.flatnonzero((1 - nearest) < RATIO**2 * (1 - second))
    return np.stack([mine, best[mine]], axis=1)


def _affine(picture: Points, reference: Points, pairs: Pairs, within: float) -> Matrix3 | None:
    if len(pairs) < FEWEST:
        return None
    cv2.setRNGSeed(7)  # the same two pictures get the same answer every night
    matrix, inliers = cv2.estimateAffine2D(
        reference.places[pairs[:, 1]],
        picture.places[pairs[:, 0]],
        method=cv2.RANSAC,
        ransacReprojThreshold=within,
        maxIters=TRIES,
        confidence=0.999,
        refineIters=10,
    )
    if matrix is None or inliers is None or int(inliers.sum()) < FEWEST:
        return None
    return np.vstack([matrix, [0, 0, 1]])


def _possible(matrix: Matrix3, *, mirrored: bool) -> bool:
    """Turned over if and only if the descriptors were, and not drawn out beyond what pictures are."""
    long, short = np.linalg.svd(matrix[:2, :2], compute_uv=False)
    over = float(np.linalg.det(matrix[:2, :2])) < 0
    return bool(over == mirrored and short > 0.02 and long < 50 and long / short < STRETCH)


def _guided(picture: Points, reference: Points, alike: Floats, matrix: Matrix3) -> Pairs:
    """For each of the reference's points the most alike of the picture's near where it should be."""
    expected = cv2.perspectiveTransform(reference.places[None].astype(np.float64), matrix)[0]
    mine, theirs = _beside(picture.places.astype(np.float64), expected, GUIDED)
    likeness = alike[mine, theirs]
    good = likeness >= ALIKE
    mine, theirs, likeness = mine[good], theirs[good], likeness[good]
    order = np.lexsort((mine, -likeness, theirs))
    mine, theirs = mine[order], theirs[order]
    first = np.ones(len(theirs), np.bool_)
    first[1:] = theirs[1:] != theirs[:-1]
    return np.stack([mine[first], theirs[first]], axis=1)


def _beside(
    places: NDArray[np.float64], expected: NDArray[np.float64], within: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every (place, expected place) that lie within so many px of each other, by their numbers. Sorted
    across, so that not each is held against each."""
    order = np.argsort(places[:, 0], kind="stable")
    across = places[order, 0]
    low = np.searchsorted(across, expected[:, 0] - within, side="left")
    many = np.searchsorted(across, expected[:, 0] + within, side="right") - low
    theirs = np.repeat(np.arange(len(expected)), many)
    mine = order[np.arange(len(theirs)) - np.repeat(many.cumsum() - many - low, many)]
    near = ((places[mine] - expected[theirs]) ** 2).sum(axis=1) <= within**2
    return mine[near], theirs[near]


def _errors(picture: Points, reference: Points, pairs: Pairs, matrix: Matrix3) -> NDArray[np.float64]:
    expected = cv2.perspectiveTransform(reference.places[pairs[:, 1]][None].astype(np.float64), matrix)[0]
    return np.asarray(np.linalg.norm(expected - picture.places[pairs[:, 0]], axis=1), np.float64)


def _residual(picture: Points, reference: Points, pairs: Pairs, matrix: Matrix3) -> float:
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    return float(np.median(_errors(picture, reference, pairs, matrix))) / max(scale, 1.0)
