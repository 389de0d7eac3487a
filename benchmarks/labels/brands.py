"""Marks that users register: how many are found again on photographs, by kind of drawing.

    python -m benchmarks.labels.brands PHOTOS [--half report] [--pasted 96]

Four drawings that are drawn here (letters, two sparkles, a filled badge, a thin outline) are registered dark
and pasted dark or light at 2 to 10 % of the height into a corner, through JPEG; half of the pictures are made
smaller after that, and through JPEG again.
"""

import argparse
import random
from collections.abc import Iterator
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
DARK, LIGHT = 0, 255
NAMES = ("letters", "sparkles", "badge", "outline")


def sketch(name: str, ink: int) -> Image.Image:
    """RGBA, cut to what is drawn."""
    image = Image.new("RGBA", (700 if name == "letters" else SIDE, SIDE), (255, 255, 255, 0))
    draw, full = ImageDraw.Draw(image), (ink, ink, ink, 255)
    if name == "letters":
        draw.text((20, 30), "MODA", fill=full, font_size=200, stroke_width=8, stroke_fill=full)
    elif name == "sparkles":
        draw.polygon(_star(180, 210, 170, 0.3), fill=full)
        draw.polygon(_star(330, 80, 66, 0.3), fill=full)
    elif name == "badge":
        draw.ellipse((10, 10, 390, 390), fill=full)
        draw.polygon(_star(200, 200, 150, 0.35), fill=(255 - ink,) * 3 + (255,))
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


def pasted(photo: Pixels, name: str, chance: random.Random, *, smaller: bool) -> Pixels:
    """uint8 RGB (H, W, 3)."""
    tall, wide = photo.shape[:2]
    mark = sketch(name, chance.choice((DARK, LIGHT)))
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


def read(photos: list[Path], count: int) -> Iterator[tuple[str, ReadingState]]:
    """The drawing in each trial, and what was read."""
    chance, marks = random.Random(SEED), {name: registered(name) for name in NAMES}
    for number in range(count):
        name, smaller = NAMES[number % len(NAMES)], number // len(NAMES) % 2 == 1
        pixels = pasted(enlarged(photos[number % len(photos)]), name, chance, smaller=smaller)
        yield name, read_marks(pixels, [marks[name]]).state


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("photos", type=Path)
    parser.add_argument("--half", type=Half, default=Half.REPORT)
    parser.add_argument("--pasted", type=int, default=96)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    states: dict[str, list[ReadingState]] = {}
    for name, state in read([photo.path for photo in photographs(asked.photos, asked.half)], asked.pasted):
        states.setdefault(name, []).append(state)
    print("| registered mark | pasted | present | ambiguous | absent |\n|---|---|---|---|---|")
    order = (ReadingState.PRESENT, ReadingState.AMBIGUOUS, ReadingState.ABSENT)
    for name, found in (*states.items(), ("**all**", [one for mine in states.values() for one in mine])):
        print(f"| {name} | {len(found)} | " + " | ".join(str(found.count(one)) for one in order) + " |")


if __name__ == "__main__":
    main()
