"""The picture of the curve: how much is found against how much is wrongly found. Drawn with Pillow alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Points = Sequence[tuple[float, float]]  # false rate, recall

SIZE, LEFT, TOP, RIGHT, BOTTOM = (1500, 900), 110, 70, 430, 100
COLOURS = ("#1b6ca8", "#c8102e", "#2e8b57", "#8a5fbf", "#d98e04", "#5a5a5a", "#00a3a3", "#b03a78")
INK, GRID = "#222222", "#dddddd"


@dataclass(frozen=True, slots=True)
class Frame:
    """`least`: the smallest false rate shown, a power of ten."""

    least: float
    most: float = 1.0

    def place(self, rate: float, recall: float) -> tuple[float, float]:
        share = math.log10(max(rate, self.least) / self.least) / math.log10(self.most / self.least)
        wide, high = SIZE[0] - LEFT - RIGHT, SIZE[1] - TOP - BOTTOM
        return LEFT + share * wide, TOP + (1 - recall) * high


def draw(
    path: Path,
    title: str,
    across: str,
    curves: Mapping[str, Points],
    marks: Mapping[str, tuple[float, float]],
) -> None:
    """Curves by name, and single marks whose false rate is an upper bound: an arrow points to where it may
    be."""
    rates = [rate for points in (*curves.values(), list(marks.values())) for rate, _ in points if rate > 0]
    frame = Frame(10.0 ** (math.ceil(math.log10(min(rates, default=1e-6))) - 1))
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    _axes(pen, frame, title, across)
    for place, (name, points) in enumerate(curves.items()):
        colour = COLOURS[place % len(COLOURS)]
        line = [frame.place(*point) for point in points]
        pen.line(line, colour, 4, "curve")
        _named(pen, place, name, colour)
    for place, (name, (rate, recall)) in enumerate(marks.items(), len(curves)):
        colour = COLOURS[place % len(COLOURS)]
        x, y = frame.place(rate, recall)
        pen.ellipse((x - 9, y - 9, x + 9, y + 9), colour)
        pen.line((x, y, x - 40, y), colour, 3)
        pen.polygon([(x - 52, y), (x - 38, y - 7), (x - 38, y + 7)], colour)
        _named(pen, place, name, colour)
    image.save(path, optimize=True)


def _axes(pen: ImageDraw.ImageDraw, frame: Frame, title: str, across: str) -> None:
    pen.text((LEFT, 20), title, INK, _font(30))
    for tenth in range(0, 11, 2):
        x, y = frame.place(frame.least, tenth / 10)
        pen.line((x, y, *frame.place(frame.most, tenth / 10)), GRID, 2)
        pen.text((x - 14, y), f"{tenth / 10:.1f}", INK, _font(24), "rm")
    for power in range(round(math.log10(frame.least)), 1):
        x, y = frame.place(10.0**power, 0)
        pen.line((x, y, *frame.place(10.0**power, 1)), GRID, 2)
        pen.text((x, y + 12), f"1e{power}" if power else "1", INK, _font(24), "ma")
    pen.text((LEFT, SIZE[1] - 44), across, INK, _font(24))
    pen.text((14, 34), "recall", INK, _font(24))


def _named(pen: ImageDraw.ImageDraw, place: int, name: str, colour: str) -> None:
    x, y = SIZE[0] - RIGHT + 24, TOP + 14 + 44 * place
    pen.rectangle((x, y - 8, x + 26, y + 8), colour)
    pen.text((x + 38, y), name, INK, _font(24), "lm")


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
