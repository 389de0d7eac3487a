"""How much is stored of each account."""

from datetime import timedelta

from storage.crawled import AccountState
from storage.records import Account, PlatformTag, ReadingState
from storage.store import Store
from tests.storage.samples import HM, NOW, capture, post


def test_an_account_is_counted_by_what_is_stored_of_it(store: Store) -> None:
    unread = PlatformTag(ReadingState.UNREADABLE, reason="not exposed")
    store.save_post(HM, post("p1"))
    store.save_post(HM, post("p2", posted_at=NOW - timedelta(days=40), platform_tag=unread))
    store.save_post(HM, post("p3", posted_at=None))
    store.save_post(HM, post("p1", "Edited"))  # a second version of it is no second post
    store.mark_gone(HM, "p2", NOW, capture())
    store.save_account_state(HM, AccountState(high_water=NOW, last_success=NOW))
    (found,) = store.collected(NOW, 6)
    assert found.account == HM
    assert (found.posts, found.gone, found.weeks) == (3, 1, (1, 0, 0, 0, 0, 1))
    assert (found.newest, found.last_success) == (NOW, NOW)
    assert (found.label_read, found.label_unread) == (2, 1)


def test_an_account_without_posts_has_counts_of_none(store: Store) -> None:
    store.save_account_state(Account("rss", "https://shop.example/feed"), AccountState())
    (found,) = store.collected(NOW, 6)
    assert (found.posts, found.gone, found.weeks, found.newest) == (0, 0, (0,) * 6, None)
    assert (found.label_read, found.label_unread) == (0, 0)


def test_what_is_not_believed_of_an_account_is_kept_until_a_look_takes_it_back(store: Store) -> None:
    for doubt in ("the listing shows nothing", ""):
        store.save_account_state(HM, AccountState(doubt=doubt))
        assert store.account_state(HM).doubt == doubt
        assert store.collected(NOW, 6)[0].doubt == doubt
