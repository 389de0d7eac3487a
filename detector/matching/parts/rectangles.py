"""Rectangles within a picture, by their long straight edges: what a collage, a screenshot, a meme or a frame
put around pictures of its own.

A side is seen by how much more edge stands along it than beside it, so that patterned cloth, where edge is
everywhere, bounds nothing. Few pictures in pictures are seen along all four sides; most have two that face
each other. So between every two strong lines the best places for the other two sides are looked for,
whichever way the lines run. All numbers were chosen by measuring
(docs/benchmarks/matching-choosing.md, "Rectangles").
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.local_features.features import Grey, resized

LONG_EDGE = 320  # px, at which edges are looked for
STEP = 8  # of 255: a smaller step between neighbours is no edge
ASIDE, LESS = 2, 0.7  # px beside a line, and how much of the edge there is taken from the line's own
LONG = 0.1  # of the picture's long edge, over which a line has to be seen to be thought of
LINES = 12  # strongest lines either way, the two borders beside them
PLACES = 4  # best places for a side between two lines, the two borders beside them
SEEN = 0.2  # of a side, at such a place
SMALLEST = 0.08  # of the picture's long edge: a smaller rectangle is a button
# A score is what is seen of the sides (mean), half of what is seen of the faintest one, and FREE for each
# that is no border of the picture.
FREE, FAINTEST, BOUNDED = 0.15, 0.3, 1.24  # what is seen of the faintest side, and the score, at least
WEIGHED = 300  # rectangles of the highest score that are looked at more closely
WAVER = 2  # px by which a side may stand beside the strongest step
# A gap between pictures: px at most, by how much of 255 neighbours differ there at most, but for so many of
# them, and how much is seen of the line at its end.
GAP, CALM, BUSY, GAP_END = 6, 8, 0.05, 0.35
SAME = 0.95  # intersection over union: one rectangle found twice
BAND_SHARE = 0.3  # of the picture's area: a band leaves more,
BAND_CALMER = 0.5  # and is at most so busy beside what it leaves

Boxes = NDArray[np.int64]  # (n, 4) px: left, top, right, bottom
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a picture that run one way; places stand between px, 0 and m at the borders. `seen`
    float32 (n + 1, m + 1): how much more edge stands at a place than beside it, summed along the line;
    `steps` int32, likewise: how far the neighbours differ. `strongest` (k,): where lines are seen best, the
    borders among them."""

    seen: Floats
    steps: Longs
    strongest: Longs

    @classmethod
    def of(cls, differing: Grey) -> "_Lines":
        """`differing` uint8 (n, m - 1): by how much neighbours differ across the line."""
        edge = (differing > STEP).astype(np.uint8)
        wavering = cv2.dilate(edge, np.ones((1, 3), np.uint8))  # it may waver by a px to either side
        beside = np.pad(wavering, ((0, 0), (ASIDE, ASIDE)), mode="edge")
        more = wavering - np.float32(LESS / 2) * (beside[:, : -2 * ASIDE] + beside[:, 2 * ASIDE :])
        seen = _summed(np.pad(more, ((0, 0), (1, 1)), constant_values=1))  # a border is edge all along
        steps = _summed(np.pad(differing, ((0, 0), (1, 1))))
        long = min(len(edge), max(4, round(LONG * max(edge.shape[0], edge.shape[1] + 1))))
        strength = (seen[long:] - seen[:-long]).max(axis=0) / long
        plain = differing.mean(axis=0, dtype=np.float32) / 255  # tells px beside each other apart
        inner = strength[1:-1] + plain / 10
        before, after = np.r_[0, inner[:-1]], np.r_[inner[1:], 0]
        peaks = np.flatnonzero((inner >= before) & (inner > after)) + 1
        best = peaks[np.argsort(-inner[peaks - 1], kind="stable")[:LINES]]
        return cls(seen, steps, np.unique(np.r_[0, best, edge.shape[1] + 1]))

    @property
    def border(self) -> int:
        return len(self.seen[0]) - 1

    def share(self, places: Longs, first: Longs, last: Longs) -> Floats:
        """How much of a side at each place is seen between two places along it; 1 for all, less than 0 where
        there is more edge beside it."""
        return np.asarray((self.seen[last, places] - self.seen[first, places]) / (last - first), np.float32)

    def strongest_step(self, places: Longs, first: Longs, last: Longs) -> Longs:
        """Where within `WAVER` px of each place the neighbours differ most; borders stay."""
        near = np.clip(places[:, None] + np.arange(-WAVER, WAVER + 1), 1, self.border - 1)
        steps = self.steps[last[:, None], near] - self.steps[first[:, None], near]
        best = near[np.arange(len(places)), steps.argmax(axis=1)]
        return np.where((places > 0) & (places < self.border), best, places)


def rectangles(grey: Grey, most: int, bands: int = 0) -> Boxes:
    """The rectangles within a uint8 (H, W) picture, best bounded first, at most so many; px of the picture
    given. The last places are for so many `bands`, the largest that are not among them: on cloth with a
    pattern rectangles of threads come before what a band of words leaves of the picture."""
    small = resized(grey, LONG_EDGE)
    height, width = small.shape
    if min(height, width) < 32:
        return np.zeros((0, 4), np.int64)
    across = np.asarray(cv2.absdiff(small[:, 1:], small[:, :-1]), np.uint8)
    down = np.asarray(cv2.absdiff(small[1:], small[:-1]), np.uint8)
    upright, level = _Lines.of(across), _Lines.of(np.ascontiguousarray(down.T))
    least = round(SMALLEST * max(height, width))
    boxes = _bounded(upright, level, least)
    busy = _busy(across, down)
    score = _scores(boxes, upright, level)
    area = _areas(boxes, score, busy)
    best = _different(_closer(boxes[_highest(score)], upright, level, busy, least), most)
    large = _different(_closer(boxes[_highest(area)], upright, level, busy, least), bands)
    fresh = [box for box in large if all(_overlap(best, box) < SAME)]
    found = np.concatenate([best[: most - len(fresh)], np.array(fresh, np.int64).reshape(-1, 4)])
    return np.asarray(
        np.rint(found * np.array([grey.shape[1] / width, grey.shape[0] / height] * 2)), np.int64
    )


def _summed(rows: NDArray[Any]) -> NDArray[Any]:
    """(n + 1, m): sums of the first rows of (n, m) uint8 or float32, as int32 or float64."""
    return np.diff(cv2.integral(rows), axis=1)  # several times as fast as a cumulated sum


def _busy(across: Grey, down: Grey) -> Longs:
    """(H + 1, W + 1): how many px differ from a neighbour by more than a calm ground's, up to each place."""
    busy = np.zeros((across.shape[0], down.shape[1]), np.uint8)
    busy[:, 1:] = across > CALM
    busy[1:] |= down > CALM
    return np.asarray(cv2.integral(busy))


def _bounded(upright: _Lines, level: _Lines, least: int) -> Boxes:
    """All that may be rectangles: between two strong lines, whichever way these run."""
    beside = _between(upright, level, least)
    above = _between(level, upright, least)[:, [1, 0, 3, 2]]
    boxes = np.concatenate([beside, above])
    named = boxes @ (1 << np.array([0, 12, 24, 36]))  # one number each: rows are slow to sort
    return boxes[np.unique(named, return_index=True)[1]]


def _between(lines: _Lines, other: _Lines, least: int) -> Boxes:
    """(n, 4): a strong line, a place of the other way, a second line, a second place."""
    one, two = np.triu_indices(len(lines.strongest), 1)
    first, last = lines.strongest[one], lines.strongest[two]
    wide = last - first >= least
    first, last = first[wide], last[wide]
    if not len(first):
        return np.zeros((0, 4), np.int64)
    seen = (other.seen[last] - other.seen[first]) / (last - first).astype(np.float32)[:, None]
    peak = (seen >= cv2.dilate(seen, np.ones((1, 5), np.uint8))) & (seen > SEEN)
    seen = np.where(peak, seen, 0)
    seen[:, [0, -1]] = 2
    count = min(PLACES + 2, seen.shape[1])
    places = np.argpartition(-seen, count - 1, axis=1)[:, :count]
    places = np.sort(np.where(np.take_along_axis(seen, places, axis=1) > 0, places, 0), axis=1)
    low, high = np.triu_indices(count, 1)
    begin, end = places[:, low], places[:, high]
    high_enough = end - begin >= least
    firsts, lasts = (np.broadcast_to(side[:, None], begin.shape)[high_enough] for side in (first, last))
    return np.stack([firsts, begin[high_enough], lasts, end[high_enough]], axis=1)


def _scores(boxes: Boxes, upright: _Lines, level: _Lines) -> Floats:
    """How well each is bounded; 0 of what is no rectangle."""
    left, top, right, bottom = boxes.T
    sides = np.stack(
        [upright.share(side, top, bottom) for side in (left, right)]
        + [level.share(side, left, right) for side in (top, bottom)]
    )
    free = (left > 0).astype(int) + (right < upright.border) + (top > 0) + (bottom < level.border)
    faintest = sides.min(axis=0)
    score = sides.mean(axis=0) + faintest / 2 + FREE * free
    return np.where((faintest >= FAINTEST) & (free > 0) & (score >= BOUNDED), score, 0)


def _areas(boxes: Boxes, score: Floats, busy: Longs) -> Floats:
    """The share of the picture's area of each rectangle that is larger than `BAND_SHARE`; half of it where
    what lies around it is about as busy as itself, as where a thread of cloth bounds it."""
    left, top, right, bottom = boxes.T
    within = busy[bottom, right] - busy[top, right] - busy[bottom, left] + busy[top, left]
    area = (right - left) * (bottom - top) / ((busy.shape[0] - 1) * (busy.shape[1] - 1))
    calmer = (busy[-1, -1] - within) * area < BAND_CALMER * within * (1 - area)
    return np.where((score > 0) & (area > BAND_SHARE), np.where(calmer, area, area / 2), 0)


def _highest(score: Floats) -> Longs:
    """Where the highest are, highest first; none of 0."""
    order = np.argsort(-score, kind="stable")[:WEIGHED]
    return order[score[order] > 0]


def _closer(boxes: Boxes, upright: _Lines, level: _Lines, busy: Longs, least: int) -> Boxes:
    """Each with its sides at the strongest step, and without the gap to the picture beside it; as it was
    where too little would be left."""
    stepped = _stepped(boxes, upright, level)
    without = stepped.copy()
    for side, (lines, inwards) in enumerate(((upright, 1), (level, 1), (upright, -1), (level, -1))):
        without[:, side] = _gap_end(stepped, side, lines, inwards, busy)
    small = _shorter_side(without) < least
    without[small] = stepped[small]
    closer = _stepped(without, upright, level)
    return np.where((_shorter_side(closer) < least)[:, None], boxes, closer)


def _shorter_side(boxes: Boxes) -> Longs:
    return np.asarray(np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]))


def _stepped(boxes: Boxes, upright: _Lines, level: _Lines) -> Boxes:
    left, top, right, bottom = boxes.T
    return np.stack(
        [
            upright.strongest_step(left, top, bottom),
            level.strongest_step(top, left, right),
            upright.strongest_step(right, top, bottom),
            level.strongest_step(bottom, left, right),
        ],
        axis=1,
    )


def _gap_end(boxes: Boxes, side: int, lines: _Lines, inwards: int, busy: Longs) -> Longs:
    """The places of one side (0 left, 1 top, 2 right, 3 bottom), or, where a calm strip lies inside it that
    ends at another line, of that line: collages have gaps, and pictures stand in frames."""
    places = boxes[:, side, None]
    first, last = boxes[:, 1 - side % 2, None], boxes[:, 3 - side % 2, None]
    ends = np.clip(places + inwards * np.arange(2, GAP + 1), 1, lines.border - 1)
    # of a picture of few px a side may have moved to its opposite one
    seen = (lines.seen[last, ends] - lines.seen[first, ends]) / np.maximum(last - first, 1)
    low = np.minimum(places, ends) + 2  # px next to a line hold some of either side
    high = np.minimum(np.maximum(np.maximum(places, ends) - 1, low + 1), lines.border)
    first, last = first + 1, last - 1
    if side % 2:
        busily = busy[high, last] - busy[low, last] - busy[high, first] + busy[low, first]
    else:
        busily = busy[last, high] - busy[first, high] - busy[last, low] + busy[first, low]
    calm = busily <= BUSY * (high - low) * (last - first)
    seen = np.where(calm, seen, 0)
    best = seen.argmax(axis=1)[:, None]
    found = np.where(
        np.take_along_axis(seen, best, axis=1) > GAP_END, np.take_along_axis(ends, best, axis=1), places
    )
    return np.asarray(found[:, 0])


def _different(boxes: Boxes, most: int) -> Boxes:
    """The first of each set of nearly the same, at most so many."""
    kept: list[int] = []
    left = np.arange(len(boxes))
    while len(left) and len(kept) < most:
        kept.append(int(left[0]))
        left = left[_overlap(boxes[left], boxes[left[0]]) < SAME]
    return boxes[kept]


def _overlap(boxes: Boxes, other: Longs) -> Floats:
    """(n,) intersection over union of each with another one."""
    low, high = np.maximum(boxes[:, :2], other[:2]), np.minimum(boxes[:, 2:], other[2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) + np.prod(other[2:] - other[:2])
    return np.asarray(shared / (areas - shared), np.float32)
