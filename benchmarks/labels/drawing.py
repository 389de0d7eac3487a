"""Labels drawn on photographs: wording, typeface, height, contrast, place and JPEG, all from one seed.

Typefaces are Debian's: fonts-dejavu, fonts-liberation, fonts-lato, fonts-open-sans, fonts-roboto-unhinted,
and for Chinese, Japanese and Korean fonts-noto-cjk and fonts-nanum. What is not installed is left out, and a
language without any typeface is said to be.
"""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.labels.wordings import WORDINGS

WIDTH = 1080  # px: what Instagram shows
QUALITY = 80
HEIGHTS = (0.015, 0.05)  # of a capital letter, as shares of the picture's height
_FONTS = Path("/usr/share/fonts")
_LATIN = (
    "truetype/dejavu/DejaVuSans.ttf",
    "truetype/dejavu/DejaVuSans-Bold.ttf",
    "truetype/dejavu/DejaVuSerif.ttf",
    "truetype/liberation/LiberationSans-Regular.ttf",
    "truetype/liberation/LiberationSans-Bold.ttf",
    "truetype/liberation/LiberationSerif-Italic.ttf",
    "truetype/lato/Lato-Light.ttf",
    "truetype/lato/Lato-Regular.ttf",
    "truetype/lato/Lato-Black.ttf",
    "truetype/open-sans/OpenSans-Regular.ttf",
    "truetype/open-sans/OpenSans-Semibold.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Medium.ttf",
    "truetype/roboto/unhinted/RobotoCondensed-Regular.ttf",
)
_CJK = (
    "opentype/noto/NotoSansCJK-Regular.ttc",
    "opentype/noto/NotoSansCJK-Bold.ttc",
    "opentype/noto/NotoSerifCJK-Regular.ttc",
)
_INDEX = {"ja": 0, "ko": 1, "zh": 2}  # of the faces in Noto's collections
_HANGUL = ("truetype/nanum/NanumGothic.ttf", "truetype/nanum/NanumMyeongjo.ttf")

Pixels = NDArray[np.uint8]
LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


class Contrast(StrEnum):
    FAINT = "below 15"
    LOW = "15 to 40"
    PLAIN = "40 and more"


LEVELS = {Contrast.FAINT: (5, 14), Contrast.LOW: (16, 39), Contrast.PLAIN: (42, 170)}
PLACES = ("top left", "top", "top right", "left", "right", "bottom left", "bottom", "bottom right")


@dataclass(frozen=True, slots=True)
class Label:
    """`height` of a capital letter as a share of the picture's, `levels` asked for between letters and
    the middle of their ground."""

    language: str
    wording: str
    font: str
    index: int
    height: float
    contrast: Contrast
    levels: int
    place: str


def fonts_of(language: str) -> tuple[tuple[str, int], ...]:
    """(file, face) of what is installed."""
    cjk = [(name, _INDEX[language]) for name in _CJK] if language in _INDEX else []
    names = [*cjk, *((name, 0) for name in (_HANGUL if language == "ko" else ()))]
    return tuple(
        (name, index) for name, index in names or [(name, 0) for name in _LATIN] if (_FONTS / name).exists()
    )


def plans(seed: int, languages: tuple[str, ...] = tuple(WORDINGS)) -> Iterator[Label]:
    """An endless row: the languages and contrasts in turn, the rest drawn."""
    chance = random.Random(seed)
    while True:
        for contrast in Contrast:
            for language in languages:
                fonts = fonts_of(language)
                if not fonts:
                    continue
                font, index = chance.choice(fonts)
                yield Label(
                    language,
                    chance.choice(WORDINGS[language]),
                    font,
                    index,
                    chance.uniform(*HEIGHTS),
                    contrast,
                    chance.randint(*LEVELS[contrast]),
                    chance.choice(PLACES),
                )


def enlarged(path: Path, width: int = WIDTH) -> Pixels:
    """uint8 (H, W, 3) RGB, at a platform's width."""
    with Image.open(path) as photo:
        shown = photo.convert("RGB")
    size = (width, round(shown.height * width / shown.width))
    return np.asarray(shown.resize(size, Image.Resampling.LANCZOS), np.uint8)


@dataclass(frozen=True, slots=True)
class Drawn:
    """`levels`: nine tenths of the ink differ by at least so many grey levels from the ground around them."""

    pixels: Pixels
    levels: float
    box: tuple[int, int, int, int]  # left, top, width, height in px

    @property
    def contrast(self) -> Contrast:
        bounds = ((15, Contrast.FAINT), (40, Contrast.LOW))
        return next((name for most, name in bounds if self.levels < most), Contrast.PLAIN)


def labelled(photo: Pixels, label: Label, seed: int) -> Drawn:
    """The photograph with the label on it, through JPEG once."""
    chance = random.Random(seed)
    tall, wide = photo.shape[:2]
    capital = label.height * tall
    font, margin = font_of(label, capital), max(8, round(0.02 * wide))
    text = wrapped(label.wording, font, wide - 2 * margin)
    box = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), text, font, spacing=capital * 0.5)
    size = (round(box[2] - box[0]), round(box[3] - box[1]))
    left, top = corner(label.place, size, (wide, tall), margin, chance)
    mask = Image.new("L", (wide, tall), 0)
    align = "right" if "right" in label.place else "left" if "left" in label.place else "center"
    ImageDraw.Draw(mask).multiline_text(
        (left - box[0], top - box[1]), text, 255, font, spacing=capital * 0.5, align=align
    )
    alpha = np.asarray(mask, np.float64) / 255
    ground = cv2.GaussianBlur(photo @ LUMA, (0, 0), capital / 3)[alpha > 0.5]
    light = float(ground.mean())
    lighter = light + label.levels <= 255 and (chance.random() < 0.6 or light - label.levels < 0)
    grey = float(np.clip(light + (label.levels if lighter else -label.levels), 0, 255))
    mixed = photo * (1 - alpha[:, :, None]) + grey * alpha[:, :, None]
    levels = float(np.percentile(np.abs(grey - ground), 10))
    return Drawn(through_jpeg(np.rint(mixed).astype(np.uint8)), levels, (left, top, *size))


def through_jpeg(pixels: Pixels, quality: int = QUALITY) -> Pixels:
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "JPEG", quality=quality)
    with Image.open(held) as again:
        return np.asarray(again.convert("RGB"), np.uint8)


def font_of(label: Label, capital: float) -> ImageFont.FreeTypeFont:
    """At the size that makes its capital letters so high."""
    path, sign = (
        _FONTS / label.font,
        "H" if label.language not in _INDEX else "生" if label.language != "ko" else "생",
    )
    probe = ImageFont.truetype(path, 200, index=label.index).getbbox(sign)
    return ImageFont.truetype(path, 200 * capital / (probe[3] - probe[1]), index=label.index)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """In as many lines as it needs, broken between words, or between characters where there are none."""
    words, glue = (text.split(" "), " ") if " " in text else (list(text), "")
    lines = [words[0]]
    for word in words[1:]:
        longer = lines[-1] + glue + word
        if font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def corner(
    place: str, size: tuple[int, int], whole: tuple[int, int], margin: int, chance: random.Random
) -> tuple[int, int]:
    spare = max(0, whole[0] - size[0]), max(0, whole[1] - size[1])
    left = margin if "left" in place else spare[0] - margin if "right" in place else spare[0] // 2
    top = (
        margin
        if "top" in place
        else spare[1] - margin
        if "bottom" in place
        else round(spare[1] * chance.uniform(0.15, 0.85))
    )
    return min(max(left, 0), spare[0]), min(max(top, 0), spare[1])
