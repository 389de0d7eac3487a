"""Feeds: valid Atom under a secret address, what each user may see, conditional requests, revoking."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import feedparser
import pytest
from lxml import etree

from desk.atom import NAMESPACE
from storage.people import Role
from storage.records import ConsentVerdict, Labelling, Review, ReviewDecision
from storage.store import Store
from tests.desk.used_store import FOUND, OUTLET, shown
from tests.desk.web.conftest import HOST, Browser

OUT = ConsentVerdict.OUT_OF_SCOPE
OURS = {"origin": f"http://{HOST}"}
Someone = Callable[[Role | None], Browser]
pytestmark = pytest.mark.slow  # a store and an application each
ATOM = {"a": NAMESPACE}


@pytest.fixture
def filled(store: Store) -> Store:
    shown(store, "first", ("Twin A", OUT), text="Anna Andersson")
    shown(store, "second", ("Twin B", OUT), account=OUTLET)
    shown(store, "third", ("Stranger", OUT))
    return store


def address(client: Browser, query: str = "") -> str:
    answer = client.post(f"/feeds{query}", data={"csrf": client.csrf}, headers=OURS)
    found = re.search(r'readonly value="([^"]+)"', answer.text)
    assert found, answer.text
    return unescape(found[1])


def read(browser: Someone, where: str, **headers: str) -> Any:
    """As a feed reader does: without a session."""
    return browser(None).get(where, headers=headers)


def ids(data: bytes) -> list[str]:
    return [str(one) for one in etree.fromstring(data).xpath("//a:entry/a:id/text()", namespaces=ATOM)]


def links(data: bytes) -> list[str]:
    found = etree.fromstring(data).xpath("//a:entry/a:link/@href", namespaces=ATOM)
    return [str(one).rpartition("/")[2] for one in found]


def test_what_comes_is_atom(filled: Store, browser: Someone) -> None:
    answer = read(browser, address(browser(Role.READER)))
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "application/atom+xml; charset=utf-8",
    )
    root = etree.fromstring(answer.content)
    assert root.tag == f"{{{NAMESPACE}}}feed"
    for where in ("/a:feed", "/a:feed/a:entry"):
        for name in ("id", "title", "updated"):  # RFC 4287, sections 4.1.1 and 4.1.2: exactly one each
            counts = {len(one.findall(f"a:{name}", ATOM)) for one in root.xpath(where, namespaces=ATOM)}
            assert counts == {1}, (where, name)
    assert root.xpath("count(/a:feed/a:author/a:name)", namespaces=ATOM) == 1
    assert root.xpath("/a:feed/a:link[@rel='self']/@href", namespaces=ATOM)
    told = feedparser.parse(answer.content)
    assert (told.bozo, told.version, len(told.entries)) == (False, "atom10", 3)
    for one in root.iter(f"{{{NAMESPACE}}}updated"):
        assert datetime.fromisoformat(str(one.text)).tzinfo
    assert len(set(ids(answer.content))) == 3
    assert all(one.startswith("urn:uuid:") for one in ids(answer.content))


def test_a_filter_makes_another_feed(filled: Store, browser: Someone) -> None:
    client = browser(Role.READER)
    assert links(read(browser, address(client, "?retailer=Outlet")).content) == ["2"]
    assert links(read(browser, address(client, "?status=confirmed")).content) == []
    assert sorted(links(read(browser, address(client)).content)) == ["1", "2", "3"]


def test_ids_stay_and_updated_moves_when_something_is_decided(filled: Store, browser: Someone) -> None:
    where = address(browser(Role.READER), "?status=all&twin=Twin+A")
    before = read(browser, where)
    moved = datetime(2026, 11, 5, tzinfo=UTC)
    filled.add_review(Review(1, ReviewDecision.CONFIRMED, "ann", moved, ""))
    after = read(browser, where)
    assert ids(before.content) == ids(after.content)
    updated = etree.fromstring(after.content).findtext("a:updated", namespaces=ATOM)
    assert (
        etree.fromstring(before.content).findtext("a:updated", namespaces=ATOM)
        == f"{FOUND:%Y-%m-%dT%H:%M:%SZ}"
    )
    assert updated == "2026-11-05T00:00:00Z"


def test_what_changed_last_comes_first(filled: Store, browser: Someone) -> None:
    shown(
        filled, "first", ("Twin A", OUT), labelling=Labelling.UNLABELLED, found_at=FOUND + timedelta(days=1)
    )
    assert links(read(browser, address(browser(Role.READER))).content)[0] == "1"


def test_nothing_new_costs_nothing(filled: Store, browser: Someone) -> None:
    where = address(browser(Role.READER))
    first = read(browser, where)
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-none-match": f'W/{first.headers["etag"]}, "other"'},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = read(browser, where, **headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert read(browser, where, **{"if-none-match": '"other"'}).status_code == 200
    assert read(browser, where, **{"if-modified-since": "yesterday"}).status_code == 200
    (kept,) = filled.exports.all()  # once for one state of it
    assert (kept.command, kept.by, kept.findings) == ("feed", "reader 0", (1, 2, 3))


def test_an_agency_gets_its_own_twins(filled: Store, browser: Someone) -> None:
    data = read(browser, address(browser(Role.AGENCY))).content
    assert sorted(links(data)) == ["1", "2"]
    assert b"Stranger" not in data


@pytest.mark.parametrize("role", list(Role))
def test_models_stay_behind_their_twins(filled: Store, browser: Someone, role: Role) -> None:
    data = read(browser, address(browser(role))).content
    assert b"Andersson" not in data
    assert b"Berg" not in data


def test_a_feed_is_revoked_by_its_user_alone(filled: Store, browser: Someone) -> None:
    owner, other = browser(Role.READER), browser(Role.ADMINISTRATOR)
    where = address(owner)
    given = {"csrf": other.csrf}
    assert other.post("/feeds/1/revoke", data=given, headers=OURS).status_code == 404
    assert read(browser, where).status_code == 200
    assert owner.post("/feeds/1/revoke", data={"csrf": owner.csrf}, headers=OURS).status_code == 303
    assert read(browser, where).status_code == 404
    assert [one.what for one in filled.audit.latest()] == ["feed revoked", "feed made"]


def test_whoever_may_not_log_in_reads_no_feed(filled: Store, browser: Someone) -> None:
    where = address(browser(Role.READER))
    filled.people.disable("reader 0", datetime.now(UTC))
    assert read(browser, where).status_code == 404


@pytest.mark.parametrize("query", ["", "?key=", "?key=wrong", f"?key={'x' * 5000}"])
def test_without_its_key_there_is_no_feed(browser: Someone, query: str) -> None:
    assert read(browser, f"/feed.atom{query}").status_code == 404


@pytest.mark.parametrize("query", ["", "twin=Twin+B&", "twin=Twin+A&status=all&"])
def test_the_address_of_one_filter_is_not_the_key_to_others(
    filled: Store, browser: Someone, query: str
) -> None:
    where = address(browser(Role.READER), "?twin=Twin+A")
    assert read(browser, where).status_code == 200
    assert read(browser, where.replace("twin=Twin+A&", query)).status_code == 404


def test_the_secret_is_not_kept(filled: Store, browser: Someone) -> None:
    secret = address(browser(Role.READER), "?twin=Twin+A").partition("key=")[2]
    (feed,) = filled.feeds.every(1)
    assert secret not in str(feed)
    assert feed.sought == "twin: Twin A"
