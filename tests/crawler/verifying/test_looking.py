"""Both directions, on a loopback website and a loopback instance: what passes, what fails, and what could not
be seen."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.plan import CrawlPlan
from crawler.verifying.looking import Looked, Looker, weigh
from crawler.verifying.polite import Polite
from storage.crawled import AccountState
from storage.records import Account
from storage.verification import Direction, Glance, Look, Outcome
from tests.crawler.instance import ID, Instance
from tests.crawler.meta import OWN, SECRET, USER, Graph
from tests.crawler.site import Pds, Reply, Site, as_json, serving
from tests.crawler.youtube import SECRET as KEY
from tests.crawler.youtube import Channel

HTML = {"Content-Type": "text/html; charset=utf-8"}
NOBODY = AccountState()


@pytest.fixture
def shop() -> Iterator[Site]:
    """The brand's website: another host than `site`, the instance."""
    with serving() as one:
        yield one


def page(*links: str, more: str = "") -> Reply:
    return Reply("".join(f'<a href="{one}">us</a>' for one in links).encode() + more.encode(), headers=HTML)


def looked(
    account: Account,
    websites: Sequence[str],
    *sites: Site,
    state: AccountState = NOBODY,
    seconds: float = 3.0,
    page_bytes: int = 8 << 20,
) -> Looked:
    hosts = tuple(one.host for one in sites)
    polite = Polite("desk@example.org", hosts, seconds, page_bytes)
    plan = CrawlPlan("verify", (account,), "", Path(), allow_hosts=hosts)
    looker = Looker(polite, plan)
    looker.prepare([account.platform])
    try:
        return looker.look(account, websites, state)
    finally:
        polite.close()


def hm(site: Site) -> Account:
    return Account("mastodon", "hm", "H&M", "SE", service=site.url)


def field(site: Site, url: str, **more: str) -> Reply:
    entity = {
        "id": ID,
        "username": "hm",
        "acct": "hm",
        "url": f"{site.url}/@hm",
        "note": "",
        "fields": [{"name": "Site", "value": f'<a href="{url}" rel="me">x</a>', **more}] if url else [],
    }
    return as_json(entity)


def looks(found: Looked) -> dict[Direction, Look]:
    return {one.direction: one.look for one in found.verification.glances}


def test_both_directions_are_found_and_quoted(site: Site, shop: Site) -> None:
    Instance(site)
    site.routes[f"/api/v1/accounts/{ID}"] = field(site, shop.url, verified_at="2026-11-01T00:00:00Z")
    shop.routes["/"] = page("/bags", f"{site.url}/@HM/?utm_source=footer#x")
    found = looked(hm(site), [shop.url + "/"], site, shop)
    given = found.verification
    assert (given.outcome, given.ids) == (Outcome.PASSED, (ID,))
    assert "its profile names that website" in given.reason
    website, profile = given.glances
    assert (website.direction, website.look) == (Direction.WEBSITE, Look.FOUND)
    assert website.quote == f'<a href="{site.url}/@HM/?utm_source=footer#x">'
    assert profile.look is Look.FOUND
    assert "saw the link back on 2026-11-01" in profile.quote
    assert {one.capture.sha256 for one in found.kept} == {website.sha256, profile.sha256}
    assert shop.asked == ["/robots.txt", "/"]
    assert "/robots.txt" not in site.asked, "an interface for programs"


BLIND_TO = (Outcome.UNREADABLE, Look.UNREADABLE)
CASES: list[tuple[str, Reply, str, Outcome, Look]] = [
    ("the website alone", page("{account}"), "", Outcome.PASSED, Look.FOUND),
    ("the profile alone", page("/bags"), "{shop}", Outcome.FAILED, Look.ABSENT),
    ("neither", page("/bags"), "", Outcome.FAILED, Look.ABSENT),
    ("the profile names another", page("{account}"), "https://zara.example/", Outcome.FAILED, Look.FOUND),
    ("a look-alike", page("{account}_official"), "{shop}", Outcome.FAILED, Look.ABSENT),
    ("a homoglyph", page("{account}%D0%BC"), "", Outcome.FAILED, Look.ABSENT),
    ("a post of it", page("{account}/115000"), "", Outcome.FAILED, Look.ABSENT),
    ("in a comment", page("/b", more='<!-- <a href="{account}"> -->'), "", Outcome.FAILED, Look.ABSENT),
    ("scripted", page("/b", more="<script>'<a href={account}>'</script>"), "", Outcome.FAILED, Look.ABSENT),
    ("by a reader", page("/b", more='<a rel=ugc href="{account}">'), "", Outcome.FAILED, Look.ABSENT),
    ("no links without scripts", Reply(b"<div id=app></div>", headers=HTML), "", *BLIND_TO),
    ("too deep", page("/b", more="<div>" * 2000 + '<a href="{account}">'), "", *BLIND_TO),
    ("a wall", Reply(b"Access Denied", 403, HTML), "{shop}", *BLIND_TO),
    ("not found", Reply(b"", 404, HTML), "", *BLIND_TO),
    ("a server error", Reply(b"", 500, HTML), "", *BLIND_TO),
    ("wait", Reply(b"", 429, {"Retry-After": "60"}), "", *BLIND_TO),
    ("no page", Reply(b"%PDF", headers={"Content-Type": "application/pdf"}), "", *BLIND_TO),
    ("private", Reply(b"", 302, {"Location": "http://127.0.0.1:9/"}), "", *BLIND_TO),
    ("elsewhere", Reply(b"", 302, {"Location": "{site}/elsewhere"}), "", *BLIND_TO),
    ("a loop", Reply(b"", 302, {"Location": "/"}), "", *BLIND_TO),
    ("cut", Reply(b"<a href=x>", length=900, headers=HTML), "", *BLIND_TO),
    ("endless", Reply(endless=True, headers=HTML), "", *BLIND_TO),
]  # fmt: skip


def filled(reply: Reply, **names: str) -> Reply:
    def put(text: str) -> str:
        for name, value in names.items():
            text = text.replace("{" + name + "}", value)
        return text

    headers = {name: put(value) for name, value in reply.headers.items()}
    return replace(reply, body=put(reply.body.decode("latin-1")).encode("latin-1"), headers=headers)


@pytest.mark.parametrize(("name", "reply", "named", "outcome", "look"), CASES, ids=[one[0] for one in CASES])
def test_what_passes_fails_and_could_not_be_seen(
    site: Site, shop: Site, name: str, reply: Reply, named: str, outcome: Outcome, look: Look
) -> None:
    Instance(site)
    names = {"account": f"{site.url}/@hm", "shop": shop.url, "site": site.url}
    site.routes[f"/api/v1/accounts/{ID}"] = field(site, named.replace("{shop}", shop.url))
    site.routes["/elsewhere"] = filled(page("{account}"), **names)
    shop.routes["/"] = filled(reply, **names)
    found = looked(hm(site), [shop.url], site, shop, page_bytes=1 << 20)
    assert found.verification.outcome is outcome, found.verification.reason
    assert looks(found)[Direction.WEBSITE] is look
    assert found.verification.reason


def test_robots_txt_is_obeyed_at_every_step(site: Site, shop: Site) -> None:
    Instance(site)
    shop.routes |= {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /closed\n"),
        "/": Reply(b"", 302, {"Location": "/closed"}),
        "/closed": page(f"{site.url}/@hm"),
    }
    found = looked(hm(site), [shop.url], site, shop)
    assert found.verification.outcome is Outcome.UNREADABLE
    assert "robots" in found.verification.reason
    assert "/closed" not in shop.asked


def test_a_slow_page_is_not_waited_for(site: Site, shop: Site) -> None:
    Instance(site)
    shop.routes["/"] = Reply(b"<a href=x>" * 1000, headers=HTML, drip=0.05)
    found = looked(hm(site), [shop.url], site, shop, seconds=0.4)
    assert "timeout" in found.verification.reason


def test_several_pages_are_looked_at_until_one_links(site: Site, shop: Site) -> None:
    Instance(site)
    shop.routes |= {"/a": page("/b"), "/b": page(f"{site.url}/@hm"), "/c": page("/b")}
    found = looked(hm(site), [f"{shop.url}/{name}" for name in "abc"], site, shop)
    assert found.verification.outcome is Outcome.PASSED
    assert "/c" not in shop.asked


def test_a_handle_of_somebody_else_fails_whoever_links_to_it(site: Site, shop: Site) -> None:
    Instance(site)
    shop.routes["/"] = page(f"{site.url}/@hm")
    found = looked(hm(site), [shop.url], site, shop, state=AccountState("999", site.url))
    assert found.verification.outcome is Outcome.FAILED
    assert "what is stored is of 999" in found.verification.reason
    assert found.verification.ids == (ID,)


def test_an_account_that_was_read_by_its_outbox_is_not_called_somebody_elses(site: Site, shop: Site) -> None:
    """Stored under its actor's address; the API, open again, knows it by a number and states no address."""
    actor = Instance(site).actor
    site.routes[f"/api/v1/accounts/{ID}"] = field(site, "")
    shop.routes["/"] = page(f"{site.url}/@hm")
    found = looked(hm(site), [shop.url], site, shop, state=AccountState(actor, f"{actor}/outbox"))
    assert (found.verification.outcome, found.verification.ids) == (Outcome.PASSED, (ID,))
    other = AccountState(f"{site.url}/users/other", f"{site.url}/users/other/outbox")
    site.routes["/api/v1/accounts/lookup"] = as_json({"error": "This method requires a token"}, 401)
    found = looked(hm(site), [shop.url], site, shop, state=other)
    assert found.verification.outcome is Outcome.FAILED, "of one kind, and another"


def test_nobody_of_this_name_is_not_could_not_look(site: Site, shop: Site) -> None:
    site.routes["/xrpc/com.atproto.identity.resolveHandle"] = as_json(
        {"error": "InvalidRequest", "message": "Unable to resolve handle"}, 400
    )
    account = Account("bluesky", "hm.example", service=site.url)
    found = looked(account, [shop.url], site, shop)
    assert found.verification.outcome is Outcome.FAILED
    site.routes["/xrpc/com.atproto.identity.resolveHandle"] = Reply(b"", 503)
    assert looked(account, [shop.url], site, shop).verification.outcome is Outcome.UNREADABLE


def test_a_name_under_the_brands_domain_passes_when_the_account_is_there(site: Site) -> None:
    Pds(site)
    account = Account("bluesky", "news.hm.localhost", service=site.url)
    site.routes["/xrpc/com.atproto.repo.getRecord"] = as_json({"error": "RecordNotFound"}, 400)
    found = looked(account, ["http://www.hm.localhost/"], site)
    assert (found.verification.outcome, looks(found)[Direction.NAME]) == (Outcome.PASSED, Look.FOUND)
    site.routes["/xrpc/com.atproto.identity.resolveHandle"] = Reply(b"", 503)
    assert Direction.NAME not in looks(looked(account, ["http://www.hm.localhost/"], site))


def test_a_server_that_is_down_leaves_open_whose_the_name_is_today(site: Site, shop: Site) -> None:
    shop.routes["/"] = page(f"{site.url}/@hm")
    for path in ("/api/v1/accounts/lookup", "/.well-known/webfinger", "/@hm.rss"):
        site.routes[path] = Reply(b"", 503)
    found = looked(hm(site), [shop.url], site, shop).verification
    assert (found.outcome, found.ids) == (Outcome.UNREADABLE, ())
    assert "links to it" in found.reason


def test_without_a_website_there_is_nothing_to_look_at(site: Site) -> None:
    Instance(site)
    found = looked(hm(site), [], site)
    assert (found.verification.outcome, found.verification.ids) == (Outcome.UNREADABLE, (ID,))
    assert "website =" in found.verification.reason


def test_a_profile_on_a_platform_is_nobodys_website(site: Site) -> None:
    Instance(site)
    found = looked(hm(site), ["https://www.instagram.com/hm"], site)
    assert "no website of a brand's own" in found.verification.reason


def test_a_platform_without_an_interface_is_verified_by_the_website(shop: Site) -> None:
    shop.routes["/"] = page("https://www.tiktok.com/@hm?lang=en")
    found = looked(Account("tiktok", "hm"), [shop.url], shop)
    assert (found.verification.outcome, found.verification.ids) == (Outcome.PASSED, ())
    assert "could not be looked at" in found.verification.reason
    shop.routes["/"] = page("https://www.tiktok.com/@hm_official")
    found = looked(Account("tiktok", "hm"), [shop.url], shop)
    assert "it links to hm_official on tiktok" in found.verification.reason


def test_a_page_unpacked_and_one_that_is_a_bomb(site: Site, shop: Site) -> None:
    Instance(site)
    packed = HTML | {"Content-Encoding": "gzip"}
    shop.routes["/"] = Reply(gzip.compress(f'<a href="{site.url}/@hm">'.encode()), headers=packed)
    assert looked(hm(site), [shop.url], site, shop).verification.outcome is Outcome.PASSED
    shop.routes["/"] = Reply(gzip.compress(b" " * (3 << 20)), headers=packed)
    found = looked(hm(site), [shop.url], site, shop, page_bytes=1 << 20)
    assert "too_large" in found.verification.reason


def test_instagram_with_a_token_that_shows_nowhere(
    site: Site, shop: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWINWATCH_TOKENS__INSTAGRAM", SECRET)
    graph = Graph(site)
    whole = {"id": USER, "username": "hm", "biography": f"key {SECRET}", "website": shop.url}
    site.routes[f"/v25.0/{OWN}"] = lambda query, headers: (
        graph._call(headers) or as_json({"business_discovery": whole})
    )
    shop.routes["/"] = page("https://www.instagram.com/hm/")
    found = looked(Account("instagram", "hm", service=site.url), [shop.url], site, shop)
    assert (found.verification.outcome, found.verification.ids) == (Outcome.PASSED, (USER,))
    assert looks(found)[Direction.PROFILE] is Look.FOUND
    assert all(SECRET.encode() not in one.body for one in found.kept)
    assert SECRET not in repr(found)


def test_youtube_by_its_channel_or_its_handle(
    site: Site, shop: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.routes["/"] = page("https://www.youtube.com/@HM")
    account = Account("youtube", "hm", service=site.url)
    without = looked(account, [shop.url], site, shop)
    assert without.verification.outcome is Outcome.PASSED
    assert "token_missing" in without.verification.glances[-1].reason
    monkeypatch.setenv("TWINWATCH_TOKENS__YOUTUBE", KEY)
    Channel(site)
    found = looked(account, [shop.url], site, shop)
    assert (found.verification.outcome, len(found.verification.ids)) == (Outcome.PASSED, 1)


def test_a_newsroom_under_the_brands_own_host(site: Site) -> None:
    feed = (
        f"<rss version='2.0'><channel><title>News</title><link>{site.url}</link>"
        f"<item><guid>1</guid><title>x</title></item></channel></rss>"
    )
    site.routes["/feed.xml"] = Reply(feed.encode(), headers={"Content-Type": "application/rss+xml"})
    account = Account("rss", f"{site.url}/feed.xml")
    assert looked(account, [site.url], site).verification.outcome is Outcome.PASSED
    site.routes["/feed.xml"] = Reply(b"", 403)
    site.routes["/"] = page("/x")
    assert looked(account, [site.url], site).verification.outcome is not Outcome.PASSED


FOUND, ABSENT, ELSE, BLIND = Look.FOUND, Look.ABSENT, Look.ELSEWHERE, Look.UNREADABLE


@pytest.mark.parametrize(
    ("website", "profile", "named", "outcome"),
    [
        (FOUND, FOUND, False, Outcome.PASSED),
        (FOUND, ABSENT, False, Outcome.PASSED),
        (FOUND, BLIND, False, Outcome.PASSED),
        (FOUND, ELSE, False, Outcome.FAILED),
        (ABSENT, FOUND, False, Outcome.FAILED),
        (ABSENT, ABSENT, False, Outcome.FAILED),
        (ABSENT, BLIND, False, Outcome.FAILED),
        (BLIND, FOUND, False, Outcome.UNREADABLE),
        (BLIND, ELSE, False, Outcome.UNREADABLE),
        (BLIND, BLIND, False, Outcome.UNREADABLE),
        (BLIND, BLIND, True, Outcome.PASSED),
        (ABSENT, ABSENT, True, Outcome.PASSED),
    ],
)
def test_the_table(website: Look, profile: Look, named: bool, outcome: Outcome) -> None:
    glances = [Glance(Direction.NAME, FOUND, quote="x is of y")] if named else []
    glances += [Glance(Direction.WEBSITE, website, "w"), Glance(Direction.PROFILE, profile)]
    assert weigh(glances)[0] is outcome
