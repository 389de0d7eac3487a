"""Over a picture's three channels, the last axis: the same numbers to the bit as numpy's `sum`, `mean`, `max`
and `any` along it, which step from pixel to pixel and take three times as long."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]  # of whichever width, which stays


def total(values: Numbers) -> Numbers:
    """Of (..., 3)."""
    return values[..., 0] + values[..., 1] + values[..., 2]


def mean(values: Numbers) -> Numbers:
    """Likewise."""
    return total(values) / 3


def largest(values: Numbers) -> Numbers:
    """Likewise."""
    return np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2])


def any_of(values: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Likewise."""
    return values[..., 0] | values[..., 1] | values[..., 2]
