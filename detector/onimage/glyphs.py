"""The capital letters of the EU icons, drawn by us from measures of the published shapes.

Units: a small capital letter is 72 high, as in an icon of 200 (detector/onimage/icons.py). Corners are sharp
here and rounded when they are drawn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

CAPITAL = 72.0  # height of a small capital letter
BIG = 97.0  # height of the large "AI", in the units of BIG_A and BIG_I

Outline = Sequence[tuple[float, float]]  # x to the right, y down, closed


@dataclass(frozen=True, slots=True)
class Glyph:
    """`filled` one after the other with ink, then `cut` without; then `added` with ink again."""

    wide: float
    filled: Sequence[Outline]
    cut: Sequence[Outline] = ()
    added: Sequence[Outline] = ()


def bow(left: float, top: float, right: float, bottom: float, *radii: float) -> Outline:
    """A rectangle with the corners rounded: top left, top right, bottom right, bottom left."""
    corners = ((left, top, pi), (right, top, 1.5 * pi), (right, bottom, 0.0), (left, bottom, 0.5 * pi))
    return [point for corner, radius in zip(corners, radii, strict=True) for point in _arc(*corner, radius)]


def _arc(x: float, y: float, start: float, radius: float) -> Outline:
    """A quarter of a circle within the corner (x, y); the corner itself where there is no radius."""
    if radius == 0:
        return [(x, y)]
    middle = (x + radius * (1 if cos(start + pi / 4) < 0 else -1), y + radius * _inward(start))
    turns = [start + step * pi / 24 for step in range(13)]
    return [(middle[0] + radius * cos(turn), middle[1] + radius * sin(turn)) for turn in turns]


def _inward(start: float) -> int:
    return 1 if sin(start + pi / 4) < 0 else -1


def _bar(left: float, top: float, right: float, bottom: float) -> Outline:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


BIG_A = Glyph(
    96.7,
    [[(0, 97), (24, 97), (29.7, 80), (66.7, 80), (72.3, 97), (96.7, 97), (63.3, 0), (33.3, 0)]],
    [[(48, 24), (35.3, 60), (61, 60)]],
)
BIG_I = Glyph(26.0, [_bar(0, 0, 26, 97)])

_E = [(0, 0), (52, 0), (52, 13.7), (16, 13.7), (16, 29.3), (49.7, 29.3), (49.7, 42.3), (16, 42.3)]
_F = [(0, 0), (51, 0), (51, 13.7), (16, 13.7), (16, 31), (49, 31), (49, 44.8), (16, 44.8), (16, 72), (0, 72)]
_N = [(0, 0), (14, 0), (42.7, 45), (42.7, 0), (58.3, 0), (58.3, 72), (43.7, 72), (15.7, 28.7), (15.7, 72)]
_M_LEFT = [(0, 72), (0, 0), (14.4, 0), (34.6, 36.6), (54.8, 0), (69.2, 0), (69.2, 72), (53.7, 72)]
_LEG = [(28.7, 45.7), (44.3, 43.3), (59.3, 72), (43.7, 72)]
_ROUND = bow(0, -1, 62.6, 73, 30, 30, 30, 30)

CAPITALS: Mapping[str, Glyph] = {
    "A": Glyph(
        70.3,
        [[(0, 72), (15.7, 72), (20.7, 58.3), (50, 58.3), (55, 72), (70.3, 72), (45.7, 0), (25.3, 0)]],
        [[(35.3, 16), (24.3, 45.3), (46, 45.3)]],
    ),
    "D": Glyph(60.3, [bow(0, 0, 60.3, 72, 0, 30, 30, 0)], [bow(16.3, 13.3, 43.7, 58.7, 0, 15, 15, 0)]),
    "E": Glyph(52.7, [[*_E, (16, 58.7), (52.7, 58.7), (52.7, 72), (0, 72)]]),
    "F": Glyph(51.0, [_F]),
    "G": Glyph(
        63.0,
        [_ROUND],
        [bow(17, 12, 46.3, 60, 14, 14, 14, 14), _bar(44, 22.7, 64, 32)],
        [_bar(32.7, 31.3, 62.6, 44), _bar(46.3, 31.3, 62.6, 46)],
    ),
    "I": Glyph(17.0, [_bar(0, 0, 17, 72)]),
    "M": Glyph(69.2, [[*_M_LEFT, (53.7, 28), (39.6, 54.4), (29.6, 54.4), (15.5, 28), (15.5, 72)]]),
    "N": Glyph(58.3, [[*_N, (0, 72)]]),
    "O": Glyph(62.2, [_ROUND], [bow(17, 12, 45.4, 60, 14, 14, 14, 14)]),
    "R": Glyph(
        59.3,
        [bow(0, 0, 58, 45.7, 0, 22, 22, 0), _bar(0, 0, 16.7, 72), _LEG],
        [bow(16.7, 13, 41, 32.7, 0, 9.5, 9.5, 0)],
    ),
    "T": Glyph(59.0, [_bar(0, 0, 59, 14.3), _bar(21.3, 0, 37.7, 72)]),
}
