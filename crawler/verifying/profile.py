"""What a platform's file says about profiles: how one is addressed, and what one says of itself.

How to add a platform's profile: write crawler/profiles/<platform>.py, found by its place, with
- `PLATFORM`, and `names(account)`: what the account is called, in a form that can be compared;
- `named(address)`: the name of the profile that a web address leads to, in the same form, "" where it leads
  to anything else (a post, a share button);
- `host(account)`: the host that the account's own name is, or lives on, "" where names are no domains;
- `profile(account, located)`: a generator like a spider's `locate` that returns a `Profile`. Raises
  CrawlError for whatever keeps it from being seen, kind "not_exposed" where the platform shows none to
  programs.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from crawler.pages import Answer, Ask, Located
from crawler.verifying.web import Address
from storage.records import Account


@dataclass(frozen=True, slots=True)
class Said:
    """A website that a profile names. `field`: stated in a field for websites, not in running words."""

    url: str
    quote: str
    field: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """`ids`: the stable ids of the account, `names`: what links may call it as well. `partial`: why what
    was seen is not all that the profile shows to people; "" where it is."""

    ids: tuple[str, ...]
    said: tuple[Said, ...] = ()
    names: frozenset[str] = frozenset()
    where: str = ""
    sha256: str = ""  # of the answer
    partial: str = ""


Steps = Generator[Ask, Answer, Profile]


class Profiles(Protocol):
    """A module of crawler/profiles/."""

    PLATFORM: str

    def names(self, account: Account) -> frozenset[str]: ...

    def named(self, address: Address) -> str: ...

    def host(self, account: Account) -> str: ...

    def profile(self, account: Account, located: Located) -> Steps: ...
