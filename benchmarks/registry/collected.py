"""What was collected before the renders came: thousands of posts with ordinary photographs, and changed
copies of some of the renders planted among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.matching import edits
from storage.records import Account, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState
from storage.store import Store

BEGUN = datetime(2026, 9, 1, tzinfo=UTC)
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
RETAILERS = 8
PLANTED = (
    ("recompressed", edits.jpeg(60)),
    ("resized", edits.resized(0.7)),
    ("cropped", edits.cropped(0.8, aside=True)),
    ("mirrored", edits.mirrored),
    ("warm filter", edits.warm_filter),
)
ORDINARY = (
    lambda image, _: image,
    edits.cropped(0.35, aside=True),
    edits.cropped(0.3, aside=True),
    edits.chain(edits.mirrored, edits.cropped(0.4, aside=True)),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that was published; `render` names the render that it is a copy of, "" where it is none."""

    name: str
    data: bytes
    render: str = ""
    change: str = ""


def photographs(folders: Sequence[Path]) -> list[Path]:
    return [
        path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES
    ]


def shown(
    renders: Sequence[Path], others: Sequence[Path], pictures: int, planted: int, seed: int
) -> Iterator[Shown]:
    """`planted` changed copies, one of a render each, evenly among ordinary pictures: parts of photographs
    that no render shows."""
    dice = np.random.default_rng(seed)
    every = max(1, pictures // max(1, planted))
    for number in range(pictures):
        if number % every == 0 and number // every < planted:
            render = renders[number // every]
            change, edit = PLANTED[(number // every) % len(PLANTED)]
            yield Shown(f"planted{number}", _jpeg(edit(_opened(render), dice)), render.name, change)
        else:
            round_, place = divmod(number, len(others))
            edit = ORDINARY[round_ % len(ORDINARY)]
            yield Shown(f"ordinary{number}", _jpeg(edit(_opened(others[place]), dice)))


def publish(store: Store, number: int, one: Shown) -> None:
    """A post of its own, a minute after the one before."""
    retailer = f"Retailer {number % RETAILERS}"
    account = Account("bluesky", f"{retailer.casefold().replace(' ', '-')}.example", retailer, "SE")
    at = BEGUN + timedelta(minutes=number)
    item = MediaItem(
        position=0,
        kind=MediaKind.PICTURE,
        url=f"https://cdn.example/{one.name}.jpg",
        sha256=store.media.put(one.data),
        format="jpeg",
        size=len(one.data),
    )
    post = PostVersion(
        platform="bluesky",
        handle=account.handle,
        post_id=one.name,
        url=f"https://bluesky.example/{one.name}",
        posted_at=at,
        text="New in.",
        platform_tag=PlatformTag(ReadingState.NOT_OFFERED),
        media=(item,),
        seen_at=at,
    )
    store.save_post(account, post)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
