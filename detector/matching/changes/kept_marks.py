"""Is the mark of a registered picture still there in a copy of it? It was cut off with what lay around it, or
it is inside the copy and something else stands in its place: painted out, or covered.

A mark is small, so it is looked at by itself: its box and what is around it, enlarged to one size. Where the
copy is too coarse, or the answer is not plain, nothing is said: "cannot tell" is not "removed".
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.changes.differing import compared
from detector.matching.changes.fine import Fine, around, closer, grey
from storage.boxes import Box
from storage.changes import Change, ChangeKind

# docs/benchmarks/labels.md
LEGIBLE = 0.5  # of the mark's box lies within the picture: of less, nobody can read it
BESIDE = 1.0  # of the box's own sides: looked at on each side of it
HIGH = 30  # px of the box's shorter side as it is looked at,
LONGEST = 400  # unless the whole would become longer than this
COARSE = 6.0  # px of its shorter side in the coarser of the two: less says nothing
# A mark that was there correlated by .86 and more in 78 copies, whatever was done to them; one that was gone
# by .75 at most where a third of its box differed, and by .6 and less where it did not.
ODD, UNLIKE = 0.25, 0.75
NOTHING_ALIKE = 0.55
FAINT = 6.0  # levels (standard deviation) in the reference's box: less has no likeness to lose
TOGETHER = 0.6  # of what is around it differs as well: it was covered, or cut away, together with that
CUT = 0.07  # of the reference that ends sooner than the picture does: a collage that cuts its parts
GRID = 16

Pixels = NDArray[np.uint8]


def mark_change(fine: Fine, pictures: tuple[Pixels, Pixels], box: Box, overlap: float) -> Change | None:
    """None where the mark is still there, or where nobody can tell. `pictures` RGB as they were verified, the
    reference last; `box` in shares of the reference, `overlap` the share of it that is seen."""
    share = _visible(fine, box)
    if share < LEGIBLE:
        return _cut_off(box, share)
    differs = _differs(fine, pictures, box)
    if differs is None:
        return None
    within, beside, alike = differs
    if alike >= (UNLIKE if within >= ODD else NOTHING_ALIKE):
        return None
    if beside >= TOGETHER and _visible(fine, Box(0, 0, 1, 1)) > overlap + CUT:
        return _cut_off(box, 0.0)
    words = (
        "something lies over its mark and over what is around it"
        if beside >= TOGETHER
        else "its mark is not in its place, and what is around it is the same"
    )
    return Change(
        ChangeKind.MARK_REMOVED,
        around(_corners(box), fine.onto_picture),
        box,
        round(min(1.0, box.w * box.h / max(overlap, 1e-6)), 4),
        words,
    )


def _cut_off(box: Box, visible: float) -> Change:
    gone = "all" if not visible else f"{round((1 - visible) * 100)} %"
    words = f"{gone} of its mark lies beyond what the picture shows"
    return Change(ChangeKind.MARK_CROPPED_AWAY, None, box, round(1 - visible, 4), words)


def _visible(fine: Fine, box: Box) -> float:
    """Share of the reference's box that lies within the picture."""
    steps = (np.arange(GRID) + 0.5) / GRID
    across, down = np.meshgrid(box.x + steps * box.w, box.y + steps * box.h)
    places = np.stack([across, down], axis=2).reshape(1, -1, 2)
    there = cv2.perspectiveTransform(places, fine.onto_picture)[0]
    return float(((there >= 0) & (there <= 1)).all(axis=1).mean())


def _differs(fine: Fine, pictures: tuple[Pixels, Pixels], box: Box) -> tuple[float, float, float] | None:
    """Which share of the box differs and which of what is around it, and the correlation over the box. None
    where too little is seen of it."""
    if _shorter_side(fine, pictures, box) < COARSE:
        return None
    window = _window(box)
    size = _size(window, box, pictures[1])
    inside = _inside(window, box, size)
    near = closer(fine, pictures, window, size, ~inside)
    if near is None:
        return None
    within, beside = inside & near.shared, ~inside & near.shared
    if within.sum() < LEGIBLE * inside.sum():
        return None
    ours, theirs = (grey(one)[within] for one in near.even)
    if float(theirs.std()) < FAINT:
        return None
    odd = compared(near).odd
    apart = float(odd[beside].mean()) if beside.any() else 0.0
    return float(odd[within].mean()), apart, _correlation(ours, theirs)


def _window(box: Box) -> Box:
    left, top = max(0.0, box.x - BESIDE * box.w), max(0.0, box.y - BESIDE * box.h)
    right, low = min(1.0, box.x + (1 + BESIDE) * box.w), min(1.0, box.y + (1 + BESIDE) * box.h)
    return Box(left, top, right - left, low - top)


def _size(window: Box, box: Box, reference: Pixels) -> tuple[int, int]:
    wide, high = window.w * reference.shape[1], window.h * reference.shape[0]
    shorter = min(box.w * reference.shape[1], box.h * reference.shape[0])
    share = min(HIGH / max(shorter, 1e-6), LONGEST / max(wide, high, 1e-6))
    return max(12, round(wide * share)), max(12, round(high * share))


def _inside(window: Box, box: Box, size: tuple[int, int]) -> NDArray[np.bool_]:
    across = (np.arange(size[0]) + 0.5) / size[0] * window.w + window.x
    down = (np.arange(size[1]) + 0.5) / size[1] * window.h + window.y
    columns = (across >= box.x) & (across <= box.x + box.w)
    return np.asarray(((down >= box.y) & (down <= box.y + box.h))[:, None] & columns[None])


def _shorter_side(fine: Fine, pictures: tuple[Pixels, Pixels], box: Box) -> float:
    """px, in the coarser of the two."""
    picture, reference = pictures
    found = cv2.perspectiveTransform(_corners(box)[None, [0, 1, 3]], fine.onto_picture)[0]
    found = found * (picture.shape[1], picture.shape[0])
    sides = (float(np.linalg.norm(found[1] - found[0])), float(np.linalg.norm(found[2] - found[0])))
    return float(min(*sides, box.w * reference.shape[1], box.h * reference.shape[0]))


def _corners(box: Box) -> NDArray[np.float64]:
    right, low = box.x + box.w, box.y + box.h
    return np.array([[box.x, box.y], [right, box.y], [right, low], [box.x, low]], np.float64)


def _correlation(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    one, other = ours - ours.mean(), theirs - theirs.mean()
    power = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / power if power > 1e-6 else 0.0
