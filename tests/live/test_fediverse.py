"""The Mastodon spider and the feed's on a real ActivityPub server that is no Mastodon.

snac says `Disallow: /` to everybody, sends no Link header, and names its statuses in hex; later versions want
a token for them, so that ActivityPub is read.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crawler.plan import CrawlOutcome
from desk.demo.pictures import jpeg, look
from storage.records import Account
from storage.store import Store
from tests.crawler.night import Night
from tests.live.bluesky import Picture
from tests.live.fediverse import SNAC, USER, Server

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]
OPEN = b"User-agent: *\nAllow: /\n"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    done = subprocess.run([str(SNAC / "install.sh")], capture_output=True, text=True, check=False)
    if done.returncode == 77:  # and for no other reason
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass
class Watch:
    """A store, and nights into it."""

    night: Night
    server: Server
    posts: dict[str, str] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)

    def crawl(self, platform: str = "mastodon") -> CrawlOutcome:
        self.server.asked.clear()
        self.server.answered.clear()
        service = self.server.url if platform == "mastodon" else f"{self.server.url}/{USER}.rss"
        return self.night.crawl(Account(platform, USER, service=service), body_seconds=30.0)

    def current(self) -> dict[str, Any]:
        """By address, which is ActivityPub's id as well."""
        return {one.post.url: one for one in self.night.versions()}


def watch(folder: Path, robots: bytes | None, *, token: bool = False) -> Iterator[Watch]:
    with Server(folder / "snac", robots, token=token) as server:
        database = f"sqlite:///{folder / 'night.db'}"
        Store.open(database, folder / "media", create=True).close()
        one = Watch(Night(database, folder / "media", (server.host,)), server)
        one.pictures = [Picture(jpeg(look(name)), f"alt of {name}") for name in ("vilde_coat", "vilde_gown")]
        one.posts = {
            "plain": server.post("Autumn in denim"),
            "pictures": server.post("Two looks", one.pictures),
            "warned": server.post("A look made with AI", one.pictures[:1], warning="AI-generated"),
            "deleted": server.post("Not for long"),
        }
        yield one
        one.night.close()


@pytest.fixture(params=["api", "activitypub"])
def permitted(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Watch]:
    yield from watch(tmp_path, OPEN, token=request.param == "activitypub")


@pytest.fixture(params=[False, True])
def forbidden(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Watch]:
    yield from watch(tmp_path, None, token=request.param)


@pytest.mark.parametrize("platform", ["mastodon", "rss"])
def test_its_robots_txt_is_obeyed(forbidden: Watch, platform: str) -> None:
    """What is for programs (API, webfinger) is asked. Pictures are not, and where nothing else is open the
    account fails by that name."""
    outcome = forbidden.crawl(platform)
    by_api = platform == "mastodon" and not forbidden.server.token
    assert [one.kind for one in outcome.failed.values()] == ([] if by_api else ["robots_forbidden"])
    asked = [path.partition("?")[0] for path in forbidden.server.asked]
    assert all(path.startswith(("/api/v1/", "/.well-known/webfinger", "/robots.txt")) for path in asked), (
        asked
    )
    found = forbidden.current()
    assert len(found) == (len(forbidden.posts) if by_api else 0)
    media = [item for one in found.values() for item in one.post.media]
    assert len(media) == (3 if by_api else 0)
    assert {item.failure.kind for item in media if item.failure} == (
        {"robots_forbidden"} if by_api else set()
    )


def test_posts_pictures_alt_texts_and_warnings(permitted: Watch) -> None:
    outcome = permitted.crawl()
    assert outcome.ok == (f"mastodon:{USER}",), (
        outcome.failed,
        permitted.server.asked,
        permitted.server.answered,
    )
    found = permitted.current()
    assert set(found) == set(permitted.posts.values())
    looks = found[permitted.posts["pictures"]].post.media
    assert [(one.alt, permitted.night.store.media.read(one.sha256)) for one in looks] == [
        (one.alt, one.data) for one in permitted.pictures
    ]
    assert found[permitted.posts["warned"]].post.content_warning == "AI-generated"
    assert "Autumn in denim" in found[permitted.posts["plain"]].post.text


def test_an_edit_and_a_deletion(permitted: Watch) -> None:
    """By ActivityPub an edit is a version, and of a deleted note snac has a page that says 404: no word of
    the platform's, so no tombstone. By the API a status has its time in its id: edited, it is another
    one."""
    permitted.crawl()
    permitted.server.post("Autumn in denim and wool", edits=permitted.posts["plain"])
    permitted.server.delete(permitted.posts["deleted"])
    outcome = permitted.crawl()
    assert outcome.ok == (f"mastodon:{USER}",), outcome.failed
    edited = [one for one in permitted.night.versions() if one.post.url == permitted.posts["plain"]]
    gone = {one.post.url for one in permitted.night.versions() if one.gone_at}
    assert any("wool" in one.post.text for one in edited)
    if permitted.server.token:
        assert ([one.number for one in edited], gone) == ([1, 2], set())
        assert "not_found" in {one.failure.kind for one in permitted.night.events if one.failure}
    else:
        assert len({one.post.post_id for one in edited}) == 2
        assert gone == set(), "what it says of a deleted status is no word of the API's either"


def test_its_feed(permitted: Watch) -> None:
    assert permitted.crawl("rss").ok == (f"rss:{USER}",)
    assert set(permitted.current()) == set(permitted.posts.values())
    permitted.crawl("rss")
    assert len(permitted.night.versions()) == len(permitted.posts)
