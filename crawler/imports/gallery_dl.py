"""gallery-dl's folders, made with `--write-metadata`: beside each file its own `<file>.json`.

A post with several files has several such objects, which say the same of the post; they become one post, its
media in the order of `num`. `category` names the site. Instagram's objects are gallery-dl's own and hold no
label field; TikTok's are the platform's; Facebook's are one a photo (webobjects/facebook_photos.py).

Source: gallery-dl's extractor/instagram.py, twitter.py, tiktok.py, pinterest.py, postprocessor/metadata.py
(which keys there are; read 2026-11, no code was taken: it is under the GPL).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from crawler.intake.entries import Entry, Misread, Near, Place, Skipped, Taken
from crawler.intake.folders import MEDIA, captured_at, files_in, name_in, read_file
from crawler.intake.lines import read_object
from crawler.intake.retrievals import brought, signature
from crawler.webobjects import facebook_photos, pinterest, tiktok
from crawler.webobjects.mapped import Mapped, NoPost, Notes, native, needed, owner_in, unreadable
from crawler.wild_json import at, text_at
from storage.errors import CrawlError, IntakeError
from storage.records import Failure, MediaItem, MediaKind, PostVersion

CATEGORIES = {
    "instagram": "instagram",
    "twitter": "x",
    "x": "x",
    "tiktok": "tiktok",
    "pinterest": "pinterest",
    "facebook": "facebook",
}
PLATFORMS = ("instagram", "x", "tiktok", "pinterest", "facebook")
VERSION = "1"
WHOLE = False
LOOKED_AT = 50  # files until the format is told
SIGNATURE = signature("gallery_dl", VERSION)
VIDEOS = frozenset({".mp4", ".mov", ".webm", ".m4v", ".mkv"})
IDS = {
    "instagram": ("post_shortcode", "shortcode"),
    "x": ("tweet_id",),
    "tiktok": ("id",),
    "pinterest": ("id",),
}
MOST_FILES = 500_000  # of metadata: their names are held while posts are put together


@dataclass(frozen=True, slots=True)
class Part:
    """One metadata file of a post."""

    number: int  # `num`, from 1
    path: Path
    place: int  # in the order of the folder


def recognise(path: Path) -> bool:
    try:
        return path.is_dir() and any(_is_ours(one) for one in islice(files_in(path, (".json",)), LOOKED_AT))
    except IntakeError:
        return False


def _is_ours(path: Path) -> bool:
    try:
        one = read_object(read_file(path))
    except CrawlError:
        return False
    return bool(text_at(one, "category")) and isinstance(at(one, "subcategory"), str)


def total(path: Path) -> int:
    """Files of metadata."""
    return sum(1 for _ in files_in(path, (".json",)))


def read(path: Path, now: datetime, room: Path) -> Iterator[Entry]:
    """Raises IntakeError kind "not_readable" or "too_many_files"."""
    posts: dict[tuple[str, str], list[Part]] = {}
    for count, file in enumerate(files_in(path, (".json",)), start=1):
        if count > MOST_FILES:
            message = f"{path}: more than {MOST_FILES} metadata files; import its folders one by one"
            raise IntakeError(message, kind="too_many_files", where=str(path))
        place = Place(1, name_in(path, file))
        try:
            key, number = _key(read_object(read_file(file)))
            if key is None:
                yield Skipped(place, 0, "another_json")
            else:
                posts.setdefault(key, []).append(Part(number, file, count))
        except CrawlError as error:
            yield Misread(place, 0, error.failure(), _raw(file))
    done = 0
    for (platform, _), parts in posts.items():
        done += len(parts)
        yield _guarded(path, platform, sorted(parts, key=lambda one: (one.number, one.place)), done, now)


def _raw(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except CrawlError:
        return None


def _key(one: object) -> tuple[tuple[str, str] | None, int]:
    """((platform, post id), number of the file). Raises CrawlError kind "no_id" or "unknown_platform"."""
    category = text_at(one, "category")
    if not category:
        return None, 0
    platform = CATEGORIES.get(category, "")
    if not platform:
        raise CrawlError(f"no platform that we read: {category[:80]!r}", kind="unknown_platform")
    if platform == facebook_photos.PLATFORM:
        post_id = facebook_photos.post_id(one)
    else:
        post_id = next((found for name in IDS[platform] if (found := native(at(one, name)))), "")
    number = at(one, "num")
    ordered = number if isinstance(number, int) and not isinstance(number, bool) else 1
    return (platform, needed(post_id, "an id")), ordered


def _guarded(folder: Path, platform: str, parts: Sequence[Part], done: int, now: datetime) -> Entry:
    place = Place(1, name_in(folder, parts[0].path))
    raw = _raw(parts[0].path)
    try:
        return _entry(folder, platform, parts, done, now)
    except CrawlError as error:
        return Misread(place, done, error.failure(), raw)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError) as error:
        why = f"{type(error).__name__}: {str(error)[:200]}"
        return Misread(place, done, Failure("unexpected_shape", why), raw)


def _entry(folder: Path, platform: str, parts: Sequence[Part], done: int, now: datetime) -> Entry:
    raws = [read_file(part.path) for part in parts]
    objects = [read_object(raw) for raw in raws]
    place = Place(1, name_in(folder, parts[0].path))
    found = _mapped(platform, objects, now)
    if isinstance(found, NoPost):
        return Skipped(place, done, found.kind)
    seen = captured_at(parts[0].path, found.post.posted_at, now)
    post = replace(found.post, seen_at=seen)
    capture = brought(post.url, post.url, seen, place, SIGNATURE, raws[0])
    return Taken(place, done, post, (capture,), raws[0], found.counts, _near(parts, post), found.owner_id)


def _near(parts: Sequence[Part], post: PostVersion) -> Mapping[int, Near]:
    """`picture.jpg.json` stands beside `picture.jpg`."""
    found: dict[int, Near] = {}
    files = [part.path.with_name(part.path.name.removesuffix(".json")) for part in parts]
    usable = [one for one in files if one.suffix.lower() in MEDIA and one.is_file() and not one.is_symlink()]
    if len(parts) == len(post.media):
        pairs = zip(post.media, files, strict=True)
    else:  # TikTok: the object lists a video and its cover, whatever was downloaded
        pairs = zip(post.media, [*_of_kind(post, usable), *files][: len(post.media)], strict=False)
    for item, file in pairs:
        fits = (file.suffix.lower() in VIDEOS) is (item.kind is MediaKind.VIDEO)
        if file in usable and fits:
            found[item.position] = Near(file)
    return found


def _of_kind(post: PostVersion, files: Sequence[Path]) -> Iterator[Path]:
    """For each medium the next file of its kind; a name that is no file where there is none."""
    left = list(files)
    for item in post.media:
        moving = item.kind is MediaKind.VIDEO
        file = next((one for one in left if (one.suffix.lower() in VIDEOS) is moving), Path("-"))
        if file in left:
            left.remove(file)
        yield file


def _mapped(platform: str, objects: Sequence[object], now: datetime) -> Mapped | NoPost:
    if platform == "tiktok":
        return tiktok.read(objects[0], now)
    if platform == "pinterest":
        return pinterest.read(objects[0], now)
    if platform == facebook_photos.PLATFORM:
        notes = Notes(facebook_photos.post_id(objects[0]), now)
        return facebook_photos.read(objects, _date(objects[0], notes, "date"), notes)
    return (_instagram if platform == "instagram" else _x)(objects, now)


def _instagram(objects: Sequence[object], now: datetime) -> Mapped | NoPost:
    first = objects[0]
    kind = text_at(first, "type")
    if kind in ("story", "highlight") or text_at(first, "subcategory") in ("stories", "highlights", "avatar"):
        return NoPost("instagram_story", "a story or a portrait, no post of the feed")
    code = needed(text_at(first, "post_shortcode"), "a shortcode")
    notes = Notes(code, now)
    post = PostVersion(
        platform="instagram",
        handle=needed(text_at(first, "username"), "an author's name", code),
        post_id=code,
        url=f"https://www.instagram.com/p/{code}/",
        posted_at=_date(first, notes, "post_date", "date"),
        text=notes.text(first, "description"),
        platform_tag=unreadable("gallery-dl", "", "not exposed: gallery-dl keeps no label field"),
        media=tuple(_instagram_media(objects)),
    )
    likes = at(first, "likes")
    counts = {} if likes is None else {"likes": likes}
    return Mapped(replace(post, problems=tuple(notes.problems)), counts, owner_in(first, ("owner_id",)))


def _instagram_media(objects: Sequence[object]) -> Iterator[MediaItem]:
    shown = [one for one in objects if not at(one, "audio_url")]
    for position, one in enumerate(shown):
        video = text_at(one, "video_url")
        kind = MediaKind.VIDEO if video else MediaKind.PICTURE
        yield MediaItem(position, kind, video or text_at(one, "display_url"))


def _x(objects: Sequence[object], now: datetime) -> Mapped | NoPost:
    first = objects[0]
    if native(at(first, "retweet_id")) not in ("", "0"):
        return NoPost("repost", "somebody else's post, passed on")
    post_id = needed(native(at(first, "tweet_id")), "an id")
    notes = Notes(post_id, now)
    handle = text_at(first, "author", "name") or text_at(first, "user", "name")
    post = PostVersion(
        platform="x",
        handle=needed(handle, "an author's name", post_id),
        post_id=post_id,
        url=f"https://x.com/{handle}/status/{post_id}",
        posted_at=_date(first, notes, "date"),
        text=notes.text(first, "content"),
        platform_tag=unreadable("gallery-dl", "", "not exposed: gallery-dl keeps no label field"),
        media=tuple(_x_media(objects)),
    )
    likes = at(first, "favorite_count")
    counts = {} if likes is None else {"favorite_count": likes}
    return Mapped(replace(post, problems=tuple(notes.problems)), counts)


def _x_media(objects: Sequence[object]) -> Iterator[MediaItem]:
    for position, one in enumerate(objects):
        moving = text_at(one, "type") in ("video", "animated_gif") or text_at(one, "extension") == "mp4"
        alt = at(one, "description")
        kind = MediaKind.VIDEO if moving else MediaKind.PICTURE
        yield MediaItem(position, kind, text_at(one, "url"), alt=alt if isinstance(alt, str) else "")


def _date(one: object, notes: Notes, *names: str) -> datetime | None:
    """gallery-dl writes "2026-02-01 10:00:00", UTC."""
    said = next((found for name in names if (found := notes.text(one, name))), "")
    try:
        moment = datetime.fromisoformat(said) if said else None
    except ValueError:
        notes.note("bad_date", f"cannot be read as a time: {said[:80]!r}")
        return None
    return notes.believed(moment if moment.tzinfo else moment.replace(tzinfo=UTC)) if moment else None
