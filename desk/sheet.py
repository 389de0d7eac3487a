"""A sheet of paper to draw on: text in any script, boxes, pictures, from the top to the bottom.

The letters are those that OpenCV carries inside it (Rubik in any weight, WenQuanYi for what it lacks):
nothing depends on the fonts of the machine. Letters that neither has are written by their number, never left
out.
"""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]
Say = Callable[[str, str], str]  # a sentence of this kind, as it is said to whoever looks

PAPER: Colour = (251, 250, 248)  # as in templates/report.css, likewise the others
WHITE: Colour = (255, 255, 255)
INK: Colour = (31, 35, 40)
DIM: Colour = (98, 106, 115)
LINE: Colour = (227, 224, 218)
MARK: Colour = (214, 64, 16)

REGULAR, MEDIUM, BOLD = 400, 500, 650
LEADING = 1.42  # from one line of text to the next, in heights of a letter
TALLEST = 8000  # px
_UNKNOWN = "?"
_ROUND = 6  # px: radius of a box's corners
_RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+(?:[\s\-]+[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+)*"
)


def as_it_is(words: str, kind: str) -> str:
    return words


class Sheet:
    """`width` px wide and as tall as what is drawn on it. Places are px from the top left corner; text hangs
    from the place given for it. `y` is how far down it is filled, `say` what words become for whoever looks:
    whoever draws asks it for each."""

    def __init__(self, width: int, say: Say = as_it_is) -> None:
        self.width, self.say = width, say
        self.y = 0
        self._pixels: Pixels = np.full((TALLEST, width, 3), PAPER, np.uint8)

    def png(self, margin: int) -> bytes:
        """As far as it is filled, and a margin below."""
        out = io.BytesIO()
        Image.fromarray(self.top(self.y + margin)).save(out, "PNG", compress_level=4)
        return out.getvalue()

    def top(self, height: int) -> Pixels:
        """The upper part of it, uint8 (height, width, 3) RGB."""
        return self._pixels[: min(TALLEST, height)]

    def text(
        self,
        words: str,
        x: int,
        y: int,
        size: int,
        *,
        colour: Colour = INK,
        weight: int = REGULAR,
        width: int | None = None,
        most: int = 3,
    ) -> int:
        """Within `width` px, in at most so many lines. Where the last one ends (px from the top)."""
        room = self.width - x if width is None else width
        for line in lines(words, size, weight, room, most):
            write(self._pixels, line, x, y + size, size, colour, weight)
            y += round(size * LEADING)
        self._reach(y)
        return y

    def box(self, x: int, y: int, width: int, height: int, fill: Colour, line: Colour | None = None) -> None:
        """With round corners."""
        self._reach(y + height)
        if line is not None:
            self._rounded(x, y, width, height, line)
            x, y, width, height = x + 1, y + 1, width - 2, height - 2
        self._rounded(x, y, width, height, fill)

    def picture(self, pixels: Pixels, x: int, y: int) -> None:
        high, wide = pixels.shape[:2]
        self._pixels[y : y + high, x : x + wide] = pixels
        self._reach(y + high)

    def _rounded(self, x: int, y: int, width: int, height: int, fill: Colour) -> None:
        left, top = x + _ROUND, y + _ROUND
        right, low = x + width - 1 - _ROUND, y + height - 1 - _ROUND
        round_at = ((left, top, 180), (right, top, 270), (right, low, 0), (left, low, 90))
        edge = [
            point
            for across, down, start in round_at
            for point in cv2.ellipse2Poly((across, down), (_ROUND, _ROUND), 0, start, start + 90, 10)
        ]
        cv2.fillPoly(self._pixels, [np.array(edge, np.int32)], fill, cv2.LINE_AA)

    def _reach(self, y: int) -> None:
        self.y = max(self.y, y)


def fitted(pixels: Pixels, width: int, height: int, largest: float = 4.0) -> Pixels:
    """As large as it can be in this room, in its own proportions, at most so many times enlarged."""
    high, wide = pixels.shape[:2]
    share = min(width / wide, height / high, largest)
    size = (max(1, min(width, round(wide * share))), max(1, min(height, round(high * share))))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_NEAREST if share > 2 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def write(
    pixels: Pixels, words: str, x: int, baseline: int, size: int, colour: Colour, weight: int = REGULAR
) -> None:
    """One line, on any picture."""
    cv2.putText(pixels, words, (x, baseline), colour, _font(), size, weight)


def text_height(words: str, size: int, weight: int, width: int, most: int) -> int:
    """px that `Sheet.text` will take."""
    return round(size * LEADING) * len(lines(words, size, weight, width, most))


def text_width(words: str, size: int, weight: int = REGULAR) -> int:
    """px."""
    return int(cv2.getTextSize((1, 1), words, (0, 0), _font(), size, weight)[2])


def lines(words: str, size: int, weight: int, width: int, most: int) -> Sequence[str]:
    """`words` broken where they must be; what does not fit into so many lines ends in "…"."""
    made: list[str] = []
    line = ""
    pieces = list(_pieces(drawable(words), size, weight, width))
    for place, piece in enumerate(pieces):
        if line and text_width(f"{line}{piece}".rstrip(), size, weight) > width:
            if len(made) == most - 1:
                rest = f"{line}{''.join(pieces[place:])}"
                return [*made, _shortened(rest, size, weight, width)]
            made.append(line.rstrip())
            line = ""
        line = f"{line}{piece}" if line else piece.lstrip()
    return [*made, line.rstrip()]


def drawable(words: str) -> str:
    """As it can be drawn: in one line, scripts from right to left turned round, and letters that there are no
    shapes for by their number, "‹U+0939›"."""
    plain = " ".join(unicodedata.normalize("NFC", words).split())
    shown = "".join(letter if _has_shape(letter) else f"‹U+{ord(letter):04X}›" for letter in plain)
    turned = _RIGHT_TO_LEFT.sub(lambda run: run.group()[::-1], shown)
    return turned.replace("›‹", " ")


def _pieces(words: str, size: int, weight: int, width: int) -> Iterator[str]:
    """Words with the space after them; one that is longer than a line in as many parts as it takes."""
    for word in re.findall(r"\S+\s*|\s+", words):
        if text_width(word.rstrip(), size, weight) <= width:
            yield word
            continue
        part = ""
        for letter in word:
            if part and text_width(part + letter, size, weight) > width:
                yield part
                part = ""
            part += letter
        yield part


def _shortened(line: str, size: int, weight: int, width: int) -> str:
    fits, too_long = 0, len(line)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if text_width(f"{line[:middle]}…", size, weight) <= width:
            fits = middle
        else:
            too_long = middle
    return f"{line[:fits].rstrip()}…"


@cache
def _has_shape(letter: str) -> bool:
    """OpenCV draws a question mark for what it lacks."""
    if letter in (" ", _UNKNOWN):
        return True
    if not letter.isprintable() or unicodedata.category(letter) in ("Mn", "Me"):
        return False  # marks would be drawn beside the letter that they belong on
    return not np.array_equal(_drawn(letter), _drawn(_UNKNOWN))


def _drawn(letter: str) -> Pixels:
    canvas = np.zeros((40, 40), np.uint8)
    cv2.putText(canvas, letter, (4, 30), 255, _font(), 24, REGULAR)
    return canvas


@cache
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")
