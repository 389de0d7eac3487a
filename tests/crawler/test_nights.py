"""Three nights over accounts that are edited, deleted from, moved, limited and hidden, in real child
processes.

The nights are crawled once for all tests here, since a child process costs more to start than a small account
to crawl.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from crawler.pace import AT_ONCE
from crawler.plan import CrawlEvent, CrawlOutcome
from storage.records import Account, StoredVersion
from storage.store import Store
from tests.crawler.night import Night
from tests.crawler.site import DID, Pds, Reply, Site, as_json, picture, serving, stamp, tid

pytestmark = pytest.mark.slow  # whole nights

LIST = "listRecords"
BLOB = "getBlob"
BLOB_PATH = "/xrpc/com.atproto.sync.getBlob"


@dataclass
class Story:
    """One account over three nights: its server, what was asked each night, and what the crawl reported of
    it."""

    site: Site
    account: Account
    asked: list[list[str]] = field(default_factory=list)
    events: list[list[CrawlEvent]] = field(default_factory=list)
    versions: list[StoredVersion] = field(default_factory=list)
    uris: list[str] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)  # when it was announced, until when
    times: list[float] = field(default_factory=list)  # of the first night's requests

    def counts(self, night: int) -> tuple[int, int, int, int]:
        """New, changed and gone posts, new media."""
        events = self.events[night]
        return (
            sum(one.posts_new for one in events),
            sum(one.posts_changed for one in events),
            sum(one.posts_gone for one in events),
            sum(one.media_new for one in events),
        )

    def failures(self, night: int) -> list[str]:
        return [one.failure.kind for one in self.events[night] if one.failure]

    def count(self, night: int, part: str) -> int:
        return sum(part in one for one in self.asked[night])


class Edited:
    """A carousel, a post that is edited, one that is deleted; in the end the account is deactivated."""

    def __init__(self, site: Site) -> None:
        self.pds = Pds(site, page=2)
        self.one = self.pds.post(tid(3), "a carousel", picture("a"), picture("b"), picture("a"))
        self.two = self.pds.post(tid(2), "only words")
        self.gone = self.pds.post(tid(1), "soon gone", picture("c"))
        self.story = Story(
            site, Account("bluesky", "edited", service=site.url), uris=[self.one, self.two, self.gone]
        )

    def before(self, night: int) -> None:
        if night == 1:
            self.pds.post(self.two.rpartition("/")[2], "only words, edited")
            del self.pds.posts[self.gone.rpartition("/")[2]]
        if night == 2:
            self.pds.error = as_json({"error": "RepoDeactivated", "message": "x"}, 400)


class DatedBack:
    """Posts that claim 2019, under keys of two days and of fifty days ago; one of each is deleted."""

    def __init__(self, site: Site) -> None:
        self.pds = Pds(site, page=3)
        for n in range(8):
            key = tid(2 if n < 2 else 50, 8 - n)
            self.pds.post(key, f"post {n}", picture(f"back {n}"), createdAt="2019-05-05T00:00:00Z")
        self.keys = list(self.pds.posts)
        self.story = Story(site, Account("bluesky", "back", service=site.url))
        self.story.uris = [post["uri"] for post in self.pds.posts.values()]

    def before(self, night: int) -> None:
        if night == 1:
            del self.pds.posts[self.keys[0]], self.pds.posts[self.keys[7]]


class Old:
    """A post every five days, two on a page."""

    def __init__(self, site: Site) -> None:
        pds = Pds(site, page=2)
        for days in range(0, 60, 5):
            pds.post(tid(days), f"{days} days ago", picture(f"old {days}"), createdAt=stamp(days))
        self.story = Story(site, Account("bluesky", "old", service=site.url))

    def before(self, night: int) -> None:
        pass


class Moved:
    """Found through a directory; before the third night it leaves its server for another."""

    def __init__(self, site: Site, new: Site, plc: Site) -> None:
        self.old, self.new = Pds(site, DID), Pds(new, DID)
        self.old.post(tid(1), "from the old server", picture("moved"))
        self.service = {"id": "#atproto_pds", "serviceEndpoint": site.url}
        document = {"id": DID, "service": [self.service]}
        plc.routes[f"/{DID}"] = lambda query, _: as_json(document)
        self.story = Story(plc, Account("bluesky", DID))

    def before(self, night: int) -> None:
        if night == 2:
            self.new.posts, self.new.blobs = dict(self.old.posts), self.old.blobs
            self.new.post(tid(0), "from the new server")
            self.old.error = as_json({"error": "RepoDeactivated", "message": "x"}, 400)
            self.service["serviceEndpoint"] = self.new.site.url


class Limited:
    """Twenty pictures wanted at once, four permitted before a limit that is announced for about three
    seconds."""

    def __init__(self, site: Site) -> None:
        pds = Pds(site)
        for n in range(20):
            pds.post(tid(1, n), f"post {n}", picture(f"limited {n}"))
        self._send, self._left, self._lock = site.routes[BLOB_PATH], 4, threading.Lock()
        site.routes[BLOB_PATH] = self._limited
        self.story = Story(site, Account("bluesky", "limited", service=site.url))

    def _limited(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        with self._lock:
            self._left -= 1
            limit = self.story.limit
            if self._left < 0 and not limit:
                limit += [time.time(), float(int(time.time()) + 3)]
            if self._left < 0 and time.time() < limit[1]:
                return as_json({"error": "RateLimitExceeded"}, 429, {"ratelimit-reset": str(int(limit[1]))})
        assert callable(self._send)
        return self._send(query, headers)

    def before(self, night: int) -> None:
        pass


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Story]]:
    place = tmp_path_factory.mktemp("nights")
    with ExitStack() as stack:
        sites = [stack.enter_context(serving()) for _ in range(7)]
        plots = (
            Edited(sites[0]),
            Old(sites[1]),
            Moved(sites[2], sites[3], sites[4]),
            Limited(sites[5]),
            DatedBack(sites[6]),
        )
        night = Night(f"sqlite:///{place / 'night.db'}", place / "media", tuple(site.host for site in sites))
        Store.open(night.database, night.media, create=True).close()
        for number in range(3):
            for plot in plots:
                plot.before(number)
            night.crawl(*(plot.story.account for plot in plots), plc_directory=sites[4].url)
            for plot in plots:
                record(plot.story, night.events)
        for plot in plots:
            plot.story.versions = [
                one for one in night.versions() if one.account.name == plot.story.account.name
            ]
            for version in plot.story.versions:
                for item in version.post.media:
                    assert picture("") in night.store.media.read(item.sha256)
        night.close()
        yield {type(plot).__name__: plot.story for plot in plots}


def record(story: Story, events: Sequence[CrawlEvent]) -> None:
    story.events.append([one for one in events if one.account == story.account.name])
    story.asked.append(list(story.site.asked))
    story.times = story.times or list(story.site.times)
    story.site.forget()


def test_the_first_night_keeps_everything(stories: Mapping[str, Story]) -> None:
    story = stories["Edited"]
    assert (story.counts(0), story.failures(0)) == ((3, 0, 0, 3), [])
    media = next(one.post.media for one in story.versions if one.post.post_id == story.uris[0])
    assert [item.alt for item in media] == ["alt 0", "alt 1", "alt 2"]
    assert [item.format for item in media] == ["png"] * 3
    assert media[0].sha256 == media[2].sha256 != media[1].sha256


def test_an_edit_is_a_version_and_a_deletion_a_tombstone(stories: Mapping[str, Story]) -> None:
    story = stories["Edited"]
    assert story.counts(1) == (0, 1, 1, 0)
    assert story.count(1, BLOB) == story.count(1, "resolveHandle") == 0
    words = [one.post.text for one in story.versions if one.post.post_id == story.uris[1]]
    assert words == ["only words", "only words, edited"]
    assert {one.post.post_id for one in story.versions if one.gone_at} == {story.uris[2]}


def test_an_account_that_cannot_be_seen_has_not_deleted_its_posts(stories: Mapping[str, Story]) -> None:
    assert stories["Edited"].failures(2) == ["repo_deactivated"]
    assert stories["Edited"].counts(2) == (0, 0, 0, 0)


def test_old_posts_end_the_listing(stories: Mapping[str, Story]) -> None:
    """At the first whole page that is older than the overlap; and nothing else is asked."""
    story = stories["Old"]
    assert story.counts(0) == (12, 0, 0, 12)
    # Pages of 0 and 5, of 10 and 15, of 20 and 25 days ago.
    assert story.count(1, LIST) == len(story.asked[1]) == 3, story.asked[1]
    assert story.counts(1) == story.counts(2) == (0, 0, 0, 0)


def test_a_deletion_shows_whatever_date_the_post_claimed(stories: Mapping[str, Story]) -> None:
    """And what is old by its key is not asked for one by one, though it was first seen only yesterday."""
    story = stories["DatedBack"]
    assert story.counts(0) == (8, 0, 0, 8)
    assert [one.post.post_id for one in story.versions if one.gone_at] == [story.uris[0]]
    assert (story.count(0, "getRecord"), story.count(1, "getRecord")) == (0, 1), story.asked[1]
    assert story.count(2, "getRecord") == 0


def test_an_account_that_moved_is_looked_up_once_more(stories: Mapping[str, Story]) -> None:
    story = stories["Moved"]
    assert [len(asked) for asked in story.asked] == [1, 0, 1], "what was found out is kept"
    assert [story.counts(night) for night in range(3)] == [(1, 0, 0, 1), (0, 0, 0, 0), (1, 0, 0, 0)]
    assert story.failures(2) == []


def test_a_limit_holds_every_request_to_the_host(stories: Mapping[str, Story]) -> None:
    story = stories["Limited"]
    assert (story.counts(0), story.failures(0)) == ((20, 0, 0, 20), [])
    began, reset = story.limit
    refused = [when - began for when in story.times if began <= when < reset]
    # The eight that were under way when the limit was announced are no fault of ours.
    assert len(refused) <= AT_ONCE, refused
    assert len(story.asked[1]) == 2, "a quiet night: a page, and the empty one after it"


@pytest.mark.slow
def test_a_killed_crawl_run_again_leaves_what_an_undisturbed_one_leaves(night: Night, site: Site) -> None:
    pds = Pds(site, page=5)
    for n in range(30):
        pds.post(tid(n + 1), f"post {n}", picture(str(n)), createdAt=stamp(n + 1))
    account = Account("bluesky", "hm.example", service=site.url)
    killed = night.kill_after(12, account)
    assert 0 < killed < 30
    outcome: CrawlOutcome = night.crawl(account)
    assert outcome.ok == (account.name,)
    found = night.versions()
    assert sorted(version.post.text for version in found) == sorted(f"post {n}" for n in range(30))
    assert {version.number for version in found} == {1}
    for version in found:
        (item,) = version.post.media
        assert night.store.media.read(item.sha256) == picture(version.post.text.removeprefix("post "))
