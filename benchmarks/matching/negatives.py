"""Hard negatives: different photographs by one contributor that share points, and the same photograph twice.

One contributor photographs one room, one bed, one garment again and again; such photographs share local
features without being copies. They are mined with small features of the benchmark's own, so that the matcher
under test has no say in what it is tested on.
"""

import hashlib
import itertools
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.progress import track

from benchmarks.matching.split import Photo
from detector.hashes import pdq

VERSION = 1  # of the mining: what was kept under another one is not used
INLIERS = 6
TRIED = 3000  # pairs of one contributor that are compared at most, drawn at random
KEPT = 60  # pairs of one contributor that are kept at most, those with most inliers
SAME = 31  # bits of PDQ, any of eight forms: the same photograph twice (Meta's threshold)
EDGE, POINTS, RATIO, MISS = 320, 300, 0.85, 4.0  # px, points, Lowe's ratio, px

BAR = Console(stderr=True)
Floats = NDArray[np.float32]
Forms = NDArray[np.uint64]  # (8, 4), PDQ


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photographs by name, and how much they share: inliers of an affine map, and bits of PDQ (256 where
    one cannot be hashed)."""

    first: str
    second: str
    inliers: int
    bits: int


@dataclass(frozen=True, slots=True)
class _Look:
    places: Floats  # (n, 2) px
    straight: Floats  # (n, 128) RootSIFT, as the photograph is
    mirrored: Floats  # (m, 128), of the mirrored photograph
    mirrored_places: Floats
    forms: Forms


def hard_pairs(photos: Sequence[Photo]) -> list[Pair]:
    """Hardest first. Kept in the temporary folder, by the photographs' bytes."""
    return _kept("hard", photos, _mined)


def same_pairs(photos: Sequence[Photo]) -> list[Pair]:
    """The pairs that PDQ, taken of the whole in eight forms, calls one photograph twice."""
    return _kept("same", photos, _doubles)


def _kept(what: str, photos: Sequence[Photo], find: Callable[[Sequence[Photo]], list[Pair]]) -> list[Pair]:
    kept = Path(tempfile.gettempdir()) / f"matching-{what}-{_digest(photos)}.json"
    if not kept.exists():
        kept.write_text(json.dumps([asdict(pair) for pair in find(photos)]))
    return [Pair(**pair) for pair in json.loads(kept.read_text())]


def _mined(photos: Sequence[Photo]) -> list[Pair]:
    looks = {photo.name: _look(photo.path) for photo in track(photos, "small features", console=BAR)}
    albums = defaultdict(list)
    for photo in photos:
        if photo.contributor:
            albums[photo.contributor].append(photo.name)
    hard: list[Pair] = []
    for album in track(list(albums.values()), "pairs of one contributor", console=BAR):
        compared = (_compared(first, second, looks) for first, second in _drawn_pairs(album))
        found = [pair for pair in compared if pair.bits > SAME and pair.inliers >= INLIERS]
        hard += sorted(found, key=lambda pair: -pair.inliers)[:KEPT]
    return sorted(hard, key=lambda pair: -pair.inliers)


def _doubles(photos: Sequence[Photo]) -> list[Pair]:
    forms = [(photo.name, _forms(photo.path)) for photo in track(photos, "whole hashes", console=BAR)]
    hashed = [(name, each) for name, each in forms if len(each)]
    if not hashed:
        return []
    upright = np.stack([each[0] for _, each in hashed])
    found = []
    for place, (name, each) in enumerate(hashed):
        bits = (
            np.bitwise_count(upright[None, place + 1 :] ^ each[:, None]).sum(axis=2).min(axis=0, initial=256)
        )
        found += [
            Pair(name, hashed[place + 1 + row][0], 0, int(bits[row])) for row in np.flatnonzero(bits <= SAME)
        ]
    return found


def _drawn_pairs(album: Sequence[str]) -> Iterable[tuple[str, str]]:
    pairs = list(itertools.combinations(sorted(album), 2))
    random.Random(album[0]).shuffle(pairs)
    return pairs[:TRIED]


def _compared(first: str, second: str, looks: dict[str, _Look]) -> Pair:
    one, other = looks[first], looks[second]
    bits = 256
    if len(one.forms) and len(other.forms):
        bits = int(np.bitwise_count(one.forms[0] ^ other.forms).sum(axis=1).min())
    straight = inliers(one.straight, one.places, other.straight, other.places)
    turned = inliers(one.mirrored, one.mirrored_places, other.straight, other.places)
    return Pair(first, second, max(straight, turned), bits)


def inliers(first: Floats, first_places: Floats, second: Floats, second_places: Floats) -> int:
    """How many points of the first lie, under one affine map, on the point of the second that looks alike."""
    if len(first) < 3 or len(second) < 3:
        return 0
    likeness = first @ second.T
    best = np.argpartition(-likeness, 1, axis=1)[:, :2]
    two = np.take_along_axis(likeness, best, axis=1)
    away = np.sqrt(np.maximum(2 - 2 * np.sort(two, axis=1)[:, ::-1], 0))
    chosen = np.flatnonzero(away[:, 0] < RATIO * away[:, 1])
    nearest = likeness[chosen].argmax(axis=1)
    if len(chosen) < INLIERS or len(np.unique(nearest)) < INLIERS:
        return 0
    _, agreeing = cv2.estimateAffine2D(
        first_places[chosen], second_places[nearest], ransacReprojThreshold=MISS, maxIters=500
    )
    kept = np.asarray(agreeing).ravel() > 0  # nothing found: all of them 0
    return len(np.unique(nearest[kept]))  # many points on one are no evidence


def _look(path: Path) -> _Look:
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    share = EDGE / max(pixels.shape[:2])
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    places, straight = _points(np.asarray(grey, np.uint8))
    mirrored_places, mirrored = _points(np.ascontiguousarray(grey[:, ::-1], np.uint8))
    return _Look(places, straight, mirrored, mirrored_places, _forms(path))


def _forms(path: Path) -> Forms:
    """PDQ of the whole in eight forms; none where too little is in it."""
    with Image.open(path) as image:
        found = pdq.fingerprints(np.asarray(image.convert("RGB")))
    for one in found:
        if one.algorithm == "pdq/forms" and (one.quality or 0) > (pdq.QUALITY_FLOOR or 0):
            return np.frombuffer(one.bits, np.uint64).reshape(8, 4)
    return np.zeros((0, 4), np.uint64)


def _points(grey: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    found, numbers = cv2.SIFT.create(nfeatures=POINTS, contrastThreshold=0.02).detectAndCompute(grey, None)
    if not found:
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
    shares = numbers / np.maximum(numbers.sum(axis=1, keepdims=True), 1e-9)
    return np.array([one.pt for one in found], np.float32), np.sqrt(shares).astype(np.float32)


def _digest(photos: Sequence[Photo]) -> str:
    digest = hashlib.sha256(f"{VERSION}".encode())
    for photo in photos:
        digest.update(hashlib.sha256(photo.path.read_bytes()).digest() + photo.contributor.encode())
    return digest.hexdigest()[:16]
