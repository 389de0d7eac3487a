"""A label that was read, and a night on which the platform does not show it: the post is the same."""

import pytest

from storage.records import Account, ReadingState
from tests.crawler.meta import SECRET, Graph
from tests.crawler.night import Night
from tests.crawler.site import Site
from tests.crawler.test_youtube_nights import counts

pytestmark = pytest.mark.slow


def test_a_field_that_is_refused_for_a_night_hides_no_label(
    night: Night, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWINWATCH_TOKENS__INSTAGRAM", SECRET)
    graph = Graph(site)
    graph.post(1, "one", is_ai_generated=True)
    graph.post(2, "two")
    account = Account("instagram", "hm", "H&M", "SE", service=site.url)
    night.crawl(account)
    for refused in ({"is_ai_generated"}, set[str]()):
        graph.refuses = refused
        night.crawl(account)
        assert counts(night) == (0, 0, 0, 0)
    states = {one.post.post_id: one.post.platform_tag.state for one in night.versions()}
    assert states == {"C1": ReadingState.PRESENT, "C2": ReadingState.ABSENT}
