"""A post made ready for the store where it was read: checked, and as far as can be told beforehand, laid out
as the rows it becomes.

What an import asks of every post stands at its top; the whole of it is made again only where the store has
the post already, or must be told more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.found import Found
from crawler.intake.accounts import is_name
from crawler.intake.entries import Entry, Misread, Place, Taken
from crawler.intake.lines import told_of_bytes
from crawler.pipelines.check import CheckPipeline
from storage.errors import CrawlError
from storage.fresh import Fresh, capture_of, fresh, post_of
from storage.records import TEXT_NOT_GIVEN, Account, Failure, MediaItem, PostVersion
from storage.replacing import replace
from storage.text import clean

NOT_FETCHED = "not_fetched"
UNMENDABLE = frozenset({"url_expired", NOT_FETCHED, "no_media_url"})  # counted, and nobody's failure
COMPARED = 500  # characters of a text that suspicion compares

_check = CheckPipeline()


@dataclass(slots=True)
class Ready:
    """`place`: the values of a Place. `text`: its beginning, None where the capture has none.
    `posted_at`: epoch seconds. `missing`: why
    media have no bytes, where `laid_out` says so; that is None where the post is to be saved the usual way.
    `size`: of what it holds. `taken`: None where all of it is in what is laid out."""

    place: tuple[Any, ...]
    done: int
    platform: str
    handle: str
    post_id: str
    owner_id: str
    text: str | None
    posted_at: float | None
    counts: Mapping[str, object]
    size: int
    problems: tuple[str, ...]
    missing: tuple[str, ...]
    laid_out: Fresh | None
    taken: Taken | None

    @property
    def line(self) -> int:
        line: int = self.place[0]
        return line

    def whole(self) -> Taken:
        if self.taken is not None:
            return self.taken
        if self.laid_out is None:
            raise AssertionError("a post that is neither laid out nor whole")
        post = post_of(self.laid_out, self.platform, self.handle)
        post = replace(post, media=tuple(map(_as_read, post.media)))
        captures = tuple(map(capture_of, self.laid_out.captures))
        return Taken(
            Place(*self.place), self.done, post, captures, counts=self.counts, owner_id=self.owner_id
        )


def checked(entry: Entry) -> Entry:
    """A post that the store can hold; else why not."""
    if not isinstance(entry, Taken):
        return entry
    post = entry.post
    if not is_name(post.handle):
        why = Failure("bad_handle", f"an author called {post.handle[:60]!a}")
        return Misread(entry.place, entry.done, why, entry.raw)
    try:
        found = _check.process_item(Found(Account(post.platform, post.handle), post, entry.captures))
    except CrawlError as error:
        return Misread(entry.place, entry.done, error.failure(), entry.raw)
    told = found.post if entry.raw is None else told_of_bytes(found.post, entry.raw)
    return entry if told is post else replace(entry, post=told)


def ready(one: Taken, *, lay_out: bool = False) -> tuple[Any, ...]:
    """The values of a Ready, of a checked post. `lay_out`: where nobody is asked for media, and the file is
    kept whole."""
    post, place = one.post, one.place
    problems = tuple([problem.kind for problem in post.problems])
    size = len(post.text) + (len(one.raw) if one.raw else 0)
    if one.near:
        size += sum(near.path.stat().st_size for near in one.near.values() if near.capture)
    why = without_fetching(post) if lay_out and not (one.raw or one.near) else None
    laid_out = None if why is None else fresh(post, why, one.captures)
    return (
        (place.line, place.name, place.offset, place.length),
        one.done,
        post.platform,
        post.handle,
        clean(post.post_id),
        one.owner_id,
        None if TEXT_NOT_GIVEN in problems else post.text[:COMPARED],
        post.posted_at.timestamp() if post.posted_at else None,
        one.counts,
        size,
        problems,
        tuple([failure.kind for failure in why or ()]),
        laid_out,
        one if laid_out is None else None,
    )


def without_fetching(post: PostVersion) -> list[Failure] | None:
    """Why each medium of a new post has no bytes where nobody is asked for them. None where something about
    one has to be told by name."""
    why = [item.failure or not_fetched(item) for item in post.media]
    return why if UNMENDABLE.issuperset([failure.kind for failure in why]) else None


def _as_read(item: MediaItem) -> MediaItem:
    """Without the reason that was only given to what is laid out."""
    asked_nobody = item.failure is not None and item.failure.kind == NOT_FETCHED
    return replace(item, failure=None) if asked_nobody else item


def not_fetched(item: MediaItem) -> Failure:
    return Failure(NOT_FETCHED, "imported without fetching", item.url[:500])
