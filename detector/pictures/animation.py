"""The pictures of an animated GIF, WebP, PNG or AVIF, with the time at which each appears."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

ANIMATED = frozenset({"gif", "webp", "png", "avif"})
HASTE = 0.02  # seconds: what is given as less, browsers show for a tenth (of GIF; all of them do since 2010)
SLOWED = 0.1


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of an animation: from second `at` to `until`."""

    at: float
    until: float
    image: Image.Image


def stills(image: Image.Image) -> Iterator[Still]:
    """Every picture of an opened file, composed as a viewer shows it; of a still one nothing. The image is
    the same each time: take what you need before the next.

    Raises whatever Pillow does; run it within `detector.pictures.decode.opened`."""
    if not getattr(image, "is_animated", False):
        return
    at, number = 0.0, 0
    while True:
        try:
            image.seek(number)
        except EOFError:
            return
        image.load()
        until = at + _shown(image)
        yield Still(at, until, image)
        at, number = until, number + 1


def _shown(image: Image.Image) -> float:
    told = image.info.get("duration", 0)
    seconds = float(told) / 1000 if isinstance(told, int | float) else 0.0
    return seconds if HASTE <= seconds < float("inf") else SLOWED
