"""What was done to a registered picture, in words: read off the matrix that lays it on a found one."""

import math

import numpy as np
from numpy.typing import NDArray

LEVEL = 3.0  # degrees: less is not called a turn
WHOLE = 0.97  # share seen: more is not called a crop
INSIDE = 0.85  # share filled: more is not called a picture inside another
LEANING = 0.04  # of the side: less is not called a perspective
STRETCHED = 1.06  # ratio of the sides' scales


def in_words(matrix: NDArray[np.float64], size: tuple[int, int], overlap: float, filled: float) -> str:
    """ "mirrored, cropped to 62 %, inside a larger picture", or "" where nothing was done.

    `matrix` (3, 3) maps the reference's px to the picture's, `size` is the reference's (width, height);
    `overlap` the share of the reference that is seen, `filled` the share of the picture that shows it.
    """
    words = [*_turned(matrix, size)]
    if overlap < WHOLE:
        words.append(f"cropped to {max(1, round(overlap * 100))} %")
    words += _bent(matrix, size)
    if filled < INSIDE:
        words.append(f"inside a larger picture ({max(1, round(filled * 100))} % of it)")
    return ", ".join(words)


def _turned(matrix: NDArray[np.float64], size: tuple[int, int]) -> list[str]:
    (across_x, across_y), (down_x, down_y) = _sides(matrix, size)
    over = across_x * down_y - across_y * down_x < 0
    words = ["mirrored"] if over else []
    angle = math.degrees(math.atan2(-across_y if over else across_y, -across_x if over else across_x))
    if over and abs(angle) > 180 - LEVEL:
        return ["mirrored top to bottom"]
    if abs(angle) >= LEVEL:
        way = "clockwise" if angle > 0 else "anticlockwise"
        words.append("turned by 180°" if abs(angle) > 180 - LEVEL else f"turned by {abs(angle):.0f}° {way}")
    return words


def _bent(matrix: NDArray[np.float64], size: tuple[int, int]) -> list[str]:
    if lean(matrix, size) >= LEANING:
        return ["seen at an angle"]
    across, down = (math.hypot(*side) for side in _sides(matrix, size))
    ratio = max(across, down) / max(min(across, down), 1e-9)
    return [stretched_words(ratio - 1)] if ratio >= STRETCHED else []


def stretched_words(stretch: float) -> str:
    """ "stretched by 25 %", "" where it is nothing to speak of; 0.25 is a quarter longer one way than the
    other."""
    return f"stretched by {round(stretch * 100)} %" if 1 + stretch >= STRETCHED else ""


def stretch(size: tuple[int, int], reference: tuple[int, int]) -> float:
    """Of (width, height) alone: how much longer a copy of the reference would have become one way than the
    other, upright or turned, whichever is less."""
    shape, (across, down) = size[0] / size[1], reference
    ratios = (shape * down / across, shape * across / down)
    return min(max(ratio, 1 / ratio) for ratio in ratios) - 1


def lean(matrix: NDArray[np.float64], size: tuple[int, int]) -> float:
    """How much farther one side is than the other: 0 for a plain affine map."""
    return float(max(abs(matrix[2, 0]) * size[0], abs(matrix[2, 1]) * size[1]))


def turn_and_stretch(matrix: NDArray[np.float64]) -> tuple[float, float]:
    """Degrees (-180 to 180) of the nearest turn, mirroring taken out, and how much longer it becomes one way
    than the other, 0 for not at all."""
    upright = matrix[:2, :2].copy()
    if np.linalg.det(upright) < 0:
        upright[:, 0] *= -1
    left, scales, right = np.linalg.svd(upright)
    turn = left @ right
    return math.degrees(math.atan2(turn[1, 0], turn[0, 0])), float(scales[0] / max(scales[1], 1e-9) - 1)


def _sides(
    matrix: NDArray[np.float64], size: tuple[int, int]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where one px across and one px down the middle of the reference lead."""
    across, down = size[0] / 2, size[1] / 2
    points = np.array([[across, down, 1], [across + 1, down, 1], [across, down + 1, 1]]) @ matrix.T
    flat = points[:, :2] / points[:, 2:]
    one, two = flat[1] - flat[0], flat[2] - flat[0]
    return (float(one[0]), float(one[1])), (float(two[0]), float(two[1]))
