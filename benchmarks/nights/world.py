"""A small world of retailers' accounts over three nights, and the truth about it: what was visible when.

Everything follows from the seed, the number of accounts and the moment of the first night (epoch seconds);
the server that shows it and the check that compares a store with it each make it for themselves. Nights are
1, 2, 3 …; after the last that changes anything all nights are alike.

Posts that change lie in the window of every night (at most `WINDOW` old), so that each edit and deletion
has to be seen; older ones change too rarely to be looked for, and here never.
"""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PIL import Image

DAY = 86_400.0
NIGHTS = 3
WINDOW = 13.0  # days; the program looks 14 back from its mark
PLATFORMS = (
    *("mastodon", "mastodon", "mastodon", "mastodon", "bluesky", "bluesky", "bluesky"),
    *("rss", "youtube", "pinterest", "instagram"),
)
FEEDS = {"rss": 30, "youtube": 15, "pinterest": 25}  # how many of the newest they show; the rest is not said
TELLING = frozenset({"mastodon", "bluesky"})  # can be asked for one post, and know renamed accounts
SWAPPED_IN_PLACE = frozenset({"rss", "youtube"})  # another picture under the same address
KEEPING = frozenset({"pinterest", "instagram"})  # no picture becomes another one there
PICTURES = {"youtube": (1,), "pinterest": (1,), "instagram": (1, 1, 1, 2)}  # a post has; others: none to two
ON_A_HOST = 40  # accounts; of Instagram all are on one, as Meta has one
BUSY = 0.04  # of accounts: with more posts than one page holds
WORDS = (
    "autumn",
    "denim",
    "knit",
    "coat",
    "studio",
    "light",
    "season",
    "walk",
    "city",
    "garden",
    "blue",
    "soft",
    "wool",
    "linen",
)


@dataclass(frozen=True, slots=True)
class Edition:
    """How a post looks from a night on."""

    night: int
    text: str
    pictures: tuple[int, ...]  # numbers of pictures: `picture(number)` is the bytes


@dataclass(slots=True)
class Post:
    """`at`: the date it carries; `place`: the time by which its platform sorts it. Both epoch seconds."""

    number: int
    at: float
    place: float
    editions: list[Edition]
    gone: int = 0  # the first night without it; 0: it stays
    pinned: bool = False

    def seen(self, night: int) -> Edition | None:
        """What is visible in a night."""
        if self.gone and night >= self.gone:
            return None
        return max(
            (one for one in self.editions if one.night <= night), key=lambda one: one.night, default=None
        )


@dataclass(slots=True)
class Publisher:
    """One account. `name` is its handle in the first night, `renamed` from which night it is called
    otherwise."""

    number: int
    platform: str
    host: int  # among its platform's
    name: str
    posts: list[Post] = field(default_factory=list)
    renamed: int = 0

    def visible(self, night: int) -> list[tuple[Post, Edition]]:
        """Newest first, as its platform sorts them."""
        found = [(post, edition) for post in self.posts if (edition := post.seen(night))]
        return sorted(found, key=lambda one: (one[0].place, one[0].number), reverse=True)


class World:
    def __init__(self, seed: int, accounts: int, start: float, platforms: Sequence[str] = PLATFORMS) -> None:
        """`platforms`: of the accounts, in turn."""
        self.seed, self.start, self.accounts, self.platforms = seed, start, accounts, tuple(platforms)
        self._pictures = 0
        self.publishers = [self._publisher(number) for number in range(accounts)]
        self.hosts: dict[str, int] = {}
        for one in self.publishers:
            self.hosts[one.platform] = max(self.hosts.get(one.platform, 0), one.host + 1)

    def _publisher(self, number: int) -> Publisher:
        chance = random.Random(f"{self.seed}/{number}")
        among = self.platforms
        platform = among[number % len(among)]
        same = among.count(platform)
        place = number // len(among) * same + among[: number % len(among)].count(platform)
        hosts = max(1, self.accounts * same // len(among) // ON_A_HOST)
        hosts = 1 if platform == "instagram" else hosts
        one = Publisher(number, platform, place % hosts, f"shop{number}")
        for _ in range(chance.randint(3, 8)):
            self._publish(one, chance, 1, age=chance.uniform(3, 40))
        for _ in range(90 if platform not in FEEDS and chance.random() < BUSY else 0):
            self._publish(one, chance, 1, age=chance.uniform(20, 300))
        if chance.random() < 0.15:
            self._publish(one, chance, 1, age=350).pinned = True
        for night in range(2, NIGHTS + 1):
            self._day(one, chance, night)
        return one

    def _day(self, one: Publisher, chance: random.Random, night: int) -> None:
        """What its people did between two nights."""
        if chance.random() < 0.4:
            self._publish(one, chance, night, age=NIGHTS - night + chance.uniform(0.1, 0.9))
        if chance.random() < 0.2:  # late: it carries an older date than posts that were seen before it
            late = self._publish(one, chance, night, age=chance.uniform(4, WINDOW))
            on_top = one.platform in TELLING and chance.random() < 0.5
            if on_top:  # of the listing, all the same
                late.place = self.start - (NIGHTS - night + 0.95) * DAY
        young = [post for post in one.posts if self._young(post) and post.seen(night)]
        if young and chance.random() < 0.25:
            self._edit(one, chance.choice(young), chance, night)
        if young and chance.random() < 0.2:
            chance.choice(young).gone = night
        if not one.renamed and one.platform in TELLING and chance.random() < 0.08:
            one.renamed = night

    def _young(self, post: Post) -> bool:
        return post.at > self.start - WINDOW * DAY and post.place > self.start - WINDOW * DAY

    def _publish(self, one: Publisher, chance: random.Random, night: int, age: float) -> Post:
        at = float(int(self.start - age * DAY))
        pictures = tuple(
            self._new() for _ in range(chance.choice(PICTURES.get(one.platform, (0, 1, 1, 1, 2))))
        )
        text = " ".join(chance.choices(WORDS, k=6))
        post = Post(len(one.posts), at, at, [Edition(night, f"{text} {len(one.posts)}", pictures)])
        one.posts.append(post)
        return post

    def _edit(self, one: Publisher, post: Post, chance: random.Random, night: int) -> None:
        """Another text, or another picture (in feeds and on YouTube under the address of the one before)."""
        last = post.editions[-1]
        if last.night == night:
            return
        pictures, text = last.pictures, last.text
        if pictures and one.platform not in KEEPING and chance.random() < 0.5:
            pictures = (self._new(), *pictures[1:])
        else:
            text = f"{text}, edited {night}"
        post.editions.append(Edition(night, text, pictures))

    def _new(self) -> int:
        self._pictures += 1
        return self._pictures


@lru_cache(maxsize=20_000)
def picture(number: int) -> bytes:
    """A small JPEG (some 2 kB) that looks like no other."""
    noise = np.random.default_rng(number).integers(0, 256, (10, 10, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).resize((80, 80), Image.Resampling.BICUBIC).save(out, "JPEG", quality=80)
    return out.getvalue()


def all_pictures(publishers: Sequence[Publisher]) -> Iterator[int]:
    for one in publishers:
        for post in one.posts:
            for edition in post.editions:
                yield from edition.pictures
