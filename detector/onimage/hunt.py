"""Where on a picture a mark may stand: normalised cross-correlation, over sizes, near the edges.

First roughly, on the picture made so small for each size that the mark has a few px (one template, many
pictures); then the best places again from the full pixels, at finer sizes. Dark on light and light on dark
are the same to it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage.patterns import Light, Pattern, Template, template

STEP = 1.075  # from size to size: with steps of 17 % every sixth icon is lost (labels.md, section 3)
ROUGH_TALL = 14  # px that a mark is high in the rough search: 18 find no more, and cost 1.3 times as much
ROUGH = 0.55  # correlation from which a place is looked at again
KEPT = 8  # places for each mark
FINE_STEPS = (-0.06, -0.04, -0.02, 0.0, 0.02, 0.04, 0.06)  # around the rough size
FINE_TALL = 24, 48  # px that a mark is brought to for that, at least and at most
MOST = 2.0  # times a picture is enlarged for it: smaller marks have no letters left
LIKE = 1.001  # no correlation is larger, but for rounding
AROUND = 0.3  # of the mark's height on every side, where it is looked for again


@dataclass(frozen=True, slots=True)
class Where:
    """`smallest` and `largest` height of a mark, as shares of the picture's. `rows`: at the top and at the
    bottom, of the height; `columns`: at either side, of the width; 1: everywhere. `least`: correlation from
    which a place is looked at again."""

    smallest: float
    largest: float
    rows: float
    columns: float
    least: float = ROUGH


# Marks are 2 to 10 % of the height, and a step on either side; the top and the bottom fifth (labels.md, 3)
EDGES = Where(0.018, 0.11, 0.2, 0.15)


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A mark's place in px of the whole picture (left, top, width, height), and how well it fits: `fit` is
    the correlation, 0 to 1; `light`: its drawing's light parts are light there, not dark; `contrast` grey
    levels between ink and paper."""

    pattern: Pattern
    left: float
    top: float
    wide: float
    tall: float
    fit: float
    light: bool = True
    contrast: float = 0.0


def hunted(
    grey: NDArray[np.uint8],
    patterns: Sequence[Pattern],
    where: Where = EDGES,
    go_on: Callable[[], bool] = lambda: True,
) -> list[Spot]:
    """The best places of each mark, best first; fewer, when `go_on` says so between two marks or places.
    `grey`: uint8 (H, W)."""
    pictures = _Pictures(grey)
    rough = [spot for pattern in patterns if go_on() for spot in _rough(pictures, pattern, where)]
    found = (_fine(grey, spot) for spot in rough if go_on())
    return sorted((fine for fine in found if fine), key=lambda spot: -spot.fit)


class _Pictures:
    """The picture at every height that was asked for."""

    def __init__(self, grey: NDArray[np.uint8]) -> None:
        self._known: dict[int, NDArray[np.uint8]] = {grey.shape[0]: grey}
        self.shape = grey.shape

    def __call__(self, tall: int) -> NDArray[np.uint8]:
        if tall not in self._known:
            larger = min((known for known in self._known if known >= 1.4 * tall), default=self.shape[0])
            base = self._known[larger]
            size = (max(1, round(self.shape[1] * tall / self.shape[0])), tall)
            how = cv2.INTER_AREA if larger > tall else cv2.INTER_LINEAR
            self._known[tall] = np.asarray(cv2.resize(base, size, interpolation=how), np.uint8)
        return self._known[tall]


def _rough(pictures: _Pictures, pattern: Pattern, where: Where) -> list[Spot]:
    drawn = template(pattern, ROUGH_TALL)
    found: list[Spot] = []
    for tall in _heights(where):
        if tall > MOST * pictures.shape[0]:
            continue
        picture = pictures(tall)
        scale = pictures.shape[0] / picture.shape[0], pictures.shape[1] / picture.shape[1]
        found += [_scaled(spot, *scale) for spot in _in_frame(picture, pattern, drawn, where)]
    return apart(found)


def _heights(where: Where) -> Iterator[int]:
    """Of the pictures on which a mark in every size is ROUGH_TALL px high."""
    share = where.smallest
    while share <= where.largest:
        yield round(ROUGH_TALL / share)
        share *= STEP


def _strips(shape: tuple[int, ...], drawn: Template, where: Where) -> list[tuple[int, int, int, int]]:
    """Top, bottom, left, right of each, along the four edges; wide enough for the mark."""
    tall, wide = shape[:2]
    deep = max(round(where.rows * tall), drawn.tall + 4)
    broad = max(round(where.columns * wide), drawn.wide + 4)
    if tall <= 2 * deep:
        return [(0, tall, 0, wide)]
    # By a template's height into the others, so that what lies across the border is whole in one
    rows = deep - drawn.tall, tall - deep + drawn.tall
    sides = [(*rows, 0, wide)] if wide <= 2 * broad else [(*rows, 0, broad), (*rows, wide - broad, wide)]
    return [(0, deep, 0, wide), (tall - deep, tall, 0, wide), *sides]


def _in_frame(picture: NDArray[np.uint8], pattern: Pattern, drawn: Template, where: Where) -> Iterator[Spot]:
    for top, bottom, left, right in _strips(picture.shape, drawn, where):
        part = picture[top:bottom, left:right]
        if part.shape[0] < drawn.light.shape[0] or part.shape[1] < drawn.light.shape[1]:
            continue
        for x, y, fit in _peaks(part, drawn, where.least):
            yield Spot(pattern, left + x - drawn.left, top + y - drawn.top, drawn.wide, drawn.tall, fit)


def _peaks(part: NDArray[np.uint8], drawn: Template, least: float) -> Iterator[tuple[int, int, float]]:
    """(x, y, fit) of the strongest in each neighbourhood."""
    fits = _fits(part.astype(np.float32), drawn.light)
    reach = max(3, drawn.tall // 3) | 1
    if float(fits.max()) < least:
        return
    highest = np.asarray(cv2.dilate(fits, np.ones((reach, reach), np.uint8)))
    for y, x in np.argwhere((fits >= least) & (fits >= highest)):
        yield int(x), int(y), float(fits[y, x])


def _fits(part: Light, light: Light) -> Light:
    """Correlation, its sign left out; 0 where nothing stands that could be compared."""
    fits = np.asarray(cv2.matchTemplate(part, light, cv2.TM_CCOEFF_NORMED), np.float32)
    np.abs(fits, out=fits)
    fits[~(fits <= LIKE)] = 0  # nothing but one grey there
    return fits


def _scaled(spot: Spot, down: float, across: float) -> Spot:
    return Spot(
        spot.pattern, spot.left * across, spot.top * down, spot.wide * across, spot.tall * down, spot.fit
    )


def apart(spots: Sequence[Spot]) -> list[Spot]:
    """Best first, each place once."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda one: -one.fit):
        if len(kept) == KEPT:
            break
        if not any(_same(spot, other) for other in kept):
            kept.append(spot)
    return kept


def _same(one: Spot, other: Spot) -> bool:
    size = max(one.tall, other.tall)
    aside = abs(one.left + one.wide / 2 - other.left - other.wide / 2)
    below = abs(one.top + one.tall / 2 - other.top - other.tall / 2)
    return aside < 0.4 * size and below < 0.4 * size


def _fine(grey: NDArray[np.uint8], rough: Spot) -> Spot | None:
    """The same place from the full pixels; None where it does not lie on the picture."""
    margin = AROUND * rough.tall
    top, bottom = _between(rough.top - margin, rough.top + rough.tall + margin, grey.shape[0])
    left, right = _between(rough.left - margin, rough.left + rough.wide + margin, grey.shape[1])
    if bottom - top < 4 or right - left < 4:
        return None
    share = min(max(rough.tall, FINE_TALL[0]), FINE_TALL[1]) / rough.tall
    part = _resized(grey[top:bottom, left:right], share)
    best: Spot | None = None
    for change in FINE_STEPS:
        drawn = template(rough.pattern, max(4, round(rough.tall * share * (1 + change))))
        spot = _best(part, rough.pattern, drawn)
        if spot and (best is None or spot.fit > best.fit):
            best = spot
    if best is None:
        return None
    down, across = (bottom - top) / part.shape[0], (right - left) / part.shape[1]
    return Spot(
        best.pattern,
        left + best.left * across,
        top + best.top * down,
        best.wide * across,
        best.tall * down,
        best.fit,
        best.light,
        best.contrast,
    )


def _between(first: float, last: float, size: int) -> tuple[int, int]:
    return max(0, int(first)), min(size, round(last))


def _resized(part: NDArray[np.uint8], share: float) -> Light:
    size = (max(1, round(part.shape[1] * share)), max(1, round(part.shape[0] * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part.astype(np.float32), size, interpolation=how), np.float32)


def _best(part: Light, pattern: Pattern, drawn: Template) -> Spot | None:
    high, wide = drawn.light.shape
    if part.shape[0] < high or part.shape[1] < wide:
        return None
    fits = _fits(part, drawn.light)
    y, x = (int(one) for one in np.unravel_index(int(fits.argmax()), fits.shape))
    there = part[y : y + high, x : x + wide]
    ink = drawn.light - drawn.light.mean()
    slope = float((ink * (there - there.mean())).sum() / max(1.0, float((ink * ink).sum())))
    left, top = x - drawn.left, y - drawn.top
    return Spot(pattern, left, top, drawn.wide, drawn.tall, float(fits[y, x]), slope > 0, 255 * abs(slope))
