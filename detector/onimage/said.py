"""What recognised lines say, taken as text: of each block together, and of each line alone.

Thresholds: chosen on one half of the photographs (benchmarks/matching/split.py), reported on the other
(docs/benchmarks/labels.md).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from detector.onimage.blocks import ALIKE, Block, blocks
from detector.onimage.ocr import Line
from detector.onimage.respelling import respelled
from detector.wording import texts
from detector.wording.context import DENIED
from detector.wording.hints import VAGUE
from detector.wording.lexicon import BUILT_IN, Lexicon
from detector.wording.texts import Wording
from storage.records import Box, Extent, ReadingState

EDGE = 0.14  # of the height or the width: what reaches into it stands at an edge (labels.md, section 3)
SMALL = 0.06  # of the picture's height, letters with their margin: what is larger is no label's "AI"
SURE_OF_TOKEN = 0.9  # confidence that two letters need; a sentence proves itself
LEGIBLE = 0.5  # confidence below which a line is not taken for text at all

BARE = frozenset({"AI", "KI", "IA", "SI", "AIGC", "GENAI", "人工智能", "人工知能"})
# The same with another stroke for the I, as OCR writes it
_STROKES = {"Al": "AI", "Kl": "KI", "lA": "IA", "Sl": "SI", "A.l": "AI", "K.l": "KI"}
# "AI 생성" as the model reads it, which knows no Hangul: "AIA", "AII"
_BEGUN = re.compile(r"(AI|KI|IA|Al|Kl)[A-Z]{1,2}")
_CUT = '"{}", and what follows it could not be read for sure'
# A label's last word before "AI", when that is lost: "Wygenerowano z użyciem" on a patterned shirt
_BEGINS = re.compile(
    r"(?:\b(?:af|avec|av|by|com|con|door|durch|med|met|mit|par|por|przez|z?u[zż]yciem|using|von|with)|\b[ld]['’])\W*$",
    re.IGNORECASE,
)
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")

# A line that is seen for sure, shaped like a label, and not recognised: another script (Hangul, which the
# model does not know: "" or a stray letter), or letters that are too far gone. Prints on garments are larger,
# squarer, or recognised.
SURE_OF_LINE = 0.7  # the detector's own score, 0 to 1
SURE_AT_EDGE = 0.55  # where labels stand: of 140 photographs of the choosing half 3 more are unread
# Hangul comes out as a few capitals ("IIA", 0.56) or as Chinese signs ("帚古IV", 0.64), both less sure than
# what is truly read. Of the same photographs no line at an edge is so plainly there and so badly read
DOUBTFUL, PLAIN_LINE, DOUBTFUL_SIGNS = 0.66, 0.8, 0.8
LOW, HIGH = 0.012, 0.11  # of the picture's height, across the line with its margin: capitals of 5 % make 0.09
LONG = 2.0  # times as wide as high
SPELLED = 5  # letters in a row, each by itself: sizes ("S M L XL") are fewer
COVERED = 0.25  # of a line's width at least by the letters that were recognised in it
_WIDE_SIGN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")

_RANK = {
    state: rank
    for rank, state in enumerate(
        (ReadingState.PRESENT, ReadingState.AMBIGUOUS, ReadingState.UNREADABLE, ReadingState.ABSENT)
    )
}
_SILENT = "no text on it speaks of AI"
_LOST = "text that could not be read"


@dataclass(frozen=True, slots=True)
class Said:
    """`lines` are those that say it."""

    state: ReadingState
    reason: str
    quote: str = ""
    lines: Block = ()
    extent: Extent = Extent.UNKNOWN


def said(lines: Iterable[Line], tall: int, lexicon: Lexicon = BUILT_IN) -> Said:
    """The strongest thing that the lines say. `tall`: the picture's height in px."""
    found = tuple(lines)
    legible = [line for line in found if line.text and line.confidence >= LEGIBLE]
    every = [one for block in blocks(legible) for one in _of_block(block, tall, lexicon)]
    every += [Said(ReadingState.UNREADABLE, _LOST, "", (line,)) for line in found if illegible(line, tall)]
    every += [_of_row(row, lexicon) for row in spelled(legible)]
    return min(every, key=_rank, default=Said(ReadingState.ABSENT, _SILENT))


def illegible(line: Line, tall: int) -> bool:
    """Is it a label as far as one can see, and could not be read?"""
    place, sides = line.place, np.ptp(line.place.corners, axis=0)
    long, edge = float(sides[0] / max(1.0, sides[1])), at_edge(line.place.box)
    surely_there = place.sure >= (SURE_AT_EDGE if edge else SURE_OF_LINE)
    if not surely_there or not LOW * tall <= place.height <= HIGH * tall or long < LONG:
        return False
    if line.confidence < LEGIBLE or _width(line.text) < COVERED * long:
        return True
    doubtful = edge and place.sure >= PLAIN_LINE and line.confidence < DOUBTFUL
    return doubtful or (line.confidence < DOUBTFUL_SIGNS and _WIDE_SIGN.search(line.text) is not None)


def spelled(lines: Iterable[Line]) -> Iterator[Block]:
    """Rows at an edge whose letters stand so far apart that each was taken for a line of its own."""
    left = sorted(
        (line for line in lines if len(line.text) == 1 and at_edge(line.place.box)),
        key=lambda line: line.place.box.x,
    )
    while left:
        first, height = left[0].place.box, left[0].place.height
        row = [
            line
            for line in left
            if abs(line.place.box.y - first.y) < first.h / 2 and line.place.height < ALIKE * height
        ]
        if len(row) >= SPELLED:
            yield tuple(row)
        left = [line for line in left if not any(line is one for one in row)]


def _of_row(row: Block, lexicon: Lexicon) -> Said:
    said_so = _as_said(_read(" ".join(line.text for line in row), lexicon), row)
    return Said(ReadingState.UNREADABLE, _LOST, "", row) if said_so.state is ReadingState.ABSENT else said_so


def _width(text: str) -> float:
    """In heights of the line: a letter is half as wide as high, a Chinese or Japanese sign is square."""
    return sum(1.0 if _WIDE_SIGN.match(sign) else 0.5 for sign in text)


def _rank(one: Said) -> tuple[int, bool, bool]:
    return _RANK[one.state], one.extent is Extent.PART, not one.quote


def _of_block(block: Block, tall: int, lexicon: Lexicon) -> Iterator[Said]:
    together = _read(" ".join(line.text for line in block), lexicon)
    if together.state is ReadingState.ABSENT and _begins(block, lexicon):
        yield Said(ReadingState.UNREADABLE, _LOST, "", block)
    if len(block) == 1:
        yield _token(block[0], tall) or _as_said(together, block)
        return
    yield _as_said(together, block)
    for line in block:
        alone = _as_said(_read(line.text, lexicon), (line,))
        if alone.state is not ReadingState.PRESENT or together.state is ReadingState.PRESENT:
            continue
        if together.reason == DENIED:
            yield Said(
                ReadingState.AMBIGUOUS, "one line says so, and with the next it denies it", alone.quote, block
            )
        else:
            yield alone


def _begins(block: Block, lexicon: Lexicon) -> bool:
    """Does it stop, at an edge, where "AI" would make it a label?"""
    text = " ".join(line.text for line in block)
    if not _BEGINS.search(text) or not any(at_edge(line.place.box) for line in block):
        return False
    ends = ("IA", "AI") if text.rstrip()[-1] in "'’" else ("AI", "KI", "IA")
    return any(_read(f"{text} {end}", lexicon).state is ReadingState.PRESENT for end in ends)


def _as_said(wording: Wording, block: Block) -> Said:
    if wording.state is ReadingState.ABSENT:
        return Said(wording.state, wording.reason if wording.reason == DENIED else _SILENT)
    return Said(wording.state, wording.reason, wording.quote, block, wording.extent)


def _read(text: str, lexicon: Lexicon) -> Wording:
    """As it was recognised, unless it says more with OCR's spelling undone."""
    as_is = texts.read(text, lexicon=lexicon, net=False)
    meant = texts.read(respelled(text, lexicon), lexicon=lexicon, net=False)
    if meant.state is ReadingState.PRESENT or meant.reason == DENIED:
        return meant
    if as_is.reason == VAGUE and len(text.split()) == 1:
        return Wording(ReadingState.ABSENT, reason=texts.SILENT)  # "PROMPT" on a shirt is no label
    return as_is


def _token(line: Line, tall: int) -> Said | None:
    """ "AI" alone; None where the line says more than that."""
    core = _AROUND.sub("", line.text)
    token = _STROKES.get(core, core.replace(".", "").replace(" ", ""))
    if token not in BARE:
        begun = _BEGUN.fullmatch(core) if line.confidence < SURE_OF_TOKEN else None
        return begun and Said(ReadingState.AMBIGUOUS, _CUT.format(begun[1]), core, (line,))
    if line.confidence < SURE_OF_TOKEN:
        return Said(ReadingState.AMBIGUOUS, f'"{token}" alone, and not for sure', token, (line,))
    if line.place.height <= SMALL * tall and at_edge(line.place.box):
        return Said(ReadingState.PRESENT, "small, at an edge and by itself", token, (line,))
    return Said(ReadingState.AMBIGUOUS, f'"{token}" alone: it may be a print or a brand', token, (line,))


def at_edge(box: Box) -> bool:
    return min(box.x, box.y) < EDGE or max(box.x + box.w, box.y + box.h) > 1 - EDGE
