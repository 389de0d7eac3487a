"""What people do to a picture alone: save it smaller, recolour it, cut it, turn it, photograph a screen."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

Dice = np.random.Generator
Edit = Callable[[Image.Image, Dice], Image.Image]
Corners = NDArray[np.float32]

INWARDS = ((1, 1), (-1, 1), (-1, -1), (1, -1))  # from each corner, clockwise from the upper left
SEPIA = (0.393, 0.769, 0.189, 0, 0.349, 0.686, 0.168, 0, 0.272, 0.534, 0.131, 0)


def jpeg(quality: int) -> Edit:
    def edit(image: Image.Image, _: Dice) -> Image.Image:
        out = BytesIO()
        image.save(out, "JPEG", quality=quality)
        return Image.open(out).convert("RGB")

    return edit


def resized(across: float, down: float | None = None) -> Edit:
    share = across if down is None else down
    return lambda image, _: image.resize(
        (max(1, round(image.width * across)), max(1, round(image.height * share))), Image.Resampling.LANCZOS
    )


def grey(image: Image.Image, _: Dice) -> Image.Image:
    return ImageOps.grayscale(image).convert("RGB")


def sepia(image: Image.Image, _: Dice) -> Image.Image:
    return image.convert("RGB", SEPIA)


def warm_filter(image: Image.Image, _: Dice) -> Image.Image:
    """Faded and warm with dark corners: lifted blacks, red up, blue down, a vignette."""
    pixels = np.asarray(image, np.float32) / 255
    pixels = (0.08 + 0.88 * pixels) * np.array([1.1, 1.0, 0.82], np.float32)
    return _painted(pixels * _vignette(image, 0.45)[..., None])


def cool_filter(image: Image.Image, _: Dice) -> Image.Image:
    """Hard and cool: an S curve, teal shadows, orange lights, colours up."""
    pixels = np.asarray(ImageEnhance.Color(image).enhance(1.5), np.float32) / 255
    pixels = pixels * pixels * (3 - 2 * pixels)
    shade = 1 - pixels.mean(axis=2, keepdims=True)
    return _painted(pixels + shade * np.array([-0.06, 0.03, 0.10], np.float32))


def blurred(radius: float) -> Edit:
    return lambda image, _: image.filter(ImageFilter.GaussianBlur(radius))


def noisy(deviation: float) -> Edit:
    def edit(image: Image.Image, dice: Dice) -> Image.Image:
        grain = dice.normal(0, deviation / 255, (image.height, image.width, 3))
        return _painted(np.asarray(image, np.float32) / 255 + grain)

    return edit


def brightness(factor: float) -> Edit:
    return lambda image, _: ImageEnhance.Brightness(image).enhance(factor)


def contrast(factor: float) -> Edit:
    return lambda image, _: ImageEnhance.Contrast(image).enhance(factor)


def cropped(kept: float, *, aside: bool = False) -> Edit:
    """Keep this share of the area in the picture's own shape: from the middle, or from anywhere in it."""

    def edit(image: Image.Image, dice: Dice) -> Image.Image:
        width, height = round(image.width * kept**0.5), round(image.height * kept**0.5)
        across, down = dice.random(2) if aside else (0.5, 0.5)
        left, top = round((image.width - width) * across), round((image.height - height) * down)
        return image.crop((left, top, left + width, top + height))

    return edit


def square(image: Image.Image, _: Dice) -> Image.Image:
    return ImageOps.fit(image, (min(image.size),) * 2)


def mirrored(image: Image.Image, _: Dice) -> Image.Image:
    return ImageOps.mirror(image)


def turned(degrees: float) -> Edit:
    """Turned on a larger canvas; the corners that this opens are filled with one plain colour."""

    def edit(image: Image.Image, dice: Dice) -> Image.Image:
        fill = ("white", "black", "#d8d2c8")[int(dice.integers(3))]
        return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)

    return edit


def straightened(degrees: float) -> Edit:
    """Turned as a phone's editor does it: enlarged until no corner is empty, in the old frame."""

    def edit(image: Image.Image, _: Dice) -> Image.Image:
        angle = np.deg2rad(degrees)
        shape = max(image.width / image.height, image.height / image.width)
        zoom = float(np.cos(angle) + shape * np.sin(angle))
        big = image.resize((round(image.width * zoom), round(image.height * zoom)), Image.Resampling.LANCZOS)
        big = big.rotate(degrees, Image.Resampling.BICUBIC)
        left, top = (big.width - image.width) // 2, (big.height - image.height) // 2
        return big.crop((left, top, left + image.width, top + image.height))

    return edit


def perspective(image: Image.Image, dice: Dice) -> Image.Image:
    """A print lying on a table, seen at an angle: each corner moved inwards by up to 18 %."""
    sheet = np.asarray(Image.new("RGB", image.size, "#8a7a68"))
    return _laid(image, _leaning(image.size, dice, 0.18), sheet)


def photo_of_screen(image: Image.Image, dice: Dice) -> Image.Image:
    """A phone's photograph of a monitor: at an angle, with bezel, moiré, glare, blur, blue cast and noise."""
    width, height = 1080, 1350
    shown = ImageOps.contain(image, (width * 8 // 10, height * 8 // 10))
    bezel = ImageOps.expand(shown, 24, "#101012")
    room = np.full((height, width, 3), (58, 54, 50), np.uint8)
    left, top = (width - bezel.width) / 2, (height - bezel.height) / 2
    corners = _leaning(bezel.size, dice, 0.12) + np.array([left, top], np.float32)
    pixels = np.asarray(_laid(bezel, corners, room), np.float32) / 255
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    tilt = dice.uniform(0.05, 0.25)
    waves = np.sin((across + tilt * down) * 0.32) * np.sin((down - tilt * across) * 0.29)
    spot = dice.uniform(0.2, 0.8, 2) * (width, height)
    glare = np.exp(-((across - spot[0]) ** 2 + (down - spot[1]) ** 2) / (2 * 160**2))
    pixels = pixels * (1 + 0.07 * waves[..., None]) * np.array([0.92, 1.0, 1.12], np.float32)
    pixels = 0.06 + 0.88 * pixels + 0.45 * glare[..., None]
    pixels = cv2.GaussianBlur(pixels, (0, 0), 1.6)
    return _painted(pixels + dice.normal(0, 0.025, pixels.shape))


def chain(*edits: Edit) -> Edit:
    def edit(image: Image.Image, dice: Dice) -> Image.Image:
        for one in edits:
            image = one(image, dice)
        return image

    return edit


def _leaning(size: tuple[int, int], dice: Dice, most: float) -> Corners:
    """The four corners of a sheet of this size, each moved inwards by up to `most` of the sides."""
    inwards = dice.uniform(0, most, (4, 2)) * np.array(INWARDS)
    whole = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    return np.asarray((whole + inwards) * np.array(size), np.float32)


def _laid(image: Image.Image, corners: Corners, ground: NDArray[np.uint8]) -> Image.Image:
    """The image with its corners (px, clockwise from the upper left) at these places of the ground."""
    width, height = image.size
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(own, corners)
    size = ground.shape[1], ground.shape[0]
    moved = cv2.warpPerspective(np.asarray(image), matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size)[..., None]
    return Image.fromarray((moved * mask + ground * (1 - mask)).clip(0, 255).astype(np.uint8))


def _vignette(image: Image.Image, depth: float) -> NDArray[np.float32]:
    down = np.linspace(-1, 1, image.height, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, image.width, dtype=np.float32)[None]
    return np.asarray(1 - depth * (down**2 + across**2) / 2, np.float32)


def _painted(pixels: NDArray[np.floating[Any]]) -> Image.Image:
    return Image.fromarray((pixels * 255).round().clip(0, 255).astype(np.uint8))
