"""Letters over a picture hide a little of it; another print and another line take something away."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from detector.matching.alignment.agreement import laid_on
from detector.matching.alignment.doubts import FINEST_SIDE, doubts
from detector.matching.alignment.verify import verify
from detector.matching.alignment.written import between
from storage.records import MatchKind
from tests.detector.drawings import Pixels
from tests.detector.matching.pictures import clouds, photograph

pytestmark = pytest.mark.slow  # many pictures

AS_IT_IS = np.eye(3)
MODEL = np.asarray(cv2.resize(photograph(5), (720, 960), interpolation=cv2.INTER_CUBIC), np.uint8)
GROUND = np.asarray(cv2.resize(clouds(2), (720, 960), interpolation=cv2.INTER_CUBIC), np.uint8)


def written(
    pixels: Pixels, words: str, *, down: int = 820, size: int = 56, ink: str = "white", outline: str = "black"
) -> Pixels:
    image = Image.fromarray(pixels)
    ImageDraw.Draw(image).text(
        (360, down), words, ink, ImageFont.load_default(size), "mm", stroke_width=4, stroke_fill=outline
    )
    return np.asarray(image)


def bare(pixels: Pixels, words: str, ink: str = "black") -> Pixels:
    image = Image.fromarray(pixels)
    ImageDraw.Draw(image).text((360, 500), words, ink, ImageFont.load_default(80), "mm")
    return np.asarray(image)


def seen(picture: Pixels, reference: Pixels, side: int = FINEST_SIDE) -> bool:
    laid = laid_on(picture, reference, AS_IT_IS, side)
    assert laid is not None
    return between(laid, laid.agreeing(laid.shared).fitted) is not None


@pytest.mark.parametrize("words", ["SPRING SALE", "new in stores", "#denim"])
def test_the_picture_goes_on_between_the_letters(words: str) -> None:
    for ground in (MODEL, GROUND):
        found = written(ground, words)
        assert seen(found, ground)
        assert not doubts(found, ground, AS_IT_IS).reason


WORDS_CHANGED = {
    "another word": (bare(GROUND, "ATELIER"), bare(GROUND, "BERLIN")),
    "no word any more": (GROUND, bare(GROUND, "BERLIN")),
    "another word in another colour": (bare(GROUND, "ATELIER", "white"), bare(GROUND, "BERLIN")),
}


@pytest.mark.parametrize("case", WORDS_CHANGED)
def test_where_the_reference_has_words_of_its_own_they_are_missed(case: str) -> None:
    found, reference = WORDS_CHANGED[case]
    alone = doubts(found, reference, AS_IT_IS).details
    laid = laid_on(found, reference, AS_IT_IS, FINEST_SIDE)
    assert laid is not None
    under = between(laid, laid.agreeing(laid.shared).fitted)
    assert under is None or not under.agrees.all()
    assert alone > 0.02


def test_another_picture_printed_there_is_no_writing() -> None:
    shirt, other = MODEL.copy(), MODEL.copy()
    shirt[400:520, 300:420] = cv2.resize(photograph(8), (120, 120), interpolation=cv2.INTER_AREA)
    other[400:520, 300:420] = cv2.resize(photograph(9), (120, 120), interpolation=cv2.INTER_AREA)
    assert not seen(other, shirt)


def test_a_block_is_no_stroke_and_a_thumbnail_shows_no_letters() -> None:
    block = MODEL.copy()
    block[300:420, 200:520] = 255
    assert not seen(block, MODEL)
    assert not seen(written(MODEL, "SPRING SALE"), MODEL, side=200)


def test_what_lies_beside_the_letters_is_still_asked() -> None:
    found = written(MODEL, "SPRING SALE").copy()
    found[400:580, 250:430] = cv2.resize(photograph(9), (180, 180), interpolation=cv2.INTER_AREA)
    assert doubts(found, MODEL, AS_IT_IS).reason


def test_a_copy_with_words_over_it_is_not_told_as_it_is() -> None:
    (over,) = verify(written(MODEL, "SPRING SALE"), [("model", MODEL)])
    (bare_copy,) = verify(MODEL, [("model", MODEL)])
    assert (over.kind, over.transform) == (MatchKind.COPY, "written over")
    assert (bare_copy.kind, bare_copy.transform) == (MatchKind.COPY, "")
