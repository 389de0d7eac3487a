"""Pictures for matching: soft scenes that have features, and what people do to them."""

import cv2
import numpy as np

from tests.detector.drawings import Pixels, scene

WIDTH, HEIGHT = 360, 480


def photograph(seed: int) -> Pixels:
    """A scene with texture at every scale, its blots smoothed as a lens does."""
    made = scene(WIDTH, HEIGHT, seed).astype(np.int16) + scene(WIDTH, HEIGHT, seed + 500)[::-1, ::-1] // 2
    soft = cv2.GaussianBlur((made * 2 // 3).clip(0, 255).astype(np.uint8), (0, 0), 1.0)
    return np.asarray(soft, np.uint8)


def clouds(seed: int) -> Pixels:
    """Soft blots of every size, and no straight edge anywhere."""
    rng = np.random.default_rng(seed)
    total = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for cells, weight in ((4, 1.0), (8, 0.7), (16, 0.5), (32, 0.35)):
        blots = rng.normal(0, weight, (cells, cells, 3)).astype(np.float32)
        total += cv2.resize(blots, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return (128 + 55 * total).clip(0, 255).astype(np.uint8)


def cropped(pixels: Pixels, left: float, top: float, right: float, bottom: float) -> Pixels:
    height, width = pixels.shape[:2]
    return np.ascontiguousarray(
        pixels[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
    )


def turned(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)  # cv2 counts anticlockwise
    return np.asarray(cv2.warpAffine(pixels, matrix, (width, height), borderValue=(255, 255, 255)), np.uint8)


def inside(pixels: Pixels, other: Pixels, share: float, left: float = 0.1, top: float = 0.15) -> Pixels:
    """A picture in a picture, its sides this share of the other's."""
    made = other.copy()
    height, width = other.shape[:2]
    small = cv2.resize(pixels, (round(width * share), round(height * share)), interpolation=cv2.INTER_AREA)
    y, x = round(top * height), round(left * width)
    made[y : y + small.shape[0], x : x + small.shape[1]] = small
    return made


def collage(*pictures: Pixels, gap: int = 8) -> Pixels:
    """Side by side on white."""
    white = np.full((pictures[0].shape[0], gap, 3), 255, np.uint8)
    row = [white]
    for picture in pictures:
        row += [picture, white]
    return np.concatenate(row, axis=1)


def grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
