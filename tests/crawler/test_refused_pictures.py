"""A picture whose address leads where we may not go: told once, and not asked for again while it is so."""

from dataclasses import replace

import pytest

from crawler.addresses import Guard
from crawler.earlier import carried
from storage.records import Account, Failure, MediaItem, MediaKind, PlatformTag, PostVersion, ReadingState
from tests.crawler.night import Night
from tests.crawler.site import PNG, Pds, Reply, Site, serving, stamp, tid
from tests.crawler.test_nights import BLOB_PATH

SECRET = "10.0.0.5:80"
ITEM = MediaItem(0, MediaKind.PICTURE, url="https://cdn.example/a.png")
URL = "https://example.org/1"
NO_TAG = PlatformTag(ReadingState.NOT_OFFERED)
POST = PostVersion("rss", "x", "1", URL, None, "", NO_TAG, (ITEM,), revision="r1")
KEPT = replace(POST, media=(replace(ITEM, failure=Failure("address_refused", "private", SECRET)),))


def test_it_is_settled_until_the_address_is_another_or_is_permitted() -> None:
    def settled(post: PostVersion, *allowed: str) -> bool:
        return bool(carried(post, KEPT, Guard(allowed).still_refuses)[1])

    moved = replace(POST, media=(replace(ITEM, url="https://cdn.example/b.png"),))
    assert (settled(POST), settled(moved), settled(POST, SECRET)) == (True, False, False)
    named = replace(moved, media=(replace(moved.media[0], native_id="the same"),))
    before = replace(KEPT, media=(replace(KEPT.media[0], native_id="the same"),))
    assert not carried(named, before)[1], "the id is of its content, the refusal of its address"


def test_the_reason_goes_with_it() -> None:
    post, places = carried(POST, KEPT, lambda where: where == SECRET)
    assert post == KEPT
    assert set(places) == {0}


@pytest.mark.parametrize("where", ["", "no host", "[::1", "nowhere.invalid:80", "127.0.0.1:9", "::1:9"])
def test_a_place_that_nobody_can_look_up_is_refused_still(where: str) -> None:
    def resolve(host: str, *_: object) -> list[tuple[object, ...]]:
        if host.endswith(".invalid"):
            raise OSError("no such name")
        return [(10 if ":" in host else 2, 1, 6, "", (host, 9))]

    assert Guard((), resolve).still_refuses(where)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_nights_go_on_without_it(night: Night, site: Site) -> None:
    with serving() as secret:
        secret.routes["/secret.png"] = Reply(PNG + b"blob")
        away = Reply(status=302, headers={"Location": f"{secret.url}/secret.png"})
        pds = Pds(site)
        pds.post(tid(1), "a post", PNG + b"blob", createdAt=stamp(1))
        site.routes |= {BLOB_PATH: away, "/a.png": away}
        feed(site, "/a.png")
        accounts = (Account("rss", f"{site.url}/feed.xml"), Account("bluesky", "hm", service=site.url))

        def kinds() -> list[str]:
            site.forget()
            night.crawl(*accounts, silence_seconds=300.0, body_seconds=30.0)
            return [one.failure.kind for one in night.events if one.failure]

        assert kinds() == ["address_refused"] * 2, "told by name, once each"
        assert kinds() == []
        assert site.count(".png") + site.count(BLOB_PATH) == 0, "and not asked for again"
        feed(site, "/b.png")
        site.routes["/b.png"] = away
        assert kinds() == ["address_refused"], "another address is another matter"
        night.allow_hosts = (*night.allow_hosts, secret.host)
        assert not secret.asked
        assert kinds() == []
        media = [item for version in night.versions() for item in version.post.media if item.sha256]
        assert len(media) == 2, "what the user permits now is fetched"


def feed(site: Site, picture: str) -> None:
    enclosure = f"<enclosure url='{site.url}{picture}' type='image/png'/>"
    item = f"<item><guid>1</guid><link>{site.url}/1</link>{enclosure}</item>"
    body = f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>"
    site.routes["/feed.xml"] = Reply(body.encode(), headers={"Content-Type": "application/rss+xml"})
