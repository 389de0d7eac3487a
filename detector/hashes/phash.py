"""The classic DCT hash at 256 bits, as `imagehash.phash(picture, hash_size=16)` gives it: a second,
independent opinion.

The arithmetic is done here so that a worker need not import scipy (30 MB and half a second); the tests hold
it against the library, digit for digit.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detector.hashing import eight_forms, mirror_signs
from detector.pictures.decode import SmallPicture
from detector.pictures.downscale import block_weights
from storage.records import Fingerprint

ALGORITHM = "phash"
VERSION = "2"
BITS = 256
COPY: int | None = 16  # docs/benchmarks/matching-plain.md: the nearest true negative in a million pairs is 56
LIKELY: int | None = 40  # docs/benchmarks/matching-plain.md
QUALITY_FLOOR: int | None = None

KEPT = 16  # frequencies either way, the constant included
SIDE = 4 * KEPT
LOBES = 3  # of Pillow's Lanczos filter, either way
_WAVES = np.arange(KEPT)[:, None] * (2 * np.arange(SIDE) + 1)[None, :]
_DCT = 2 * np.cos(np.pi / (2 * SIDE) * _WAVES)  # type II, not normalised
_SIGNS = mirror_signs(np.arange(KEPT) % 2 == 1)


def fingerprint(pixels: NDArray[np.uint8]) -> Fingerprint:
    """pHash of uint8 (H, W, 3) RGB, hex as imagehash writes it. It has no quality of its own."""
    return fingerprints(pixels)[0]


def fingerprints(pixels: NDArray[np.uint8]) -> tuple[Fingerprint, ...]:
    """The hash, and as `phash/forms` those of all eight mirrorings and turns
    (detector.hashing.TRANSFORMS)."""
    grey = Image.fromarray(pixels).convert("L").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    return _named(_DCT @ np.asarray(grey, np.float64) @ _DCT.T)


def quick_fingerprints(picture: SmallPicture) -> tuple[Fingerprint, ...]:
    """As `fingerprints`, from the small decode; docs/benchmarks/hashing.md says how far they lie apart."""
    rows = _weights(picture.height, picture.share, picture.cut_top)
    columns = _weights(picture.width, picture.share, picture.cut_left)
    return _named(rows @ picture.grey.astype(np.float32) @ columns.T)


@lru_cache(maxsize=64)
def _weights(length: int, share: int, cut_first: bool) -> NDArray[np.float32]:  # noqa: FBT001
    """float32 (16, blocks): Pillow's Lanczos filter down to 64 and the frequencies of that, in one."""
    return block_weights(_DCT @ _lanczos(length), share, cut_first=cut_first)


def _lanczos(length: int) -> NDArray[np.float64]:
    """float64 (64, length): what each pixel weighs in Pillow's resize of a side to 64."""
    scale = length / SIDE
    reach = max(scale, 1.0)  # a side is never enlarged with a wider filter than a pixel's
    centres = (np.arange(SIDE)[:, None] + 0.5) * scale
    first = np.maximum((centres - LOBES * reach + 0.5).astype(int), 0)
    end = np.minimum((centres + LOBES * reach + 0.5).astype(int), length)
    places = first + np.arange((end - first).max())
    distances = (places + 0.5 - centres) / reach
    weighing = np.sinc(distances) * np.sinc(distances / LOBES)
    weighing[(places >= end) | (np.abs(distances) >= LOBES)] = 0
    weights = np.zeros((SIDE, length + places.shape[1]))
    np.put_along_axis(weights, places, weighing / weighing.sum(axis=1, keepdims=True), axis=1)
    return weights[:, :length]


def _named(block: NDArray[np.floating]) -> tuple[Fingerprint, ...]:
    forms = _bits(eight_forms(block, _SIGNS))
    return (Fingerprint(ALGORITHM, forms[: BITS // 8]), Fingerprint(f"{ALGORITHM}/forms", forms))


def _bits(forms: NDArray[np.floating]) -> bytes:
    """(8, 16, 16), each above its median."""
    rows = forms.reshape(len(forms), -1)
    middle = rows.shape[1] // 2
    ordered = np.partition(rows, (middle - 1, middle), axis=1)
    median = (ordered[:, middle - 1] + ordered[:, middle]) / 2
    return np.packbits(rows > median[:, None], axis=1).tobytes()
