"""The pictures on a sheet that explains a match: found beside registered, and the one laid on the other."""

from dataclasses import dataclass

import cv2
import numpy as np

from desk.overlay import SLIGHT, STRONG, Laid, Polygon, Shared, laid_over, ramp
from desk.sheet import (
    BOLD,
    DIM,
    LINE,
    MARK,
    MEDIUM,
    WHITE,
    Colour,
    Pixels,
    Say,
    Sheet,
    fitted,
    text_height,
    text_width,
    write,
)
from detector.match_words import share_words, span_words
from detector.matching.candidate import Matrix
from storage.records import Box

WIDTH, MARGIN, GAP, PAD = 1440, 56, 24, 20  # px
INNER = WIDTH - 2 * MARGIN
COLUMN = (INNER - 2 * PAD - 2 * GAP) // 3
SIDE_HEIGHT, LAID_HEIGHT = 620, 540  # px: the tallest a picture is drawn
CARD_HEAD = 68  # px above the picture in a card
HEAD, CAPTION = 66, 92  # px above the pictures that lie on each other, and below each
SMALL, TEXT = 18, 21  # px of a letter
LONG = 2.4  # wider than that many times its height: one below the other
MARK_RADIUS = 14
EDGE = 2  # px from a picture's border, so that an outline is seen whole
BLANK: Colour = (238, 236, 232)
BLANK_HEIGHT = 220
OURS, DONE = "sheet", "transform"  # kinds of sentences, as `Say` knows them
PALE = 0.4  # of a picture where it is not shared
_FINE = 4  # bits behind the point of the places at which OpenCV draws


@dataclass(frozen=True, slots=True)
class Side:
    """A picture as it is shown: uint8 (H, W, 3) RGB, the size of the whole in px, the second of a video;
    without pixels, why there are none."""

    name: str
    pixels: Pixels | None = None
    width: int = 0
    height: int = 0
    why: str = ""
    at: float | None = None

    @property
    def long(self) -> bool:
        return self.pixels is not None and self.pixels.shape[1] > LONG * self.pixels.shape[0]


def sides(sheet: Sheet, found: Side, registered: Side, shared: Shared | None, region: Box | None) -> None:
    """Beside each other, or one below the other where one is very wide. Without a `shared` part at least the
    `region` of the found one is outlined."""
    below = found.long or registered.long
    room = INNER if below else (INNER - GAP) // 2
    order = shared.corners() if shared else []
    parts = (shared.found, shared.registered) if shared else (_outline(region), None)
    both = (found, registered)
    drawn = [
        _marked(side, part, order, room - 2 * PAD, sheet.say) for side, part in zip(both, parts, strict=True)
    ]
    tallest, top = max(picture.shape[0] for picture in drawn), sheet.y + GAP
    for place, title in enumerate(("Found", "Registered")):
        x, y = (MARGIN, sheet.y + GAP) if below else (MARGIN + place * (room + GAP), top)
        high = drawn[place].shape[0] if below else tallest
        _card(sheet, (x, y), (room, high), title, both[place])
        across, down = room - drawn[place].shape[1], high - drawn[place].shape[0]
        sheet.picture(drawn[place], x + across // 2, y + PAD + CARD_HEAD + down // 2)


def _card(sheet: Sheet, place: tuple[int, int], room: tuple[int, int], title: str, side: Side) -> None:
    """All of it but the picture, for which `room` (width of the card, height of the picture) is left."""
    (x, y), (wide, high) = place, room
    sheet.box(x, y, wide, high + CARD_HEAD + 2 * PAD, WHITE, LINE)
    size = f"{side.width} × {side.height} px" if side.width else ""
    moment = sheet.say(f"at {span_words((side.at, side.at))}", DONE) if side.at is not None else ""
    about = " · ".join(filter(None, (size, moment)))
    sheet.text(sheet.say(title, OURS), x + PAD, y + PAD - 4, TEXT, weight=BOLD)
    sheet.text(about, x + wide - PAD - text_width(about, SMALL), y + PAD - 2, SMALL, colour=DIM, most=1)
    sheet.text(side.name, x + PAD, y + PAD + 27, SMALL, colour=DIM, width=wide - 2 * PAD, most=1)


def _outline(region: Box | None) -> Polygon | None:
    """None of the whole."""
    if region is None or region.w * region.h > 0.99:
        return None
    right, low = region.x + region.w, region.y + region.h
    return np.array([[region.x, region.y], [right, region.y], [right, low], [region.x, low]])


def _marked(side: Side, part: Polygon | None, order: list[int], room: int, say: Say) -> Pixels:
    """The picture in its room, what is not shared made paler, the part outlined, its corners numbered."""
    if side.pixels is None:
        return _blank(side.why, room, say)
    picture = fitted(side.pixels, room, SIDE_HEIGHT)
    if part is None:
        return picture
    size = np.array([picture.shape[1] - 1, picture.shape[0] - 1], np.float64)
    inner = np.maximum(size - EDGE, EDGE)
    edge = np.rint((part * size).clip(EDGE, inner) * (1 << _FINE)).astype(np.int32)
    inside = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(inside, [edge], 255, cv2.LINE_AA, _FINE)
    weight = inside[..., None] / 255 * (1 - PALE) + PALE
    marked = np.rint(picture * weight + 255 * (1 - weight)).astype(np.uint8)
    for colour, width in ((WHITE, 6), (MARK, 3)):
        cv2.polylines(marked, [edge], True, colour, width, cv2.LINE_AA, _FINE)
    if min(picture.shape[:2]) > 8 * MARK_RADIUS:
        for number, corner in enumerate(order, 1):
            _numbered(marked, part[corner] * size, str(number))
    return marked


def _numbered(picture: Pixels, place: Polygon, number: str) -> None:
    high, wide = picture.shape[:2]
    edge = MARK_RADIUS + 3
    x, y = (int(one) for one in place.clip(edge, (wide - edge, high - edge)).round())
    cv2.circle(picture, (x, y), MARK_RADIUS + 2, WHITE, -1, cv2.LINE_AA)
    cv2.circle(picture, (x, y), MARK_RADIUS, MARK, -1, cv2.LINE_AA)
    write(picture, number, x - text_width(number, SMALL, BOLD) // 2, y + 7, SMALL, WHITE, BOLD)


def _blank(why: str, room: int, say: Say) -> Pixels:
    """Where there is no picture: why not."""
    sheet = Sheet(room)
    sheet.box(0, 0, room, BLANK_HEIGHT, BLANK)
    words = say(f"No picture: {why or 'it could not be opened'}.", OURS)
    width = room - 4 * PAD
    high = text_height(words, TEXT, MEDIUM, width, 4)
    sheet.text(
        words, 2 * PAD, (BLANK_HEIGHT - high) // 2, TEXT, colour=DIM, weight=MEDIUM, width=width, most=4
    )
    return sheet.top(BLANK_HEIGHT)


# --- the one on the other ---------------------------------------------------------------------------------


def laid_on(found: Side, registered: Side, matrix: Matrix, shared: Shared) -> Laid | None:
    """At the size at which `comparison` draws it. None where there is nothing to be seen."""
    if found.pixels is None or registered.pixels is None:
        return None
    high, wide = found.pixels.shape[:2]
    across, down = np.ptp(shared.found, axis=0) * (wide, high)
    room = INNER - 2 * PAD if across > LONG * down else COLUMN
    return laid_over(found.pixels, registered.pixels, matrix, shared, room, LAID_HEIGHT)


def comparison(sheet: Sheet, laid: Laid) -> None:
    """Three times the same place: both halves, both in squares, and what differs."""
    high, wide = laid.shared.shape
    below = wide > COLUMN
    room = INNER - 2 * PAD if below else COLUMN
    panels = (
        ("Half and half", "Left of the marks as found, right of them as registered.", laid.split()),
        ("In squares", "Both in turn, colours fitted. Of a copy no square stands out.", laid.squares()),
        ("What differs", _differing(laid), laid.difference()),
    )
    x, top, each = MARGIN + PAD, sheet.y + GAP, high + CAPTION + GAP
    tall = HEAD + (2 * each if below else 0) + high + CAPTION + PAD
    sheet.box(MARGIN, top, INNER, tall, WHITE, LINE)
    sheet.text(sheet.say("Laid on each other", OURS), x, top + PAD - 4, TEXT, weight=BOLD)
    _legend(sheet, MARGIN + INNER - PAD, top + PAD - 2)
    for place, (title, words, picture) in enumerate(panels):
        left = x + (0 if below else place * (room + GAP))
        y = top + HEAD + (place * each if below else 0)
        sheet.picture(picture, left, y)
        after = sheet.text(
            sheet.say(title, OURS), left, y + high + 10, SMALL, weight=MEDIUM, width=room, most=1
        )
        sheet.text(sheet.say(words, OURS), left, after, SMALL, colour=DIM, width=room, most=2)


def _differing(laid: Laid) -> str:
    share = laid.differing()
    much = "Nothing" if share == 0 else "Less than 1 %" if share < 0.01 else share_words(share)
    return f"{much} of what they share differs clearly, once colours are fitted."


def _legend(sheet: Sheet, right: int, y: int) -> None:
    """From the same to very different, in the colours of the last panel. `right` is where it ends."""
    wide, high = 168, 16
    last = sheet.say("very different", OURS)
    x = right - text_width(last, SMALL) - 10
    sheet.text(last, x + 10, y, SMALL, colour=DIM, most=1)
    levels = np.broadcast_to(np.linspace(0, STRONG + SLIGHT, wide, dtype=np.float32), (high, wide))
    colours, strength = ramp(levels)
    paper = np.float32(225)
    bar = np.rint(colours * strength[..., None] + paper * (1 - strength[..., None])).astype(np.uint8)
    sheet.picture(bar, x - wide, y + 6)
    first = sheet.say("the same", OURS)
    sheet.text(first, x - wide - 10 - text_width(first, SMALL), y, SMALL, colour=DIM, most=1)
