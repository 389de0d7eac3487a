"""Marks that stand on the picture: the built-in ones, and those that users registered. Pixels in, a reading
out.

A place where a mark may stand (hunt.py) is believed when the letters that belong to it are read there, or,
where it has none, when its shape agrees almost wholly. What lies between is `ambiguous`. Letters of a word or
of a denial ("SALE", "NOT AI GENERATED") are no mark: where no plate shows around them, their line is read
(beside.py).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from time import monotonic

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.onimage import ocr
from detector.onimage.beside import Around, Lines, Window, around, folded
from detector.onimage.colours import contrasts, thin, together
from detector.onimage.hunt import EDGES, Spot, apart, hunted
from detector.onimage.icons import PIN, SPARKLE
from detector.onimage.inked import ink_at
from detector.onimage.look import Mark, Pixels, Plane, planes
from detector.onimage.patterns import Pattern, pattern_of
from detector.onimage.plates import plate_shows
from detector.onimage.prominence import prominence
from detector.onimage.sparkle import sparkles
from detector.wording import texts
from storage.records import Box, Declarer, Extent, Reading, ReadingState, Surface

VERSION = f"6/wording-{texts.VERSION}/{ocr.VERSION}"

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
# A mark that a user registered (benchmarks/labels/brands.py, choosing half; docs/benchmarks/labels.md)
LEAST = 0.5  # from here on a place is looked at
OWN_LETTERED = 0.55  # from here on its letters are read, SHORT or more of them: it may be there
# It may be there, when nothing else comes as near: in light and colours, in what is thin, and of long letters
OUTSTANDING, OUTSTANDING_THIN, OUTSTANDING_LETTERS, OUT_BY = 0.7, 0.74, 0.6, 0.1
TRIED = 4  # places of each plane: 10 ms each
READ_AT_MOST = 3  # places of one mark: 40 ms each
LINE = 48  # px, the height that the recogniser brings lines to
SPELLED = 0.7  # of a long mark's letters, in their order (difflib): a short one needs all
SHORT = 4  # letters
OWN = replace(EDGES, least=LEAST)
_SILENT = "no mark that is looked for stands on it"
_LETTERS_ALONE = "its letters are read there, and its shape is not for sure"
_IN_A_LINE = "its letters stand in a line with others: it may be a brand or a sentence"
_PROVENANCE = "the mark offers facts about where the picture comes from; it does not say that it is AI"


@dataclass(frozen=True, slots=True)
class _Seen:
    """The picture, the plane of it that is searched, and what reads it: a small crop as one line, a larger
    one as lines. `shown`: what the crop is taken from."""

    pixels: Pixels
    plane: Plane
    shown: Pixels
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
    found = _found(_Seen(pixels, grey, pixels, letters_in, lines_in), marks, clock)
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
    places = _by_mark(hunted(seen.plane, [one for one in patterns if not one.mark.sha256], go_on=go_on))
    found = [one for spots in places if go_on() for one in _confirmed(spots, seen)]
    found += _own([one for one in patterns if one.mark.sha256], seen, go_on)
    for mark in marks:
        if _is(mark, SPARKLE) and go_on():
            found += _sparkles(seen.plane, _pattern(mark))
    return found


def _own(patterns: Sequence[Pattern], seen: _Seen, go_on: Callable[[], bool]) -> Iterator[Found]:
    """Marks that users registered, in the light, then in the colours and in what is thin, each until it is
    surely there. Where nothing looks like one, the place that stands out from all others may be it."""
    if not patterns:
        return
    colours = planes(seen.pixels)
    found: dict[Pattern, list[Found]] = {pattern: [] for pattern in patterns}
    tried: dict[Pattern, list[tuple[Spot, bool]]] = {pattern: [] for pattern in patterns}
    for place, plane in enumerate((*colours, thin(colours[0]))):
        here = replace(seen, plane=plane, shown=_as_pixels(plane)) if place else seen
        left = [pattern for pattern in patterns if not any(map(_is_sure, found[pattern]))]
        for spots in _by_mark(hunted(plane, left, OWN, go_on)):
            if not go_on():
                break
            joint, thinned = spots[:TRIED], place == len(colours)
            if not thinned:
                joint = [replace(spot, fit=together(colours, spot)) for spot in joint]
            pattern = spots[0].pattern
            tried[pattern] += [(spot, _shows(spot, plane, thinned=thinned)) for spot in joint]
            found[pattern] += _confirmed(joint if place else spots, here)
            if not pattern.mark.letters:
                found[pattern] += [_told(spot) for spot in joint if spot.fit >= SHAPE]
    for pattern in patterns:
        yield from found[pattern] or map(_unsure, _outstanding(tried[pattern]))


def _is_sure(found: Found) -> bool:
    return found.state is ReadingState.PRESENT


def _unsure(spot: Spot) -> Found:
    return Found(spot, ReadingState.AMBIGUOUS, f"it looks like the mark, not for sure ({spot.fit:.2f})")


def _shows(spot: Spot, plane: Plane, *, thinned: bool) -> bool:
    """Is its ink there? Of what is thin the ink is as strong as its ground lets it: its shape must do."""
    if _is_long(spot.pattern.mark):
        return spot.fit >= OUTSTANDING_LETTERS
    return spot.fit >= (OUTSTANDING_THIN if thinned else OUTSTANDING) and (
        thinned or ink_at(plane, spot).likely
    )


def _outstanding(tried: Sequence[tuple[Spot, bool]]) -> Sequence[Spot]:
    """One place or none, where the mark's ink shows. What is on a plate is plainer than strokes, and like it
    is much."""
    places = apart([spot for spot, _ in tried])
    if not places or places[0].pattern.plate:
        return ()
    best, beside = places[0], max([LEAST, *(one.fit for one in places[1:])])
    shows = next(shows for spot, shows in tried if spot is best)
    return places[:1] if shows and best.fit >= beside + OUT_BY else ()


def _is_long(mark: Mark) -> bool:
    """Its letters are so many that nothing else is read so."""
    return len(folded(mark.letters)) >= SHORT


def _as_pixels(plane: Plane) -> Pixels:
    return np.repeat(plane[:, :, None], 3, axis=2)


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
        yield from (found for spot in spots if (found := _by_shape(spot, seen.plane)))
        return
    mark = spots[0].pattern.mark
    least = OWN_LETTERED if mark.sha256 and _is_long(mark) else LETTERED
    for spot in [spot for spot in spots if spot.fit >= least][:READ_AT_MOST]:
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
    if says and spot.fit < LETTERED:
        return Found(spot, ReadingState.AMBIGUOUS, _LETTERS_ALONE)
    if plate_shows(seen.plane, spot):
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
        return _unsure(spot)
    return None


def _sparkles(grey: NDArray[np.uint8], pattern: Pattern | None) -> Iterator[Found]:
    for spot, placed in sparkles(grey, pattern) if pattern else ():
        if placed:
            yield _told(spot)
        elif spot.fit >= SHAPE:
            yield Found(spot, ReadingState.AMBIGUOUS, "a sparkle, and not quite where Gemini puts its own")


def _says(spot: Spot, seen: _Seen) -> bool:
    """Are the mark's letters read there? On light ground and on dark, as the recogniser prefers either."""
    crop = _line(spot, seen.shown)
    if seen.shown is not seen.pixels:
        crop = np.asarray(cv2.normalize(crop, crop.copy(), 0, 255, cv2.NORM_MINMAX), np.uint8)
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
    contrast, colour = spot.contrast, 0.0
    if mark.sha256:
        contrast, *colours = contrasts(planes(pixels), spot)
        colour = max(colours)
    seen = prominence(pixels, box, height=height, contrast=contrast, colour=colour)
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
