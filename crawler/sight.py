"""Is what a night saw of an account to be believed? A listing that suddenly shows nothing, or a field that
changed its meaning, comes with HTTP 200 and looks like data.

A listing must still show what earlier nights stored of the window, unless the platform says that it is gone:
each such post was asked for one by one already, where the platform has single posts. The window begins before
the account's mark, and the mark stands still while nothing comes: however quiet an account is, its newest
posts are in it. So whoever never had a post, deleted all, or only repeats others' is not suspect; and no
request is made for this. A feed shows only the newest posts: there only what is younger than the end of the
feed is missed, and three of them. An answer "not modified" stands for the bytes it is about.

What the posts say is compared with what the account's other posts said (constancy.py).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

from crawler.constancy import FEWEST, is_one_text, is_sudden
from crawler.pages import Page
from storage.crawled import Fields, KnownPost

EVER = datetime(1970, 1, 1, tzinfo=UTC)
UNASKED = 3  # posts that a listing lacks where the platform cannot be asked for one: ours to choose
AT_END = 5  # posts at a listing's end; the youngest of them is its end: one or two may be pinned or imported
WHOLE_DAYS = 40  # likewise, of posts that bear a day and no time of it: ours to choose
ALIKE = 0.9  # of the posts that bear the same moment; a burst of imported posts fills no whole listing
MOST_MOMENTS = 10_000  # that are remembered: no window holds more
LOOKED_AT = 215  # of an account's newest posts: the last ones, and two hundred to compare them with
LATEST = (FEWEST, 2 * FEWEST)  # posts that are compared with the others


@dataclass(slots=True)
class Sight:
    """Of one account in one night. `new`: ids that it stored for the first time; `gone`, `there`, `unclear`:
    what the platform said of posts that were asked for one by one."""

    shown: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    there: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    stored: int = 0  # posts and versions
    _moments: set[datetime] = field(default_factory=set)
    _end: datetime | None = None
    _moment: datetime | None = None  # the one that may be most posts' (Boyer and Moore's vote)
    _lead: int = 0
    _alike: int = 0
    _dated: int = 0

    def page(self, page: Page) -> None:
        """A page of the listing, whatever of it was shown before."""
        if orders := [one.order for one in page.posts[-AT_END:]]:
            self._end = max(filter(None, orders), default=None) if all(orders) else None
        for listed in page.posts:
            moment = listed.post.posted_at
            if moment is not None and listed.post.post_id not in self.shown:
                self._vote(moment)
                if len(self._moments) < MOST_MOMENTS:
                    self._moments.add(moment)

    def _vote(self, moment: datetime) -> None:
        self._dated += 1
        if moment == self._moment:
            self._lead += 1
            self._alike += 1
        elif self._lead:
            self._lead -= 1
        else:
            self._moment, self._lead, self._alike = moment, 1, 1

    def missed(
        self, window: Sequence[KnownPost], order_of: Callable[[KnownPost], datetime | None], start: datetime
    ) -> str:
        """Why the listing is not believed, "" where it may be. `window`: the stored posts that were looked
        for, without those that were gone before; it begins at `start`, and older ones with a finding are
        among them."""
        left = [one for one in window if one.post_id not in self.gone]
        if not self.shown:
            return f"the listing shows nothing, and should show {_posts(len(left))}" if left else ""
        before = [one for one in left if one.post_id not in self.new]
        if any(one.post_id in self.shown for one in before):
            return ""
        # Under another id of the same moment it is shown all the same: a feed has other ids than an API.
        moments = {
            one.post_id: max(filter(None, (one.posted_at, order_of(one))), default=None) for one in before
        }
        young = [
            (one, moment)
            for one in before
            if (moment := moments[one.post_id]) and moment >= start and one.posted_at not in self._moments
        ]
        there = [one for one, _ in young if one.post_id in self.there]
        unasked = [
            one
            for one, moment in young
            if one.post_id not in self.there | self.unclear and self._end and moment > self._end
        ]
        if there or len(unasked) >= UNASKED:
            return f"the listing shows none of {_posts(len(there) + len(unasked))} that it should show"
        return ""

    def one_moment(self) -> str:
        """Why the posts' dates are not believed."""
        if self._moment is None:
            return ""
        a_day = (self._moment.hour, self._moment.minute, self._moment.second) == (0, 0, 0)
        if self._alike < max(WHOLE_DAYS if a_day else FEWEST, ALIKE * self._dated):
            return ""
        return f"{self._alike} of {self._dated} posts are dated {self._moment:%Y-%m-%d %H:%M} UTC"


def changed_meaning(newest: Sequence[Fields]) -> str:
    """Why the captions are not believed, of an account's newest posts, the newest first: empty, or the same
    in all, where the others' were not, and for twice as many posts as ever before: there are phases."""
    text, same = Counter(one.text for one in newest).most_common(1)[0] if newest else ("", 0)
    if is_one_text(text, same, len(newest)):
        return f"the caption is the same in {same} of the last {len(newest)} posts"
    for latest in LATEST:
        last, others = newest[:latest], newest[latest:]
        if len(last) < latest:
            break
        text, same = Counter(one.text for one in last).most_common(1)[0]
        others_same = sum(one.text == text for one in others)
        longest = max((len(list(run)) for one, run in groupby(others, _text) if one == text), default=0)
        if same >= 2 * longest and is_sudden(same, len(last), others_same, len(others)):
            what = "the same" if text else "empty"
            compared = f"{others_same} of {len(others)} before"
            return f"the caption is {what} in {same} of the last {len(last)} posts, and in {compared}"
    return ""


def _text(one: Fields) -> str:
    return one.text


def _posts(count: int) -> str:
    return f"{count} stored {'post' if count == 1 else 'posts'}"
