"""Posts with a finding are looked at again for thirty days: a label that comes late, or goes, is seen. Old
posts that lack a picture are asked for until it is there."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.records import (
    Account,
    Answer,
    ConsentVerdict,
    Declarer,
    Extent,
    Labelling,
    OriginEvidence,
    Reading,
    ReadingState,
    Surface,
    Verdict,
)
from storage.store import Store
from tests.crawler.night import Night
from tests.crawler.site import Pds, Site, picture, stamp, tid

pytestmark = pytest.mark.slow  # a night after the other

ANSWER = Answer(
    Verdict(3, Labelling.UNLABELLED_WHERE_SEEN, ConsentVerdict.NOT_A_TWIN, "", (), (), ()),
    (),
    (OriginEvidence("c2pa", "trainedAlgorithmicMedia", "", Extent.WHOLE, 3),),
    (Reading(Surface.CAPTION, ReadingState.ABSENT, declared_by=Declarer.ACCOUNT),),
    (),
    {},
)


def find(store: Store, uri: str, days_ago: float) -> None:
    item = next(one for one in store.all_items() if one.version.post.post_id == uri)
    store.save_answer(item, "judged", ANSWER, datetime.now(UTC) - timedelta(days=days_ago))


def test_a_label_on_an_older_post_is_seen_while_its_finding_is_young(night: Night, site: Site) -> None:
    pds = Pds(site, page=2)
    uris = {}
    # The last page that is listed is the first one older than the overlap: of 16 and 17 days ago.
    for days in (0, 1, 16, 17, 20, 21, 60, 61, 62):
        uris[days] = pds.post(tid(days), "New in", picture(f"of day {days}"), createdAt=stamp(days))
    account = Account("bluesky", "hm.example", service=site.url)
    night.crawl(account)
    for days, found in ((20, 5), (60, 3), (61, 29), (62, 31)):
        find(night.store, uris[days], found)
    for days in (20, 21, 60, 61, 62):
        key = uris[days].rpartition("/")[2]
        pds.post(key, "New in. Made with AI.", picture(f"of day {days}"), createdAt=stamp(days))
    site.forget()
    night.crawl(account)

    asked = [one for one in site.asked if "getRecord" in one]
    keys = {uri.rpartition("/")[2]: days for days, uri in uris.items()}
    assert sorted(keys[one.rpartition("rkey=")[2]] for one in asked) == [20, 60, 61], asked
    texts = {one.post.post_id: one.post.text for one in night.versions()}  # the last version's
    assert {days for days, uri in uris.items() if "Made with AI" in texts[uri]} == {20, 60, 61}


def test_the_night_asks_for_thirty_days() -> None:
    from desk.jobs.nightly import FINDING_DAYS  # noqa: PLC0415 - the one figure of the desk that the crawl obeys

    assert FINDING_DAYS == 30


def test_a_picture_that_an_old_post_lacks_is_fetched_later(night: Night, site: Site) -> None:
    """Its server was ill on the night on which the whole archive was listed; the listing never comes so far
    again."""
    pds = Pds(site)
    old = tid(300)
    uri = pds.post(old, "old", picture("old"), createdAt=stamp(300))
    for number in range(120):
        pds.post(tid(200 - number), f"post {number}", createdAt=stamp(200 - number))
    kept = pds.blobs.copy()
    pds.blobs.clear()
    account = Account("bluesky", "hm.example", service=site.url)
    night.crawl(account)
    assert [one.failure.kind for one in night.events if one.failure] == ["http_status"]
    pds.blobs |= kept
    night.crawl(account)
    (one,) = [one for one in night.versions() if one.post.post_id == uri]
    assert night.store.media.read(one.post.media[0].sha256) == picture("old")
    site.forget()
    night.crawl(account)
    assert site.count("getRecord") == 0
