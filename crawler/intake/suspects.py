"""A field that changed its meaning: all likes suddenly 3, all captions empty, all dates one.

Platforms show less to those who are not logged in, and pages change: what then comes looks like data. The
rules and their probabilities are in crawler/constancy.py; here is what they are asked about. Each account is
watched by itself, so that two that alternate are two; and each platform, for what comes from many accounts
with a few posts each: for numbers all of its posts, for the rest the first post of each account, because
an account's posts are alike. A post that was captured often is one.

Of captions and dates there is more to ask of a platform as a whole: whether all posts lack a caption, or
nearly all bear the same moment. No chance is reckoned there: an account may never write captions, and a shop
may import a hundred posts in one go. So a caption is missed only where all of the import's posts lack it,
and the store knows nothing else of these accounts; and a moment only where it is nearly all posts' own.

Memory is bounded: so many accounts, and of each so many values a field.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.constancy import FEWEST, binomial_tail, is_no_chance, is_one_text, is_sudden
from crawler.intake.ready import Ready
from crawler.intake.watched import BLOCK, MOST_FIELDS, Lot, Row, Tally
from storage.crawled import Fields
from storage.records import Account
from storage.store import Store

MOST_ACCOUNTS = 1000  # watched at a time; those with most posts stay
MOST_TOLD = 100  # suspects
MOST_IDS = 200_000  # posts that are remembered as counted
NEARLY = 0.95  # of the stored posts without a caption, of accounts that hardly ever write one: ours to choose
ALIKE = 0.9  # of the posts that bear the same moment: as crawler/sight.py
WHOLE_DAYS = 40  # of posts that bear a day and no time of it: likewise
EMPTIED = 0.02  # of stored captions that are emptied by those who wrote them: ours to choose
EMPTIED_BY_CHANCE = 1e-5  # asked once for each platform of an import
A_DAY = 86400.0  # seconds
NOT_THERE = "not there"  # as a value: objects without such a field
MOST_OF = 0.8  # of the posts that say the same, in one place
KNOWN = 200  # newest posts of an account that were stored before
ASKED = 20  # accounts of which the store is asked what they said before
Earlier = Callable[[str, str], Sequence[Fields]]  # platform and handle → what the store knew before


@dataclass(frozen=True, slots=True)
class Suspect:
    """`handle`: "" where it is of all posts of the platform. `first` and `last` are lines (of the entries; of
    different files in a folder). `posts` of `of` say it, and of `others` posts `others_same`."""

    platform: str
    field: str
    value: str
    posts: int
    first: int
    last: int
    of: int = 0
    handle: str = ""
    others_same: int = 0
    others: int = 0

    @property
    def sentence(self) -> str:
        who = f"{self.platform}:{self.handle}" if self.handle else self.platform
        said = f"{who}: {self.field} is {self._value} in {self.posts} of {self.of} posts"
        if self.posts == self.of and self.others:
            said = f"{who}: {self.field} is {self._value} in {self.posts} posts in a row"
        return f"{said}, and in at most {self.others_same} of {self.others} others" if self.others else said

    @property
    def _value(self) -> str:
        return self.value if self.value == NOT_THERE else f"{self.value!r}" if self.value else "empty"


@dataclass(slots=True)
class _All:
    """All posts of a platform."""

    firsts: Lot = field(default_factory=Lot)
    fields: dict[str, Tally] = field(default_factory=dict)
    posts: int = 0
    without: int = 0  # a caption
    missing: int = 0  # of these, those whose object has none at all
    first: int = 0
    last: int = 0
    met: int = 0  # stored posts with a caption that came again
    emptied: int = 0
    emptied_first: int = 0
    emptied_last: int = 0


def _nothing(platform: str, handle: str) -> Sequence[Fields]:
    return ()


@dataclass(slots=True)
class Suspicion:
    """`earlier`: what the store knew of an account before this import."""

    earlier: Earlier = _nothing
    _accounts: dict[tuple[str, str], Lot] = field(default_factory=dict)
    _platforms: dict[str, _All] = field(default_factory=dict)
    _ids: set[int] = field(default_factory=set)
    _met: set[int] = field(default_factory=set)  # accounts
    _left: list[Suspect] = field(default_factory=list)  # of accounts that are watched no more

    def see(self, handle: str, post: Ready) -> None:
        """`handle`: of the account that it is stored under."""
        platform = post.platform
        one = hash((platform, post.post_id))
        if one in self._ids:
            return
        if len(self._ids) >= MOST_IDS:
            self._ids.clear()
        self._ids.add(one)
        key = (platform, handle)
        lot = self._accounts.get(key)
        row = (post.place[0], post.text, post.posted_at, post.counts)
        if lot is None:
            lot = self._begin(key, row)
        rows = lot.rows
        rows.append(row)
        if len(rows) >= BLOCK:
            self._take(platform, lot)

    def met(self, platform: str, line: int, *, emptied: bool) -> None:
        """A stored post that has a caption came again; `emptied`: without one."""
        whole = self._whole(platform)
        whole.met += 1
        if emptied:
            whole.emptied += 1
            whole.emptied_first = whole.emptied_first or line
            whole.emptied_last = line

    def _whole(self, platform: str) -> _All:
        return self._platforms.get(platform) or self._platforms.setdefault(platform, _All())

    def _begin(self, key: tuple[str, str], row: Row) -> Lot:
        """Of an account that is not watched now, room made for it where there is none."""
        if len(self._accounts) >= MOST_ACCOUNTS:
            for platform, lot in ((one[0], lot) for one, lot in self._accounts.items()):
                self._take(platform, lot)
            by_posts = sorted(self._accounts.items(), key=lambda one: -one[1].posts)
            self._accounts = dict(by_posts[: MOST_ACCOUNTS // 2])
            for (platform, handle), lot in by_posts[MOST_ACCOUNTS // 2 :]:
                self._left += self._of(platform, handle, lot.fields) if lot.posts >= FEWEST else []
            self._left = sorted(self._left, key=lambda one: -one.posts)[:MOST_TOLD]
        if hash(key) not in self._met:
            if len(self._met) >= MOST_IDS:
                self._met.clear()
            self._met.add(hash(key))
            firsts = self._whole(key[0]).firsts
            firsts.rows.append(row)
            if len(firsts.rows) >= BLOCK:
                list(firsts.take())
        return self._accounts.setdefault(key, Lot())

    def _take(self, platform: str, lot: Lot) -> None:
        rows = lot.rows
        if not rows:
            return
        whole = self._whole(platform)
        whole.posts += len(rows)
        whole.without += sum(not row[1] for row in rows)
        whole.missing += sum(row[1] is None for row in rows)
        whole.first, whole.last = whole.first or rows[0][0], rows[-1][0]
        first, last = rows[0][0], rows[-1][0]
        for name, repeated, posts in lot.take():
            tally = whole.fields.get(name)
            if tally is None and len(whole.fields) < MOST_FIELDS:
                tally = whole.fields[name] = Tally()
            if tally is not None and name != "text":
                tally.merge(repeated, posts, first, last)

    # --- what is suspect ------------------------------------------------------------------------------------

    def suspects(self) -> tuple[Suspect, ...]:
        """Those of most posts first, at most a hundred. What is all posts' of a platform is told once, not of
        each account."""
        for (platform, _), lot in self._accounts.items():
            self._take(platform, lot)
        found = list(self._left)
        for (platform, handle), lot in self._accounts.items():
            found += self._of(platform, handle, lot.fields)
        for platform, whole in self._platforms.items():
            list(whole.firsts.take())
            wide = [*self._of(platform, "", whole.fields)]
            wide += self._of(platform, "", whole.firsts.fields)
            wide += [*self._captions(platform, whole), *_emptied(platform, whole)]
            found = _told_once(found, wide)
        return tuple(sorted(found, key=lambda one: -one.posts)[:MOST_TOLD])

    def _of(self, platform: str, handle: str, fields: Mapping[str, Tally]) -> list[Suspect]:
        """At most one a field."""
        found = []
        for name, tally in fields.items():
            known: Sequence[Fields] = ()
            if name == "text" and handle and tally.is_mostly_one(FEWEST):
                known = self.earlier(platform, handle)
            worst = _dates(tally) if name == "posted_at" else _worst(tally, known)
            if worst:
                value, posts, of, first, last, same, others = worst
                found.append(
                    Suspect(platform, name, _shown(name, value), posts, first, last, of, handle, same, others)
                )
        return found

    def _captions(self, platform: str, whole: _All) -> list[Suspect]:
        if whole.posts < FEWEST or whole.without < whole.posts or self._never_any(platform):
            return []
        value = NOT_THERE if 2 * whole.missing > whole.without else ""
        return [Suspect(platform, "text", value, whole.without, whole.first, whole.last, whole.posts)]

    def _never_any(self, platform: str) -> bool:
        """Whether the store knows that the accounts with most posts here hardly ever write captions."""
        mine = [(lot.posts, handle) for (where, handle), lot in self._accounts.items() if where == platform]
        known = [
            one for _, name in sorted(mine, reverse=True)[:ASKED] for one in self.earlier(platform, name)
        ]
        return len(known) >= FEWEST and sum(not one.text for one in known) >= NEARLY * len(known)


def earlier_of(store: Store) -> Earlier:
    """What is stored from now on is not earlier."""
    mark = store.imports.newest_version()

    def earlier(platform: str, handle: str) -> Sequence[Fields]:
        return store.accounts.newest_fields(Account(platform, handle), KNOWN, mark)

    return earlier


def _worst(tally: Tally, known: Sequence[Fields]) -> tuple[object, int, int, int, int, int, int] | None:
    """Value, how many posts of how many, first and last line, and how many of how many others: of what most
    posts say by no chance."""
    found = []
    for posts, value, of, first, last in tally.candidates():
        others = tally.posts - of
        same = min(tally.most_of(value) - posts, others)
        if known:
            others += len(known)
            same += sum(one.text == value for one in known)
        told = is_no_chance(value, posts, of) if isinstance(value, int) and value else False
        if isinstance(value, str) and of == tally.posts:
            told = is_one_text(value, posts, of)
        if told or is_sudden(posts, of, same, others):
            found.append((value, posts, of, first, last, same, others))
    most = max((one[1] for one in found), default=0)
    # The narrowest place that holds nearly as many: its lines say where it began.
    return min((one for one in found if one[1] >= MOST_OF * most), key=lambda one: one[2], default=None)


def _dates(tally: Tally) -> tuple[object, int, int, int, int, int, int] | None:
    value, posts = tally.commonest()
    if not isinstance(value, float):
        return None
    least = WHOLE_DAYS if value % A_DAY == 0 else FEWEST
    if posts < least or posts < ALIKE * tally.posts:
        return None
    return value, posts, tally.posts, tally.first, tally.last, 0, 0


def _emptied(platform: str, whole: _All) -> list[Suspect]:
    """Not by chance, were two in a hundred captions emptied by those who wrote them."""
    if not whole.emptied or binomial_tail(whole.emptied, whole.met, EMPTIED) > EMPTIED_BY_CHANCE:
        return []
    lines = whole.emptied_first, whole.emptied_last
    return [Suspect(platform, "text of stored posts", "", whole.emptied, *lines, whole.met)]


def _told_once(by_account: list[Suspect], wide: Sequence[Suspect]) -> list[Suspect]:
    """What is said of a platform only where it is said of clearly more posts than of any account, and then
    not of the accounts again."""
    for one in sorted(wide, key=lambda one: -one.posts):
        alike = [
            each
            for each in by_account
            if (each.platform, each.field) == (one.platform, one.field) and each.value == one.value
        ]
        if max((each.posts for each in alike), default=0) * 1.5 < one.posts:
            by_account = [each for each in by_account if each not in alike]
            by_account.append(one)
    return by_account


def _shown(name: str, value: object) -> str:
    if name == "posted_at" and isinstance(value, float):
        return f"{value:.0f}"
    return str(value)[:80]
