"""What stands around the letters of a mark: "AI" in a sentence, or within another word, is no mark.

The letters of a mark are few and plain ("AI"), and fit as well in AIR, DAILY or "NOT AI GENERATED". So the
lines around them are read whole, and it is told whether the letters stand alone, in a line that says
something, or inside a word. What cannot be read leaves a doubt, and never takes a mark away.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

import cv2
import numpy as np

from detector.onimage.blocks import Block, blocks
from detector.onimage.look import Pixels
from detector.onimage.ocr import Line
from detector.onimage.respelling import respelled
from detector.wording import texts
from detector.wording.context import DENIED
from storage.records import ReadingState

# In heights of the letters' window, on either side and above and below: a sentence of some words, two lines
ACROSS, ABOVE = 10.0, 2.0
LINE = 40  # px that the window is brought to: letters of 20 px are found and read (benchmarks/labels/text.py)
SURE = 0.85  # confidence of a line whose letters may take a mark away
LEGIBLE = 0.5  # of a line that is read at all (said.py)
OTHERS = 2  # letters of other words that make a line; one may be the edge of something
SHORT = 4  # letters of a mark that are looked for within a word
_STROKES = str.maketrans({"L": "I", "1": "I", "|": "I", "!": "I", "0": "O"})
_WORD = re.compile(r"[^\W_]+(?:[|!]+[^\W_]*)*")
# Of words that the lexicon knows ("AI free", "Ai Weiwei") it says nothing of AI, though the letters are there
_TOPIC = ("speaks of AI as a topic", "speaks of an AI service", texts.SILENT)

Window = tuple[float, float, float, float]
Lines = Callable[[Pixels], Sequence[Line]]


class Around(StrEnum):
    ALONE = "alone"  # nothing that takes the letters for itself
    LINE = "line"  # other words beside them, which may be a sentence or a brand
    TAKEN = "taken"  # a denial, another subject, or one longer word: there is no mark
    UNKNOWN = "unknown"  # nothing was read there


def folded(text: str) -> str:
    """Capitals without spaces, with one stroke for l, I and 1."""
    return "".join(text.upper().translate(_STROKES).split()).strip(".,:;-_'\"·")


def around(pixels: Pixels, window: Window, letters: str, lines_in: Lines) -> Around:
    """`window`: left, top, right and bottom of the mark's letters, in px of the picture."""
    left, top, right, bottom = window
    high = max(1.0, bottom - top)
    x, y = max(0, round(left - ACROSS * high)), max(0, round(top - ABOVE * high))
    part = pixels[y : round(bottom + ABOVE * high), x : round(right + ACROSS * high)]
    if not part.size:
        return Around.UNKNOWN
    share = LINE / high
    place = ((left + right) / 2 - x) * share, ((top + bottom) / 2 - y) * share
    found = [line for line in lines_in(_sized(part, share)) if line.text and line.confidence >= LEGIBLE]
    return told(found, place, letters)


def told(found: Iterable[Line], place: tuple[float, float], letters: str) -> Around:
    """`place`: x and y of the middle of the mark's letters, in px of the picture that the lines are of."""
    block, line = _there(found, place)
    if line is None:
        return Around.UNKNOWN
    said = texts.read(respelled(" ".join(one.text for one in block)))
    if said.reason == DENIED:
        return Around.TAKEN
    if len(folded(letters)) > SHORT:
        return Around.ALONE
    return _of_few(line, said, folded(letters))


def _of_few(line: Line, said: texts.Wording, wanted: str) -> Around:
    words = _WORD.findall(line.text)
    others = sum(sign.isalpha() for word in words if folded(word) != wanted for sign in word)
    if folded(line.text) == wanted:  # "A I" too
        return Around.ALONE
    if wanted in map(folded, words):
        if others and said.state is ReadingState.ABSENT and said.reason in _TOPIC:
            return Around.TAKEN
        return Around.LINE if others >= OTHERS else Around.ALONE
    return Around.TAKEN if others > len(wanted) and line.confidence >= SURE else Around.UNKNOWN


def _there(found: Iterable[Line], place: tuple[float, float]) -> tuple[Block, Line | None]:
    """The line that lies over this place, and the lines that belong to it."""
    for block in blocks(found):
        for line in block:
            corners = line.place.corners
            if (corners.min(axis=0) <= place).all() and (corners.max(axis=0) >= place).all():
                return block, line
    return (), None


def _sized(part: Pixels, share: float) -> Pixels:
    size = (max(1, round(part.shape[1] * share)), max(1, round(part.shape[0] * share)))
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, size, interpolation=how), np.uint8)
