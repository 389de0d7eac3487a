"""Many posts in one transaction are stored as they would be one by one, or not at all."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from storage.crawled import Validators
from storage.errors import StoreError
from storage.records import PostVersion, Saved
from storage.shelves import pages
from storage.store import Store
from tests.storage.samples import HM, capture, failed, later, picture, post, sha

SHARED = picture("shared", 1, sha256=sha("shared"))
BEFORE = (post("kept"), post("changed"), post("mended", media=(failed("m"),)))
PAGE = (
    post("new", media=(picture("n"), SHARED), seen_at=later(1)),
    post("kept", seen_at=later(1)),
    post("bare", media=(), seen_at=later(1)),
    post("changed", "B", seen_at=later(1)),
    post("x" * 900, "a long \x00 id", media=(replace(SHARED, position=0),), seen_at=later(1)),
    post("mended", media=(picture("m"),), seen_at=later(1)),
    post("new", "the id once more", seen_at=later(2)),
)
SAID = [Saved.NEW, Saved.KNOWN, Saved.NEW, Saved.CHANGED, Saved.NEW, Saved.KNOWN, Saved.CHANGED]


def with_captures(posts: Sequence[PostVersion]) -> list[pages.Seen]:
    return [(one, (capture("page"), capture(one.post_id[:20]))) for one in posts]


def stored(store: Store) -> Sequence[object]:
    versions = list(store.versions_to_read("any"))
    current = {(item.version.post.post_id, item.version.number) for item in store.all_items()}
    return sorted(
        (
            one.post.post_id,
            one.number,
            repr(one.post),
            one.first_seen,
            (one.post.post_id, one.number) in current,
            repr(store.captures(one.post)),
        )
        for one in versions
    )


def test_a_page_is_stored_as_its_posts_would_be_one_by_one(store: Store) -> None:
    with store.rehearsal() as single:
        for one in BEFORE:
            single.save_post(HM, one)
        assert [single.save_post(HM, *one) for one in with_captures(PAGE)] == SAID
        expected, counts = stored(single), single.counts()
    for one in BEFORE:
        store.save_post(HM, one)
    assert list(store.save_posts(HM, with_captures(PAGE))) == SAID
    assert stored(store) == expected
    assert store.counts() == counts


def test_a_page_saved_again_is_nothing(store: Store) -> None:
    page = with_captures(PAGE[:6])
    assert list(store.save_posts(HM, page)) == [Saved.NEW] * 6
    before = stored(store)
    assert list(store.save_posts(HM, page)) == [Saved.KNOWN] * 6
    assert stored(store) == before
    assert list(store.save_posts(HM, [])) == []


def test_one_bad_post_leaves_nothing_of_the_page(store: Store) -> None:
    bad = post("bad", media=(picture("a"), picture("b")))
    with pytest.raises(StoreError) as caught:
        store.save_posts(HM, with_captures([*PAGE, bad]))
    assert (caught.value.kind, caught.value.where) == ("duplicate_position", "bad")
    assert store.counts()["posts"] == 0


def test_two_writers_save_the_same_pages(store: Store, database: str, tmp_path: Path) -> None:
    posts = [post(f"p{n}", media=(picture("x", sha256=sha(n % 3)), picture("y", 1))) for n in range(40)]
    said: list[Saved] = []

    def write(step: int) -> None:
        writer = Store.open(database, tmp_path, create=False)
        for start in range(0, 40, 8):
            said.extend(writer.save_posts(HM, with_captures(posts[::step][start : start + 8])))
        writer.close()

    threads = [threading.Thread(target=write, args=(step,)) for step in (1, -1)]  # from both ends
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [Saved.KNOWN] * 40 + [Saved.NEW] * 40
    assert store.counts()["posts"] == store.counts()["versions"] == 40


def test_what_media_can_be_asked_about_is_saved_with_the_posts(store: Store) -> None:
    said = {"https://x.example/a.jpg": Validators('"1"', "", sha("a"))}
    store.save_posts(HM, with_captures(PAGE), said)
    assert store.again.validators_of("https://x.example/a.jpg") == Validators('"1"', "", sha("a"))


def test_or_not_at_all(store: Store) -> None:
    bad = replace(PAGE[0], media=(picture("a"), picture("b")))
    with pytest.raises(StoreError):
        store.save_posts(
            HM, with_captures([bad]), {"https://x.example/a.jpg": Validators('"1"', "", sha("a"))}
        )
    assert store.again.validators_of("https://x.example/a.jpg") is None
