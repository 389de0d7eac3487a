"""Marks put on pictures that are drawn here."""

import cv2
import numpy as np

from detector.onimage.icons import built_in_marks
from detector.onimage.look import Mark, Pixels


def mark(name: str) -> Mark:
    return next(one for one in built_in_marks() if one.name == name)


def ground(tall: int = 300, wide: int = 240, light: int = 120, seed: int = 3) -> Pixels:
    """Soft shapes of all sizes, as photographs have them."""
    chance = np.random.default_rng(seed)
    plane = np.zeros((tall, wide), np.float32)
    for size in (4, 12, 40):
        noise = chance.normal(0, 1, (tall // size + 2, wide // size + 2)).astype(np.float32)
        plane += cv2.resize(noise, (wide, tall), interpolation=cv2.INTER_CUBIC) * size**0.5 * 4
    return np.repeat(np.clip(plane + light, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def stamped(
    picture: Pixels, one: Mark, tall: int, at: tuple[int, int], *, inverted: bool = False, plate: float = 1.0
) -> Pixels:
    """`one`, so many px high, its top left at (x, y), or its bottom right, negative, from the other corner.
    `plate`: how much the dark of the drawing covers, 0 to 1; `inverted`: dark and light change places."""
    wide = round(one.grey.shape[1] * tall / one.grey.shape[0])
    grey, alpha = (
        np.asarray(cv2.resize(plane, (wide, tall), interpolation=cv2.INTER_AREA), np.float32)
        for plane in (one.grey, one.alpha)
    )
    share = (alpha / 255 * np.where(grey > 127, 1.0, plate))[:, :, None]
    ink = (255 - grey if inverted else grey)[:, :, None]
    x, y = at[0] % (picture.shape[1] - wide), at[1] % (picture.shape[0] - tall)
    made = picture.astype(np.float32)
    part = made[y : y + tall, x : x + wide]
    part[:] = part * (1 - share) + ink * share
    return np.rint(made).astype(np.uint8)
