"""To which account a post belongs: to its author, under the name that the watchlist has for it.

See docs/decisions/imports.md. An author who is on no watchlist gets an account without a retailer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from storage.records import Account

KINDS_OF_PAGE = ("company/", "in/", "school/", "showcase/")  # LinkedIn's, before the name
LONGEST_NAME = 200  # characters of a handle; platforms allow a hundred at most
REMEMBERED = 4096  # names: a file has many posts of few authors
MOST_NAMED = 20  # authors on no watchlist that a report names


@dataclass(slots=True)
class Owners:
    """Finds the account; remembers who was met."""

    watchlist: dict[tuple[str, str], Account]
    met: set[Account] = field(default_factory=set)
    strangers: dict[str, int] = field(default_factory=dict)  # platform:handle → posts; the first ones met
    other_strangers: int = 0  # posts of those met later

    @classmethod
    def of(cls, accounts: Iterable[Account]) -> "Owners":
        return cls({_key(one.platform, one.handle): one for one in accounts})

    def owner(self, platform: str, handle: str) -> tuple[Account, bool]:
        """(the account, whether it is on the watchlist)."""
        watched = self.watchlist.get(_key(platform, handle))
        if watched:
            self.met.add(watched)
            return watched, True
        return _of(platform, handle), False

    def stranger(self, account: Account, posts: int = 1) -> None:
        """So many posts are of somebody on no watchlist; below 0: they are another's, who is on it."""
        if account.name in self.strangers or (posts > 0 and len(self.strangers) < MOST_NAMED):
            self.strangers[account.name] = self.strangers.get(account.name, 0) + posts
            if not self.strangers[account.name]:
                del self.strangers[account.name]
        else:
            self.other_strangers += posts


def is_name(handle: str) -> bool:
    """What a platform could call an account by: no spaces, nothing that does not print, not endless."""
    return 0 < len(handle) <= LONGEST_NAME and handle.isprintable() and not any(map(str.isspace, handle))


@lru_cache(REMEMBERED)
def _of(platform: str, handle: str) -> Account:
    return Account(platform, handle)


@lru_cache(REMEMBERED)
def _key(platform: str, handle: str) -> tuple[str, str]:
    plain = handle.strip().lstrip("@").casefold()
    for kind in KINDS_OF_PAGE if platform == "linkedin" else ():
        plain = plain.removeprefix(kind)
    return platform, plain
