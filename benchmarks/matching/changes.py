"""The ways of changing a picture that the benchmark makes: all those of the tables it is measured by.

A change is deterministic: photograph and change decide every random choice. What a group is judged by stands
beside it: `STRICT` changes have to be found as `copy`, `IN_ANY_TIER` changes in any tier.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from benchmarks.matching import edits, layouts
from benchmarks.matching.edits import Edit
from benchmarks.matching.layouts import Layout, Others

QUALITY = 85  # JPEG quality of every changed file, unless the change is the quality
OTHERS = 3  # other photographs that a change may need


@dataclass(frozen=True, slots=True)
class Change:
    """`group`: plain, crop, overlay, layout, geometry or combination. `overlay`: text or emoji lies on it."""

    group: str
    make: Layout
    overlay: bool = False
    quality: int = QUALITY


def _alone(group: str, *steps: Edit, overlay: bool = False, quality: int = QUALITY) -> Change:
    edit = edits.chain(*steps)
    return Change(group, lambda image, _, dice: edit(image, dice), overlay, quality)


def _inside(
    layout: Layout, *before: Edit, after: Sequence[Edit] = (), overlay: bool = False, quality: int = 85
) -> Change:
    """A combination: some edits, a layout, and some edits more."""
    first, last = edits.chain(*before), edits.chain(*after)
    return Change(
        "combination",
        lambda image, others, dice: last(layout(first(image, dice), others, dice), dice),
        overlay,
        quality,
    )


def _plain() -> dict[str, Change]:
    return {
        **{f"JPEG {quality}": _alone("plain", quality=quality) for quality in (10, 20, 30, 50)},
        **{f"resized to {share:g}": _alone("plain", edits.resized(share)) for share in (0.25, 0.5, 2)},
        "aspect +20 %": _alone("plain", edits.resized(1.2, 1)),
        "aspect -20 %": _alone("plain", edits.resized(0.8, 1)),
        "grey": _alone("plain", edits.grey),
        "sepia": _alone("plain", edits.sepia),
        "warm filter": _alone("plain", edits.warm_filter),
        "cool filter": _alone("plain", edits.cool_filter),
        "blur": _alone("plain", edits.blurred(2)),
        "noise": _alone("plain", edits.noisy(14)),
        "brighter": _alone("plain", edits.brightness(1.35)),
        "darker": _alone("plain", edits.brightness(0.65)),
        "more contrast": _alone("plain", edits.contrast(1.5)),
        "less contrast": _alone("plain", edits.contrast(0.6)),
    }


def _crops() -> dict[str, Change]:
    return {
        **{f"crop {away} %": _alone("crop", edits.cropped(1 - away / 100)) for away in (10, 20, 30, 50, 70)},
        **{
            f"crop {away} % aside": _alone("crop", edits.cropped(1 - away / 100, aside=True))
            for away in (10, 20, 30, 50, 70)
        },
        "square crop": _alone("crop", edits.square),
    }


def _geometry() -> dict[str, Change]:
    return {
        "mirrored": _alone("geometry", edits.mirrored),
        **{f"turned {angle}": _alone("geometry", edits.turned(angle)) for angle in (5, 15, 45, 90, 180, 270)},
        "straightened 5": _alone("geometry", edits.straightened(5)),
        "perspective": _alone("geometry", edits.perspective),
        "photo of a screen": _alone("geometry", edits.photo_of_screen),
    }


def _laid_over_and_into() -> dict[str, Change]:
    return {
        "small text": _alone("overlay", layouts.small_text, overlay=True),
        "large text": _alone("overlay", layouts.large_text, overlay=True),
        "emoji 30 %": _alone("overlay", layouts.emoji(0.3), overlay=True),
        "emoji 50 %": _alone("overlay", layouts.emoji(0.5), overlay=True),
        "meme band": Change("layout", layouts.meme),
        "story frame": Change("layout", layouts.story),
        "border 25 %": Change("layout", layouts.border(0.25)),
        "app screenshot": Change("layout", layouts.screenshot),
        "collage of 2": Change("layout", layouts.pair),
        "collage of 2, cut": Change("layout", layouts.stack),
        "collage of 4": Change("layout", layouts.grid),
        **{
            f"picture in picture {share} %": Change("layout", layouts.inset(share / 100))
            for share in (50, 25, 10)
        },
    }


def _combinations() -> dict[str, Change]:
    mirrored, half = edits.mirrored, edits.resized(0.5)
    return {
        "mirrored, crop 20 %, warm filter, JPEG 30": _alone(
            "combination", mirrored, edits.cropped(0.8, aside=True), edits.warm_filter, quality=30
        ),
        "crop 20 %, small text, app screenshot": _inside(
            layouts.screenshot, edits.cropped(0.8, aside=True), layouts.small_text, overlay=True
        ),
        "mirrored, meme band, half size, JPEG 30": _inside(layouts.meme, mirrored, after=[half], quality=30),
        "cool filter, turned 5, story frame": _inside(layouts.story, edits.cool_filter, edits.turned(5)),
        "perspective, grey, border 25 %": _inside(layouts.border(0.25), edits.perspective, edits.grey),
        "mirrored, darker, collage of 4, JPEG 50": _inside(
            layouts.grid, mirrored, edits.brightness(0.75), quality=50
        ),
    }


CHANGES: dict[str, Change] = {
    **_plain(),
    **_crops(),
    **_geometry(),
    **_laid_over_and_into(),
    **_combinations(),
}
WITHOUT_OVERLAY = frozenset(name for name, change in CHANGES.items() if not change.overlay)
STRICT = frozenset(
    {
        *(f"crop {away} %{where}" for away in (10, 20, 30, 50) for where in ("", " aside")),
        *(f"turned {angle}" for angle in (5, 15, 45, 90, 180, 270)),
        *("square crop", "mirrored", "straightened 5", "meme band", "story frame", "border 25 %"),
        *("app screenshot", "collage of 2", "collage of 2, cut", "collage of 4"),
        *("picture in picture 50 %", "picture in picture 25 %"),
    }
)
IN_ANY_TIER = frozenset(
    {
        *("perspective", "photo of a screen", "crop 70 %", "crop 70 % aside", "picture in picture 10 %"),
        *(name for name, change in CHANGES.items() if change.group == "combination"),
    }
)


def changed(photo: str, image: Image.Image, name: str, others: Others) -> Image.Image:
    """The RGB image with this change made to it. `photo` and `name` decide what is left to chance."""
    seed = hashlib.sha256(f"{photo}\n{name}".encode()).digest()
    return CHANGES[name].make(image, others, np.random.default_rng(int.from_bytes(seed[:8], "big")))


def copy_of(photo: str, image: Image.Image, name: str, others: Others) -> bytes:
    """The changed picture as the JPEG file that people would meet."""
    out = BytesIO()
    changed(photo, image, name, others).save(out, "JPEG", quality=CHANGES[name].quality)
    return out.getvalue()
