"""What agrees like a copy and may be none: pages, shirts, patterns, drawn here; and what stays a copy."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from detector.matching.alignment.doubts import DETAILS, LUMP, REPEATING, Doubts, doubts
from detector.matching.alignment.verify import verify
from storage.boxes import Box
from storage.records import MatchKind
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import HEIGHT, WIDTH, clouds, cropped, photograph

pytestmark = pytest.mark.slow  # many pictures

SHA = "a" * 64
AS_IT_IS = np.eye(3)
LINES = [
    "Trousers run small, take one size up",
    "Wash at thirty degrees with like colours",
    "Made in Portugal from recycled cotton",
    "Free returns within twenty-eight days",
    "Model is 178 cm tall and wears size M",
    "Sizes and lengths may vary by three cm",
    "Ask in the store for a free alteration",
    "Members collect two points on each euro",
    "Online from Thursday at nine in the morning",
    "In selected stores from Saturday on",
]


def page(lines: list[str], size: int = 24) -> Pixels:
    image = Image.new("RGB", (600, 800), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    for row, words in enumerate(lines):
        draw.text((60, 60 + 70 * row), words, fill="black", font=font)
    return np.asarray(image)


CHART = page(["Size chart", "S  34 36", "M  38 40", "L  42 44", "XL 46 48"], 36)


def shirt(printed: Pixels) -> Pixels:
    """A drawn shirt on a soft ground, a small picture printed on it."""
    ground = cv2.cvtColor(cv2.cvtColor(clouds(1), cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    made = np.asarray(225 + ground.astype(np.float32) / 12, np.uint8).copy()
    outline = np.array([[80, 90], [280, 90], [340, 170], [290, 200], [260, 160], [260, 420], [100, 420]])
    outline = np.vstack([outline, [[100, 160], [70, 200], [20, 170]]])
    cv2.fillPoly(made, [outline.astype(np.int32)], (40, 50, 120))
    cv2.polylines(made, [outline.astype(np.int32)], isClosed=True, color=(15, 15, 40), thickness=2)
    small = cv2.resize(printed, (66, 66), interpolation=cv2.INTER_AREA)
    made[180:246, 147:213] = small
    return made


SHIRT = shirt(photograph(3))


def white_shirt(printed: Pixels) -> Pixels:
    made, plain = shirt(printed), shirt(np.zeros_like(photograph(3)))
    made[np.abs(plain.astype(np.int64) - (40, 50, 120)).sum(axis=2) < 6] = 205, 205, 210
    return made


def pale(pixels: Pixels) -> Pixels:
    return np.asarray(190 + pixels / 5, np.uint8)


def brighter(pixels: Pixels, factor: float) -> Pixels:
    return np.asarray((pixels * factor).clip(0, 255), np.uint8)


def board(seed: int, cells: int = 20) -> Pixels:
    """A chessboard, a small photograph on it."""
    down, across = np.mgrid[:HEIGHT, :WIDTH] // cells
    made = np.repeat((((down + across) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2)
    made[200:260, 150:195] = cv2.resize(photograph(seed), (45, 60), interpolation=cv2.INTER_AREA)
    return made


def framed(seed: int) -> Pixels:
    """The page of a shop: its lines stay, the photograph above them changes."""
    made = page([""] * 3 + LINES[3:], 24).copy()
    made[40:240] = cv2.resize(cropped(photograph(seed), 0, 0.1, 1, 0.5), (600, 200))
    return made


def test_a_page_of_which_a_line_was_changed_is_no_copy() -> None:
    other = [*LINES[:4], "Please mind the gap between both seams", *LINES[5:]]
    (found,) = verify(page(other), [(SHA, page(LINES))])
    assert found.kind is MatchKind.LIKELY_COPY
    assert found.reason.endswith("of its details differ")


def test_a_size_chart_with_other_numbers_is_no_copy() -> None:
    other = page(["Size chart", "S  44 46", "M  48 50", "L  52 54", "XL 56 58"], 36)
    (found,) = verify(other, [(SHA, CHART)])
    assert found.kind is not MatchKind.COPY


@pytest.mark.parametrize(
    "made", [page(LINES), CHART, SHIRT, photograph(1)], ids=["page", "chart", "shirt", "photo"]
)
def test_each_is_a_copy_of_itself(made: Pixels) -> None:
    half = cv2.resize(made, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    for same in (made, made[20:400], np.asarray(half, np.uint8)):
        assert verify(np.ascontiguousarray(same), [(SHA, made)])[0].kind is MatchKind.COPY


def test_a_shirt_with_another_print_is_no_copy() -> None:
    seen = doubts(shirt(255 - photograph(3)), SHIRT, AS_IT_IS)
    assert seen.lump < LUMP  # too small to be seen by its area
    assert seen.by_details
    assert not doubts(SHIRT, SHIRT, AS_IT_IS).reason


def test_a_pattern_fits_wherever_it_is_laid() -> None:
    assert doubts(board(1), board(1), AS_IT_IS).repeating >= REPEATING
    (found,) = verify(board(2), [(SHA, board(1))])
    assert found.kind is not MatchKind.COPY
    assert doubts(photograph(1), photograph(1), AS_IT_IS).repeating < REPEATING


def test_a_page_around_another_photograph_is_no_copy() -> None:
    (found,) = verify(framed(2), [(SHA, framed(1))])
    assert found.kind is not MatchKind.COPY
    seen = doubts(framed(2), framed(1), AS_IT_IS, (0, 240, 600, 800))
    assert seen.border
    assert "border of its own" in seen.reason


def test_where_a_collage_cut_through_a_photograph_there_is_no_border() -> None:
    cut = clouds(1)
    cut[:150] = clouds(2)[:150]
    seen = doubts(cut, clouds(1), AS_IT_IS, (0, 150, WIDTH, HEIGHT))
    assert not seen.reason


def test_a_strip_of_something_else_at_the_edge_is_no_detail_that_differs() -> None:
    strip = photograph(1)
    strip[:20] = 255
    seen = doubts(strip, photograph(1), AS_IT_IS)
    assert max(seen.lump, seen.details) < 0.01
    within = photograph(1)
    within[200:240] = 255
    assert doubts(within, photograph(1), AS_IT_IS).reason


def test_what_was_bleached_is_not_counted_as_changed() -> None:
    """Much of it is white, and what was there cannot be seen any more."""
    bright = (photograph(1).astype(np.float32) * 1.6).clip(0, 255).astype(np.uint8)
    assert doubts(bright, photograph(1), AS_IT_IS).details <= DETAILS


def test_a_copy_that_was_made_very_bright_is_a_copy() -> None:
    """The colours are fitted by what did not become white, so that the fit says what had to."""
    (found,) = verify(brighter(photograph(1), 2.0), [(SHA, photograph(1))])
    assert found.kind is MatchKind.COPY


@pytest.mark.parametrize("factor", [1.25, 1.35, 1.5])
@pytest.mark.parametrize("printed", [photograph(4), pale(photograph(5))], ids=["dark", "pale"])
def test_another_print_on_a_shirt_that_became_white_is_no_copy(printed: Pixels, factor: float) -> None:
    """What had to become white and did not is a difference, and nothing that light took away."""
    assert doubts(brighter(white_shirt(printed), factor), white_shirt(pale(photograph(3))), AS_IT_IS).reason


def test_fine_cloth_that_was_blurred_is_the_same_cloth() -> None:
    grain = np.random.default_rng(1).normal(0, 40, (HEIGHT, WIDTH, 1))
    cloth = (clouds(1).astype(np.float32) + grain).clip(0, 255).astype(np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(cloth, (0, 0), 2.0), np.uint8)
    assert doubts(blurred, cloth, AS_IT_IS).details <= DETAILS


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Doubts(0.0, 0.0, 0.2, border=False), ""),
        (Doubts(0.08, 0.5, 0.2, border=False), "8 % of it, in one place, differs"),
        (Doubts(0.01, 0.2, 0.99, border=False), "repeats itself"),
        (Doubts(0.01, 0.2, 0.2, border=False), "20 % of its details differ"),
        (Doubts(0.08, 0.5, 0.99, border=True), "border of its own"),
    ],
)
def test_the_first_reason_is_told(seen: Doubts, words: str) -> None:
    assert words in seen.reason
    assert bool(words) == bool(seen.reason)


def test_of_a_stamp_nothing_finer_can_be_seen() -> None:
    small = photograph(1)[:8, :8]
    assert doubts(small, small, AS_IT_IS) == Doubts(0.0, 0.0, 0.0, border=False)


def test_a_mark_that_is_gone_is_asked_for_by_itself() -> None:
    """It is much of what a soft picture shows, and makes it no other picture."""
    marked = clouds(1)
    cv2.rectangle(marked, (290, 20), (340, 60), (0, 0, 0), -1)
    cv2.putText(marked, "AI", (296, 52), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255, 255, 255), 3)
    box = Box(285 / WIDTH, 15 / HEIGHT, 60 / WIDTH, 50 / HEIGHT)
    assert doubts(clouds(1), marked, AS_IT_IS).reason
    assert not doubts(clouds(1), marked, AS_IT_IS, marks=[box]).reason
