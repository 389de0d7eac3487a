"""Whole nights against a PDS double on loopback, in real child processes."""

from crawler.plan import CrawlOutcome
from storage.records import Account
from tests.crawler.night import Night
from tests.crawler.site import Pds, Site, as_json, picture, stamp, tid

LIST = "listRecords"
BLOB = "getBlob"
NAME = "bluesky:hm.example"


def account(site: Site) -> Account:
    return Account("bluesky", "hm.example", "H&M", "SE", service=site.url)


def counts(outcome: CrawlOutcome) -> tuple[int, int, int, int]:
    return outcome.posts_new, outcome.posts_changed, outcome.posts_gone, outcome.media_new


def test_two_nights_with_an_edit_and_a_deletion(night: Night, site: Site) -> None:
    pds = Pds(site, page=2)
    one = pds.post(tid(3), "a carousel", picture("a"), picture("b"), picture("a"))
    two = pds.post(tid(2), "only words")
    gone = pds.post(tid(1), "soon gone", picture("c"))
    first = night.crawl(account(site))
    assert (first.ok, first.failed, first.errors) == ((NAME,), {}, ())
    assert counts(first) == (3, 0, 0, 3)
    media = {version.post.post_id: version.post.media for version in night.versions()}[one]
    assert [item.alt for item in media] == ["alt 0", "alt 1", "alt 2"]
    assert night.store.media.read(media[1].sha256) == picture("b")
    assert [item.format for item in media] == ["png"] * 3

    site.forget()
    pds.post(two.rpartition("/")[2], "only words, edited")
    del pds.posts[gone.rpartition("/")[2]]
    assert counts(night.crawl(account(site))) == (0, 1, 1, 0)
    assert site.count(BLOB) == site.count("resolveHandle") == 0
    found = night.versions()
    words = [version.post.text for version in found if version.post.post_id == two]
    assert words == ["only words", "only words, edited"]
    assert {version.post.post_id for version in found if version.gone_at} == {gone}

    pds.error = as_json({"error": "RepoDeactivated", "message": "x"}, 400)
    hidden = night.crawl(account(site))
    assert hidden.failed[NAME].kind == "repo_deactivated"
    assert hidden.posts_gone == 0, "an account that cannot be seen has not deleted its posts"


def test_old_posts_end_the_listing(night: Night, site: Site) -> None:
    """The second night stops at the first whole page that is older than the overlap, and asks nothing
    else."""
    pds = Pds(site, page=2)
    for days in range(0, 60, 5):
        pds.post(tid(days), f"{days} days ago", picture(str(days)), createdAt=stamp(days))
    assert counts(night.crawl(account(site)))[0] == 12
    site.forget()
    night.crawl(account(site))
    # Pages of 0 and 5, of 10 and 15, of 20 and 25 days ago.
    assert site.count(LIST) == len(site.asked) == 3, site.asked
