"""A sheet to draw on, twice as large as the picture that leaves it, so that every edge comes out smooth.

Coordinates are shares of the picture: (0, 0) is the top left corner, (1, 1) the bottom right.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = tuple[int, int, int]

WIDTH, HEIGHT = 720, 900  # px: the 4:5 of a social feed
_OVERSAMPLE = 2
_GRAIN = 3.0  # grey levels of film grain: flat areas then survive JPEG as a photograph's do
_SHADE = 0.012  # width of the shaded rim of a garment, as a share of the picture's width
_VIGNETTE = 0.22  # how much darker the corners are


class Canvas:
    def __init__(self, ground: Colour) -> None:
        self.size = (WIDTH * _OVERSAMPLE, HEIGHT * _OVERSAMPLE)
        self.image = Image.new("RGB", self.size, ground)
        self._draw = ImageDraw.Draw(self.image)

    def _px(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.size[0], y * self.size[1]) for x, y in points]

    def polygon(self, points: Sequence[Point], fill: Colour, *, smooth: int = 0) -> None:
        self._draw.polygon(self._px(rounded(points, smooth)), fill=fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float, *, smooth: int = 0) -> None:
        """`width` is a share of the picture's width. Ends and joints are round."""
        stroke = max(1, round(width * self.size[0]))
        path = self._px(rounded(points, smooth, closed=False))
        self._draw.line(path, fill=fill, width=stroke, joint="curve")
        for x, y in (path[0], path[-1]):
            self._draw.ellipse([x - stroke / 2, y - stroke / 2, x + stroke / 2, y + stroke / 2], fill=fill)

    def ellipse(self, centre: Point, rx: float, ry: float, fill: Colour) -> None:
        """Both radii are shares of the picture's width, so that equal ones give a circle."""
        x, y = centre[0] * self.size[0], centre[1] * self.size[1]
        w, h = rx * self.size[0], ry * self.size[0]
        self._draw.ellipse([x - w, y - h, x + w, y + h], fill=fill)

    def cloth(self, points: Sequence[Point], cloth: Image.Image, *, smooth: int = 0) -> None:
        """Fill a shape with woven cloth, a little darker towards its right edge."""
        path = self._px(rounded(points, smooth))
        edge = round(_SHADE * self.size[0])
        xs, ys = [x for x, _ in path], [y for _, y in path]
        left, top, right, bottom = (
            min(xs),
            min(ys),
            max(xs),
            max(ys),
        )  # only this part of the sheet is touched
        box = (int(left) - 3 * edge, int(top) - 3 * edge, int(right) + 3 * edge, int(bottom) + 3 * edge)
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]), 0)
        ImageDraw.Draw(mask).polygon([(x - box[0], y - box[1]) for x, y in path], fill=255)
        self.image.paste(cloth.crop(box), box, mask)
        rim = ImageChops.subtract(mask, ImageChops.offset(mask, -edge, 0)).filter(
            ImageFilter.GaussianBlur(edge / 2)
        )
        shade = ImageChops.multiply(rim, mask).point(lambda v: v * 0.45)
        self.image.paste(Image.new("RGB", mask.size, (20, 14, 24)), box, shade)

    def finish(self, seed: int) -> Image.Image:
        """The picture at its own size, with grain and a soft vignette: the same pixels on every machine."""
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        pixels = np.asarray(small, dtype=np.float32)
        grain = np.random.default_rng(seed).normal(0, _GRAIN, (HEIGHT, WIDTH, 1)).astype(np.float32)
        y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
        light = (1 - _VIGNETTE * np.clip(x**2 + y**2 - 0.5, 0, None)).astype(np.float32)
        return Image.fromarray(np.clip(pixels * light[..., None] + grain, 0, 255).astype(np.uint8))


def rounded(points: Sequence[Point], times: int, *, closed: bool = True) -> list[Point]:
    """Chaikin's corner cutting: each pass replaces a corner by two points, a quarter along its sides."""
    path = list(points)
    for _ in range(times):
        pairs = list(zip(path, [*path[1:], path[0]], strict=True)) if closed else list(pairwise(path))
        cut = [
            point
            for (ax, ay), (bx, by) in pairs
            for point in (
                (0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by),
                (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by),
            )
        ]
        path = cut if closed else [path[0], *cut, path[-1]]
    return path


def weave(size: tuple[int, int], pattern: str, base: Colour, accent: Colour) -> Image.Image:
    """Cloth as large as the sheet: plain, striped, dotted, checked or ribbed."""
    sheet = Image.new("RGB", size, base)
    draw = ImageDraw.Draw(sheet)
    step = size[0] // 34
    if pattern == "striped":
        for y in range(0, size[1], step):
            draw.rectangle([0, y, size[0], y + step // 3], fill=accent)
    elif pattern == "dotted":
        for row, y in enumerate(range(0, size[1], step)):
            for x in range(-(row % 2) * step // 2, size[0], step):
                draw.ellipse([x, y, x + step // 2.6, y + step // 2.6], fill=accent)
    elif pattern == "checked":
        for offset in range(0, size[0] + size[1], step * 2):
            draw.line([(offset, 0), (offset - size[1], size[1])], fill=accent, width=step // 4)
            draw.line(
                [(size[0] - offset, 0), (size[0] - offset + size[1], size[1])], fill=accent, width=step // 4
            )
    elif pattern == "ribbed":
        for x in range(0, size[0], step // 2):
            draw.line([(x, 0), (x, size[1])], fill=accent, width=max(1, step // 8))
    return sheet
