"""What was collected before the renders came: thousands of posts with ordinary photographs, and changed
copies of some of the renders planted among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.matching import edits
from detector.examine import stage_versions
from detector.matching.local_features import local
from detector.matching.parts import regions
from detector.processes.workers import Workers
from storage.records import (
    Account,
    Examination,
    Fingerprint,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
)
from storage.store import Store

BEGUN = datetime(2026, 9, 1, tzinfo=UTC)
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
RETAILERS = 8
FLIPPED = 12  # bits of a signature of 64: two stand-ins then differ in more than what counts as near
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
    edits.chain(edits.mirrored, edits.cropped(0.33, aside=True)),
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


def publish(store: Store, number: int, one: Shown) -> str:
    """A post of its own, a minute after the one before; the SHA-256 of its picture."""
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
    return item.sha256


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


# --- what the nights before found in them -------------------------------------------------------------------


def examined(store: Store, files: Sequence[str]) -> None:
    """These are looked at as a night looks at them."""
    paths = {store.media.path(sha256): sha256 for sha256 in files}
    with Workers() as workers:
        for _, examination in workers.examine((path, None) for path in paths):
            store.save_examination(examination)


def stood_in(store: Store, files: Sequence[str], sources: Sequence[str], seed: int) -> None:
    """These get fingerprints like those of the sources, and unlike each of them: the same words as often,
    so that chance votes are as frequent as among photographs; other signatures, places and hashes, so that
    none looks like its source. Their bytes are photographs of their own: what comes into question is
    opened."""
    dice = np.random.default_rng(seed)
    for start in range(0, len(files), 500):
        some = files[start : start + 500]
        drawn = [sources[place] for place in dice.integers(0, len(sources), len(some))]
        prints = store.fingerprints(drawn)
        made = [
            Examination(
                sha256,
                "jpeg",
                400,
                500,
                tuple(_unlike(one, dice) for one in prints.get(source, ())),
                (),
                too_little=False,
                stages=stage_versions(),
                may_bear_text=False,
            )
            for sha256, source in zip(some, drawn, strict=True)
        ]
        store.roster.keep(made)


def _unlike(one: Fingerprint, dice: np.random.Generator) -> Fingerprint:
    if one.algorithm == local.ALGORITHM:
        features = np.frombuffer(one.bits, local.FEATURE).copy()
        for _ in range(FLIPPED):
            features["signature"] ^= np.uint64(1) << dice.integers(0, 64, len(features), dtype=np.uint64)
        order = dice.permutation(len(features))
        for name in ("x", "y", "angle"):
            features[name] = features[name][order]
        return replace(one, bits=features.tobytes())
    if one.algorithm == regions.ALGORITHM:
        rows = np.frombuffer(one.bits, regions.ROW).copy()
        rows["hash"] = dice.integers(0, 256, rows["hash"].shape, dtype=np.uint8)
        return replace(one, bits=rows.tobytes())
    return replace(one, bits=dice.bytes(len(one.bits)))
