"""Copies of a picture that carries a mark: the mark is still there, was painted out, covered, cut off, or
never was on what was published."""

from collections.abc import Mapping

import cv2
import numpy as np
from PIL import Image, ImageDraw

from benchmarks.labels.replacing import Dice
from benchmarks.matching import edits, layouts
from storage.boxes import Box

CASES: Mapping[str, bool] = {  # whether the mark is gone
    "still there": False,
    "painted out": True,
    "covered": True,
    "never there": True,
    "cut off": True,
}
FINISHES: tuple[edits.Edit, ...] = (
    lambda image, dice: image,
    lambda image, dice: edits.resized(float(dice.uniform(0.6, 1.5)))(image, dice),
    edits.mirrored,
    edits.warm_filter,
    edits.cool_filter,
    lambda image, dice: edits.noisy(float(dice.uniform(3, 10)))(image, dice),
    lambda image, dice: edits.blurred(float(dice.uniform(0.4, 1.2)))(image, dice),
    edits.jpeg(30),
)


def marked_copy(photo: Image.Image, case: str, dice: Dice) -> tuple[Image.Image, Image.Image, Box]:
    """The reference with its mark, the copy, and where the mark stands in the reference."""
    marked, box = _marked(photo, dice)
    copy = _done(photo, marked, box, case, dice)
    finished = FINISHES[int(dice.integers(len(FINISHES)))](copy, dice)
    return marked, edits.jpeg(int(dice.integers(50, 90)))(finished, dice), box


def _marked(photo: Image.Image, dice: Dice) -> tuple[Image.Image, Box]:
    """A pill, a disc or plain letters in a corner, 2 to 6 % of the height, at times half transparent."""
    disc, plain = dice.random() < 0.3, dice.random() < 0.4
    ink, paper = (("white", "black"), ("black", "white"))[int(dice.integers(2))]
    size = (100, 100) if disc else (400, 100)
    art, mask = Image.new("RGB", size, paper), Image.new("L", size)
    pen, cover = ImageDraw.Draw(art), ImageDraw.Draw(mask)
    middle, words = (size[0] / 2, size[1] / 2), "AI" if disc else "AI GENERATED"
    letters = layouts.font(56 if disc else 44)
    if plain:
        cover.text(middle, words, 255, letters, "mm")
    else:
        cover.rounded_rectangle((2, 2, size[0] - 2, size[1] - 2), 48, 255)
        pen.text(middle, words, ink, letters, "mm")
    high = photo.height * dice.uniform(0.022, 0.06)
    wide = min(high * size[0] / size[1], photo.width / 2)
    small = (max(4, round(wide)), max(4, round(high)))
    alpha = (255, 255, 128)[int(dice.integers(3))]
    left = round((0.03 if dice.random() < 0.5 else 0.97 - small[0] / photo.width) * photo.width)
    top = round((0.03 if dice.random() < 0.5 else 0.97 - small[1] / photo.height) * photo.height)
    made = photo.copy()
    through = mask.resize(small, Image.Resampling.LANCZOS).point(lambda level: level * alpha // 255)
    made.paste(art.resize(small, Image.Resampling.LANCZOS), (left, top), through)
    box = Box(left / photo.width, top / photo.height, small[0] / photo.width, small[1] / photo.height)
    return made, box


def _done(photo: Image.Image, marked: Image.Image, box: Box, case: str, dice: Dice) -> Image.Image:
    left, top = round(box.x * photo.width) - 3, round(box.y * photo.height) - 3
    right, low = left + round(box.w * photo.width) + 6, top + round(box.h * photo.height) + 6
    if case == "never there":
        return photo
    if case == "painted out":
        mask = np.zeros((photo.height, photo.width), np.uint8)
        mask[max(0, top) : low, max(0, left) : right] = 1
        return Image.fromarray(
            np.asarray(cv2.inpaint(np.asarray(marked), mask, 4, cv2.INPAINT_TELEA), np.uint8)
        )
    if case == "covered":
        made = marked.copy()
        colour = tuple(int(level) for level in dice.integers(0, 256, 3))
        ImageDraw.Draw(made).rectangle((left - 4, top - 4, right + 4, low + 4), colour)
        return made
    if case == "cut off":
        cut = round(photo.height * (box.h + 0.05))
        low_mark = box.y > 0.5
        return marked.crop((0, 0 if low_mark else cut, photo.width, photo.height - (cut if low_mark else 0)))
    return marked
