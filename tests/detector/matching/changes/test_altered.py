"""A replaced part is told, and what only lies on a picture, or changes its colours, is not; a mark is missed
where it was, and where it is no longer seen."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector.matching.candidate import Alignment, Matrix
from detector.matching.changes.altered import altered, looked_at_closely, worth_a_look
from storage.boxes import Box
from storage.changes import Change, ChangeKind
from storage.records import MatchKind
from tests.detector.drawings import Pixels, scene

IDENTITY: Matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
HIGH, WIDE = 480, 360
Edit = Callable[[Pixels], Pixels]


def photo(seed: int) -> Pixels:
    """Blots of every size, softened as a lens does it, with grain."""
    soft = cv2.GaussianBlur(np.ascontiguousarray(scene(WIDE, HIGH, seed)), (0, 0), 1.2).astype(np.float32)
    grain = np.random.default_rng(seed).normal(0, 2, soft.shape)
    return plain(soft + grain)


def plain(pixels: NDArray[np.floating]) -> Pixels:
    return np.asarray(np.rint(pixels).clip(0, 255), np.uint8)


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def ellipse(middle: tuple[float, float], size: tuple[float, float], soft: float) -> NDArray[np.float32]:
    mask = np.zeros((HIGH, WIDE), np.float32)
    place = (round(middle[0] * WIDE), round(middle[1] * HIGH))
    cv2.ellipse(mask, place, (round(size[0] * WIDE), round(size[1] * HIGH)), 0, 0, 360, 1.0, -1)
    return (
        np.asarray(cv2.GaussianBlur(mask, (0, 0), soft), np.float32)[..., None] if soft else mask[..., None]
    )


def blended(under: Pixels, over: Pixels, mask: NDArray[np.float32]) -> Pixels:
    return plain(under * (1 - mask) + over * mask)


def lettered(pixels: Pixels) -> Pixels:
    made = pixels.copy()
    for line in range(3):
        place = (20, 180 + 50 * line)
        cv2.putText(made, "SALE TODAY", place, cv2.FONT_HERSHEY_SIMPLEX, 1.4, (255, 255, 255), 5)
    return made


def banded(pixels: Pixels) -> Pixels:
    made = pixels.copy()
    made[380:] = (30, 20, 200)
    return made


def stuck(pixels: Pixels) -> Pixels:
    made = pixels.copy()
    cv2.circle(made, (180, 200), 80, (40, 210, 250), -1, cv2.LINE_AA)
    cv2.circle(made, (150, 180), 12, (20, 40, 60), -1, cv2.LINE_AA)
    cv2.circle(made, (210, 180), 12, (20, 40, 60), -1, cv2.LINE_AA)
    return made


def vignetted(pixels: Pixels) -> Pixels:
    down, across = np.linspace(-1, 1, HIGH)[:, None], np.linspace(-1, 1, WIDE)[None]
    return plain(pixels * (1 - 0.3 * (down**2 + across**2))[..., None])


def aligned(kind: MatchKind = MatchKind.COPY, matrix: Matrix = IDENTITY, overlap: float = 1.0) -> Alignment:
    return Alignment(
        "ab" * 32, kind, "", matrix=matrix, overlap=overlap, inliers=100, residual=0.2, agreement=0.7
    )


def changes(picture: Pixels, reference: Pixels, *marks: Box, matrix: Matrix = IDENTITY) -> tuple[Change, ...]:
    overlap = 1 / abs(matrix[0] * matrix[4])
    return looked_at_closely(
        picture, reference, aligned(matrix=matrix, overlap=min(1.0, overlap)), marks
    ).changes


@pytest.mark.parametrize("size", [(0.16, 0.14), (0.3, 0.25)])
def test_a_part_of_another_picture_is_found_where_it_is(size: tuple[float, float]) -> None:
    reference = photo(1)
    picture = blended(reference, photo(2), ellipse((0.5, 0.4), size, 3))
    (change,) = changes(jpeg(picture, 75), reference)
    assert change.kind is ChangeKind.ALTERED
    assert change.region is not None
    assert abs(change.region.x + change.region.w / 2 - 0.5) < 0.05
    assert abs(change.region.y + change.region.h / 2 - 0.4) < 0.05
    assert abs(change.share - np.pi * size[0] * size[1]) < 0.04


def test_what_was_painted_over_is_found() -> None:
    reference = photo(3)
    mask = (ellipse((0.45, 0.5), (0.2, 0.16), 0)[..., 0] > 0).astype(np.uint8)
    picture = np.asarray(cv2.inpaint(reference, mask, 5, cv2.INPAINT_TELEA), np.uint8)
    assert [change.kind for change in changes(jpeg(picture, 80), reference)] == [ChangeKind.ALTERED]


INNOCENT: dict[str, Edit] = {
    "nothing": lambda pixels: pixels,
    "saved again": lambda pixels: jpeg(pixels, 35),
    "letters": lettered,
    "a band": banded,
    "a sticker": stuck,
    "brighter": lambda pixels: plain(pixels * 1.3 + 10),
    "a vignette": vignetted,
    "grey": lambda pixels: plain(np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2)),
    "softer": lambda pixels: np.asarray(cv2.GaussianBlur(pixels, (0, 0), 1.5), np.uint8),
    "smaller": lambda pixels: np.asarray(
        cv2.resize(pixels, (200, 267), interpolation=cv2.INTER_AREA), np.uint8
    ),
    "noise": lambda pixels: plain(pixels + np.random.default_rng(0).normal(0, 10, pixels.shape)),
}


@pytest.mark.parametrize("edit", INNOCENT.values(), ids=INNOCENT.keys())
def test_what_changes_nothing_is_not_told(edit: Edit) -> None:
    reference = photo(4)
    assert changes(jpeg(edit(reference), 80), reference) == ()


# --- marks --------------------------------------------------------------------------------------------------

MARK = Box(0.6, 0.9, 0.34, 0.06)


def marked(pixels: Pixels) -> Pixels:
    made = pixels.copy()
    left, top = round(MARK.x * WIDE), round(MARK.y * HIGH)
    right, low = left + round(MARK.w * WIDE), top + round(MARK.h * HIGH)
    cv2.rectangle(made, (left, top), (right, low), (0, 0, 0), -1)
    cv2.putText(made, "AI MADE", (left + 6, low - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 2)
    return made


def test_a_mark_that_is_there_is_not_missed() -> None:
    reference = marked(photo(5))
    assert changes(jpeg(vignetted(reference), 60), reference, MARK) == ()


def test_a_mark_that_was_removed_is_missed() -> None:
    reference = marked(photo(5))
    (change,) = changes(jpeg(photo(5), 80), reference, MARK)
    assert (change.kind, change.reference_region) == (ChangeKind.MARK_REMOVED, MARK)
    assert change.region is not None
    assert abs(change.region.x - MARK.x) < 0.02
    assert abs(change.region.y - MARK.y) < 0.02


def test_a_mark_that_was_cut_off_is_missed() -> None:
    reference = marked(photo(5))
    share = 0.88
    picture = jpeg(np.ascontiguousarray(reference[: round(HIGH * share)]), 80)
    (change,) = changes(picture, reference, MARK, matrix=(1, 0, 0, 0, 1 / share, 0, 0, 0, 1))
    assert (change.kind, change.region) == (ChangeKind.MARK_CROPPED_AWAY, None)


def test_of_what_is_no_copy_nothing_is_asked() -> None:
    scene_only = aligned(MatchKind.SAME_SCENE_OR_GARMENT)
    assert looked_at_closely(photo(1), photo(2), scene_only, [MARK]) == scene_only


def test_what_fits_exactly_but_for_one_part_is_for_a_person() -> None:
    reference = photo(6)
    picture = jpeg(blended(reference, photo(7), ellipse((0.5, 0.5), (0.3, 0.28), 3)), 80)
    found = looked_at_closely(picture, reference, aligned(MatchKind.SAME_SCENE_OR_GARMENT), [])
    assert found.kind is MatchKind.LIKELY_COPY
    assert [change.kind for change in found.changes] == [ChangeKind.ALTERED]


TURNED: Matrix = (0.9994, -0.035, 0.02, 0.035, 0.9994, -0.015, 0, 0, 1)
KEYSTONE: Matrix = (1, 0.0, 0, 0, 1, 0, 0.06, 0, 1)
CROPPED: Matrix = (1.2, 0, -0.1, 0, 1.1, 0.05, 0, 0, 1)
MIRRORED: Matrix = (-1, 0, 1, 0, 1, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("matrix", "worth"),
    [(IDENTITY, True), (CROPPED, True), (MIRRORED, True), (TURNED, False), (KEYSTONE, False)],
)
def test_a_second_shot_of_the_same_floor_lies_askew(matrix: Matrix, worth: bool) -> None:
    assert worth_a_look(aligned(MatchKind.SAME_SCENE_OR_GARMENT, matrix)) is worth
    assert worth_a_look(aligned(MatchKind.COPY, matrix))


def test_too_little_in_common_says_nothing() -> None:
    far: Matrix = (1, 0, 0.95, 0, 1, 0.95, 0, 0, 1)
    assert altered(photo(1), photo(1), aligned(matrix=far), []) is None
