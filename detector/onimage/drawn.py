"""A mark that a user registers, out of the pixels of its file: what is drawn on it, without its ground.

Pixels in, two planes out; the file itself is decoded in a worker (`detector.processes.worker`). Where the
file has transparency, that says what is drawn. Where it has none, its plain ground is found along its border,
and a pixel covers by how far it lies from that, beside the farthest in its neighbourhood: so the soft edge of
a stroke is an edge, and light ink covers as well as dark ink does. Letters of the ground's own colour are ink
where they stand in a box.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from storage.errors import PictureError

HEIGHT = 160  # px at most: a mark is 2 to 10 % (issue 4) of a picture of which at most 2160 px are looked at
LONGEST = 12  # times as long as high, or as high as long: "Content Credentials" in one line is 9
SMALLEST = 16  # px of the shorter side: below it the letters of the EU's icons run together (own trials)
EDGE = 2048  # px: of a larger file the mean of several pixels is taken first; the longest mark has room in it

_OPAQUE = 250  # of 255: where no pixel covers less, the file has no transparency to speak of
_COVERS = 32  # of 255: less is the soft edge of something, and is trimmed
_GROUND = 20  # of 255: a plain ground in a JPEG of quality 50 is itself within 15 (own trials)
_STRONG = 0.25  # of the farthest from the ground: a JPEG of quality 50 has specks of 0.22 (own trials)
_PLAIN_BORDER = 0.75  # of the border's pixels: a mark that fills its file touches the rest
_SOFT = 7  # px square: so far reaches the soft edge of a stroke
_TWO_COLOURS = 48  # of 255 between light and dark ink: less is one colour
_SHAPES = 96  # px of the shorter side, at which shapes are told apart
_SPECK = 0.001  # of the area: smaller is no shape
_CONVEX = 0.93  # of its hull's area: a disc of 16 px has 0.95
_LETTER = 0.85  # a hole of less is a letter, "A" 0.65; the holes of letters have 0.9 or more (20 to 160 px)
_BENT = 0.03  # of its outline: so far a corner stands out
_PLAIN_SHAPES = 3  # convex ones: a line, a box, a frame, a ring, "=", the three dots or lines of a menu
_CORNERS = 8  # a bend ("L", "V") has 6 or 7, a four-pointed star 8
# How much a pixel differs from the mean of 5 x 5 around it, of 255: less is flat, more is an edge. Of 96
# photographs on white 95 % have more than this share of their pixels between these (own trials) …
_SHADED = (2, 25)
_MOST_SHADED = 0.15
# … and so have small icons in a JPEG of quality 50; but of these 98.9 % or more of the ink lies in three
# narrow ranges of grey, of nine photographs in ten less than 87 % (the EU's icons, 50 to 200 px high).
_TONES, _TONE = 3, 24
_LEAST_OF_TONES = 0.97
_BLOT = 32  # px of the shorter side: smaller ones are edges all over, and no photograph
_SOLID = 0.2  # of the ink lies away from its edges: thinner letters are no photograph

Plane = NDArray[np.uint8]  # (h, w)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """`grey` (h, w) is the luminance of what is drawn, `alpha` (h, w) how much it covers, both 0 to 255, at
    most `HEIGHT` px high. `see_through`: the file itself says what covers."""

    grey: Plane
    alpha: Plane
    see_through: bool


def drawn(pixels: NDArray[np.uint8]) -> Drawing:
    """`pixels`: uint8 (H, W, 4), RGB and how much they cover.

    Raises PictureError: "no_plain_ground" (a photograph), "nothing_drawn", "mark_too_small", "mark_too_long",
    "photograph" (cut out, or before a plain ground), "too_plain" (a line, a box or a dot: every picture has
    some).
    """
    small = _shrunk(pixels)
    see_through = bool(small[..., 3].min() < _OPAQUE)
    inked = small if see_through else _lifted(small[..., :3])
    part = inked[_drawn_part(inked[..., 3])]
    _refuse_sizes(*part.shape[:2])
    grey, alpha = _scaled(part)
    _refuse_photograph(grey, alpha)
    _refuse_plain(grey, alpha)
    return Drawing(grey, alpha, see_through)


# --- ink and ground -----------------------------------------------------------------------------------------


def _shrunk(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Hidden colours of what covers nothing do not bleed into the mean."""
    share = -(-max(pixels.shape[:2]) // EDGE)
    return np.asarray(Image.fromarray(pixels).reduce(share)) if share > 1 else pixels


def _lifted(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w, 4): each pixel parted into ink and the ground below it."""
    ground = _ground(rgb)
    off = rgb.astype(np.int16) - ground
    far = np.abs(off).max(axis=2).astype(np.float32)
    inked = _is_ink(far)
    far[~inked] = 0
    farthest = cv2.dilate(far, np.ones((_SOFT, _SOFT), np.uint8))
    covers = far / np.maximum(farthest, 1)
    covers[_labels(inked)] = 1
    ink = (ground + off / np.maximum(covers, 1 / 255)[..., None]).clip(0, 255)
    return np.dstack([ink, covers * 255]).round().astype(np.uint8)


def _is_ink(far: NDArray[np.float32]) -> NDArray[np.bool_]:
    """What is far enough from the ground, and hangs together with what is farther: the specks that a JPEG
    leaves around its edges do not."""
    count, labels = cv2.connectedComponents((far > _GROUND).astype(np.uint8))
    strong = np.zeros(count, np.bool_)
    strong[labels[far > max(_GROUND, _STRONG * float(far.max()))]] = True
    strong[0] = False
    return np.asarray(strong[labels], np.bool_)


def _labels(inked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Boxes and discs with letters in them of the ground's own colour, all but their soft edge: there the
    ground is ink. Told by a hole that is no plain shape; the holes of letters ("O", "B", "8") are."""
    found, family = cv2.findContours(inked.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    outlines = [np.asarray(one, np.int32) for one in found]
    around = [int(one[3]) for one in family[0]] if outlines else []
    boxes = {
        box
        for box, hole in zip(around, outlines, strict=True)
        if box >= 0
        and cv2.contourArea(hole) >= _SPECK * cv2.contourArea(outlines[box])
        and _convexity(hole) < _LETTER
    }
    filled = np.zeros(inked.shape, np.uint8)
    for place in boxes:
        if _convexity(outlines[place]) >= _CONVEX:
            cv2.drawContours(filled, outlines, place, 1, cv2.FILLED)
    return cv2.erode(filled, np.ones((_SOFT, _SOFT), np.uint8)) > 0


def _ground(rgb: NDArray[np.uint8]) -> NDArray[np.int16]:
    """(3,), the border's colour."""
    band = max(1, min(rgb.shape[:2]) // 50)
    sides = (rgb[:band], rgb[-band:], rgb[:, :band], rgb[:, -band:])
    border = np.concatenate([side.reshape(-1, 3) for side in sides]).astype(np.int16)
    ground = np.median(border, axis=0).astype(np.int16)
    if (np.abs(border - ground).max(axis=1) <= _GROUND).mean() < _PLAIN_BORDER:
        raise PictureError(
            "it has no plain ground, so the mark cannot be told from what is around it: crop the mark with "
            "some of a plain ground around it, or give it a transparent background",
            kind="no_plain_ground",
        )
    return np.asarray(ground, np.int16)


def _drawn_part(alpha: Plane) -> tuple[slice, slice]:
    rows, columns = (np.flatnonzero((alpha >= _COVERS).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise PictureError("nothing is drawn on it that stands out from its ground", kind="nothing_drawn")
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _scaled(part: NDArray[np.uint8]) -> tuple[Plane, Plane]:
    """Luminance and covering, never enlarged. What covers nothing has the ink's mean luminance: of its own
    colour a viewer sees nothing."""
    luminance = cv2.cvtColor(np.ascontiguousarray(part[..., :3]), cv2.COLOR_RGB2GRAY)
    planes = Image.fromarray(
        np.dstack([luminance, part[..., 3]])
    )  # "LA": resized by how much each pixel covers
    if planes.height > HEIGHT:
        width = max(1, round(planes.width * HEIGHT / planes.height))
        planes = planes.resize((width, HEIGHT), Image.Resampling.BOX)
    grey, alpha = (np.array(planes.getchannel(name), np.uint8) for name in ("L", "A"))
    grey[alpha == 0] = round(float(np.average(grey, weights=alpha)))
    return grey, alpha


# --- what cannot serve --------------------------------------------------------------------------------------


def _refuse_sizes(high: int, wide: int) -> None:
    size = f"what is drawn on it is {wide} x {high} px"
    if max(high, wide) > LONGEST * min(high, wide):
        raise PictureError(
            f"{size}, more than {LONGEST} times as long as it is wide: crop a part of it",
            kind="mark_too_long",
        )
    if min(high, wide) < SMALLEST:
        raise PictureError(
            f"{size}, too small to be known again: give a drawing of {SMALLEST} px or more, better {HEIGHT}",
            kind="mark_too_small",
        )


def _refuse_photograph(grey: Plane, alpha: Plane) -> None:
    if min(alpha.shape) < _BLOT:
        return
    ink = _ink(alpha)
    inside = cv2.erode(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if inside.sum() < _SOLID * ink.sum() or _share_of_tones(grey[inside]) >= _LEAST_OF_TONES:
        return
    values = grey.astype(np.float32)
    off = np.abs(values - cv2.blur(values, (5, 5)))[inside]
    low, high = _SHADED
    if ((off >= low) & (off <= high)).mean() > _MOST_SHADED:
        raise PictureError(
            "it looks like a photograph, not like a drawn mark: crop the mark, or give it a transparent "
            "background",
            kind="photograph",
        )


def _share_of_tones(greys: NDArray[np.uint8]) -> float:
    """How much of it lies in the fullest ranges of grey, one taken after the other."""
    counts = np.bincount(greys, minlength=256).astype(np.float64)
    total = counts.sum()
    for _ in range(_TONES):
        start = int(np.convolve(counts, np.ones(_TONE), "valid").argmax())
        counts[start : start + _TONE] = 0
    return float(1 - counts.sum() / total) if total else 1.0


def _refuse_plain(grey: Plane, alpha: Plane) -> None:
    """By its outlines: those of the ink, and within the ink those of its light parts."""
    outlines = list(_outlines(grey, alpha))
    bent = sum(_convexity(one) < _CONVEX for one in outlines)
    corners = sum(len(cv2.approxPolyDP(one, _BENT * cv2.arcLength(one, True), True)) for one in outlines)
    if len(outlines) <= _PLAIN_SHAPES and (not bent or corners < _CORNERS):
        raise PictureError(
            "it is too plain (a line, a box, a dot or a bend): every picture has something like it, and the "
            "mark would be found everywhere",
            kind="too_plain",
        )


def _outlines(grey: Plane, alpha: Plane) -> Iterator[NDArray[np.int32]]:
    share = _SHAPES / min(alpha.shape)
    size = (max(1, round(alpha.shape[1] * share)), max(1, round(alpha.shape[0] * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    grey, alpha = (np.asarray(cv2.resize(one, size, interpolation=how), np.uint8) for one in (grey, alpha))
    ink = _ink(alpha)
    dark, light = np.percentile(grey[ink], (1, 99))
    parts = [ink, ink & (grey >= (dark + light) / 2)] if light - dark >= _TWO_COLOURS else [ink]
    for part in parts:
        padded = np.pad(part.astype(np.uint8), 2)
        found, _ = cv2.findContours(padded, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        least = _SPECK * ink.size
        yield from (np.asarray(one, np.int32) for one in found if cv2.contourArea(one) >= least)


def _convexity(outline: NDArray[np.int32]) -> float:
    """Of its hull's area; a line has none, and is convex."""
    hull = cv2.contourArea(cv2.convexHull(outline))
    return cv2.contourArea(outline) / hull if hull else 1.0


def _ink(alpha: Plane) -> NDArray[np.bool_]:
    """A mark may be see-through as a whole: half of what covers most."""
    return alpha >= max(1, int(alpha.max()) // 2)
