"""Marks that stand on the picture: the built-in ones, and those that users registered. Pixels in, a reading
out.

A place where a mark may stand (hunt.py) is believed when the letters that belong to it are read there, or,
where it has none, when its shape agrees almost wholly. What lies between is `ambiguous`. Letters of a word or
of a denial ("SALE", "NOT AI GENERATED") are no mark: where no plate shows around them, their line is read
(beside.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from time import monotonic

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage import ocr
from detector.onimage.beside import Around, Lines, Window, around, folded
from detector.onimage.hunt import Spot, hunted
from detector.onimage.icons import PIN, SPARKLE
from detector.onimage.inked import ink_at
from detector.onimage.look import Mark, Pixels
from detector.onimage.patterns import Pattern, pattern_of
from detector.onimage.plates import plate_shows
from detector.onimage.prominence import prominence
from detector.onimage.sparkle import sparkles
from detector.wording import texts
from storage.records import Box, Declarer, Extent, Reading, ReadingState, Surface

VERSION = f"5/wording-{texts.VERSION}/{ocr.VERSION}"

Letters = Callable[[Pixels], str]  # what a small crop says, as one line

# Correlation, 0 to 1. On the choosing half (benchmarks/matching/split.py) pasted EU icons have 0.80 and
# more; its 731 photographs without them at most 0.77 for the disc, 0.72 for the pin, 0.56 for a pill, but for
# letters "AI" that truly stand there (0.90). The sparkle, the plainest shape, has up to 0.86 near an edge.
LETTERED = 0.75  # from here on letters are read
SHAPE = 0.9  # a mark without letters is there
ALIKE = 0.87  # a mark may be there, if nothing else confirms it
# On uneven ground (inked.py); on 60 photographs of the choosing half two drawings had 0.74 at most
INKED = 0.74  # a mark without letters is there, if its ink is
ALIKE_IN_INK = 0.76  # it may be
READ_AT_MOST = 3  # places of one mark: 40 ms each
LINE = 48  # px, the height that the recogniser brings lines to
SPELLED = 0.7  # of a long mark's letters, in their order (difflib): a short one needs all
SHORT = 4  # letters
_SILENT = "no mark that is looked for stands on it"
_IN_A_LINE = "its letters stand in a line with others: it may be a brand or a sentence"
_PROVENANCE = "the mark offers facts about where the picture comes from; it does not say that it is AI"


@dataclass(frozen=True, slots=True)
class _Seen:
    """The picture, and what reads it: a small crop as one line, a larger one as lines."""

    pixels: Pixels
    grey: NDArray[np.uint8]
    letters_in: Letters
    lines_in: Lines


@dataclass(frozen=True, slots=True)
class Found:
    """A mark at a spot, and what that means."""

    spot: Spot
    state: ReadingState
    reason: str
    extent: Extent = Extent.UNKNOWN

    @property
    def mark(self) -> Mark:
        return self.spot.pattern.mark


class _Clock:
    """Says whether there is time for a further step, and remembers when there was none. A step that has
    begun is ended: one mark on all sizes, one place, one line of letters, about a tenth of a second each."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else monotonic() + seconds
        self.late = False

    def __call__(self) -> bool:
        self.late = self.late or (self._ends is not None and monotonic() >= self._ends)
        return not self.late


def read_marks(
    pixels: Pixels,
    marks: Sequence[Mark],
    letters_in: Letters = ocr.letters_in,
    lines_in: Lines = ocr.lines,
    seconds: float | None = None,
) -> Reading:
    """The strongest of these marks on the picture. `pixels`: uint8 RGB (H, W, 3). When `seconds` are over and
    none was surely found by then, it is `unreadable: budget`."""
    clock = _Clock(seconds)
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    found = _found(_Seen(pixels, grey, letters_in, lines_in), marks, clock)
    if clock.late and not any(one.state is ReadingState.PRESENT for one in found):
        return Reading(Surface.IMAGE_MARK, ReadingState.UNREADABLE, reason="budget", reader=_reader())
    unsought = [mark.name for mark in marks if _pattern(mark) is None]
    if not found and unsought:
        why = f"nothing on this mark can be searched for: {', '.join(unsought)}"
        return Reading(Surface.IMAGE_MARK, ReadingState.UNREADABLE, reason=why, reader=_reader())
    if not found:
        return Reading(Surface.IMAGE_MARK, ReadingState.ABSENT, reason=_SILENT, reader=_reader())
    whole = [one for one in found if not any(_part_of(one, other) for other in found)]
    return _reading(min(whole, key=_rank), pixels)


def _found(seen: _Seen, marks: Sequence[Mark], go_on: Callable[[], bool]) -> list[Found]:
    """All that the time allows."""
    patterns = [pattern for mark in marks if (pattern := _pattern(mark)) and not _is(mark, SPARKLE)]
    places = _by_mark(hunted(seen.grey, patterns, go_on=go_on))
    found = [one for spots in places if go_on() for one in _confirmed(spots, seen)]
    for mark in marks:
        if _is(mark, SPARKLE) and go_on():
            found += _sparkles(seen.grey, _pattern(mark))
    return found


def _reader() -> str:
    return f"{Surface.IMAGE_MARK}/{VERSION}"


def _is(mark: Mark, name: str) -> bool:
    """The built-in one: a user may call theirs as they like."""
    return mark.name == name and not mark.sha256


@lru_cache(maxsize=256)
def _pattern(mark: Mark) -> Pattern | None:
    return pattern_of(mark)


def _by_mark(spots: Iterable[Spot]) -> Iterable[list[Spot]]:
    found: dict[int, list[Spot]] = {}
    for spot in spots:
        found.setdefault(id(spot.pattern), []).append(spot)
    return found.values()


def _confirmed(spots: Sequence[Spot], seen: _Seen) -> Iterator[Found]:
    """What the places of one mark come to, best first."""
    if not spots[0].pattern.mark.letters:
        yield from (found for spot in spots if (found := _by_shape(spot, seen.grey)))
        return
    for spot in [spot for spot in spots if spot.fit >= LETTERED][:READ_AT_MOST]:
        says = _says(spot, seen)
        if not says and spot.fit < ALIKE:
            continue
        found = _by_letters(spot, seen, says=says)
        if found:
            yield found
            if says:
                return


def _by_letters(spot: Spot, seen: _Seen, *, says: bool) -> Found | None:
    """None where the letters belong to something else. `says`: they were read."""
    unclear = Found(spot, ReadingState.AMBIGUOUS, "it looks like the mark, its letters cannot be read")
    if plate_shows(seen.grey, spot):
        return _told(spot) if says else unclear
    beside = around(seen.pixels, _window(spot), spot.pattern.mark.letters, seen.lines_in)
    if beside is Around.TAKEN:
        return None
    if not says:
        return unclear
    in_line = beside is Around.LINE and spot.pattern.plate
    return Found(spot, ReadingState.AMBIGUOUS, _IN_A_LINE) if in_line else _told(spot)


def _told(spot: Spot) -> Found:
    """It is there. What it says decides whether that tells people; what a user registered does."""
    mark = spot.pattern.mark
    if _is(mark, PIN):
        return Found(spot, ReadingState.AMBIGUOUS, _PROVENANCE)
    return Found(spot, ReadingState.PRESENT, mark.name, texts.read(mark.says).extent)


def _by_shape(spot: Spot, grey: NDArray[np.uint8]) -> Found | None:
    """Of a mark without letters. Where the ground is uneven its ink is asked."""
    if spot.fit >= SHAPE:
        return _told(spot)
    if spot.fit < INKED:
        return None
    ink = ink_at(grey, spot)
    if ink.sure:
        return _told(spot)
    if spot.fit >= ALIKE or (spot.fit >= ALIKE_IN_INK and ink.likely):
        return Found(spot, ReadingState.AMBIGUOUS, f"it looks like the mark, not for sure ({spot.fit:.2f})")
    return None


def _sparkles(grey: NDArray[np.uint8], pattern: Pattern | None) -> Iterator[Found]:
    for spot, placed in sparkles(grey, pattern) if pattern else ():
        if placed:
            yield _told(spot)
        elif spot.fit >= SHAPE:
            yield Found(spot, ReadingState.AMBIGUOUS, "a sparkle, and not quite where Gemini puts its own")


def _says(spot: Spot, seen: _Seen) -> bool:
    """Are the mark's letters read there? On light ground and on dark, as the recogniser prefers either."""
    crop = _line(spot, seen.pixels)
    return any(_alike(seen.letters_in(one), spot.pattern.mark.letters) for one in (crop, 255 - crop))


def _window(spot: Spot) -> Window:
    """Left, top, right, bottom of its letters in px of the picture."""
    share = spot.tall / spot.pattern.light.shape[0]
    left, top, right, bottom = (edge * share for edge in spot.pattern.window)
    return spot.left + left, spot.top + top, spot.left + right, spot.top + bottom


def _line(spot: Spot, pixels: Pixels) -> Pixels:
    """The window with the letters, at the recogniser's height."""
    left, top, right, bottom = _window(spot)
    rows = slice(max(0, round(top)), max(1, round(bottom)))
    crop = pixels[rows, max(0, round(left)) : max(1, round(right))]
    scale = LINE / crop.shape[0]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(crop.shape[1] * scale)), LINE)
    return np.asarray(cv2.resize(crop, size, interpolation=how), np.uint8)


def _alike(read: str, letters: str) -> bool:
    said, wanted = folded(read), folded(letters)
    if len(wanted) <= SHORT:
        return said == wanted
    return SequenceMatcher(None, said, wanted, autojunk=False).ratio() >= SPELLED


def _part_of(one: Found, other: Found) -> bool:
    """A pill holds the disc's letters: does this lie within a longer mark that is surely there?"""
    inner, outer = one.spot, other.spot
    if other.state is not ReadingState.PRESENT or outer.wide <= inner.wide:
        return False
    x, y = inner.left + inner.wide / 2, inner.top + inner.tall / 2
    return outer.left <= x <= outer.left + outer.wide and outer.top <= y <= outer.top + outer.tall


def _rank(one: Found) -> tuple[bool, bool, float]:
    """What is sure first, then what speaks of the whole picture, then what fits best."""
    return one.state is not ReadingState.PRESENT, one.extent is Extent.PART, -one.spot.fit


def _reading(found: Found, pixels: Pixels) -> Reading:
    spot, mark = found.spot, found.mark
    box = _box(spot, pixels)
    height = spot.tall * spot.pattern.ink / spot.pattern.light.shape[0]
    seen = prominence(pixels, box, height=height, contrast=spot.contrast)
    return Reading(
        Surface.IMAGE_MARK,
        found.state,
        quote=mark.says,
        box=box,
        declared_by=Declarer.UNKNOWN if _is(mark, SPARKLE) else Declarer.ACCOUNT,
        prominence={**seen, "mark": mark.name, "fit": round(spot.fit, 3), "extent": found.extent.value},
        reason=found.reason,
        reader=_reader(),
    )


def _box(spot: Spot, pixels: Pixels) -> Box:
    tall, wide = pixels.shape[:2]
    left, right = (min(1.0, max(0.0, edge / wide)) for edge in (spot.left, spot.left + spot.wide))
    top, bottom = (min(1.0, max(0.0, edge / tall)) for edge in (spot.top, spot.top + spot.tall))
    return Box(left, top, right - left, bottom - top)
