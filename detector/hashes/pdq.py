"""PDQ, Meta's 256-bit perceptual hash: the sixteen lowest frequencies either way of a 64x64 luminance,
against their median.

Written from the paper (pdqhash-2017-10-09) and checked bit for bit, with its quality, against Meta's C++
library (`tests/detector/pdq_reference.json`). The library hashes the pixels it is given; only Meta's
command-line tools first shrink a file to 512x512, and they are not followed here: `pdqhash` and every index
built with it are not either.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector import hashing
from detector.hashing import eight_forms, mirror_signs
from detector.pictures.decode import SmallPicture
from detector.pictures.downscale import SIDE, block_small, exact_small, quick_small
from storage.records import Fingerprint

ALGORITHM = "pdq"
VERSION = "2"
BITS = 256
COPY: int | None = 31  # Meta's documented threshold; nearest true negative in 4.4 million pairs: 56
LIKELY: int | None = (
    47  # docs/benchmarks/matching-plain.md: the nearest true negative in a million pairs is 58
)
QUALITY_FLOOR: int | None = 49  # Meta: a quality of 49 or less carries too little to hash

KEPT = 16  # frequencies either way, without the constant
MIN_SIDE = 5  # px; the reference gives shorter pictures the empty hash at quality 0
EXACT_LIMIT = (
    4_000_000  # px; above it rounding is not repeated: Meta's own tools never hash more than 512x512
)
ROUNDING = (
    0.01  # 32-bit rounding moves a coefficient less than this (measured: .003 at most on 360 photographs)
)
STEP_ROUNDING = (
    0.002  # the same for a step between neighbours, in hundredths of the full range (measured: .001)
)
NOISE = 0.5  # so far a coefficient of the small decode may move (15 photographs: median .26, 90 % up to .68)
UNDECIDED = 31  # bits, as `COPY`; of 1,440 photographs none has more than 12, drawn gradients from 66 to 256

_WAVES = np.arange(1, KEPT + 1)[:, None] * (2 * np.arange(SIDE) + 1)[None, :]
_DCT = (np.float32(np.sqrt(2 / SIDE)) * np.cos((np.pi / 2 / SIDE) * _WAVES)).astype(np.float32)
_ODD = np.arange(1, KEPT + 1) % 2 == 1
_SIGNS = mirror_signs(_ODD)

GUESSED = 32  # bits: so far a form guessed from the hash alone lies from the true one (200 photographs: 28)

Block = NDArray[Any]  # float32 where rounding decides, float64 otherwise


def fingerprint(pixels: NDArray[np.uint8]) -> Fingerprint:
    """PDQ of uint8 (H, W, 3) RGB, 64 hex digits in Meta's order, quality 0 to 100."""
    return fingerprints(pixels)[0]


def fingerprints(pixels: NDArray[np.uint8]) -> tuple[Fingerprint, ...]:
    """The hash, and as `pdq/forms` those of all eight mirrorings and turns (detector.hashing.TRANSFORMS), 32
    bytes each."""
    if min(pixels.shape[:2]) < MIN_SIDE:
        return (Fingerprint(ALGORITHM, bytes(KEPT * KEPT // 8), 0),)
    block, quality = _block(pixels)
    return _named(_bits(eight_forms(block, _SIGNS)), quality)


def quick_fingerprints(picture: SmallPicture) -> tuple[Fingerprint, ...]:
    """As `fingerprints`, from the small decode; docs/benchmarks/hashing.md says how far they lie apart."""
    if min(picture.width, picture.height) < MIN_SIDE:
        return (Fingerprint(ALGORITHM, bytes(KEPT * KEPT // 8), 0),)
    return _named(*hashed(block_small(picture)))


def guessed_forms(bits: bytes) -> tuple[bytes, ...]:
    """The eight forms of a picture of which only its 32 bytes are known, each within `GUESSED` bits."""
    return hashing.guessed_forms(bits, _ODD)


def hashed(small: NDArray[np.float32]) -> tuple[bytes, int]:
    """The eight forms' bits (32 bytes each) and the quality of a float32 (64, 64) luminance, of a picture or
    of a part of one. Quality 0 where noise decides."""
    block = _DCT @ small @ _DCT.T
    quality = _quality(_whole_steps(small)) if _is_decided(block) else 0
    return _bits(eight_forms(block, _SIGNS)), quality


def _named(forms: bytes, quality: int) -> tuple[Fingerprint, ...]:
    return (
        Fingerprint(ALGORITHM, forms[: BITS // 8], quality),
        Fingerprint(f"{ALGORITHM}/forms", forms, quality),
    )


def _block(pixels: NDArray[np.uint8]) -> tuple[Block, int]:
    """The 16x16 coefficients and the quality: the quick way, unless rounding would decide."""
    small = quick_small(pixels)
    block = _DCT.astype(np.float64) @ small @ _DCT.T.astype(np.float64)
    total, doubtful = _whole_steps(small), _doubtful_steps(small)
    sure = _quality(total - doubtful) == _quality(total + doubtful) and _margin(block) > ROUNDING
    if sure or pixels.shape[0] * pixels.shape[1] > EXACT_LIMIT:
        return block, _quality(total)
    exact = exact_small(pixels)
    return _exact_dct(exact), _quality(_whole_steps(exact))


def _is_decided(block: Block) -> bool:
    """Whether the picture decides its bits. Stripes, two flat halves, a gradient can have steps enough for
    Meta's quality, and still nothing but noise says on which side of the median most coefficients lie: two
    of them would be copies of each other by accident."""
    middle = np.partition(block.ravel(), block.size // 2 - 1)[block.size // 2 - 1]
    return int(np.count_nonzero(np.abs(block - middle) < NOISE)) <= UNDECIDED


def _margin(block: Block) -> float:
    """How far the median coefficient is from those next to it."""
    ordered = np.sort(block, axis=None)
    middle = ordered.size // 2
    return float(np.diff(ordered[middle - 2 : middle + 2]).min())


def _steps(small: Block) -> Block:
    """From each of the 64x64 pixels to the one above it and to the one before it, in hundredths of the full
    range."""
    steps = np.empty((2, SIDE - 1, SIDE), small.dtype)
    np.subtract(small[:-1], small[1:], out=steps[0])
    np.subtract(small.T[:-1], small.T[1:], out=steps[1])
    steps *= small.dtype.type(100)
    steps /= small.dtype.type(255)
    return steps


def _whole_steps(small: Block) -> int:
    """Sum of the whole hundredths."""
    return int(np.abs(_steps(small).astype(np.int32)).sum())


def _doubtful_steps(small: Block) -> int:
    """How many of them rounding could change."""
    steps = _steps(small)
    nearest = np.rint(steps)
    return int(((np.abs(steps - nearest) < STEP_ROUNDING) & (nearest != 0)).sum())


def _quality(total: int) -> int:
    return min(100, total // 90)


def _exact_dct(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Both matrix products, summed in the reference's order of 32-bit additions."""
    half = np.zeros((KEPT, SIDE), np.float32)
    for place in range(SIDE):
        half += _DCT[:, place, None] * small[place]
    block = np.zeros((KEPT, KEPT), np.float32)
    for place in range(SIDE):
        block += half[:, place, None] * _DCT[:, place]
    return block


def _bits(forms: Block) -> bytes:
    """(8, 16, 16), each above its lower median, coefficient 255 first."""
    rows = forms.reshape(len(forms), -1)
    middle = (rows.shape[1] - 1) // 2
    above = rows > np.partition(rows, middle, axis=1)[:, middle, None]
    return np.packbits(above[:, ::-1], axis=1).tobytes()
