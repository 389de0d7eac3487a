"""What others would use, measured on the same files in the same run.

imagehash's hashes at the threshold that their users take, PDQ as Meta documents it (taken of the whole decode
by `detector.hashes.pdq`, which equals Meta's own bit for bit), ORB with RANSAC, and crop-resistant hashing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detector.hashes import pdq

Bits = NDArray[np.uint8]  # (forms, bytes)

ORB_EDGE, ORB_POINTS, ORB_RATIO, ORB_MISS = 640, 800, 0.8, 4.0  # px, points, Lowe's ratio, px
FAR = 999


@dataclass(frozen=True, slots=True)
class HashPeer:
    """`usual`: so many bits at most are taken for a match by its users."""

    take: Callable[[Image.Image], Bits]
    usual: int


def _imagehash(function: Callable[..., imagehash.ImageHash], size: int) -> Callable[[Image.Image], Bits]:
    return lambda image: np.packbits(function(image, hash_size=size).hash.ravel())[None]


def _pdq(algorithm: str) -> Callable[[Image.Image], Bits]:
    def take(image: Image.Image) -> Bits:
        for one in pdq.fingerprints(np.asarray(image.convert("RGB"))):
            if one.algorithm == algorithm:
                return np.frombuffer(one.bits, np.uint8).reshape(-1, 32)
        return np.zeros((0, 32), np.uint8)

    return take


HASHES: Mapping[str, HashPeer] = {
    "imagehash phash, 64 bits": HashPeer(_imagehash(imagehash.phash, 8), 10),
    "imagehash phash, 256 bits": HashPeer(_imagehash(imagehash.phash, 16), 57),  # matching.md: < 58 at 1e-6
    "imagehash dhash, 64 bits": HashPeer(_imagehash(imagehash.dhash, 8), 10),
    "PDQ": HashPeer(_pdq("pdq"), 31),
    "PDQ, 8 forms": HashPeer(_pdq("pdq/forms"), 31),
}


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def hashed(image: Image.Image) -> dict[str, Bits]:
    return {name: peer.take(image) for name, peer in HASHES.items()}


def distance(picture: Bits, reference: Bits) -> int:
    """Bits between the picture in its nearest form and the reference as it is."""
    if not len(picture) or not len(reference):
        return FAR
    return int(np.bitwise_count(picture ^ reference[:1]).sum(axis=1).min())


def distances(pictures: Sequence[Bits], references: Sequence[Bits]) -> NDArray[np.int64]:
    """How many pairs lie so many bits apart: (257,)."""
    upright = np.concatenate([one[:1] for one in references if len(one)])
    histogram = np.zeros(257, np.int64)
    for forms in pictures:
        if len(forms):
            away = np.bitwise_count(upright[None] ^ forms[:, None]).sum(axis=2, dtype=np.int64).min(axis=0)
            histogram += np.bincount(away, minlength=257)
    return histogram


OrbPoints = tuple[NDArray[np.float32], NDArray[np.uint8]]


def orb_inliers(first: OrbPoints, second: OrbPoints) -> int:
    """Matches that one homography explains: the recipe of the tutorials."""
    if min(len(first[0]), len(second[0])) < 4:
        return 0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(first[1], second[1], k=2)
    good = [one for one, *rest in pairs if rest and one.distance < ORB_RATIO * rest[0].distance]
    if len(good) < 4:
        return 0
    there = np.array([first[0][one.queryIdx] for one in good])
    here = np.array([second[0][one.trainIdx] for one in good])
    _, agreeing = cv2.findHomography(there, here, cv2.RANSAC, ORB_MISS)
    return int(np.asarray(agreeing).sum()) if agreeing is not None else 0


def orb(image: Image.Image) -> OrbPoints:
    grey = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2GRAY)
    share = min(1.0, ORB_EDGE / max(grey.shape))
    grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    found, numbers = cv2.ORB.create(nfeatures=ORB_POINTS).detectAndCompute(grey, None)
    if not found:
        return np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8)
    return np.array([one.pt for one in found], np.float32), np.asarray(numbers, np.uint8)


def segments(image: Image.Image) -> imagehash.ImageMultiHash:
    return imagehash.crop_resistant_hash(image)


def same_segments(first: imagehash.ImageMultiHash, second: imagehash.ImageMultiHash) -> bool:
    """As `imagehash` itself decides: one segment in common."""
    return bool(first.matches(second))
