"""Is it a copy? Every candidate is laid on the picture, and their pixels are compared: the last word of
matching.

Features alone prove a shared object, not a copy: the same room, model and garment fill a retailer's feed
(matching.md, section 3a). Three tiers come out: `copy`, which the program may say; `likely_copy`, covered or
borderline, for a person; `same_scene_or_garment`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment.agreement import Agreement, agreement
from detector.matching.alignment.align import FEWEST, Fit, Matrix3, fit
from detector.matching.alignment.doubts import Doubts, doubts
from detector.matching.alignment.exact import exactly
from detector.matching.alignment.transform import LEANING, in_words, lean, stretch, turn_and_stretch
from detector.matching.candidate import Alignment, Matrix
from detector.matching.local_features.features import Packed, Points, packed, resized
from detector.matching.parts.rectangles import rectangles
from storage.records import Box, MatchKind

VERSION = "9"
PICTURE_EDGE = 640  # px (matching.md 3a; likewise the next two)
REFERENCE_EDGE = 512
FEATURES = 800
SPARE = 1.25  # times as many are found as are kept
FEW = 20  # features: a picture with fewer says nothing by them
SHARED = 0.5  # of the reference or of the picture must lie in the other
COPY, COPY_LOOSE = 0.90, 0.92  # score of a copy, the second where the residual is not below CLOSE (likewise)
CLOSE = 0.8  # px (likewise)
LIKELY = 0.80  # score (likewise)
EXACT, COVERED = 0.2, 0.55  # px and score of a covered copy (likewise), of at least so many inliers:
COVERED_INLIERS = 15
# Chosen on the choosing half of clothing-dataset (docs/benchmarks/matching.md):
ALIKE, SOFT = 0.95, 0.82  # everywhere the same, only softer or grainier: share that agrees, correlation
REST, CLEAR = 0.97, 0.97  # of all but one patch agrees, and its correlation: that patch lies on it
CLEAR_RESIDUAL = 0.25  # px
WRITTEN_OVER = "written over"
COARSE = "it is too coarse or too noisy for its details to fit exactly"
CUT = 0.7  # of `SHARED`, for a part of a collage that was cut to fit
CUT_CORRELATION, CUT_RESIDUAL, CUT_INLIERS = 0.9, 0.5, 30
CUT_SHOWN = 0.45  # of the reference: a part that shows less has to hold so many details
FRAMED, FRAME = 0.98, 0.6  # of the reference is seen at least, of the picture is filled by it at most
FRAMED_SCORE, FRAMED_CLEAR, FRAMED_RESIDUAL, FRAMED_INLIERS = 0.6, 0.9, 1.5, 60
FILLED = 0.95  # of a part lies in the reference: it was cut to fit, or is all of it
MUCH = 0.25  # score from which it is looked whether details or pictures lie wrong
WEAK = 40  # inliers: with fewer, a picture's parts are looked at more closely
RELAID = 0.01  # of the details differ at most, where they differed until the two were laid exactly
RECTANGLES, LOOKED_INTO = 8, 5  # of them the best bounded ones are enlarged
SMALLEST_PART, LARGEST_PART = 0.02, 0.6  # of the picture's area
MANY = 150  # inliers that measure a turn and a stretch finely
TURNED = (0.2, 1.2)  # degrees from upright or level: less is nothing, more was meant
FINE_ENOUGH = 300  # px of the picture along what it shows of the reference: with fewer neither is measured so
STRETCHED = (0.01, 0.04)  # longer one way than the other, likewise (a thumbnail's rounding is below)
RESIDUALS = ((200, 0.6), (100, 1.1), (30, 1.4), (FEWEST, 1.6))  # inliers from, px at most (matching.md 3a)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An RGB picture at the size at which it is verified, with its features: what is dear to make twice."""

    pixels: Pixels
    points: Points
    rectangles: tuple[NDArray[np.int64], ...] = ()  # left, top, right, bottom px: pictures within it
    source: Pixels | None = None  # as it was decoded, to look closer at its parts
    parts: dict[int, "Part"] = field(default_factory=dict)  # by place in `rectangles`, once looked at
    marks: tuple[Box, ...] = ()  # of a registered picture, in shares of it: they may be gone from a copy

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) px."""
        return self.pixels.shape[1], self.pixels.shape[0]


def prepare(pixels: Pixels, long_edge: int) -> Prepared:
    """Of uint8 (H, W, 3) RGB. `long_edge`: `PICTURE_EDGE` or `REFERENCE_EDGE`."""
    small = resized(pixels, long_edge)
    return Prepared(small, _features(small).unpacked())


def _features(small: Pixels) -> Packed:
    return packed(np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8), FEATURES, SPARE)


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a picture, enlarged; `view` (3, 3) maps its px to the picture's, `share` is that of the
    picture's area."""

    picture: Prepared
    view: Matrix3
    share: float


def prepare_picture(pixels: Pixels) -> Prepared:
    ready = prepare(pixels, PICTURE_EDGE)
    grey = np.asarray(cv2.cvtColor(ready.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    return replace(ready, rectangles=tuple(rectangles(grey, RECTANGLES)), source=pixels)


def prepare_reference(pixels: Pixels, features: Packed | None = None) -> Prepared:
    """`features`: its own, where they were found before (`reference_features`): finding takes most of it."""
    small = resized(pixels, REFERENCE_EDGE)
    return Prepared(small, (features or _features(small)).unpacked())


def reference_features(pixels: Pixels) -> Packed:
    """Of a registered picture, uint8 (H, W, 3) RGB, at the size at which it is verified."""
    return _features(resized(pixels, REFERENCE_EDGE))


def verify(
    picture: Pixels, references: Sequence[tuple[str, Pixels]], at: float | None = None
) -> tuple[Alignment, ...]:
    """One alignment a reference (SHA-256, uint8 (H, W, 3) RGB), in their order. `at`: second of the frame."""
    ready = prepare_picture(picture)
    return tuple(compare(ready, sha256, prepare_reference(pixels), at) for sha256, pixels in references)


def compare(picture: Prepared, sha256: str, reference: Prepared, at: float | None = None) -> Alignment:
    """The picture beside one reference."""
    if min(len(picture.points), len(reference.points)) < FEW:
        side = "picture" if len(picture.points) < FEW else "registered picture"
        return Alignment(
            sha256,
            None,
            f"the {side} has too little texture to be compared",
            at,
            too_little=True,
            stretch=round(stretch(picture.size, reference.size), 3),
        )
    best = _laid(picture, reference)
    if _weak(best):
        for part in _parts(picture):
            closer = _laid(part.picture, reference, part)
            if isinstance(closer, _Laid) and (isinstance(best, str) or _surer(closer, best)):
                best = closer
    if isinstance(best, str):
        return Alignment(sha256, None, best, at)
    return _aligned(best, sha256, picture, reference, at)


@dataclass(frozen=True, slots=True)
class _Laid:
    """One way to lay the two on each other. `matrix` leads from the reference's px to the whole picture's;
    `filled` is the share of the whole picture."""

    fit: Fit
    shared: Agreement
    kind: MatchKind
    reason: str
    matrix: Matrix3
    filled: float
    doubts: Doubts | None = None  # of what agrees like a copy


def _laid(picture: Prepared, reference: Prepared, part: Part | None = None) -> _Laid | str:
    """Or in words why they cannot be."""
    found = fit(picture.points, reference.points)
    if found is None:
        return "their details do not fit on each other"
    shared = _shared(picture, reference, found)
    if shared is None:
        return "they share too small a part"
    if _is_doubtful(found, shared, reference.size):
        found, shared = _exactly_laid(picture, reference, found) or (found, shared)
    if part is None:
        return _judged(picture, reference, found, shared)
    if not shared.cut and shared.filled >= FILLED:
        shared = replace(shared, within=(0, 0, *picture.size))
    # That a part is all the same proves little, if it is a poster in the same room: it must show half of it.
    laid = _judged(picture, reference, found, replace(shared, filled=0.0))
    return replace(laid, shared=shared, matrix=part.view @ found.matrix, filled=shared.filled * part.share)


def _judged(picture: Prepared, reference: Prepared, found: Fit, shared: Agreement) -> _Laid:
    laid = _doubted(picture, reference, found, shared)
    if laid.doubts is None or not laid.doubts.by_details:
        return laid
    # Details that are a px beside each other differ: laid exactly they may not.
    exact = _exactly_laid(picture, reference, found)
    if exact is None:
        return laid
    closer = _doubted(picture, reference, *exact)
    sure = closer.kind is MatchKind.COPY and closer.doubts and closer.doubts.details <= RELAID
    return closer if sure else laid


def _doubted(picture: Prepared, reference: Prepared, found: Fit, shared: Agreement) -> _Laid:
    kind, reason = tier(found, shared, reference.size)
    seen = None
    if kind is MatchKind.COPY:
        seen = doubts(picture.pixels, reference.pixels, found.matrix, shared.within, reference.marks)
        kind, reason = (MatchKind.LIKELY_COPY, seen.reason) if seen.reason else (kind, reason)
    return _Laid(found, shared, kind, reason, found.matrix, shared.filled, seen)


def _shared(picture: Prepared, reference: Prepared, found: Fit) -> Agreement | None:
    places = picture.points.places[found.pairs[:, 0]], reference.points.places[found.pairs[:, 1]]
    return agreement(picture.pixels, reference.pixels, found, places, picture.rectangles)


def _is_doubtful(found: Fit, shared: Agreement, size: tuple[int, int]) -> bool:
    """Much agrees, and yet the details do not fit, or lie askew: it may be the details that are wrong."""
    return shared.score >= MUCH and (found.residual > _most(found) or bool(askew(found, size)))


def _exactly_laid(picture: Prepared, reference: Prepared, found: Fit) -> tuple[Fit, Agreement] | None:
    """By what is around each place, where that shows that one is a copy of the other in its shape."""
    exact = exactly(picture.pixels, reference.pixels, found.affine)
    if exact is None:
        return None
    laid = replace(found, matrix=exact.matrix, affine=exact.matrix, residual=exact.residual)
    shared = _shared(picture, reference, laid)
    return None if shared is None else (laid, shared)


def _most(found: Fit) -> float:
    """px that the details may lie beside each other."""
    return next(most for inliers, most in RESIDUALS if len(found.pairs) >= inliers)


def _weak(laid: _Laid | str) -> bool:
    """So that a closer look at the picture's parts is worth its time."""
    if isinstance(laid, str):
        return True
    return laid.kind is MatchKind.SAME_SCENE_OR_GARMENT and len(laid.fit.pairs) < WEAK


def _surer(one: _Laid, other: _Laid) -> bool:
    order = (MatchKind.COPY, MatchKind.LIKELY_COPY, MatchKind.SAME_SCENE_OR_GARMENT)
    return order.index(one.kind) < order.index(other.kind)


def _parts(picture: Prepared) -> Iterator[Part]:
    """The picture's rectangles, as sharp as it was decoded and as large as a reference is compared."""
    if picture.source is None:
        return
    height, width = picture.pixels.shape[:2]
    grown = picture.source.shape[1] / width
    for place, (left, top, right, bottom) in enumerate(picture.rectangles[:LOOKED_INTO]):
        share = float((right - left) * (bottom - top) / (width * height))
        if not SMALLEST_PART <= share <= LARGEST_PART:
            continue
        if place not in picture.parts:
            edges = [round(float(edge) * grown) for edge in (left, top, right, bottom)]
            cut = picture.source[edges[1] : edges[3], edges[0] : edges[2]]
            large = resized(np.ascontiguousarray(cut), REFERENCE_EDGE, enlarge=True)
            scale = (right - left) / large.shape[1]
            view = np.array([[scale, 0, left], [0, (bottom - top) / large.shape[0], top], [0, 0, 1.0]])
            picture.parts[place] = Part(prepare(large, REFERENCE_EDGE), view, share)
        yield picture.parts[place]


def _aligned(best: _Laid, sha256: str, picture: Prepared, reference: Prepared, at: float | None) -> Alignment:
    return Alignment(
        reference=sha256,
        kind=best.kind,
        reason=best.reason,
        at=at,
        matrix=_unit(best.matrix, picture, reference),
        region=_region(best.matrix, picture, reference),
        transform=_done(best, reference),
        overlap=round(best.shared.overlap, 3),
        inliers=len(best.fit.pairs),
        residual=round(best.fit.residual, 3),
        agreement=round(best.shared.score, 4),
    )


def _done(best: _Laid, reference: Prepared) -> str:
    words = in_words(best.matrix, reference.size, best.shared.overlap, best.filled)
    written = best.kind is MatchKind.COPY and best.doubts is not None and best.doubts.written
    return ", ".join(filter(None, (words, WRITTEN_OVER if written else "")))


def tier(found: Fit, shared: Agreement, size: tuple[int, int]) -> tuple[MatchKind, str]:
    """matching.md, section 3a, with what docs/benchmarks/matching.md chose. `size` of the reference, px."""
    scene = MatchKind.SAME_SCENE_OR_GARMENT
    differs = f"{_percent(1 - shared.score)} of what they share differs"
    if max(shared.overlap, shared.filled) < SHARED * (CUT if shared.cut else 1):
        return scene, "they share less than half of either picture"
    second_shot = askew(found, size)
    if found.residual > _most(found):
        if shared.score >= COPY_LOOSE and not second_shot and not shared.cut:
            return MatchKind.LIKELY_COPY, COARSE
        if _is_framed(found, shared):
            return MatchKind.LIKELY_COPY, f"all of it stands in a larger picture, but {differs}"
        return scene, f"details lie {found.residual:.1f} px apart, as in two photographs of one thing"
    if _is_copy(found, shared):
        doubt = COARSE if second_shot and _coarse(found, size) else second_shot
        return (MatchKind.LIKELY_COPY, doubt) if doubt else (MatchKind.COPY, "")
    if _is_framed(found, shared) and shared.score < LIKELY:
        return MatchKind.LIKELY_COPY, f"all of it stands in a larger picture, but {differs}"
    if second_shot:
        return scene, f"{differs}, and {second_shot}"
    if shared.score >= LIKELY and not shared.cut:
        return MatchKind.LIKELY_COPY, differs
    if _is_covered(found, shared):
        covered = f"{_percent(shared.lump)} of it is covered or was changed, the rest is the same"
        return MatchKind.LIKELY_COPY, _few_details(found, shared) or covered
    return scene, _few_details(found, shared) or differs


def _few_details(found: Fit, shared: Agreement) -> str:
    """Of a part of a collage that agrees and holds too little to be sure of it; "" of all else."""
    if not shared.cut or shared.score < COPY:
        return ""
    few = f"only {len(found.pairs)} details lie there: too few to be sure"
    return f"what it shows of the registered picture agrees, but {few}"


def _is_copy(found: Fit, shared: Agreement) -> bool:
    if shared.cut:
        return (
            shared.hull >= ALIKE
            and shared.correlation >= CUT_CORRELATION
            and found.residual <= CUT_RESIDUAL
            and len(found.pairs) >= (CUT_INLIERS if shared.overlap < CUT_SHOWN else COVERED_INLIERS)
        )
    if shared.score >= (COPY if found.residual < CLOSE else COPY_LOOSE):
        return True
    return min(shared.hull, shared.whole) >= ALIKE and shared.correlation >= SOFT and found.residual < CLOSE


def _is_framed(found: Fit, shared: Agreement) -> bool:
    """The whole reference, and much around it: a screen that was photographed, with glare on it. Another
    photograph of the same thing hardly ever stands off just so."""
    return (
        shared.overlap >= FRAMED
        and shared.filled <= FRAME
        and shared.score >= FRAMED_SCORE
        and shared.clear >= FRAMED_CLEAR
        and found.residual <= FRAMED_RESIDUAL
        and len(found.pairs) >= FRAMED_INLIERS
    )


def _is_covered(found: Fit, shared: Agreement) -> bool:
    """Something lies on it, or only a part of it was changed: all else fits exactly. Another garment before
    the same backdrop looks like that too, so a person has to look."""
    if len(found.pairs) < COVERED_INLIERS:
        return False
    if shared.cut:
        exact = found.residual <= CUT_RESIDUAL
        return exact and shared.rest >= ALIKE and shared.correlation >= SOFT
    if found.residual < EXACT and shared.score >= COVERED:
        return True
    exact = found.residual < CLEAR_RESIDUAL and shared.rest >= REST and shared.clear >= CLEAR
    return exact and shared.whole >= SHARED


def askew(found: Fit, size: tuple[int, int]) -> str:
    """Why it may be a second shot of one thing, from nearly the same place; "" where nothing says so.

    Software cuts, scales and turns by what somebody chose: not at all, or plainly. A camera that was moved a
    little turns by half a degree and stretches by one percent. Many points measure both far finer than that.
    """
    if len(found.pairs) < MANY or abs(lean(found.matrix, size)) >= LEANING:
        return ""
    turn, stretch = turn_and_stretch(found.affine)
    off = abs((turn + 45) % 90 - 45)
    if TURNED[0] <= off < TURNED[1] or STRETCHED[0] <= stretch < STRETCHED[1]:
        so_far = f"{off:.1f}° and is stretched by {stretch * 100:.1f} %"
        return f"it lies askew by {so_far}, as a second shot of the same thing does"
    return ""


def _coarse(found: Fit, size: tuple[int, int]) -> bool:
    """A thumbnail, in which a fraction of a px is a fraction of a degree: what looks askew need not be."""
    return max(size) * float(np.sqrt(abs(np.linalg.det(found.affine[:2, :2])))) < FINE_ENOUGH


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"


def _unit(matrix: Matrix3, picture: Prepared, reference: Prepared) -> Matrix:
    into = np.diag([1 / picture.size[0], 1 / picture.size[1], 1.0])
    whole = into @ matrix @ np.diag([*map(float, reference.size), 1.0])
    numbers = (whole / whole[2, 2]).ravel().tolist()
    return tuple(float(number) for number in numbers)  # type: ignore[return-value]


def _region(matrix: Matrix3, picture: Prepared, reference: Prepared) -> Box:
    """The upright rectangle around the reference's corners, cut at the picture's borders."""
    width, height = reference.size
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    there = cv2.perspectiveTransform(corners, matrix)[0] / picture.size
    low, high = there.min(axis=0).clip(0, 1), there.max(axis=0).clip(0, 1)
    return Box(*(float(round(number, 4)) for number in (*low, *(high - low))))
