"""Text that stands on the picture, and whether it says AI. Pixels in, a reading out.

Labels stand at an edge, so the top and the bottom are read first and at full size, the whole picture after
them and smaller. What was recognised is read like any other text (detector/wording), after OCR's own spelling
was undone. "AI" alone is a label only where it looks like one: small, at an edge, by itself. Else it may be a
print or a brand, and the answer is `ambiguous`.
"""

from collections.abc import Sequence
from time import monotonic

from detector.onimage import ocr
from detector.onimage.blocks import around
from detector.onimage.look import Pixels
from detector.onimage.ocr import Line, Place, places, recognised
from detector.onimage.prominence import prominence
from detector.onimage.said import Said, at_edge, said
from detector.wording import texts
from detector.wording.lexicon import BUILT_IN, Lexicon
from storage.records import Declarer, Reading, ReadingState, Surface

VERSION = f"4/wording-{texts.VERSION}/{ocr.VERSION}"

BANDS = (0.0, 0.14), (0.86, 1.0)  # of the height: where most labels stand (labels.md, section 3)
MIDDLE = (0.12, 0.54), (0.46, 0.88)  # they overlap by more than a line
FULL_EDGE = 1080  # px that parts are brought to: letters of 1.5 % of 1,350 px are 20 px high there
WHOLE_EDGE = (
    1100  # px. At 800 every second photograph of a garment is taken for one large sign, at 1,100 few are
)
# px that the height is looked at, so of a wide picture (a banner, a film's frame) the edge is longer: letters
# of 1.5 % of it are 10 px. With 1,080 px 3 of 16 labels on pictures 2.8 times as wide as high were missed
LOW_EDGE = 720
GIANT = 0.4  # of the shorter side: such a sign, which hides what is written on it
LETTERS = 0.6  # of a line's height are its capital letters: median over 40 drawn labels, 0.5 to 0.7

_READER = f"{Surface.IMAGE_TEXT}/{VERSION}"


def read_text(pixels: Pixels, seconds: float | None = None, lexicon: Lexicon = BUILT_IN) -> Reading:
    """What the text on the picture says. When `seconds` are over and nothing was found by then, it is
    `unreadable: budget`; a step that has begun is ended, which takes about a second."""
    ends = None if seconds is None else monotonic() + seconds

    def in_time() -> bool:
        return ends is None or monotonic() < ends

    found: tuple[Line, ...] = ()
    for step in (_in_bands, _elsewhere):
        if not in_time():
            return _unreadable("budget")
        wanted = step(pixels, found)
        read = recognised(pixels, wanted, in_time)
        found = (*found, *read)
        answer = said(found, pixels.shape[0], lexicon)
        if answer.state is ReadingState.PRESENT:
            break
        if len(read) < len(wanted):
            return _unreadable("budget")
    return _reading(answer, pixels)


def _in_bands(pixels: Pixels, found: Sequence[Line]) -> list[Place]:
    return _within(pixels, BANDS)


def _within(pixels: Pixels, parts: Sequence[tuple[float, float]]) -> list[Place]:
    """At full size in these parts of the height. A line that the border of a part cuts is left out."""
    tall = pixels.shape[0]
    rows = [(min(round(first * tall), tall - 1), max(round(last * tall), 1)) for first, last in parts]
    edge = _edge(pixels, FULL_EDGE)
    return [place for part in rows for place in places(pixels, edge, part) if _uncut(place, part, tall)]


def _edge(pixels: Pixels, least: int) -> int:
    """Long edge, px."""
    tall, wide = pixels.shape[:2]
    return max(least, round(float(LOW_EDGE * wide / tall)))


def _uncut(place: Place, rows: tuple[int, int], tall: int) -> bool:
    top, bottom = place.corners[:, 1].min(), place.corners[:, 1].max()
    return bool((rows[0] == 0 or top > rows[0] + 1) and (rows[1] == tall or bottom < rows[1] - 2))


def _elsewhere(pixels: Pixels, found: Sequence[Line]) -> list[Place]:
    """What was not read before, at the edges first: should time run out, the rest matters less."""
    wanted = places(pixels, _edge(pixels, WHOLE_EDGE))
    if any(_giant(place, pixels) for place in wanted):
        wanted = (*_within(pixels, MIDDLE), *(place for place in wanted if not _giant(place, pixels)))
    known = [line.place for line in found]
    unread: list[Place] = []
    for place in wanted:
        if not any(_same(place, other) for other in (*known, *unread)):
            unread.append(place)
    return sorted(unread, key=lambda place: not at_edge(place.box))


def _giant(place: Place, pixels: Pixels) -> bool:
    return bool(place.height > GIANT * min(pixels.shape[:2]))


def _same(one: Place, other: Place) -> bool:
    (x, y), box = one.corners.mean(axis=0), other.corners
    inside = box[:, 0].min() <= x <= box[:, 0].max() and box[:, 1].min() <= y <= box[:, 1].max()
    return bool(inside) and one.height < 1.5 * other.height


def _reading(answer: Said, pixels: Pixels) -> Reading:
    if not answer.lines:
        return Reading(Surface.IMAGE_TEXT, answer.state, reason=answer.reason, reader=_READER)
    box = around(answer.lines)
    height = LETTERS * min(line.place.height for line in answer.lines)
    seen = prominence(pixels, around(answer.lines[:1]), height=height)
    return Reading(
        Surface.IMAGE_TEXT,
        answer.state,
        quote=answer.quote,
        box=box,
        declared_by=Declarer.ACCOUNT,
        prominence={**seen, "extent": answer.extent.value},
        reason=answer.reason,
        reader=_READER,
    )


def _unreadable(reason: str) -> Reading:
    return Reading(Surface.IMAGE_TEXT, ReadingState.UNREADABLE, reason=reason, reader=_READER)
