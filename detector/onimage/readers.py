"""The readers of what stands on a picture, by surface: text, and marks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from detector.onimage import marks, text
from detector.onimage.icons import built_in_marks
from detector.onimage.kit import PLAIN, Kit, marks_stamp
from detector.onimage.look import Pixels
from detector.wording.lexicon import lexicon_stamp
from storage.records import Reading, Surface

SURFACES = (Surface.IMAGE_TEXT, Surface.IMAGE_MARK)


@dataclass(frozen=True, slots=True)
class Reader:
    """`version` names what the answer depends on beside the kit; `read` takes pixels, kit and seconds."""

    version: str
    read: Callable[[Pixels, Kit, float | None], Reading]


@cache
def readers() -> Mapping[Surface, Reader]:
    return {
        Surface.IMAGE_TEXT: Reader(text.VERSION, _read_text),
        Surface.IMAGE_MARK: Reader(marks.VERSION, _read_marks),
    }


def prepare() -> None:
    """Draw what is looked for; the OCR engine itself is made when it is first needed."""
    built_in_marks()


def stamps(kit: Kit = PLAIN) -> Mapping[Surface, str]:
    """What a stored reading of each surface stands under: under another one it is looked for again."""
    return {surface: _stamp(surface, kit) for surface in SURFACES}


def _stamp(surface: Surface, kit: Kit) -> str:
    if surface is Surface.IMAGE_MARK:
        looked_for = marks_stamp((*built_in_marks(), *kit.marks))
    else:
        looked_for = lexicon_stamp(kit.lexicon)
    return sha256(f"{surface}\n{readers()[surface].version}\n{looked_for}".encode()).hexdigest()[:16]


def _read_text(pixels: Pixels, kit: Kit, seconds: float | None) -> Reading:
    return text.read_text(pixels, seconds, kit.lexicon)


def _read_marks(pixels: Pixels, kit: Kit, seconds: float | None) -> Reading:
    return marks.read_marks(pixels, (*built_in_marks(), *kit.marks), seconds=seconds)
