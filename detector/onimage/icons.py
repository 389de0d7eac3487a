"""The marks that everybody may meet, drawn by us from their published shapes: the three EU icons for AI
content (European Commission, 2026-06-10), the Content Credentials pin, and Gemini's sparkle.

One drawing each. The EU icons' four looks (black, white, each also half transparent) differ in the light of
letters and plate alone, and the search is free of polarity and contrast.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.glyphs import BIG, BIG_A, BIG_I, CAPITALS, Glyph, Outline, bow
from detector.onimage.look import Mark

TALL = 200  # px that every mark is drawn high
FINE = 4  # times so large while it is drawn
CORNER = 3.0  # px, the radius that blurring gives to sharp corners

AI = "EU icon: AI"
GENERATED = "EU icon: AI GENERATED"
MODIFIED = "EU icon: AI MODIFIED"
PIN = "Content Credentials pin"
SPARKLE = "Gemini sparkle"

Plane = NDArray[np.uint8]
_Placed = tuple[Glyph, float, float, float]  # a letter, where its top left is, how much it is enlarged

# Where letters begin, in px of an icon of 200 (width, letters): measured on the published icons.
_DISC = 200, ((BIG_A, 42.3, 61.2, 76.7 / BIG), (BIG_I, 127.7, 61.2, 76.7 / BIG))
_HEAD = (BIG_A, 86.0, 51.2, 1.0), (BIG_I, 193.0, 51.2, 1.0)
_BASE = 64.0
_GENERATED = 1045, (("GENERATED", (293.0, 377, 449.3, 531, 604.3, 675.3, 749.3, 826.3, 898.6)),)
_MODIFIED = 918, (("MODIFIED", (294.0, 384, 467, 548, 588, 658, 698, 771)),)


@cache
def built_in_marks() -> tuple[Mark, ...]:
    """Looked for on every picture that is looked at."""
    return (
        _plate(AI, "AI", "AI", *_DISC),
        *(
            _plate(name, says, says, wide, (*_HEAD, *_word(*word[0])))
            for name, says, (wide, word) in (
                (GENERATED, "AI GENERATED", _GENERATED),
                (MODIFIED, "AI MODIFIED", _MODIFIED),
            )
        ),
        _pin(),
        _sparkle(),
    )


def _word(letters: str, lefts: Sequence[float]) -> list[_Placed]:
    return [(CAPITALS[letter], left, _BASE, 1.0) for letter, left in zip(letters, lefts, strict=True)]


def _plate(name: str, says: str, letters: str, wide: int, placed: Iterable[_Placed]) -> Mark:
    """White letters on a black disc, or on a pill."""
    half = TALL / 2
    alpha = _small(_filled(wide, [bow(0, 0, wide, TALL, half, half, half, half)]))
    return Mark(name, says, _small(_rounded(_lettered(wide, placed))), alpha, letters)


def _lettered(wide: int, placed: Iterable[_Placed]) -> Plane:
    plane = _filled(wide, [])
    for glyph, left, top, scale in placed:
        for outlines, light in ((glyph.filled, 255), (glyph.cut, 0), (glyph.added, 255)):
            for outline in outlines:
                _fill(plane, [(left + x * scale, top + y * scale) for x, y in outline], light)
    return plane


def _pin() -> Mark:
    """Black "cr" in a black ring with one sharp corner, on white: C2PA's mark for Content Credentials."""
    edge = 14.0
    radius = TALL / 2
    alpha = _filled(TALL, [bow(0, 0, TALL, TALL, radius, radius, 0, radius)])
    inner = radius - edge
    paper = _filled(TALL, [bow(edge, edge, TALL - edge, TALL - edge, inner, inner, 0, inner)])
    for outline in (*_small_c(76, 104, 34, 17), *_small_r(120, 104, 34, 17)):
        _fill(paper, outline, 0)
    return Mark(PIN, "Content Credentials", _small(paper), _small(alpha), "cr")


def _small_c(x: float, y: float, radius: float, stroke: float) -> list[Outline]:
    """Around its middle, open to the right by 45 degrees either way."""
    return [_ring(x, y, radius, stroke, pi / 4, 7 * pi / 4)]


def _small_r(x: float, y: float, radius: float, stroke: float) -> list[Outline]:
    """`x`: its left."""
    stem: Outline = [(x, y - radius), (x + stroke, y - radius), (x + stroke, y + radius), (x, y + radius)]
    return [stem, _ring(x + radius, y, radius, stroke, pi, 1.62 * pi)]


def _ring(x: float, y: float, radius: float, stroke: float, start: float, end: float) -> Outline:
    turns = [start + (end - start) * step / 32 for step in range(33)]
    outer = [(x + radius * cos(turn), y + radius * sin(turn)) for turn in turns]
    hollow = radius - stroke
    return [*outer, *((x + hollow * cos(turn), y + hollow * sin(turn)) for turn in reversed(turns))]


def _sparkle() -> Mark:
    """A white star of four points, its sides quarters of circles around the corners of its box."""
    radius, star = TALL / 2, []
    for x, y, start in ((0, 0, 0.5), (TALL, 0, 1.0), (TALL, TALL, 1.5), (0, TALL, 0.0)):
        turns = [(start - step / 48) * pi for step in range(25)]
        star += [(x + radius * cos(turn), y + radius * sin(turn)) for turn in turns]
    alpha = _small(_filled(TALL, [star]))
    return Mark(SPARKLE, "Gemini’s sparkle", np.full_like(alpha, 255), alpha)


# --- drawing ------------------------------------------------------------------------------------------------


def _filled(wide: int, outlines: Iterable[Outline]) -> Plane:
    plane = np.zeros((TALL * FINE, wide * FINE), np.uint8)
    for outline in outlines:
        _fill(plane, outline, 255)
    return plane


def _fill(plane: Plane, outline: Outline, light: int) -> None:
    points = np.rint(np.asarray(outline, np.float64) * FINE).astype(np.int32)
    cv2.fillPoly(plane, [points], light)


def _rounded(plane: Plane) -> Plane:
    """Sharp corners made round, edges left where they are."""
    blurred = cv2.GaussianBlur(plane, (0, 0), CORNER * FINE / 2)
    return np.where(np.asarray(blurred) >= 128, 255, 0).astype(np.uint8)


def _small(plane: Plane) -> Plane:
    size = (plane.shape[1] // FINE, plane.shape[0] // FINE)
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)
