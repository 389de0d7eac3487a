"""Laid on each other: what is a copy whatever was done to it, what a person has to decide, and what is
neither."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detector.matching.alignment.agreement import Agreement
from detector.matching.alignment.align import Fit
from detector.matching.alignment.verify import COARSE, tier, verify
from storage.records import MatchKind
from tests.detector.drawings import Pixels, grey_ramp
from tests.detector.matching.pictures import HEIGHT, WIDTH, collage, cropped, inside, photograph, turned

ORIGINAL, OTHER = photograph(1), photograph(2)
SHA = "a" * 64

COPIES: dict[str, tuple[Callable[[Pixels], Pixels], str]] = {
    "nothing": (lambda p: p, ""),
    "half size": (lambda p: np.asarray(cv2.resize(p, (WIDTH // 2, HEIGHT // 2), interpolation=3)), ""),
    "grey": (lambda p: np.repeat(p.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2), ""),
    "mirrored": (lambda p: np.ascontiguousarray(p[:, ::-1]), "mirrored"),
    "upside down": (lambda p: np.ascontiguousarray(p[::-1, ::-1]), "turned by 180°"),
    "turned": (lambda p: turned(p, 15), "turned by 15° clockwise"),
    "cropped": (lambda p: cropped(p, 0.1, 0.1, 0.8, 0.9), "cropped to 5"),
    "in a picture": (lambda p: inside(p, OTHER, 0.5), "inside a larger picture (2"),
    "collage": (lambda p: collage(p, OTHER), "inside a larger picture (4"),
    "stretched": (lambda p: np.asarray(cv2.resize(p, (round(WIDTH * 1.25), HEIGHT))), "stretched by 2"),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_told_with_what_was_done_to_it(name: str) -> None:
    change, words = COPIES[name]
    (found,) = verify(change(ORIGINAL), [(SHA, ORIGINAL)])
    assert found.kind is MatchKind.COPY, found
    assert words in found.transform
    assert found.reference == SHA
    assert found.reason == ""
    assert found.inliers >= 6
    assert found.agreement >= 0.9
    assert 0 < found.overlap <= 1


def test_where_it_lies_in_the_picture() -> None:
    (found,) = verify(inside(ORIGINAL, OTHER, 0.5, left=0.1, top=0.15), [(SHA, ORIGINAL)])
    assert found.region is not None
    box = (found.region.x, found.region.y, found.region.w, found.region.h)
    assert box == pytest.approx((0.1, 0.15, 0.5, 0.5), abs=0.01)
    assert found.matrix is not None
    corner = np.array(found.matrix).reshape(3, 3) @ (1, 1, 1)
    assert corner[:2] / corner[2] == pytest.approx((0.6, 0.65), abs=0.01)


def test_another_picture_is_nothing() -> None:
    (found,) = verify(OTHER, [(SHA, ORIGINAL)])
    assert found.kind is None
    assert found.reason
    assert not found.too_little


def test_every_twin_of_a_collage_is_found() -> None:
    third = photograph(3)
    found = verify(collage(ORIGINAL, OTHER), [("1" * 64, ORIGINAL), ("2" * 64, OTHER), ("3" * 64, third)])
    assert [one.kind for one in found] == [MatchKind.COPY, MatchKind.COPY, None]


def test_another_garment_before_the_same_backdrop_is_no_copy() -> None:
    scene = ORIGINAL.copy()
    scene[120:400, 90:280] = OTHER[120:400, 90:280]
    (found,) = verify(scene, [(SHA, ORIGINAL)])
    assert found.kind is not MatchKind.COPY
    assert found.reason


@pytest.mark.parametrize(
    ("axes", "words"), [((8, 12), ""), ((25, 40), "of its details differ"), ((40, 60), "somebody else")]
)
def test_somebody_else_before_the_same_backdrop_is_for_a_person(axes: tuple[int, int], words: str) -> None:
    """Small, and yet not so small as a button or a price: nothing else differs."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(mask, (WIDTH // 2, HEIGHT // 2), axes, 0, 0, 360, 255, -1)
    picture = np.where(mask[..., None] > 0, OTHER, ORIGINAL)
    (found,) = verify(picture, [(SHA, ORIGINAL)])
    assert found.kind is (MatchKind.LIKELY_COPY if words else MatchKind.COPY), found
    assert words in found.reason


def test_a_large_cover_is_for_a_person() -> None:
    covered = ORIGINAL.copy()
    cv2.circle(covered, (180, 200), 95, (250, 210, 60), -1)
    (found,) = verify(covered, [(SHA, ORIGINAL)])
    assert found.kind is MatchKind.LIKELY_COPY
    assert found.reason


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((200, 200, 3), 128, np.uint8),
        grey_ramp(300, 200),
        np.zeros((16, 16, 3), np.uint8),
        np.full((1, 400, 3), 9, np.uint8),
        np.full((3, 3, 3), 255, np.uint8),
    ],
    ids=["flat", "gradient", "icon", "one row", "3 x 3"],
)
def test_too_little_says_nothing_about_the_pair(pixels: Pixels) -> None:
    for picture, reference in ((pixels, ORIGINAL), (ORIGINAL, pixels), (pixels, pixels)):
        (found,) = verify(picture, [(SHA, reference)])
        assert found.too_little
        assert found.kind is None
        assert "too little texture" in found.reason


def test_the_same_two_pictures_get_the_same_answer() -> None:
    changed = turned(inside(ORIGINAL, OTHER, 0.6), 7)
    assert verify(changed, [(SHA, ORIGINAL)]) == verify(changed, [(SHA, ORIGINAL)])


def test_a_strip_is_laid_on_what_it_was_cut_from() -> None:
    (found,) = verify(cropped(ORIGINAL, 0, 0.3, 1, 0.6), [(SHA, ORIGINAL)])
    assert found.kind is MatchKind.COPY
    assert found.overlap == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize(("scale", "reason"), [(1.0, "askew"), (0.4, COARSE)])
def test_a_thumbnail_cannot_tell_a_second_shot(scale: float, reason: str) -> None:
    """A turn by half a degree looks like a second shot; on few px it may as well be rounding, and then a hash
    of the whole may say more (conclusion.py)."""
    size = (384, 512)
    turn, shift = np.deg2rad(0.5), np.array([[1, 0, 2], [0, 1, 3], [0, 0, 1.0]])
    rotation = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    matrix = shift @ rotation @ np.diag([scale, scale, 1.0])
    found = Fit(matrix, matrix, np.zeros((200, 2), np.int64), 0.2, mirrored=False)
    same = Agreement(1.0, 1.0, 0.99, 0.99, 0.99, 0.8, 0.01, 0.99, 0.99)
    kind, why = tier(found, same, size)
    assert kind is MatchKind.LIKELY_COPY
    assert reason in why


@pytest.mark.parametrize(
    ("details", "kind", "why"),
    [(13, MatchKind.SAME_SCENE_OR_GARMENT, "only 13 details lie there"), (40, MatchKind.COPY, "")],
)
def test_a_part_of_a_collage_that_agrees_by_few_details_is_not_said_to_differ(
    details: int, kind: MatchKind, why: str
) -> None:
    found = Fit(np.eye(3), np.eye(3), np.zeros((details, 2), np.int64), 0.1, mirrored=False)
    part = Agreement(0.36, 0.36, 1.0, 1.0, 0.99, 0.8, 0.0, 1.0, 0.99, within=(0, 0, 200, 150))
    told, reason = tier(found, part, (384, 512))
    assert told is kind
    assert why in reason
    assert "differs" not in reason
