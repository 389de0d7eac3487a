"""An account that the platform knows by the same id under another name: its posts are stored once, whatever
the watchlist calls it. And a name that somebody else has now."""

from collections.abc import Sequence

import pytest

from storage.records import Account
from tests.crawler.instance import Instance
from tests.crawler.meta import SECRET, Graph
from tests.crawler.night import Night
from tests.crawler.site import Pds, Site, picture, serving, tid

pytestmark = pytest.mark.slow  # whole nights


def kinds(night: Night) -> Sequence[str]:
    return [one.failure.kind for one in night.events if one.kind == "problem" and one.failure]


def where(night: Night) -> set[tuple[str, str]]:
    return {(one.account.handle, one.post.post_id) for one in night.versions()}


def test_a_renamed_account_keeps_its_posts_and_its_mark(night: Night, site: Site) -> None:
    pds = Pds(site)
    uris = {pds.post(tid(days), f"post {days}", picture(f"{days}")) for days in (3, 2, 40)}
    old = Account("bluesky", "hm.example", "H&M", "SE", service=site.url)
    night.crawl(old)
    assert where(night) == {("hm.example", uri) for uri in uris}
    mark = night.store.account_state(old).high_water
    site.forget()
    new = Account("bluesky", "hm-official.example", "H&M", "SE", service=site.url)
    uris.add(pds.post(tid(1), "after it was renamed", picture("4")))
    outcome = night.crawl(new)
    assert (outcome.ok, outcome.posts_new, outcome.posts_changed) == ((new.name,), 1, 0)
    assert kinds(night) == ["account_renamed"]
    assert where(night) == {("hm-official.example", uri) for uri in uris}
    assert site.count("getBlob") == 1, "what is stored is not fetched again"
    state = night.store.account_state(new)
    assert mark
    assert state.high_water
    assert state.high_water >= mark
    night.crawl(new)
    assert kinds(night) == []


def test_two_names_of_one_account_on_the_watchlist_are_told(night: Night, site: Site) -> None:
    pds = Pds(site)
    uri = pds.post(tid(1), "one")
    old = Account("bluesky", "hm.example", "H&M", "SE", service=site.url)
    night.crawl(old)
    new = Account("bluesky", "hm-official.example", "H&M", "SE", service=site.url)
    outcome = night.crawl(new, old)
    assert outcome.ok == (old.name,)
    assert outcome.failed[new.name].kind == "same_account"
    assert where(night) == {("hm.example", uri)}


def test_two_new_names_of_one_account_are_told_in_the_first_night(night: Night, site: Site) -> None:
    pds = Pds(site)
    pds.post(tid(1), "one")
    both = [Account("bluesky", name, "H&M", service=site.url) for name in ("a.example", "b.example")]
    outcome = night.crawl(*both)
    assert len(outcome.ok) == 1
    assert [one.kind for one in outcome.failed.values()] == ["same_account"]
    assert len(night.versions()) == 1


def test_the_same_number_on_two_servers_is_two_accounts(night: Night, site: Site) -> None:
    with serving() as other:
        night.allow_hosts = (site.host, other.host)
        Instance(site).post(1, "here")
        Instance(other).post(1, "there")
        accounts = [
            Account("mastodon", "hm", service=site.url),
            Account("mastodon", f"hm@{other.host}", service=other.url),
        ]
        assert len(night.crawl(*accounts).ok) == 2
        assert night.crawl(*accounts).failed == {}
        assert len(where(night)) == 2


def test_a_name_that_somebody_else_has_now_stays_told_apart(
    night: Night, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWINWATCH_TOKENS__INSTAGRAM", SECRET)
    graph = Graph(site)
    graph.post(1, "by the brand")
    account = Account("instagram", "hm", "H&M", "SE", service=site.url)
    night.crawl(account)
    graph.user = "17841400000000009"
    graph.post(2, "by somebody else")
    assert night.crawl(account).failed[account.name].kind == "account_mismatch"
    assert where(night) == {("hm", "C1")}
