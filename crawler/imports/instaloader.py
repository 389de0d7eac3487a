"""instaloader's folders: a post's node as `….json` or `….json.xz`, its pictures and videos beside it.

`{"node": …, "instaloader": {"version", "node_type"}}`; node types other than Post (a profile, a story) are no
posts of a feed. Media have the metadata's name with `_1`, `_2` … for the slides of a carousel; a video's
picture stands beside the video under the same name.

Source: instaloader's structures.py and instaloader.py (read 2026-11).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from crawler.intake.archives import read_xz
from crawler.intake.entries import Entry, Misread, Near, Place, Skipped, Taken
from crawler.intake.folders import MEDIA, captured_at, files_in, name_in, read_file
from crawler.intake.lines import read_object
from crawler.intake.retrievals import brought, signature
from crawler.webobjects import instagram
from crawler.webobjects.mapped import NoPost
from crawler.wild_json import at, text_at
from storage.errors import CrawlError, IntakeError
from storage.records import Failure, MediaKind, PostVersion

PLATFORMS = (instagram.PLATFORM,)
VERSION = "1"
WHOLE = False
ENDINGS = (".json", ".json.xz")
LOOKED_AT = 50  # files until the format is told
SIGNATURE = signature("instaloader", VERSION)
VIDEOS = frozenset({".mp4", ".mov", ".webm", ".m4v", ".mkv"})


def recognise(path: Path) -> bool:
    try:
        return path.is_dir() and any(_is_ours(one) for one in islice(files_in(path, ENDINGS), LOOKED_AT))
    except IntakeError:
        return False


def _is_ours(path: Path) -> bool:
    try:
        return isinstance(at(read_object(_bytes(path)), "instaloader", "node_type"), str)
    except CrawlError:
        return False


def total(path: Path) -> int:
    """Files of metadata."""
    return sum(1 for _ in files_in(path, ENDINGS))


def read(path: Path, now: datetime, room: Path) -> Iterator[Entry]:
    """Raises IntakeError kind "not_readable"."""
    for number, file in enumerate(files_in(path, ENDINGS), start=1):
        place = Place(1, name_in(path, file))
        raw = None
        try:
            raw = _bytes(file)
            yield _entry(raw, file, place, number, now)
        except CrawlError as error:
            yield Misread(place, number, error.failure(), raw)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
            why = f"{type(error).__name__}: {str(error)[:200]}"
            yield Misread(place, number, Failure("unexpected_shape", why), raw)


def _bytes(path: Path) -> bytes:
    return read_xz(path) if path.name.endswith(".xz") else read_file(path)


def _entry(raw: bytes, file: Path, place: Place, done: int, now: datetime) -> Entry:
    one = read_object(raw)
    kind = text_at(one, "instaloader", "node_type")
    if not kind:
        return Skipped(place, done, "another_json")
    if kind != "Post":
        return Skipped(place, done, f"instaloader_{kind.lower()[:40]}")
    found = instagram.read(at(one, "node"), now)
    if isinstance(found, NoPost):
        return Skipped(place, done, found.kind)
    seen = captured_at(file, found.post.posted_at, now)
    post = replace(found.post, seen_at=seen)
    capture = brought(post.url, post.url, seen, place, SIGNATURE, raw)
    return Taken(place, done, post, (capture,), raw, found.counts, near(file, post), found.owner_id)


def near(metadata: Path, post: PostVersion) -> Mapping[int, Near]:
    """The files beside it, by position: those of the right kind."""
    base = re.sub(r"\.json(\.xz)?$", "", metadata.name)
    found: dict[int, Near] = {}
    for item in post.media:
        stem = f"{base}_{item.position + 1}" if len(post.media) > 1 else base
        video = item.kind is MediaKind.VIDEO
        for ending in sorted(VIDEOS if video else MEDIA - VIDEOS):
            beside = metadata.with_name(stem + ending)
            if beside.is_file() and not beside.is_symlink():
                found[item.position] = Near(beside)
                break
    return found
