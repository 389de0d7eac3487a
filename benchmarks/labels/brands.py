"""Marks that users register: how many are found again on photographs, by kind of drawing.

    python -m benchmarks.labels.brands PHOTOS [--half report] [--pasted 96] [--clean 60]

Four drawings that are drawn here (letters, two sparkles, a filled badge, a thin outline) are registered dark
and pasted at 2 to 10 % of the height into a corner, through JPEG; half of the pictures are made smaller
after that, and through JPEG again. Three looks, each pasted as often: dark or light, of one colour, half
transparent.
Photographs without a mark are asked for all four.
"""

import argparse
import random
from collections.abc import Iterator
from enum import StrEnum
from math import cos, pi, sin
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from benchmarks.labels.drawing import Pixels, corner, enlarged, through_jpeg
from benchmarks.labels.marks import PLACES, QUALITIES, SMALLER
from benchmarks.matching.split import Half, photographs
from detector.onimage.drawn import drawn
from detector.onimage.look import Mark
from detector.onimage.marks import read_marks
from storage.records import ReadingState

SEED = 2026
HEIGHTS = (0.02, 0.10)  # of the picture's height, as the issue asks
SIDE = 400  # px of a drawing
Colour = tuple[int, int, int]
DARK, WHITE = (0, 0, 0), (255, 255, 255)
COLOURS = (
    (200, 16, 46),
    (0, 92, 185),
    (0, 122, 61),
    (255, 199, 44),
    (236, 0, 140),
    (92, 45, 145),
)  # of brands
THROUGH = (128, 190)  # of 255: a half transparent mark
NAMES = ("letters", "sparkles", "badge", "outline")


class Look(StrEnum):
    PLAIN = "dark or light"
    COLOURED = "of one colour"
    THROUGH = "half transparent"


def sketch(name: str, ink: Colour, paper: Colour = WHITE, cover: int = 255) -> Image.Image:
    """RGBA, cut to what is drawn. `cover`, 0 to 255, is how much it hides; `paper`: what is on a badge."""
    image = Image.new("RGBA", (700 if name == "letters" else SIDE, SIDE), (255, 255, 255, 0))
    draw, full = ImageDraw.Draw(image), (*ink, cover)
    if name == "letters":
        draw.text((20, 30), "MODA", fill=full, font_size=200, stroke_width=8, stroke_fill=full)
    elif name == "sparkles":
        draw.polygon(_star(180, 210, 170, 0.3), fill=full)
        draw.polygon(_star(330, 80, 66, 0.3), fill=full)
    elif name == "badge":
        draw.ellipse((10, 10, 390, 390), fill=full)
        draw.polygon(_star(200, 200, 150, 0.35), fill=(*paper, cover))
    else:
        draw.rounded_rectangle((15, 15, 385, 385), 60, outline=full, width=18)
        draw.line((90, 310, 200, 90, 310, 310), fill=full, width=18)
        draw.line((140, 230, 260, 230), fill=full, width=18)
    return image.crop(image.getbbox())


def _star(x: float, y: float, radius: float, waist: float) -> list[tuple[float, float]]:
    turns = [(step * pi / 4, radius * (waist if step % 2 else 1)) for step in range(8)]
    return [(x + far * cos(turn), y + far * sin(turn)) for turn, far in turns]


def registered(name: str) -> Mark:
    """As `twinwatch marks add` keeps it."""
    lifted = drawn(np.asarray(sketch(name, DARK)))
    return Mark(name, name, lifted.grey, lifted.alpha, "MODA" if name == "letters" else "", "0" * 64)


def looking(name: str, look: Look, chance: random.Random) -> Image.Image:
    """The drawing as it is pasted."""
    if look is Look.COLOURED:
        return sketch(name, chance.choice(COLOURS))
    ink, paper = chance.choice(((DARK, WHITE), (WHITE, DARK)))
    return sketch(name, ink, paper, chance.randint(*THROUGH) if look is Look.THROUGH else 255)


def pasted(photo: Pixels, name: str, look: Look, chance: random.Random, *, smaller: bool) -> Pixels:
    """uint8 RGB (H, W, 3)."""
    tall, wide = photo.shape[:2]
    mark = looking(name, look, chance)
    high = round(chance.uniform(*HEIGHTS) * tall)
    size = (max(1, round(mark.width * high / mark.height)), high)
    sized = mark.resize(size, Image.Resampling.LANCZOS)
    place = corner(chance.choice(PLACES), size, (wide, tall), round(0.02 * wide), chance)
    picture = Image.fromarray(photo)
    picture.paste(sized, place, sized)
    quality = chance.choice(QUALITIES)
    made = through_jpeg(np.asarray(picture), quality)
    if not smaller:
        return made
    share = chance.uniform(*SMALLER)
    less = Image.fromarray(made).resize((round(wide * share), round(tall * share)), Image.Resampling.LANCZOS)
    return through_jpeg(np.asarray(less), quality)


def read(photos: list[Path], count: int, look: Look) -> Iterator[tuple[str, ReadingState]]:
    """The drawing in each trial, and what was read."""
    chance, marks = random.Random(f"{SEED} {look}"), {name: registered(name) for name in NAMES}
    for number in range(count):
        name, smaller = NAMES[number % len(NAMES)], number // len(NAMES) % 2 == 1
        pixels = pasted(enlarged(photos[number % len(photos)]), name, look, chance, smaller=smaller)
        yield name, read_marks(pixels, [marks[name]]).state


def clean(photos: list[Path], count: int) -> list[ReadingState]:
    """Of photographs without any of the four, taken from the end, where nothing is pasted."""
    marks = [registered(name) for name in NAMES]
    return [read_marks(enlarged(path), marks).state for path in photos[::-1][:count]]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--half", type=Half, default=Half.REPORT)
    parser.add_argument("--pasted", type=int, default=96, help="of each look")
    parser.add_argument("--clean", type=int, default=120)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    photos = [photo.path for photo in photographs(asked.photos, asked.half)]
    print("| look | registered mark | pasted | present | ambiguous | absent |\n|---|---|---|---|---|---|")
    for look in Look:
        states: dict[str, list[ReadingState]] = {}
        for name, state in read(photos, asked.pasted, look):
            states.setdefault(name, []).append(state)
        for name, found in (*states.items(), ("**all**", [one for mine in states.values() for one in mine])):
            print(f"| {look} | {name} | {len(found)} | {_counted(found)} |")
    none = clean(photos, asked.clean)
    print(f"| without a mark, all four asked for | | {len(none)} | {_counted(none)} |")


def _counted(found: list[ReadingState]) -> str:
    order = (ReadingState.PRESENT, ReadingState.AMBIGUOUS, ReadingState.ABSENT)
    return " | ".join(str(found.count(one)) for one in order)


if __name__ == "__main__":
    main()
