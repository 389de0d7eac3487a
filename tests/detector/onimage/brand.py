"""Marks as brands draw them, and what is none: uint8 (H, W, 4), RGB and how much they cover."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Clear = NDArray[np.uint8]
Colour = tuple[int, int, int]
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def sketch(draw: Callable[[ImageDraw.ImageDraw], object], size: int = 200, ground: Colour = WHITE) -> Clear:
    """On a plain ground, without transparency."""
    image = Image.new("RGB", (size, size), ground)
    draw(ImageDraw.Draw(image))
    return np.asarray(image.convert("RGBA"))


def letters(text: str, ink: Colour = BLACK, high: int = 120) -> Clear:
    """Alone: nothing covers around them."""
    image = Image.new("RGBA", (high * len(text), high * 2), (*WHITE, 0))
    ImageDraw.Draw(image).text((10, high // 2), text, fill=(*ink, 255), font_size=high)
    return np.asarray(image)


def on(ground: Colour, mark: Clear) -> Clear:
    """Laid on it, without transparency."""
    image = Image.new("RGBA", mark.shape[1::-1], (*ground, 255))
    image.alpha_composite(Image.fromarray(mark))
    return np.asarray(image)


def png(pixels: Clear) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def as_jpeg(pixels: Clear, quality: int = 50) -> Clear:
    """As it comes back from a JPEG."""
    out = BytesIO()
    Image.fromarray(pixels).convert("RGB").save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out).convert("RGBA"))
