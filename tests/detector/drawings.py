"""Pictures that the tests draw with whole numbers alone, so that every machine draws the same pixels."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

SIZES = (  # width, height
    (1, 1), (5, 3), (5, 5), (9, 200), (63, 64), (64, 64), (65, 67), (128, 129),
    (256, 256), (400, 533), (512, 512), (513, 300), (1080, 1350), (3000, 40),
)  # fmt: skip


def grey_ramp(width: int, height: int) -> Pixels:
    """Flat along one axis: nothing but rounding decides most bits of its hash."""
    row = np.arange(width) * 255 // max(1, width - 1)
    return np.broadcast_to(row[None, :, None], (height, width, 3)).astype(np.uint8)


def colour_ramps(width: int, height: int) -> Pixels:
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    red = x * y * 255 // max(1, (width - 1) * (height - 1))
    green = np.broadcast_to(y * 255 // max(1, height - 1), red.shape)
    blue = (x * 3 + y * 5) * 7 // (width + height) % 256
    return np.dstack([red, green, blue]).astype(np.uint8)


def shapes(width: int, height: int) -> Pixels:
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    made = np.zeros((height, width, 3), np.uint8) + np.array([230, 224, 210], np.uint8)
    made[(5 * x > width) & (10 * x < 7 * width) & (10 * y > 3 * height) & (10 * y < 9 * height)] = (
        40,
        60,
        160,
    )
    radius = min(width, height) * 3 // 10
    made[(x - width * 4 // 10) ** 2 + (y - height * 4 // 10) ** 2 < radius**2] = (190, 90, 70)
    made[(x + y) % max(2, width // 3) < width // 16] = (20, 130, 90)
    return made


def noise(width: int, height: int) -> Pixels:
    return np.random.default_rng(width * 7 + height).integers(0, 256, (height, width, 3), dtype=np.uint8)


@cache
def scene(width: int, height: int, seed: int = 0) -> Pixels:
    """Blots of every size, as a photograph has: each scale half as strong as the one above it."""
    rng = np.random.default_rng(1000 * seed + 31 * width + height)
    total = np.zeros((height, width, 3), np.int64)
    for scale in range(6):
        cells = 2 << scale
        blots = rng.integers(0, 256, (cells, cells, 3), dtype=np.int64)
        down, over = np.arange(height) * cells // height, np.arange(width) * cells // width
        total += blots[down][:, over] >> min(scale, 3)
    return (total * 255 // max(1, int(total.max()))).astype(np.uint8)


def grey_scene(width: int, height: int) -> Pixels:
    return np.repeat(scene(width, height, 5)[..., :1], 3, axis=2)


DRAWN: Mapping[str, Callable[[int, int], Pixels]] = {
    "grey_ramp": grey_ramp,
    "colour_ramps": colour_ramps,
    "shapes": shapes,
    "noise": noise,
    "scene": scene,
    "grey_scene": grey_scene,
}


@cache
def drawn() -> Mapping[str, Pixels]:
    """All of them, "shapes 64x64" and so on."""
    return {
        f"{name} {width}x{height}": np.ascontiguousarray(draw(width, height))
        for name, draw in DRAWN.items()
        for width, height in SIZES
    }
