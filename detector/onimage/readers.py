"""The readers of what stands on a picture, by surface: text, and marks. Where one is missing, its surface is
`unreadable: no reader yet`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec

from detector.onimage import text
from detector.onimage.kit import PLAIN, Kit, marks_stamp
from detector.onimage.look import Mark, Pixels
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
    """Those that are there."""
    found = {Surface.IMAGE_TEXT: Reader(text.VERSION, _read_text)}
    if find_spec("detector.onimage.marks"):
        found[Surface.IMAGE_MARK] = _of_marks()
    return found


def prepare() -> None:
    """Import what reading needs; the OCR engine itself is made when it is first needed."""
    readers()
    built_in_marks()


def stamps(kit: Kit = PLAIN) -> Mapping[Surface, str]:
    """What a stored reading of each surface stands under: under another one it is looked for again. "" where
    there is no reader."""
    return {surface: _stamp(surface, kit) for surface in SURFACES}


def built_in_marks() -> tuple[Mark, ...]:
    if not find_spec("detector.onimage.icons"):
        return ()
    made: tuple[Mark, ...] = import_module("detector.onimage.icons").built_in_marks()
    return made


def _stamp(surface: Surface, kit: Kit) -> str:
    reader = readers().get(surface)
    if reader is None:
        return ""
    if surface is Surface.IMAGE_MARK:
        looked_for = marks_stamp((*built_in_marks(), *kit.marks))
    else:
        looked_for = lexicon_stamp(kit.lexicon)
    return sha256(f"{surface}\n{reader.version}\n{looked_for}".encode()).hexdigest()[:16]


def _read_text(pixels: Pixels, kit: Kit, seconds: float | None) -> Reading:
    return text.read_text(pixels, seconds, kit.lexicon)


def _of_marks() -> Reader:
    module, letters = import_module("detector.onimage.marks"), import_module("detector.onimage.ocr")

    def read(pixels: Pixels, kit: Kit, seconds: float | None) -> Reading:
        found: Reading = module.read_marks(pixels, (*built_in_marks(), *kit.marks), letters.letters_in)
        return found

    return Reader(module.VERSION, read)
