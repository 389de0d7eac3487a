"""Which of the pictures that are kept are asked for once more, because they may have been swapped.

A picture without an id of its content (in feeds, YouTube's thumbnails) can become another under the same
address, and nothing but a conditional request shows it. Pictures of posts with a young finding are asked for
every night, for as long as the finding is young; so are those of posts that changed in any other way. Of the
others in the window as many as an account's listing left of the two requests that a quiet night may cost
(issue 5), those first that have waited longest; where it left none, one that has waited a week.

A night that is run again, because it was killed or by hand, has had its turn: it ends as an undisturbed one
does. More than one a night cannot be promised: of three new pictures a day, one in three has its turn before
it leaves the window.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from crawler.addresses import Guard
from crawler.earlier import asking_again, carried, is_whole
from crawler.found import Found
from crawler.plan import CrawlPlan
from crawler.storing import StoreThread
from storage.crawled import KnownPost, Validators
from storage.records import Account, MediaItem, MediaKind, PostVersion

A_NIGHT = 2  # requests of a quiet night, the listing's among them: issue 5's target
WAITED = timedelta(days=7)  # half of the overlap window: ours to choose
SAME_NIGHT = timedelta(
    hours=12
)  # between two runs of one night: half of the time to the next; ours to choose
LACKING_A_NIGHT = 50  # older posts of an account, asked for because a picture is missing; ours to choose
NEVER = datetime.min.replace(tzinfo=UTC)
Place = tuple[str, int]  # post id, position


class Checks:
    """Of one account in one night. `conditional`: its pictures have no id of their content."""

    def __init__(self, store: StoreThread, account: Account, plan: CrawlPlan, *, conditional: bool) -> None:
        self.store, self.account, self.conditional = store, account, conditional
        self._still_refused = cache(Guard(plan.allow_hosts).still_refuses)  # asks for each place once
        self.now = datetime.now(UTC)
        self.findings_since = self.now - timedelta(days=plan.finding_days)
        self.listed = 0  # requests of the listing until now
        self.last_success: datetime | None = None  # of the account, before this run
        self._made = 0
        self._had = False  # its turn, in an earlier run of this night
        self._found = frozenset[str]()  # posts with a young finding

    async def swappable(
        self, posts: Sequence[PostVersion], unchanged: Collection[str], start: datetime | None
    ) -> Collection[str]:
        """Ids of posts whose pictures may have become others: those in the window, and those with a young
        finding. `start`: of the window; None: all are in it."""
        if not self.conditional:
            return ()
        asked = sorted(unchanged)
        self._found = await self.store.call(
            lambda store: store.again.young_findings(self.account, asked, self.findings_since)
        )
        young = {post.post_id for post in posts if not (start and post.posted_at) or post.posted_at >= start}
        return {post.post_id for post in posts if post.media and post.post_id in young | self._found}

    async def to_fetch(
        self, found: Sequence[Found], stored: Mapping[str, PostVersion], swappable: Collection[str]
    ) -> list[Found]:
        """Without the media that are settled, save those that are asked for again; without the posts of which
        nothing is left to ask."""
        settled = await asyncio.to_thread(self._carried, found, stored)
        due = await self._due([one for one in settled if one[0].post_id in swappable], stored)
        todo = []
        for one, (post, places) in zip(found, settled, strict=True):
            checked = due.get(post.post_id, frozenset())
            if checked or not is_whole(post, places):
                todo.append(asking_again(one, post, places, checked))
        return todo

    def _carried(
        self, found: Sequence[Found], stored: Mapping[str, PostVersion]
    ) -> list[tuple[PostVersion, frozenset[int]]]:
        """In a thread: what the guard refused has its name looked up again."""
        return [carried(one.post, stored.get(one.post.post_id), self._still_refused) for one in found]

    async def remember(self, found: Sequence[Found]) -> None:
        """That these were asked for, whatever came of it: what cannot be had today lets others go before."""
        urls = [url for one in found for url in one.checked]
        if urls:
            await self.store.call(lambda store: store.again.save_checked(urls, self.now))

    async def _due(
        self, settled: Sequence[tuple[PostVersion, frozenset[int]]], stored: Mapping[str, PostVersion]
    ) -> Mapping[str, frozenset[int]]:
        """By post id: positions to be asked for again. `settled`: posts with the places of which the store
        has the bytes; `stored`: as it has them."""
        if not settled:
            return {}
        places = {
            (post.post_id, item.position): item.url
            for post, positions in settled
            for item in post.media
            if item.position in positions and may_be_asked(item)
        }
        urls = sorted(set(places.values()))
        known = await self.store.call(lambda store: store.again.validators(urls))
        asked = {place: known[url] for place, url in places.items() if url in known}
        chosen = [place for place in asked if place[0] in self._found]
        others = {place: said for place, said in asked.items() if place not in chosen}
        seen = {post.post_id: stored[post.post_id].seen_at for post, _ in settled if post.post_id in stored}
        if not self._had_its_turn(others, seen):
            chosen += self._in_turn(others)
        due: dict[str, set[int]] = {}
        for post_id, position in chosen:
            due.setdefault(post_id, set()).add(position)
        return {post_id: frozenset(positions) for post_id, positions in due.items()}

    def _had_its_turn(self, asked: Mapping[Place, Validators], seen: Mapping[str, datetime | None]) -> bool:
        """Whether this night was run before: to its end here, or as far as to ask about one that an earlier
        night had brought. `seen`: when the stored versions were, by post."""
        tonight = self.now - SAME_NIGHT
        if not self._had and not self._made:
            self._had = (self.last_success or NEVER) > tonight or any(
                (said.checked_at or NEVER) > tonight and (seen.get(place[0]) or self.now) < tonight
                for place, said in asked.items()
            )
        return self._had

    def _in_turn(self, asked: Mapping[Place, Validators]) -> Sequence[Place]:
        waiting = sorted(asked, key=lambda place: (asked[place].checked_at or NEVER, place))
        free = max(A_NIGHT - self.listed - self._made, 0)
        chosen = waiting[:free]
        first = asked[waiting[0]].checked_at if waiting else None
        if not free and not self._made and waiting and (first or NEVER) <= self.now - WAITED:
            chosen = waiting[:1]
        self._made += len(chosen)
        return chosen


def may_be_asked(item: MediaItem) -> bool:
    return item.kind is MediaKind.PICTURE and not item.native_id and not item.failure


def in_turn(lacking: Sequence[KnownPost], now: datetime) -> Sequence[KnownPost]:
    """As many as a night asks for, others each night: an archive with many dead pictures is a long one."""
    first = now.toordinal() * LACKING_A_NIGHT % max(1, len(lacking))
    return [*lacking[first:], *lacking[:first]][:LACKING_A_NIGHT]
