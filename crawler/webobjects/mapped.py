"""What every platform's web object becomes, and what reading one has in common.

A web object is the JSON by which a platform's own page knows a post: what a browser captured, and what
download tools store beside the files. It is from strangers: every type is checked where it is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from crawler.moments import believable, unbelievable
from crawler.wild_json import at
from storage.errors import CrawlError
from storage.records import Failure, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState

OWNER = re.compile(r"[0-9]{1,30}")
MILLISECONDS = 1e11  # epoch numbers above are no seconds (the year 5138)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A web object as a post. `handle` in it is the author's, as the object names it.

    `counts`: what is watched for a change of meaning (suspects.py), by the platform's own field names.
    `owner_id`: the author's own number on the platform's pages, which stays when the name changes; "" where
    the object has none.
    """

    post: PostVersion
    counts: Mapping[str, object] = field(default_factory=dict)
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class NoPost:
    """An object that is no post of its author: an advertisement, a repost, a profile. In one word, and in
    some."""

    kind: str
    message: str


@dataclass(slots=True)
class Notes:
    """What was odd about one object, and when it is read."""

    where: str
    now: datetime
    problems: list[Failure] = field(default_factory=list)

    def note(self, kind: str, message: str) -> None:
        self.problems.append(Failure(kind, message, self.where))

    def text(self, raw: object, *path: str | int) -> str:
        """The string at a path; what is something else becomes a problem."""
        value = at(raw, *path)
        if value is not None and not isinstance(value, str):
            self.note("wrong_type", f"{'.'.join(map(str, path))} is a {type(value).__name__}")
        return value if isinstance(value, str) else ""

    def moment(self, value: object) -> datetime | None:
        """Epoch seconds (or milliseconds), as a number or as digits."""
        if value is None or value == "":
            return None
        try:
            number = float(value) if isinstance(value, int | float | str) and value is not True else None
            if number is None or number != number:
                raise ValueError
            moment = datetime.fromtimestamp(number / 1000 if number > MILLISECONDS else number, UTC)
        except (ValueError, OverflowError, OSError):
            self.note("bad_date", f"cannot be read as a time: {str(value)[:80]!r}")
            return None
        return self.believed(moment)

    def believed(self, moment: datetime) -> datetime | None:
        if believable(moment, self.now):
            return moment
        why = unbelievable(moment)
        self.note(why.kind, why.message)
        return None

    def items(self, raw: object, name: str) -> list[object]:
        """The list under a name; what is something else becomes a problem."""
        value = at(raw, name)
        if value is not None and not isinstance(value, list):
            self.note("wrong_type", f"{name} is a {type(value).__name__}")
        return value if isinstance(value, list) else []


def native(value: object) -> str:
    """An id that may be written as a number; "" where it is none."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def owner_in(raw: object, *paths: tuple[str | int, ...]) -> str:
    """The first of these that is a number; "" where none is."""
    for path in paths:
        found = native(at(raw, *path))
        if found and OWNER.fullmatch(found):
            return found
    return ""


def needed(value: str, what: str, where: str = "") -> str:
    """Raises CrawlError kind "no_id" or "no_author"."""
    if not value:
        raise CrawlError(
            f"an object without {what}", kind="no_author" if "author" in what else "no_id", where=where
        )
    return value


def as_object(raw: object) -> Mapping[str, object]:
    """Raises CrawlError kind "wrong_shape"."""
    if not isinstance(raw, dict):
        raise CrawlError(f"an object was expected, not {type(raw).__name__}", kind="wrong_shape")
    return raw


def unreadable(source: str, field_name: str, reason: str) -> PlatformTag:
    return PlatformTag(ReadingState.UNREADABLE, source=source, field=field_name, reason=reason)


def item(
    position: int, kind: MediaKind, url: str, notes: Notes, *, native_id: str = "", alt: str | None = None
) -> MediaItem:
    """One medium; without an address it is kept with the reason."""
    failure = None
    if not url:
        failure = Failure(
            "no_media_url", "the object names no file for this item", f"{notes.where} #{position}"
        )
    return MediaItem(position, kind, url, native_id, alt, failure=failure)


def largest(candidates: object) -> str:
    """The URL of the candidate with most pixels; the first where none says its size."""
    best, size = "", -1
    for one in candidates if isinstance(candidates, list) else []:
        if type(one) is dict:
            try:
                width, height = one["width"], one["height"]
            except KeyError:
                width = height = None
            pixels = width * height if type(width) is int is type(height) else 0
            if pixels > size and (url := one.get("url")) and type(url) is str:
                best, size = url, pixels
    return best
