"""The perceptual hashes that are installed: one module each in `hashes/`, and what such a module has to
declare."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detector.dropins import found_in
from detector.pictures.decode import SmallPicture
from storage.records import Fingerprint

Pixels = NDArray[np.uint8]  # uint8 (H, W, 3) RGB

# What may have been done to the reference, in the order in which a hash module lists its forms.
TRANSFORMS = (
    "",
    "turned by 90° anticlockwise",
    "turned by 180°",
    "turned by 90° clockwise",
    "mirrored top to bottom",
    "mirrored",
    "mirrored, turned by 90° anticlockwise",
    "mirrored, turned by 90° clockwise",
)


_SIGNED_THEN_ACROSS = (0, 6, 1, 7, 2, 3, 4, 5)  # the order of TRANSFORMS among what `eight_forms` makes


def mirror_signs(odd: NDArray[np.bool_]) -> NDArray[np.float32]:
    """float32 (4, n, n) for frequencies of which `odd` (n,) change sign when the picture is mirrored: as it
    is, turned by 180°, mirrored top to bottom, mirrored left to right."""
    down = np.where(odd, -1, 1).astype(np.float32)[:, None] * np.ones(len(odd), np.float32)
    return np.stack((np.ones_like(down), down * down.T, down, down.T))


def eight_forms(block: NDArray[Any], signs: NDArray[np.float32]) -> NDArray[Any]:
    """(8, n, n) from (n, n): the frequencies of the eight mirrored and turned pictures, in the order of
    `TRANSFORMS`. `signs` from `mirror_signs`; a diagonal flip exchanges rows and columns."""
    signed = block * signs
    return np.concatenate((signed, signed.transpose(0, 2, 1)))[_SIGNED_THEN_ACROSS, :]


def guessed_forms(bits: bytes, odd: NDArray[np.bool_]) -> tuple[bytes, ...]:
    """The eight forms of a hash of which only the first is known (n rows of n bits against their median, the
    last coefficient first), as if the median were 0: a mirrored picture's odd frequencies change their sign.
    Exact where nothing is mirrored; otherwise a few bits off, those of coefficients next to the median."""
    size = len(odd)
    rows = np.unpackbits(np.frombuffer(bits, np.uint8))[::-1].reshape(size, size).astype(np.bool_)
    changed = mirror_signs(odd) < 0
    signed = rows[None] ^ changed
    forms = np.concatenate((signed, signed.transpose(0, 2, 1)))[_SIGNED_THEN_ACROSS, :]
    return tuple(np.packbits(form.ravel()[::-1]).tobytes() for form in forms)


class PictureHash(Protocol):
    """A module of `hashes/`. Thresholds are in bits and stand beside their source in the module."""

    ALGORITHM: str
    VERSION: str
    BITS: int
    COPY: int | None  # at most so many differing bits are a copy; None: this hash alone never says so
    LIKELY: int | None  # at most so many are a likely copy, for a person to decide
    QUALITY_FLOOR: int | None  # a quality up to this carries too little; None: this hash has no quality

    def fingerprints(self, pixels: Pixels) -> tuple[Fingerprint, ...]:
        """The hash (algorithm `ALGORITHM`), and its eight forms end to end (`ALGORITHM/forms`); () where the
        picture cannot be hashed."""

    def quick_fingerprints(self, picture: SmallPicture) -> tuple[Fingerprint, ...]:
        """The same of a picture that was decoded small, in few bits' reach of the whole one's."""


def hashes() -> Mapping[str, PictureHash]:
    """By algorithm. Raises TwinwatchError when two modules claim the same one."""
    return found_in("detector.hashes", "ALGORITHM")


def too_little(fingerprints: Iterable[Fingerprint]) -> bool:
    """A hash that measures quality says that the picture carries too little; then no hash of it is
    believed."""
    for one in fingerprints:
        module = hashes().get(one.algorithm)
        floor = module.QUALITY_FLOOR if module else None
        if floor is not None and one.quality is not None and one.quality <= floor:
            return True
    return False
