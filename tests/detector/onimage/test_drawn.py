"""A mark out of its file: the same drawing whatever it lies on, and nothing that every picture has."""

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image, ImageDraw

from detector.onimage.drawn import HEIGHT, LONGEST, SMALLEST, drawn
from storage.errors import PictureError
from tests.detector.drawings import scene
from tests.detector.onimage.brand import BLACK, WHITE, Clear, Colour, as_jpeg, letters, on, sketch

STAR = ((100, 20), (115, 85), (180, 100), (115, 115), (100, 180), (85, 115), (20, 100), (85, 85))
KINDS = {
    *("no_plain_ground", "nothing_drawn", "mark_too_small", "mark_too_long", "photograph", "too_plain"),
}


def refused(pixels: Clear) -> str:
    with pytest.raises(PictureError) as caught:
        drawn(pixels)
    assert caught.value.kind in KINDS
    return caught.value.kind


def test_transparency_says_what_is_drawn() -> None:
    clear = letters("AI")
    drawing = drawn(clear)
    rows, columns = (np.flatnonzero((clear[..., 3] >= 32).any(axis=axis)) for axis in (1, 0))
    part = clear[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert drawing.see_through
    assert np.array_equal(drawing.alpha, part[..., 3])
    assert (drawing.grey == 0).all()


@pytest.mark.parametrize("ink", [BLACK, WHITE, (200, 30, 30), (240, 240, 120)])
@pytest.mark.parametrize("ground", [WHITE, BLACK, (90, 120, 60)])
def test_a_plain_ground_is_taken_away_whatever_the_colours(ink: Colour, ground: Colour) -> None:
    if ink == ground:
        return
    clear = letters("KI", ink)
    drawing, expected = drawn(on(ground, clear)), drawn(clear)
    assert not drawing.see_through
    assert abs(np.subtract(drawing.alpha.shape, expected.alpha.shape)).max() <= 1
    high, wide = (min(pair) for pair in zip(drawing.alpha.shape, expected.alpha.shape, strict=True))
    off = np.abs(drawing.alpha[:high, :wide].astype(int) - expected.alpha[:high, :wide])
    assert (off > 40).mean() < 0.02
    solid = drawing.alpha > 200
    assert abs(drawing.grey[solid].mean() - expected.grey[expected.alpha > 200].mean()) < 4


@pytest.mark.parametrize("ground", [WHITE, (90, 120, 60)])
@pytest.mark.parametrize("high", [30, 120])
def test_a_jpeg_serves_too(high: int, ground: Colour) -> None:
    drawing, expected = drawn(as_jpeg(on(ground, letters("AI", high=high)))), drawn(letters("AI", high=high))
    assert abs(np.subtract(drawing.alpha.shape, expected.alpha.shape)).max() <= 3
    assert abs(drawing.alpha.mean() - expected.alpha.mean()) < 25


def test_a_box_with_letters_in_it_is_one_drawing() -> None:
    box = np.zeros((100, 200, 4), np.uint8)
    box[10:90, 10:190] = (20, 20, 20, 255)
    image = Image.fromarray(box)
    ImageDraw.Draw(image).text((50, 15), "AI", fill=(*WHITE, 255), font_size=60)
    drawing = drawn(np.asarray(image))
    assert drawing.alpha.shape == (80, 180)
    assert (drawing.alpha == 255).all()
    assert drawing.grey.min() == 20
    assert drawing.grey.max() == 255


@pytest.mark.parametrize("round_it", [False, True])
def test_letters_of_the_grounds_own_colour_are_ink_within_their_box(round_it: bool) -> None:
    def label(draw: ImageDraw.ImageDraw) -> None:
        draw.rounded_rectangle((20, 50, 180, 150), radius=30 if round_it else 0, fill=(128, 20, 90))
        draw.text((60, 60), "AI", fill=WHITE, font_size=70)

    for pixels in (sketch(label), sketch(label, size=900), as_jpeg(sketch(label))):
        drawing = drawn(pixels)
        assert (drawing.alpha > 200).mean() > 0.93
        assert drawing.grey.max() > 240


def test_the_holes_of_letters_are_holes() -> None:
    for text in ("O", "B", "8", "a", "g", "e"):
        drawing, expected = drawn(on(WHITE, letters(text * 2))), drawn(letters(text * 2))
        assert abs((drawing.alpha > 128).mean() - (expected.alpha > 128).mean()) < 0.02


def test_half_see_through_marks_serve() -> None:
    clear = letters("AI", WHITE)
    clear = np.dstack([clear[..., :3], clear[..., 3] // 3])
    assert drawn(clear).alpha.max() == 85


def test_what_covers_nothing_has_no_colour_of_its_own() -> None:
    first, second = letters("AI", (90, 90, 90)).copy(), letters("AI", (90, 90, 90)).copy()
    second[second[..., 3] == 0, :3] = (255, 0, 0)
    one, other = drawn(first), drawn(second)
    assert np.array_equal(one.grey, other.grey)
    assert np.array_equal(one.alpha, other.alpha)


@pytest.mark.parametrize("high", [200, 700, 1600])
def test_it_is_made_smaller_and_never_larger(high: int) -> None:
    drawing = drawn(letters("AI", high=high))
    assert drawing.alpha.shape[0] == min(HEIGHT, drawn(letters("AI", high=200)).alpha.shape[0] * high // 200)
    assert drawing.grey.shape == drawing.alpha.shape
    assert drawn(letters("AI", high=40)).alpha.shape[0] < 40


@pytest.mark.parametrize(
    ("shape", "draw"),
    [
        ("line", lambda d: d.line((20, 20, 180, 170), fill=0, width=5)),
        ("hair", lambda d: d.line((20, 20, 180, 150), fill=0, width=1)),
        ("bar", lambda d: d.rectangle((20, 80, 180, 100), fill=0)),
        ("box", lambda d: d.rectangle((20, 20, 180, 170), fill=(200, 30, 30))),
        ("frame", lambda d: d.rectangle((20, 20, 180, 170), outline=0, width=5)),
        ("box in a box", lambda d: d.rectangle((20, 20, 180, 170), outline=0, width=25, fill=(250, 200, 0))),
        ("disc", lambda d: d.ellipse((20, 20, 180, 180), fill=0)),
        ("ring", lambda d: d.ellipse((20, 20, 180, 180), outline=0, width=8)),
        ("bend", lambda d: d.line((30, 30, 30, 170, 170, 170), fill=0, width=12)),
        ("tick", lambda d: d.line((30, 30, 100, 170, 170, 30), fill=0, width=12)),
        ("three dots", lambda d: [d.ellipse((20 + x, 80, 50 + x, 110), fill=0) for x in (0, 60, 120)]),
        ("menu", lambda d: [d.rectangle((20, y, 180, y + 20), fill=0) for y in (30, 80, 130)]),
    ],
)
def test_what_every_picture_has_is_too_plain(shape: str, draw: object) -> None:
    assert refused(sketch(draw)) == "too_plain", shape  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["AI", "KI", "E", "made by AI"])
def test_letters_are_not_too_plain(text: str) -> None:
    assert drawn(on(WHITE, letters(text, high=60))).alpha.any()


def test_a_star_is_not_too_plain_in_one_colour_or_a_gradient() -> None:
    star = sketch(lambda draw: draw.polygon(STAR, fill=0))
    assert drawn(star).alpha.shape == (HEIGHT, HEIGHT)
    ramp = np.tile(np.linspace(30, 230, 200), (200, 1)).astype(np.uint8)
    covers = np.where(star[..., 0] < 128, 255, 0).astype(np.uint8)
    assert drawn(np.dstack([ramp, ramp, ramp.T, covers])).see_through


PHOTO = np.dstack([scene(300, 300, seed=3), np.full((300, 300), 255, np.uint8)])


def test_a_photograph_is_refused_also_cut_out_or_on_white() -> None:
    assert refused(PHOTO) == "no_plain_ground"
    y, x = np.mgrid[:300, :300]
    disc = np.where((x - 150) ** 2 + (y - 150) ** 2 < 140**2, 255, 0).astype(np.uint8)
    assert refused(np.dstack([PHOTO[..., :3], disc])) == "photograph"
    assert refused(np.pad(PHOTO, ((40, 40), (40, 40), (0, 0)), constant_values=255)) == "photograph"


@pytest.mark.parametrize(
    ("pixels", "kind"),
    [
        (np.zeros((1, 1, 4), np.uint8), "nothing_drawn"),
        (np.full((1, 1, 4), 255, np.uint8), "nothing_drawn"),
        (np.full((1, 1, 4), 120, np.uint8), "mark_too_small"),
        (np.full((300, 200, 4), 255, np.uint8), "nothing_drawn"),
        (np.zeros((300, 200, 4), np.uint8), "nothing_drawn"),
        (sketch(lambda d: d.text((20, 20), "AI", fill=(248, 248, 248), font_size=100)), "nothing_drawn"),
        (on(WHITE, letters("AI", high=SMALLEST)), "mark_too_small"),
        (letters("AI " * 30, high=40), "mark_too_long"),
        (np.swapaxes(letters("AI " * 30, high=40), 0, 1), "mark_too_long"),
    ],
)
def test_what_else_cannot_serve(pixels: Clear, kind: str) -> None:
    assert refused(pixels) == kind


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(4)))
    | array_shapes(min_dims=2, max_dims=2, min_side=16, max_side=60).flatmap(
        lambda side: st.binary(min_size=8, max_size=64).map(
            lambda seed: np.random.default_rng(list(seed)).integers(0, 256, (*side, 4), np.uint8)
        )
    )
)
def test_whatever_the_pixels_are_it_is_a_mark_or_named(pixels: Clear) -> None:
    try:
        drawing = drawn(pixels)
    except PictureError as error:
        drawing = None
        event(error.kind)
    if drawing is None:
        return
    high, wide = drawing.alpha.shape
    assert min(high, wide) >= SMALLEST
    assert high <= HEIGHT
    assert wide <= LONGEST * high
    assert drawing.grey.shape == (high, wide)
    assert drawing.alpha.dtype == drawing.grey.dtype == np.uint8
