"""Whole nights of Business Discovery on a server of the test's own. Its answers are built from Meta's
documentation (see tests/crawler/meta.py), not recorded."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from storage.records import Account, ReadingState
from tests.crawler.meta import OWN, SECRET, Graph, error
from tests.crawler.night import Night
from tests.crawler.site import Site
from tests.crawler.test_youtube_nights import counts

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWINWATCH_TOKENS__INSTAGRAM", SECRET)


def account(site: Site, handle: str = "hm") -> Account:
    return Account("instagram", handle, "H&M", "SE", service=site.url)


def kinds(night: Night) -> Sequence[str]:
    return [one.failure.kind for one in night.events if one.kind == "problem" and one.failure]


def tags(night: Night) -> dict[str, ReadingState]:
    return {one.post.post_id: one.post.platform_tag.state for one in night.versions()}


def test_an_account_night_after_night(night: Night, site: Site) -> None:
    """Cursors by hand; addresses signed anew are the same pictures; a label that is added; what is no longer
    listed is not called deleted."""
    graph = Graph(site, page=2)
    for number in range(4):
        graph.post(number, f"post {number}", days=6 - number)
    graph.post(9, "a carousel", *"abcdefghijklmnopqrst", is_ai_generated=True)
    watched = account(site)
    assert night.crawl(watched).ok == (watched.name,)
    assert (counts(night), kinds(night)) == ((5, 0, 0, 24), [])
    found = {one.post.post_id: one.post for one in night.versions()}
    assert len(found["C9"].media) == 20
    assert found["C9"].platform_tag.state is ReadingState.PRESENT
    assert site.count("/v25.0/") == 1 + 1 + 4, "the last page's cursor leads to an empty one"

    graph.page = 25
    site.forget()
    night.crawl(watched)
    assert (counts(night), site.count("/v25.0/"), site.count("/v/")) == ((0, 0, 0, 0), 2, 0)

    graph.post(3, "post 3", is_ai_generated=True)
    del graph.media[sorted(graph.media)[0]]
    night.crawl(watched)
    assert (counts(night), kinds(night)) == ((0, 1, 0, 0), [])
    assert tags(night)["C3"] is ReadingState.PRESENT


def test_an_old_picture_that_failed_is_asked_for_again(night: Night, site: Site) -> None:
    """One post cannot be asked for here: the listing is followed as far back as the post that lacks it, and
    no further than the window again when it is there."""
    graph = Graph(site, page=2)
    for number in range(8):
        graph.post(number, f"post {number}", days=90 - 10 * number)
    graph.broken.add(graph.post(1, "post 1"))
    watched = account(site)
    night.crawl(watched)
    assert (counts(night), kinds(night)) == ((8, 0, 0, 7), ["http_status"])
    graph.broken.clear()
    night.crawl(watched)
    assert (counts(night), kinds(night)) == ((0, 0, 0, 1), [])
    site.forget()
    night.crawl(watched)
    assert (counts(night), site.count("/v25.0/"), site.count("/v/")) == ((0, 0, 0, 0), 2, 0)


@pytest.mark.parametrize("unnamed", [False, True])
def test_a_refused_label_is_not_exposed(night: Night, site: Site, unnamed: bool) -> None:
    """Asked for once a night and account at most; shown again as soon as Meta shows it."""
    graph = Graph(site, page=2)
    for number in range(5):
        graph.post(number, f"post {number}", is_ai_generated=True)
    graph.refuses, graph.unnamed = {"is_ai_generated"}, unnamed
    watched = account(site)
    assert night.crawl(watched).ok == (watched.name,)
    assert set(tags(night).values()) == {ReadingState.UNREADABLE}
    assert sum("is_ai_generated" in one for one in graph.asked) == 1
    assert all("not exposed" in one.post.platform_tag.reason for one in night.versions())
    graph.refuses = set()
    night.crawl(watched)
    assert counts(night)[:3] == (0, 5, 0)
    assert tags(night)["C0"] is ReadingState.PRESENT


def test_a_limit_is_kept_before_it_is_reached_and_after(night: Night, site: Site) -> None:
    """At 95 percent the next page waits longer than this night's patience: nothing more is asked. An error of
    the limit, without a header, holds all other accounts as well."""
    graph = Graph(site, page=1)
    graph.post(1, "one")
    graph.post(2, "two")
    use = [{"type": "instagram", "call_count": 96, "total_time": 3, "total_cputime": 3}]
    graph.usage = {"X-Business-Use-Case-Usage": json.dumps({OWN: use})}
    outcome = night.crawl(account(site), wait_seconds=30.0)
    assert outcome.rate_limited == {"instagram:hm"}
    assert len(graph.asked) == 1

    graph.usage, graph.early = {}, error(80002, "There have been too many calls to this Instagram account.")
    site.forget()
    outcome = night.crawl(*(account(site, name) for name in ("hm", "a", "b", "c", "d", "e", "f", "g")))
    assert len(outcome.rate_limited) == 8
    assert site.count("/v25.0/") <= 4, "those that were asked side by side before the first answer"


@pytest.mark.parametrize(("calls", "ok"), [(1, True), (2, True), (3, False)])
def test_after_a_limit_that_passes_tonight_the_same_is_asked_again(
    calls: int, ok: bool, night: Night, site: Site
) -> None:
    """The account whose call met the limit is no worse off than those behind it."""
    graph = Graph(site)
    graph.post(1, "one")
    use = [{"type": "instagram", "call_count": 10, "estimated_time_to_regain_access": 0.01}]
    told = {"X-Business-Use-Case-Usage": json.dumps({OWN: use})}
    graph.early = replace(error(80002, "There have been too many calls."), headers=told)
    graph.early_calls = calls
    outcome = night.crawl(account(site), wait_seconds=120.0)
    assert (outcome.ok == ("instagram:hm",)) is ok
    assert {one.kind for one in outcome.failed.values()} == (set() if ok else {"rate_limited"})
    assert all("too many calls" in one.message for one in outcome.failed.values())


def test_a_token_that_is_not_taken_is_not_shown_again(
    night: Night, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = Graph(site)
    graph.early = error(190, "Session has expired on Friday", 463)
    outcome = night.crawl(*(account(site, name) for name in ("hm", "a", "b", "c", "d", "e", "f", "g")))
    assert {one.kind for one in outcome.failed.values()} == {"token_expired"}
    told = outcome.failed["instagram:hm"].message
    assert "Session has expired on Friday. Set a new one as TWINWATCH_TOKENS__INSTAGRAM" in told
    assert "developers.facebook.com" in told
    assert site.count("/v25.0/") <= 4
    monkeypatch.delenv("TWINWATCH_TOKENS__INSTAGRAM")
    failed = night.crawl(account(site)).failed["instagram:hm"]
    assert failed.kind == "token_missing"
    assert "TWINWATCH_TOKENS__INSTAGRAM" in failed.message


def test_a_name_that_somebody_else_took_over(night: Night, site: Site) -> None:
    graph = Graph(site)
    graph.post(1, "one")
    watched = account(site)
    night.crawl(watched)
    graph.user = "17841400000000001"
    graph.post(2, "of somebody else")
    assert night.crawl(watched).failed[watched.name].kind == "account_mismatch"
    assert len(night.versions()) == 1
    assert night.crawl(account(site, "nobody")).failed["instagram:nobody"].kind == "no_business_account"
