"""A small store with published posts and registered twins, filled without a crawl, and what detection made of
it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np
from PIL import Image

from desk.jobs.detect import Detection, detect
from desk.jobs.stages.carried import Settings
from detector.examine import examine, reference_stage_versions
from storage.records import (
    Account,
    Box,
    Examination,
    Finding,
    Match,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
    ReferenceImage,
    ReferenceKind,
    Twin,
)
from storage.store import Store
from tests.desk.eyes import Eyes, Shut
from tests.detector.drawings import Pixels, scene
from tests.detector.files import encoded
from tests.empty_store import laid

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
SIZE = (360, 450)


def photo(seed: int) -> Pixels:
    """A picture with enough in it to be recognised, unlike that of every other seed."""
    return scene(*SIZE, seed=seed)


def jpeg(pixels: Pixels, quality: int = 92) -> bytes:
    return encoded(np.ascontiguousarray(pixels), "JPEG", quality=quality)


def cropped(pixels: Pixels, share: float = 0.7) -> Pixels:
    """The middle of it."""
    height, width = pixels.shape[:2]
    down, across = int(height * (1 - share) / 2), int(width * (1 - share) / 2)
    return pixels[down : height - down, across : width - across]


def beside(left: Pixels, right: Pixels) -> Pixels:
    """A collage of two."""
    return np.concatenate([left, right], axis=1)


def decoded(data: bytes) -> Pixels:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"))


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


@cache
def looked_at(data: bytes) -> Examination:
    """In this process, once a picture: detection then finds nothing left to examine and starts no workers for
    it."""
    return examine(data, tuple(reference_stage_versions()))


@contextmanager
def _one_core() -> Iterator[None]:
    """So few files need one worker, and starting it is what costs."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(allowed)[os.getpid() % len(allowed)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


@dataclass
class Shop:
    folder: Path
    store: Store = field(init=False)
    posts: int = 0
    eyes: Eyes = field(default_factory=Shut)
    examines: bool = True  # what is published, at once and without workers

    def __post_init__(self) -> None:
        self.store = Store.open(laid(self.folder / "twinwatch.db"), self.folder / "media", create=True)

    def publish(
        self, *pictures: bytes, account: str = "one", text: str = "New in", retailer: str = ""
    ) -> str:
        """A post with these pictures; its id. `retailer`: by the account's own name, unless given."""
        self.posts += 1
        name = f"{account}/{self.posts}"
        at = NOW + timedelta(minutes=self.posts)
        self.save(name, at, *pictures, account=account, text=text, retailer=retailer)
        return name

    def save(
        self,
        name: str,
        at: datetime,
        *pictures: bytes,
        account: str = "one",
        text: str,
        retailer: str = "",
    ) -> None:
        """A version of the post, as it was seen at that time."""
        items = tuple(
            MediaItem(
                position=place,
                kind=MediaKind.PICTURE,
                url=f"https://cdn.example/{name}/{place}",
                native_id=digest(data),
                sha256=self.store.media.put(data),
                format="jpeg",
                size=len(data),
            )
            for place, data in enumerate(pictures)
        )
        post = PostVersion(
            platform="rss",
            handle=account,
            post_id=name,
            url=f"https://shop.example/{name}",
            posted_at=at,
            text=text,
            platform_tag=PlatformTag(ReadingState.NOT_OFFERED),
            media=items,
            seen_at=at,
        )
        self.store.save_post(Account("rss", account, retailer=retailer or account, country="SE"), post)
        for data in pictures if self.examines else ():
            self.examine(data)

    def examine(self, data: bytes) -> None:
        self.store.save_examination(looked_at(data))

    def hint(self, data: bytes) -> None:
        """The cheap detector sees small text near an edge."""
        self.store.save_examination(replace(looked_at(data), may_bear_text=True))

    def register(
        self,
        twin: str,
        *pictures: bytes,
        kind: ReferenceKind = ReferenceKind.DIGITAL_TWIN,
        mark: Box | None = None,
    ) -> None:
        references = [
            ReferenceImage(twin, self.store.media.put(data), kind, "contract 7", "desk@example.org", mark)
            for data in pictures
        ]
        self.store.add_twin(Twin(twin, kind, added_at=NOW), references)
        for data in pictures:
            self.examine(data)

    def detect(self, settings: Settings | None = None) -> Detection:
        kept = replace(
            settings or Settings(cache=self.folder / "media-cache"), controls=bool(self.eyes.missed)
        )
        with _one_core(), self.watching():
            return detect(self.store, "test", now=NOW, tell=lambda _: None, settings=kept)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """With `eyes` in the place of the worker processes that look at pictures."""
        with (
            patch("desk.jobs.detect.Lookers", self.eyes),
            patch("desk.jobs.stages.look.stamps", lambda _: self.eyes.stamps),
        ):
            yield

    def matches(self, data: bytes) -> tuple[Match, ...]:
        """With registered pictures."""
        return tuple(match for match in self.store.matches.of(digest(data)) if match.twin)

    def twins(self, data: bytes) -> Mapping[str, str]:
        """Twin → kind of the match."""
        return {match.twin: match.kind.value for match in self.matches(data)}

    def findings(self) -> list[Finding]:
        return sorted(self.store.findings(), key=lambda finding: finding.post_id)

    def lose(self, data: bytes) -> None:
        """Retention takes the bytes."""
        path = self.store.media.path(digest(data))
        path.chmod(0o644)
        path.unlink()


def faked(pixels: Pixels, other: Pixels, axes: tuple[int, int] = (70, 80)) -> Pixels:
    """A soft ellipse of another picture in the upper middle."""
    mask = np.zeros(pixels.shape[:2], np.float32)
    cv2.ellipse(mask, (SIZE[0] // 2, SIZE[1] // 3), axes, 0, 0, 360, 1.0, -1)
    weight = cv2.GaussianBlur(mask, (0, 0), 3)[..., None]
    return np.rint(pixels * (1 - weight) + other * weight).astype(np.uint8)
