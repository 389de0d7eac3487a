"""Nights on a Pinterest that the test serves itself, and what detection makes of them. The feed has the shape
of tests/crawler/cases/pinterest: built, not recorded."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from storage.records import Account, Finding, Labelling, MatchKind, ReadingState, Surface
from tests.crawler.night import Night
from tests.crawler.site import Reply, Site, serving
from tests.desk.shop import Shop, digest, jpeg, photo

pytestmark = pytest.mark.slow  # crawls in processes of their own, and passes over a store

TWIN, LABELLED, PLAIN = (jpeg(photo(seed)) for seed in (1, 2, 3))
LABEL = "Made with AI #AIgenerated"
DAY = datetime(2026, 11, 18, 9, tzinfo=UTC)


def pin(site: Site, number: int, text: str, picture: str) -> str:
    link = f"https://www.pinterest.com/pin/28428979522579{number:04d}/"
    shown = escape(f'<a href="{link}"><img src="{site.url}/236x/{picture}.jpg"></a>{text}')
    date = format_datetime(DAY.replace(day=10 + number), usegmt=True)
    return (
        f"<item><title>Pin {number}</title><link>{link}</link><description>{shown}</description>"
        f"<pubDate>{date}</pubDate><guid>{link}</guid></item>"
    )


def show(site: Site, pins: Sequence[str]) -> None:
    feed = f"<rss version='2.0'><channel><title>H&amp;M</title>{''.join(pins)}</channel></rss>"
    headers = {"Content-Type": "application/xml; charset=utf-8"}
    site.routes["/hm/feed.rss"] = Reply(feed.encode(), headers=headers)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as one:
        for name, data in (("twin", TWIN), ("labelled", LABELLED), ("plain", PLAIN)):
            one.routes[f"/236x/{name}.jpg"] = Reply(data, headers={"Content-Type": "image/jpeg"})
        yield one


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.register("Vilma", TWIN)
    yield made
    made.store.close()


def found(shop: Shop) -> dict[str, Finding]:
    """By the last digits of the pin's number."""
    return {one.post_id[-4:]: one for one in shop.findings()}


def test_a_board_is_watched_and_judged(tmp_path: Path, site: Site, shop: Shop) -> None:
    """A copy of a twin without a label, a pin that says it is AI, one that is neither; then a pin that has
    left the feed, which is not gone, and a second one of the twin."""
    watched = Account("pinterest", "hm", "H&M", "SE", service=site.url)
    night = Night(f"sqlite:///{tmp_path / 'twinwatch.db'}", shop.store.media.root, (site.host,))
    pins = [
        pin(site, 1, "A red coat", "twin"),
        pin(site, 2, LABEL, "labelled"),
        pin(site, 3, "A grey coat", "plain"),
    ]
    show(site, pins)
    assert night.crawl(watched).ok == (watched.name,)
    for data in (LABELLED, PLAIN):
        shop.examine(data)
    shop.detect()
    findings = found(shop)
    assert findings.keys() == {"0001", "0002"}
    copy, said = findings["0001"], findings["0002"]
    assert [(one.twin, one.kind) for one in copy.answer.matches] == [("Vilma", MatchKind.COPY)]
    assert copy.answer.verdict.labelling is Labelling.UNLABELLED_WHERE_SEEN, "feeds do not carry the label"
    assert said.answer.verdict.labelling is Labelling.LABELLED
    for finding in (copy, said):
        (tag,) = (one for one in finding.answer.readings if one.surface is Surface.PLATFORM_TAG)
        assert tag.state is ReadingState.UNREADABLE
        assert "not exposed" in tag.reason

    site.forget()
    show(site, [*pins[1:], pin(site, 4, "The red coat again", "twin")])
    night.crawl(watched)
    shop.detect()
    assert found(shop).keys() == {"0001", "0002", "0004"}
    assert found(shop)["0004"].sha256 == digest(TWIN)
    assert not [one for one in night.versions() if one.gone_at]
    assert site.count("/236x/labelled.jpg") == site.count("/236x/plain.jpg") == 0
    night.close()
