"""Saving posts: what is a new version, what is filled in, what is never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.crawled import KeptFile, KnownPost
from storage.errors import StoreError
from storage.records import (
    Account,
    Failure,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
    Saved,
    StoredVersion,
)
from storage.store import Store
from tests.storage.samples import FAILED, HM, NOW, capture, failed, later, picture, post, sha


def versions(store: Store) -> list[StoredVersion]:
    """Every stored version, as it was seen."""
    return sorted(store.versions_to_read("any"), key=lambda one: (one.post.seen_at or NOW, one.number))


def test_a_post_comes_back_as_it_was_saved(store: Store) -> None:
    full = post(
        media=(picture("a"), picture("b", 1, alt=None)),
        content_warning="",
        platform_tag=PlatformTag(ReadingState.PRESENT, "listRecords", "labels", raw="ai-generated"),
        problems=(Failure("future_date", "2999", "p1"),),
        posted_at=None,
    )
    assert store.save_post(HM, full, (capture("a"),)) is Saved.NEW
    (stored,) = versions(store)
    assert stored.post == full
    assert (stored.account, stored.number, stored.first_seen, stored.gone_at) == (HM, 1, NOW, None)
    assert store.captures(stored.post) == [capture("a")]


CHANGES = {
    "caption": {"text": "New in, made with AI"},
    "hashtags": {"hashtags": ("coat", "ai")},
    "warning": {"content_warning": "AI"},
    "tag state": {"platform_tag": PlatformTag(ReadingState.PRESENT, "listRecords", "labels")},
    "tag raw": {"platform_tag": PlatformTag(ReadingState.ABSENT, "listRecords", "labels", raw="x")},
    "another picture": {"media": (picture("b"),)},
    "other bytes, no id": {"media": (picture("a", native_id="", sha256=sha("b")),)},
    "alt text": {"media": (picture(alt="AI"),)},
    "alt text gone": {"media": (picture(alt=""),)},
    "one more picture": {"media": (picture(), picture("b", 1))},
    "no picture": {"media": ()},
    "another that failed": {"media": (failed("b"),)},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES.keys())
def test_what_people_see_makes_a_version(store: Store, changes: dict[str, object]) -> None:
    store.save_post(HM, post())
    changed: PostVersion = replace(post(seen_at=later(1)), **changes)  # type: ignore[arg-type]
    assert store.save_post(HM, changed) is Saved.CHANGED
    assert store.save_post(HM, replace(changed, seen_at=later(2))) is Saved.KNOWN
    assert [one.number for one in versions(store)] == [1, 2]


SAME = {
    "again": {},
    "signed address": {"media": (picture(url="https://cdn.example/a.jpg?sig=2"),)},
    "no id, same bytes": {"media": (picture(native_id="", url="https://other.example/z"),)},
    "failed now, same id": {"media": (failed("a", url="https://elsewhere.example/"),)},
    "failed now, same address": {"media": (failed("a", native_id=""),)},
    "failed now, same file": {"media": (failed("a", native_id="", url="https://cdn.example/a.jpg?sig=2"),)},
    "tag's field renamed": {"platform_tag": PlatformTag(ReadingState.ABSENT, "v2", "other", reason="x")},
    "label not read": {"platform_tag": PlatformTag(ReadingState.UNREADABLE, "v2", reason="not exposed")},
    "revision only": {"revision": "r2"},
    "raw response": {"raw_sha256": sha("other raw")},
}


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME.keys())
def test_what_people_do_not_see_makes_none(store: Store, changes: dict[str, object]) -> None:
    store.save_post(HM, post())
    seen: PostVersion = replace(post(seen_at=later(1)), **changes)  # type: ignore[arg-type]
    assert store.save_post(HM, seen) is Saved.KNOWN
    (stored,) = versions(store)
    assert stored.post.media == (picture(),)  # kept bytes are not lost
    assert stored.post.seen_at == NOW


def test_a_label_that_cannot_be_read_tonight_is_still_the_label(store: Store) -> None:
    """A key that is missing, a field that is refused: the post is labelled as it was, no version hides it.
    An edited post is another one, whose label nobody has read."""
    said = PlatformTag(ReadingState.PRESENT, "videos.list", "containsSyntheticMedia", raw="true")
    unread = PlatformTag(ReadingState.UNREADABLE, "feed", "containsSyntheticMedia", reason="not exposed")
    store.save_post(HM, post(platform_tag=said))
    assert store.save_post(HM, post(platform_tag=unread, seen_at=later(1))) is Saved.KNOWN
    assert store.save_post(HM, post(platform_tag=said, seen_at=later(2))) is Saved.KNOWN
    assert [one.post.platform_tag for one in versions(store)] == [said]
    edited = post(text="edited", platform_tag=unread, seen_at=later(3))
    assert store.save_post(HM, edited) is Saved.CHANGED
    assert store.save_post(HM, replace(edited, platform_tag=said, seen_at=later(4))) is Saved.CHANGED


def test_alt_texts_that_are_not_given_tonight_are_still_those(store: Store) -> None:
    store.save_post(HM, post(media=(picture(alt="made with AI"),)))
    unseen = post(media=(picture(alt=None),), seen_at=later(1))
    assert store.save_post(HM, unseen) is Saved.KNOWN
    (version,) = versions(store)
    assert [item.alt for item in version.post.media] == ["made with AI"]
    assert store.save_post(HM, post(media=(picture(alt=""),), seen_at=later(2))) is Saved.CHANGED


def test_back_to_the_first_wording_is_a_third_version(store: Store) -> None:
    saved = [store.save_post(HM, post(text=text, seen_at=later(day))) for day, text in enumerate("ABA")]
    assert saved == [Saved.NEW, Saved.CHANGED, Saved.CHANGED]
    assert [one.post.text for one in versions(store)] == ["A", "B", "A"]


def test_bytes_that_come_later_are_filled_in(store: Store) -> None:
    store.save_post(HM, post(media=(picture("a"), failed("b", 1))))
    assert store.known_posts(HM, ["p1"]) == {}
    assert store.save_post(HM, post(media=(picture("a"), picture("b", 1)), seen_at=later(1))) is Saved.KNOWN
    (stored,) = versions(store)
    assert stored.post.media == (picture("a"), picture("b", 1))
    assert store.known_posts(HM, ["p1", "p2"]) == {"p1": KnownPost("p1", post().url, NOW, "r1")}


def test_a_later_reason_for_missing_bytes_replaces_the_earlier(store: Store) -> None:
    store.save_post(HM, post(media=(failed(),)))
    slow = Failure("timeout", "too slow")
    store.save_post(HM, post(media=(failed(),), seen_at=later(1)))
    assert versions(store)[0].post.media[0].failure == FAILED
    store.save_post(HM, post(media=(replace(failed(), failure=slow),), seen_at=later(2)))
    assert versions(store)[0].post.media[0].failure == slow


def test_a_new_caption_keeps_the_bytes_of_a_picture_that_failed_tonight(store: Store) -> None:
    store.save_post(HM, post())
    store.save_post(HM, post(text="edited", media=(failed(),), seen_at=later(1)))
    assert versions(store)[1].post.media == (picture(),)  # the same id of the content: the same bytes


def test_by_address_alone_the_failure_stays_on_record(store: Store) -> None:
    store.save_post(HM, post(media=(picture(native_id=""),)))
    store.save_post(HM, post(text="edited", media=(failed(native_id=""),), seen_at=later(1)))
    (item,) = versions(store)[1].post.media
    assert (item.sha256, item.failure) == (sha("a"), FAILED)
    assert store.known_posts(HM, ["p1"]) == {}  # so that the next night fetches it again


def test_an_older_capture_does_not_become_the_current_version(store: Store) -> None:
    store.save_post(HM, post(text="B", seen_at=later(2)))
    assert store.save_post(HM, post(text="A", seen_at=later(1))) is Saved.CHANGED
    replays = [
        store.save_post(HM, post(text=text, seen_at=later(day)))
        for day, text in ((1, "A"), (2, "B"), (1.5, "A"))
    ]
    assert replays == [Saved.KNOWN] * 3
    assert [one.post.text for one in versions(store)] == ["A", "B"]
    assert [item.version.post.text for item in store.all_items()] == ["B"]


def test_a_tombstone_is_set_once_and_lifted(store: Store) -> None:
    store.save_post(HM, post(), (capture(),))
    gone = capture("gone", status=400)
    assert store.mark_gone(HM, "p1", later(1), gone)
    assert not store.mark_gone(HM, "p1", later(2), gone)
    assert not store.mark_gone(HM, "never seen", later(2), gone)
    assert versions(store)[0].gone_at == later(1)
    assert store.known_posts(HM, ["p1"]) == {}
    assert not store.posts_to_look_at(HM, NOW, NOW)
    assert store.save_post(HM, post(seen_at=later(0.5))) is Saved.KNOWN  # seen before it went: still gone
    assert versions(store)[0].gone_at == later(1)
    assert store.save_post(HM, post(seen_at=later(3))) is Saved.KNOWN
    assert versions(store)[0].gone_at is None
    assert store.mark_gone(HM, "p1", later(4), gone)


def test_revision_and_address_follow_without_a_version(store: Store) -> None:
    store.save_post(HM, post())
    store.save_post(HM, post(revision="r2", url="https://new.example", seen_at=later(1)))
    assert store.known_posts(HM, ["p1"])["p1"].revision == "r2"
    assert store.known_posts(HM, ["p1"])["p1"].url == "https://new.example"


def test_the_overlap_window(store: Store) -> None:
    store.save_post(HM, post("old", posted_at=later(-20)))
    store.save_post(HM, post("young", posted_at=later(-1)))
    store.save_post(HM, post("undated", posted_at=None))
    asked = store.posts_to_look_at(HM, later(-14), later(-30))
    assert [known.post_id for known in asked] == ["young", "undated"]


def test_the_platform_s_own_order_counts_where_a_post_is_dated_back(store: Store) -> None:
    orders = {"old": later(-20), "dated back": later(-1), "to come": later(900), "undated": later(-20)}
    for name in ("old", "dated back", "to come"):
        store.save_post(HM, post(name, posted_at=later(-2000)))
    store.save_post(HM, post("undated", posted_at=None))
    store.save_post(HM, post("no order", posted_at=later(-2000)))

    def asked(since: float, findings_since: float) -> list[str]:
        found = store.posts_to_look_at(
            HM, later(since), later(findings_since), lambda one: orders.get(one.post_id)
        )
        return [known.post_id for known in found]

    assert asked(-14, -30) == ["dated back", "to come"]
    assert asked(1, 1) == [], "all were first seen before that"


def test_kept_media_are_the_account_s_own(store: Store) -> None:
    store.save_post(HM, post(media=(picture("a"), failed("b", 1))))
    assert store.kept_media(HM, ["cid-a", "cid-b", ""]) == {"cid-a": KeptFile(sha("a"), "jpeg", 1000)}
    assert store.kept_media(replace(HM, handle="other"), ["cid-a"]) == {}


HOSTILE = {
    "nul": "a\x00b",
    "surrogate": "a\ud800b",
    "long": "x" * 100_000,
    "emoji": "👗" * 1000,
    "markup": "<script>alert(1)</script>'; DROP TABLE posts; --",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_kept_and_found_again(store: Store, text: str) -> None:
    hostile = post(
        text,
        text,
        url=text,
        revision=text,
        hashtags=(text,),
        content_warning=text,
        platform_tag=PlatformTag(ReadingState.PRESENT, text, text, raw=text),
        media=(picture(url=text, native_id=text, alt=text, claimed_type=text),),
        problems=(Failure("x", text, text),),
    )
    made = capture(url_asked=text, url_final=text, headers=((text, text),))
    assert store.save_post(HM, hostile, (made,)) is Saved.NEW
    assert store.save_post(HM, replace(hostile, seen_at=later(1)), (made,)) is Saved.KNOWN
    clean = text.replace("\x00", "�").replace("\ud800", "�")
    (stored,) = versions(store)
    assert (stored.post.text, stored.post.media[0].alt, stored.post.hashtags) == (clean, clean, (clean,))
    assert list(store.known_posts(HM, [text])) == [text]
    assert list(store.kept_media(HM, [text])) == [text]
    assert len(store.captures(stored.post)) == 1


def test_two_items_at_one_position_are_refused(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        store.save_post(HM, post(media=(picture("a"), picture("b"))))
    assert caught.value.kind == "duplicate_position"
    assert store.counts()["posts"] == 0


def test_a_retrieval_is_kept_once_and_tied_to_each_version(store: Store) -> None:
    store.save_post(HM, post(), (capture("page"), capture("a"), capture("a")))
    store.save_post(HM, post("p2", media=(picture("b"),)), (capture("page"), capture("b")))
    store.save_capture(capture("feed", sha256="", status=304))
    first, second = versions(store)
    assert {one.url_asked for one in store.captures(first.post)} == {
        capture("page").url_asked,
        capture("a").url_asked,
    }
    assert {one.url_asked for one in store.captures(second.post)} == {
        capture("page").url_asked,
        capture("b").url_asked,
    }
    assert len(store.captures(replace(first.post, seen_at=None))) == 2


def test_posts_that_lack_a_picture(store: Store) -> None:
    """As long as they are young here, however old they are there; not what can never be had, nor what is
    gone."""
    dead, later_on = Failure("http_status", "HTTP 500", "u"), Failure("bad_url", "no address", "u")
    for name, failure in (("lacks", dead), ("never", later_on), ("gone", dead)):
        item = MediaItem(0, MediaKind.PICTURE, f"https://hm.example/{name}.jpg", failure=failure)
        store.save_post(HM, post(name, posted_at=later(-400), media=(item,)), (capture(),))
    store.save_post(HM, post("whole", posted_at=later(-400)), (capture(),))
    store.mark_gone(HM, "gone", later(1), capture("gone", status=404))
    found = store.incomplete_posts(HM, later(-14), frozenset({"bad_url"}))
    assert [known.post_id for known in found] == ["lacks"]
    assert store.incomplete_posts(HM, later(1), frozenset({"bad_url"})) == []


def test_what_the_newest_posts_say_comes_by_their_date(store: Store) -> None:
    """Undated ones by when they were first seen; of the newest versions; without what was stored since."""
    store.save_post(HM, post("old", "old", posted_at=NOW - timedelta(days=9)))
    store.save_post(HM, post("undated", "x" * 900, posted_at=None))
    store.save_post(HM, post("new", "as it was", posted_at=NOW + timedelta(days=1)))
    store.save_post(HM, post("new", "edited", posted_at=NOW + timedelta(days=1), seen_at=later(1)))
    mark = store.imports.newest_version()
    store.save_post(Account("rss", "https://shop.example/feed"), post("other", platform="rss"))
    store.save_post(HM, post("since", "since", posted_at=NOW + timedelta(days=2)))
    said = [one.text for one in store.accounts.newest_fields(HM, 10)]
    assert said == ["since", "edited", "x" * 500, "old"]
    assert [one.text for one in store.accounts.newest_fields(HM, 2, mark)] == ["edited", "x" * 500]


def test_an_empty_store_has_no_newest_version(store: Store) -> None:
    assert store.imports.newest_version() == 0
