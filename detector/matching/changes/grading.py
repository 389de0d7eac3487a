"""Which grading leads from one picture's colours to another's: a filter, a vignette, a glow from one side.

A grading follows colour and place smoothly, and what it cannot explain is no grading. So the model is kept
narrow on purpose: the luminance by a curve, the chroma by one turn and one stretch for all colours, a tone a
luminance, and both going over smoothly across the picture. What somebody dyed by hand does not fit into it.
Places that do not agree weigh less and less (Geman and McClure's weights).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment import channels

Image = NDArray[np.float32]  # (h, w, 3): RGB, or luminance and chroma
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float32]

# ITU-R BT.601, both chroma channels at the scale of the luminance.
TO_LUMINANCE = np.array(
    [[0.299, 0.587, 0.114], [-0.168636, -0.331068, 0.499704], [0.499813, -0.418531, -0.081282]], np.float32
)
TO_RGB = np.asarray(np.linalg.inv(TO_LUMINANCE), np.float32)
SAMPLES = 2000  # places at which it is fitted
SMOOTH = 3  # px: what lies a px beside itself is not fitted
ROUNDS = ((0, 4), (1, 7))  # how rich the model is, and how often it is fitted
# Ridge, a sample: what a plain brightness, contrast, turn or stretch cannot do has to be worth it, so that a
# dyed garment is not taken for a grading of all that has its colour.
FREE, DEAR = 1e-7, 5e-3
LOOSE, TIGHT = 40.0, 3.0  # levels by which a place may differ and still weigh something, first and at last
NEAR = 6.0  # levels: explained
# A second start, from no grading at all, where the first explains less: what is dyed, and large, can pull the
# first to a grading that nobody made (a turn by 37° and a stretch by 2.2 in one trial of the choosing half).
DOUBTED = 0.92


@dataclass(frozen=True, slots=True)
class Grading:
    """`luminance` and `chroma` are what each term contributes; `explained` the share of the places that come
    out within `NEAR` of the other picture."""

    luminance: Numbers
    chroma: Numbers
    explained: float

    def applied(self, theirs: Image) -> Image:
        """float32 (h, w, 3) RGB, 0 to 255."""
        turned = np.asarray(cv2.transform(theirs, TO_LUMINANCE), np.float32)
        light, blue, red = (np.asarray(turned[..., one] / 255, np.float32) for one in range(3))
        across, down = _edges(turned.shape[:2])
        made = np.empty_like(turned)
        made[..., 0] = _luminance(self.luminance.astype(np.float32), light, blue, red, across, down)
        turn, stretch, *tones = (float(number) for number in self.chroma)
        half = len(tones) // 2
        made[..., 1] = turn * blue - stretch * red + _tone(tones[:half], light, across, down)
        made[..., 2] = turn * red + stretch * blue + _tone(tones[half:], light, across, down)
        rgb = np.asarray(cv2.transform(made, TO_RGB), np.float32)
        return np.asarray(rgb.clip(0, 255), np.float32)


def grading(mine: Image, theirs: Image, shared: Mask, *, roughly: bool = False) -> Grading:
    """From the colours of `theirs` to those of `mine`, float32 (h, w, 3) RGB, where both are. `roughly`: as
    far as one needs to lay them on each other."""
    high, wide = shared.shape
    size = (max(1, wide // 2), max(1, high // 2))
    halves = [
        cv2.blur(cv2.resize(one, size, interpolation=cv2.INTER_AREA), (SMOOTH, SMOOTH))
        for one in (mine, theirs)
    ]
    wanted, known = (
        np.asarray(cv2.transform(one, TO_LUMINANCE).reshape(-1, 3), np.float32) for one in halves
    )
    inner = cv2.resize(shared.astype(np.float32), size, interpolation=cv2.INTER_AREA).ravel() > 0.99
    there = np.flatnonzero(inner if inner.any() else np.ones_like(inner))
    there = there[:: 1 + len(there) // SAMPLES]
    x, y = _edges((size[1], size[0]))
    across, down = (np.broadcast_to(one, (size[1], size[0])).ravel()[there] for one in (x, y))
    pair = wanted[there], known[there]
    if roughly:
        return _fitted(pair, (across, down), ROUNDS[:1], np.ones(len(there), np.float32)).grading
    found = _fitted(pair, (across, down), ROUNDS, np.ones(len(there), np.float32))
    if found.grading.explained < DOUBTED:
        other = _fitted(pair, (across, down), ROUNDS, _weights(pair[0] - pair[1], TIGHT), TIGHT)
        found = other if other.closeness > found.closeness else found
    return found.grading


def _edges(shape: tuple[int, ...]) -> tuple[Image, Image]:
    """-1 to 1 from left to right (1, w), and from top to bottom (h, 1)."""
    across, down = (np.linspace(-1, 1, many, dtype=np.float32) for many in (shape[1], shape[0]))
    return across[None], down[:, None]


# --- what it may consist of ---------------------------------------------------------------------------------


def _luminance(by: Image, light: Image, blue: Image, red: Image, across: Image, down: Image) -> Image:
    """The terms of `_terms`, summed without being laid out: this is done for every place."""
    if len(by) == 2:
        return np.asarray(by[0] + by[1] * light, np.float32)
    curve = by[0] + light * (by[1] + light * (by[2] + light * by[3])) + by[4] * blue + by[5] * red
    shade = across * (by[6] + by[8] * across) + down * (by[7] + by[9] * down) + by[10] * across * down
    slope = across * (by[11] + by[13] * across) + down * (by[12] + by[14] * down)
    return np.asarray(curve + shade + light * slope, np.float32)


def _tone(by: Sequence[float], light: Image, across: Image, down: Image) -> Image:
    if len(by) == 1:
        return np.full(light.shape, by[0], np.float32)
    shade = across * (by[3] + by[5] * across) + down * (by[4] + by[6] * down)
    return np.asarray(by[0] + light * (by[1] + light * by[2]) + shade, np.float32)


def _terms(known: Image, places: tuple[Image, Image], rich: int) -> tuple[Image, Image]:
    """What the luminance may consist of (n, k), and what the tone may (n, m)."""
    light, one = known[:, 0] / 255, np.ones(len(known), np.float32)
    if not rich:
        return np.stack([one, light], 1), one[:, None]
    across, down = places
    both, blue, red = across * down, known[:, 1] / 255, known[:, 2] / 255
    squares = (across * across, down * down)
    curve = (one, light, light**2, light**3, blue, red)
    shade = (across, down, *squares, both)
    slope = (light * across, light * down, light * squares[0], light * squares[1])
    return np.stack([*curve, *shade, *slope], 1), np.stack([one, light, light**2, across, down, *squares], 1)


# --- how it is found ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fitted:
    """`closeness`: the mean weight of its places at `TIGHT`, 0 to 1."""

    grading: Grading
    closeness: float


def _fitted(
    pair: tuple[Image, Image],
    places: tuple[Image, Image],
    rounds: Sequence[tuple[int, int]],
    weights: Image,
    widest: float = LOOSE,
) -> _Fitted:
    """From the known colours to the wanted ones, both (n, 3), by these weights (n,) at first."""
    wanted, known = pair
    for rich, times in rounds:
        luminance, tone = _terms(known, places, rich)
        both = _chroma_terms(known, tone)
        width = widest
        for _ in range(times):
            light = _solved(luminance, wanted[:, 0], weights, _steady(luminance, 0))
            chroma = _solved(both, wanted[:, 1:].T.ravel(), np.tile(weights, 2), _steady(tone, 2))
            apart = wanted - np.column_stack([luminance @ light, (both @ chroma).reshape(2, -1).T])
            far = np.sqrt(channels.total(apart * apart))
            width = max(TIGHT, min(width, 1.5 * float(np.median(far))))
            weights = _weights(apart, width)
    explained = float((far < NEAR).mean())
    return _Fitted(Grading(light, chroma, explained), float(_weights(apart, TIGHT).mean()))


def _weights(apart: Image, width: float) -> Image:
    """Of places that are so far apart (n, 3), after Geman and McClure."""
    return np.asarray((1 + channels.total(apart * apart) / width**2) ** -2, np.float32)


def _chroma_terms(known: Image, tone: Image) -> Image:
    """(2 n, 2 + 2 m): one turn and stretch for both channels, a tone for each."""
    blue, red = known[:, 1] / 255, known[:, 2] / 255
    none = np.zeros_like(tone)
    above = np.concatenate([blue[:, None], -red[:, None], tone, none], axis=1)
    below = np.concatenate([red[:, None], blue[:, None], none, tone], axis=1)
    return np.concatenate([above, below])


def _steady(terms: Image, before: int) -> Numbers:
    """How dear each term is: the plain ones are free. `before`: the turn and the stretch, of two channels."""
    plain = 1 if before else 2
    dear = np.full(terms.shape[1], DEAR, np.float32)
    dear[:plain] = FREE
    return np.concatenate([np.full(before, FREE, np.float32), np.tile(dear, max(before, 1))])


def _solved(terms: Image, wanted: Image, weights: Image, steady: Numbers) -> Numbers:
    heavy = terms * weights[:, None]
    square = (heavy.T @ terms).astype(np.float64) + np.diag(steady * float(weights.sum()))
    return np.asarray(np.linalg.solve(square, heavy.T @ wanted), np.float32)
