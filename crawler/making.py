"""A page in the making: posts, what was passed over, what could not be understood."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from crawler.failures import failure_of
from crawler.pages import Ask, Listed, Page, Unmapped
from crawler.spider import as_raw
from storage.errors import CrawlError
from storage.records import Account, Failure

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Passed:
    """An item that is no post to keep: a boost, or one that is not public."""

    order: datetime | None
    private: bool = False


@dataclass(slots=True)
class PageInMaking:
    """Posts, what was passed over, what could not be understood; nothing is lost on the way."""

    account: Account
    posts: dict[str, Listed] = field(default_factory=dict)
    problems: list[Unmapped] = field(default_factory=list)
    passed: list[datetime] = field(default_factory=list)
    private: int = 0

    def add(self, items: Iterable[Item], read: Callable[[Item], Listed | Passed]) -> None:
        for raw in items:
            try:
                self._take(read(raw))
            except Exception as error:  # one item that no reader foresaw costs that item, and is told
                self.problems.append(Unmapped(failure_of(error, ""), as_raw(raw)))

    def _take(self, one: Listed | Passed) -> None:
        if isinstance(one, Passed):
            self.private += one.private
            self.passed += [one.order] if one.order else []
            return
        known = self.posts.setdefault(one.post.post_id, one)
        if known != one:  # the same again is a pinned post, which some servers list twice
            raise CrawlError("listed twice on one page", kind="duplicate_id", where=one.post.post_id[:200])

    def note(self, kind: str, message: str, raw: object = None) -> None:
        why = Failure(kind, message, self.account.name)
        self.problems.append(Unmapped(why, b"" if raw is None else as_raw(raw)))

    def page(self, following: Ask | None) -> Page:
        if self.private:
            self.note("not_public", f"{self.private} posts are not public and were not kept")
        return Page(tuple(self.posts.values()), following, tuple(self.problems), tuple(self.passed))
