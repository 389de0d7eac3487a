"""Lines that belong together."""

from detector.onimage.blocks import around, blocks
from tests.detector.onimage.lines import line


def test_two_lines_and_two_pieces_of_one() -> None:
    first, second = line("Image created", 100, 100), line("with AI", 100, 140)
    left, right = line("AI", 600, 900), line("GENERATED", 650, 903)
    found = blocks([right, second, left, first])
    assert {tuple(one.text for one in block) for block in found} == {
        ("Image created", "with AI"),
        ("AI", "GENERATED"),
    }


def test_what_stands_apart_or_is_of_another_size_stays_apart() -> None:
    apart = [line("AI", 100, 100), line("MANGO", 100, 300), line("SALE", 600, 100)]
    assert len(blocks(apart)) == 3
    assert len(blocks([line("AI", 100, 100), line("MANGO", 100, 140, height=90)])) == 2


def test_a_chain_of_lines_is_one_block() -> None:
    """The middle one joins what came in before it."""
    chain = [line("This image", 100, 100), line("was made by", 100, 140), line("an AI", 100, 180)]
    for order in ((0, 2, 1), (2, 1, 0), (1, 0, 2)):
        (block,) = blocks([chain[index] for index in order])
        assert " ".join(one.text for one in block) == "This image was made by an AI"


def test_the_rectangle_around() -> None:
    box = around([line("a", 100, 125, width=200), line("b", 500, 250, width=100)])
    assert (box.x, box.y) == (0.1, 0.1)
    assert round(box.w, 3) == 0.5
    assert round(box.y + box.h, 3) == 0.224


def test_nothing() -> None:
    assert blocks([]) == ()
