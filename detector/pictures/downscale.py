"""Any picture down to 64x64 luminance, as PDQ does it: a box filter twice along rows and columns, then every
64th point.

Three ways to the same numbers. `quick_small` multiplies with the filter's weights: filter and sampling are
linear, so both become one 64-row matrix a side. `exact_small` repeats the reference's own order of 32-bit
additions, whose rounding decides the bits of pictures that are flat along an axis (a gradient, a card with
stripes). `block_weights` are the weights for a picture of which only the means of square blocks are known, as
a JPEG decoded at 1/4 gives them: still the whole picture's filter, not that of a smaller picture. Source: the
PDQ paper (pdqhash-2017-10-09) and the C++ library of facebook/ThreatExchange, for which pixel counts where.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detector.pictures.decode import SmallPicture

Floats = NDArray[np.float32]
SIDE = 64
PASSES = 2
WEIGHTS = (0.299, 0.587, 0.114)  # of red, green and blue in the luminance (ITU-R BT.601)
BAND = 16  # samples at a time, of 64: four small products instead of one that is mostly noughts
STRIP = 256  # rows at a time: a 100 megapixel picture must not need a second 400 MB


def window_size(length: int) -> int:
    """Pixels that one pass averages: half a 64th of the side, rounded up, since there are two passes."""
    return -(-length // (PASSES * SIDE))


def sample_points(length: int) -> NDArray[np.intp]:
    """The centres of 64 equal parts; a short side repeats some."""
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.intp)


def _window(places: NDArray[np.intp], length: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and one-past-last pixel that count at each place: an even window leans to the right, and is cut
    at edges."""
    size = window_size(length)
    right = (size + 2) // 2
    return np.maximum(places - (size - right), 0), np.minimum(places + right, length)


def sampling_weights(length: int) -> Floats:
    """float32 (64, length): what each pixel of a side weighs in each sample after both passes."""
    first, end = _window(sample_points(length), length)
    inner = first[:, None] + np.arange(window_size(length))
    low, high = _window(inner, length)
    share = np.where(inner < end[:, None], 1.0 / ((end - first)[:, None] * np.maximum(high - low, 1)), 0.0)
    rows = np.arange(SIDE)[:, None] * (length + 1)
    places = np.concatenate([(rows + np.minimum(low, length)).ravel(), (rows + high).ravel()])
    shares = np.concatenate([share.ravel(), -share.ravel()])
    steps = np.bincount(places, shares, SIDE * (length + 1)).reshape(SIDE, length + 1)
    return np.asarray(steps.cumsum(axis=1)[:, :length], np.float32)


def block_weights(weights: Floats, share: int, *, cut_first: bool = False) -> Floats:
    """float32 (rows, blocks) from (rows, length): what the mean of each block of `share` pixels weighs.

    Within a block the picture is taken to run along the parabola that gives this block and both its
    neighbours their means. `cut_first`: it is the first block that is short where `share` does not divide the
    length, not the last.
    """
    rows, length = weights.shape
    blocks = -(-length // share)
    short = blocks * share - length
    whole = np.pad(weights, ((0, 0), (short, 0) if cut_first else (0, short)))
    along = (np.arange(share) + 0.5) / share - 0.5
    bend = along**2 - (along**2).mean()
    basis = np.stack([1 - bend, (bend - along) / 2, (bend + along) / 2], axis=1)
    own, before, after = np.moveaxis(whole.reshape(rows, blocks, share) @ basis, 2, 0)
    own[:, :-1] += before[:, 1:]  # what block n + 1 takes from its neighbour before it, block n
    own[:, 1:] += after[:, :-1]
    own[:, 0] += before[:, 0]  # beyond the edge the picture goes on as it ended
    own[:, -1] += after[:, -1]
    return np.ascontiguousarray(own, np.float32)


def block_small(picture: SmallPicture) -> Floats:
    """float32 (64, 64) luminance of the whole picture, from the small decode of it."""
    grey = picture.grey.astype(np.float32)
    bands = _bands(picture.height, picture.share, picture.cut_top)
    rows = np.concatenate([weights @ grey[first:end] for first, end, weights in bands])
    return rows @ _columns(picture.width, picture.share, picture.cut_left)


@lru_cache(maxsize=64)
def _bands(length: int, share: int, cut_first: bool) -> tuple[tuple[int, int, Floats], ...]:  # noqa: FBT001
    """The weights, `BAND` samples at a time, and from which to which block any of them weighs: most of the
    rest of a 64-row matrix is nought."""
    weights = block_weights(sampling_weights(length), share, cut_first=cut_first)
    bands = []
    for place in range(0, SIDE, BAND):
        weighing = np.flatnonzero(weights[place : place + BAND].any(axis=0))
        first, end = int(weighing[0]), int(weighing[-1]) + 1
        bands.append((first, end, np.ascontiguousarray(weights[place : place + BAND, first:end])))
    return tuple(bands)


@lru_cache(maxsize=64)
def _columns(length: int, share: int, cut_first: bool) -> Floats:  # noqa: FBT001
    return np.ascontiguousarray(block_weights(sampling_weights(length), share, cut_first=cut_first).T)


def quick_small(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """uint8 (H, W, 3) RGB to float64 (64, 64) luminance, within about 1e-3 of the reference's rounding."""
    height, width = pixels.shape[:2]
    across = _pixel_weights(width).T
    rows = np.empty((height, SIDE), np.float32)
    weights = np.array(WEIGHTS, np.float32)
    for top in range(0, height, STRIP):
        strip = pixels[top : top + STRIP].astype(np.float32) @ weights
        rows[top : top + STRIP] = strip @ across
    return np.asarray(_pixel_weights(height).astype(np.float64) @ rows)


_pixel_weights = lru_cache(maxsize=8)(sampling_weights)


def exact_small(pixels: NDArray[np.uint8]) -> Floats:
    """uint8 (H, W, 3) RGB to float32 (64, 64) luminance with the reference's very rounding; about five times
    slower."""
    red, green, blue = (pixels[..., channel] * weight for channel, weight in enumerate(WEIGHTS))
    small: Floats = (red + green + blue).astype(np.float32)
    height, width = small.shape
    if (height, width) != (SIDE, SIDE):  # the reference takes 64x64 as it is
        for _ in range(PASSES):
            small = _running_mean(small)
            small = _running_mean(small.T).T
    return np.ascontiguousarray(small[np.ix_(sample_points(height), sample_points(width))])


def _running_mean(lines: Floats) -> Floats:
    """The box filter along axis 1 as one running sum a line: a pixel enters, then the one that left is taken
    off."""
    length = lines.shape[1]
    first, end = _window(np.arange(length), length)
    entering = np.concatenate(([end[0]], np.diff(end)))
    leaving = np.concatenate(([0], np.diff(first)))
    counts: Floats = (end - first).astype(np.float32)
    return np.divide(_summed(lines, entering, leaving), counts, dtype=np.float32)


def _summed(lines: Floats, entering: NDArray[np.intp], leaving: NDArray[np.intp]) -> Floats:
    order, signs, told = _order(tuple(entering.tolist()), tuple(leaving.tolist()))
    changes = lines[:, order] * signs
    return np.add.accumulate(changes, axis=1, dtype=np.float32, out=changes)[:, told]


@lru_cache(maxsize=32)
def _order(
    entering: tuple[int, ...], leaving: tuple[int, ...]
) -> tuple[NDArray[np.intp], Floats, NDArray[np.intp]]:
    """Which pixel is added or taken off at each step, and after which step each output is read."""
    order: list[int] = []
    signs: list[float] = []
    told: list[int] = []
    right = left = 0
    for add, drop in zip(entering, leaving, strict=True):
        order += [*range(right, right + add), *range(left, left + drop)]
        signs += [1.0] * add + [-1.0] * drop
        right, left = right + add, left + drop
        told.append(len(order) - 1)
    return np.array(order), np.array(signs, np.float32), np.array(told)
