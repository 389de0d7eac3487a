"""`twinwatch accounts`: a table of states, and the command on a store."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.jobs.accounts import AccountHealth, health_of, suspects
from storage.crawled import AccountState, Collected
from storage.records import Account, Failure
from storage.store import Store
from tests.crawler import built
from tests.storage.samples import HM, NOW, capture, post

DAY, WEEK = timedelta(days=1), timedelta(days=7)
DENIED = Failure("login_wall", "the page wants a login", HM.name)


def collected(success: datetime | None, lately: int, posts: int = 9) -> Collected:
    return Collected(HM, success, NOW, posts, 0, (lately,), 3, 1)


@pytest.mark.parametrize(
    ("watched", "crawled", "stored", "failed", "state"),
    [
        (True, True, collected(NOW, 4), 0, "fine"),
        (True, True, collected(NOW, 4), 3, "fine"),  # it failed, and was read since
        (True, True, collected(NOW - WEEK, 4), 3, "failing, last read 7 days ago"),
        (True, True, collected(None, 0, 0), 2, "never read whole"),
        (True, True, None, 0, "not read yet"),
        (True, True, collected(NOW, 0), 0, "nothing new for 4 weeks"),
        (True, False, None, 0, "by import only"),
        (False, True, collected(NOW, 4), 0, "on no watchlist"),
    ],
)
def test_its_state_in_words(
    watched: bool, crawled: bool, stored: Collected | None, failed: int, state: str
) -> None:
    health = AccountHealth(HM, watched, crawled, stored, failed, 10, None, "", NOW)
    assert health.state == state


def test_a_single_night_that_failed_is_told_and_two_days_are_no_longer_fine() -> None:
    health = AccountHealth(HM, True, True, collected(NOW, 4), 1, 10, DENIED, "", NOW, tonight=DENIED)
    assert health.state == f"fine, last night failed: {DENIED.message}"
    late = AccountHealth(HM, True, True, collected(NOW - WEEK, 4), 1, 10, DENIED, "", NOW, tonight=DENIED)
    assert late.state.startswith("failing, last read 7 days ago")


def test_last_night_is_the_newest_night_and_no_import(store: Store) -> None:
    store.save_post(HM, post())
    store.save_account_state(HM, AccountState(last_success=NOW))
    errors = [{"kind": "login_wall", "message": "the page wants a login", "where": HM.name}]
    for number, (run, told) in enumerate((("nightly-1", errors), ("import-2", []))):
        store.end_run(run, NOW + timedelta(minutes=number), {"errors": told})
    (found,) = health_of(store, [HM], {HM.name: "0..9 a week"}, NOW)
    assert found.state == "fine, last night failed: the page wants a login"
    store.end_run("nightly-3", NOW + timedelta(hours=1), {"errors": []})
    (found,) = health_of(store, [HM], {HM.name: "0..9 a week"}, NOW)
    assert found.state == "fine"


def test_what_is_measured_of_it() -> None:
    health = AccountHealth(HM, True, True, collected(NOW, 6), 0, 10, None, "", NOW)
    assert (health.posts_a_week, health.label_read) == (1.5, 0.75)
    nothing = AccountHealth(HM, True, True, None, 0, 10, None, "", NOW)
    assert (nothing.posts_a_week, nothing.label_read) == (0.0, None)


def test_failures_are_counted_by_run_and_the_newest_is_told(store: Store) -> None:
    store.save_post(HM, post())
    for night, kinds in enumerate((["timeout"], [], ["login_wall", "malformed"])):
        errors = [{"kind": kind, "message": "the page wants a login", "where": HM.name} for kind in kinds]
        store.end_run(f"night-{night}", NOW + timedelta(days=night), {"errors": [*errors, "odd"]})
    other = Account("rss", "https://shop.example/feed")
    found, unread = health_of(store, [HM, other], {}, NOW)
    assert (found.account, found.failed, found.nights, found.latest) == (HM, 2, 3, DENIED)
    assert (unread.account, unread.failed, unread.collected) == (other, 0, None)


def test_imports_are_no_nights(store: Store) -> None:
    """However many there were: a night that failed is still the last one."""
    errors = [{"kind": "login_wall", "message": "the page wants a login", "where": HM.name}]
    store.end_run("nightly-1", NOW, {"errors": errors})
    for number in range(20):
        store.end_run(f"import-{number}", NOW + timedelta(minutes=number + 1), {"errors": []})
    (found,) = health_of(store, [HM], {}, NOW)
    assert (found.failed, found.nights, found.tonight) == (1, 1, DENIED)


def test_the_next_look_is_when_the_next_night_usually_begins(store: Store) -> None:
    imported = Account("tiktok", "hm")
    starts = [timedelta(days=-3), timedelta(days=-2), timedelta(days=-2, minutes=10), timedelta(days=-1)]
    for number, at in enumerate(starts):
        known = health_of(store, [HM], {}, NOW)[0].next_look is not None
        assert known is (number >= 2)
        store.end_run(f"nightly-{number}", NOW + at, {})
    watched, other = health_of(store, [HM, imported], {}, NOW)
    assert watched.next_look == NOW
    assert (other.account, other.next_look) == (imported, None)


def test_the_command_tells_the_next_look(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    watched = '[[account]]\nretailer = "H&M"\nplatform = "rss"\nhandle = "https://shop.example/feed"\n'
    (tmp_path / "twinwatch.toml").write_text(watched)
    assert "next night" in twinwatch("accounts").out
    with closing(
        Store.open(f"sqlite:///{tmp_path / 'twinwatch.db'}", tmp_path / "media", create=True)
    ) as made:
        for number in (1, 2):
            made.end_run(f"nightly-{number}", NOW + number * DAY, {})
    due = NOW + 3 * DAY
    assert f"{due:%Y-%m-%d %H:%M}" in twinwatch("accounts").out
    (line,) = twinwatch("accounts", "--json").lines
    assert datetime.fromisoformat(line["next_look"]) == due


def test_without_a_store_the_watchlist_is_shown() -> None:
    (found,) = health_of(None, [HM], {}, NOW)
    assert (found.state, found.watched) == ("not read yet", True)


def test_the_command_shows_what_an_import_brought(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    twinwatch("import", str(built.ndjson(tmp_path / "z", built.captured(built.itemlist()))), "--no-fetch")
    (line,) = twinwatch("accounts", "--json").lines
    assert (line["account"], line["posts"], line["watched"]) == ("instagram:hm", 1, False)
    assert (line["state"], line["error"], line["failed_runs"]) == ("on no watchlist", None, 0)
    said = twinwatch("accounts")
    assert "instagram:hm" in said.out
    assert "on no watchlist" in said.out
    assert "Every account is fine." in twinwatch("accounts", "--troubled").err


def test_with_nothing_to_show_it_says_what_to_do(twinwatch: Callable[..., Any]) -> None:
    said = twinwatch("accounts")
    assert (said.status, said.out) == (0, "")
    assert "twinwatch.toml" in said.err


def test_what_is_not_plausible_is_a_state_and_a_warning_of_the_night(store: Store) -> None:
    for week in range(1, 8):
        store.save_post(HM, post(f"p{week}", posted_at=NOW - week * WEEK))
    store.save_account_state(HM, AccountState(last_success=NOW))
    (found,) = health_of(store, [HM], {}, NOW)
    assert found.state == "suspect: nothing in a week, and 1 to 1 a week came before"
    assert suspects(store, {HM.name}, {}, NOW) == {HM.name: found.state}
    assert suspects(store, set(), {}, NOW) == {}
    assert suspects(store, {HM.name}, {HM.name: "0..3 a week"}, NOW) == {}


def test_what_the_last_look_saw_and_is_not_believed_is_told_before_all_else(store: Store) -> None:
    why = "the listing shows nothing, and should show 1 stored post"
    store.save_post(HM, post())
    store.save_account_state(HM, AccountState(last_success=NOW, doubt=why))
    (found,) = health_of(store, [HM], {HM.name: "0..9 a week"}, NOW)
    assert found.state == f"suspect: {why}"
    assert suspects(store, {HM.name}, {}, NOW) == {HM.name: found.state}
    store.save_account_state(HM, AccountState(last_success=NOW))
    assert suspects(store, {HM.name}, {}, NOW) == {}


def test_an_account_whose_posts_are_all_gone_is_not_suspect(store: Store) -> None:
    store.save_post(HM, post())
    store.save_account_state(HM, AccountState(last_success=NOW))
    store.mark_gone(HM, post().post_id, NOW, capture())
    (found,) = health_of(store, [HM], {HM.name: "0..9 a week"}, NOW)
    assert found.state == "all its posts are gone"


def test_a_person_joins_two_names_and_mends_a_number(twinwatch: Callable[..., Any], tmp_path: Path) -> None:
    """With a dry run nothing changes; done, it stands in the record by whom."""
    old = built.itemlist("DOld", user={"username": "hm_old"})
    path = built.ndjson(tmp_path / "z", built.captured(built.itemlist()), built.captured(old))
    twinwatch("import", str(path), "--no-fetch")
    ask = ("accounts", "join", "instagram:hm_old", "instagram:hm", "--by", "ann", "--json")
    expected = {"joined": "instagram:hm_old", "into": "instagram:hm", "posts": 1}
    assert twinwatch(*ask, "--dry-run").lines == [{**expected, "dry_run": True}]
    assert twinwatch(*ask).lines == [{**expected, "dry_run": False}]
    assert twinwatch(*ask).status == 1
    (line,) = twinwatch("accounts", "--json").lines
    assert (line["account"], line["posts"]) == ("instagram:hm", 2)

    said = twinwatch("accounts", "owner", "instagram:hm", "42", "--by", "ann", "--json")
    assert said.lines == [{"account": "instagram:hm", "before": "1", "owner": "42", "dry_run": False}]
    assert twinwatch("accounts", "owner", "instagram:hm", "4x2").status == 2
    assert twinwatch("accounts", "owner", "hm", "42").status == 2
    assert "another_owner" in twinwatch("import", str(path), "--no-fetch").out
    with closing(
        Store.open(f"sqlite:///{tmp_path / 'twinwatch.db'}", tmp_path / "media", create=False)
    ) as store:
        told = [(one.what, one.about) for one in store.audit.latest()]
    joined = ("accounts joined", "instagram:hm_old into instagram:hm")
    assert told == [("owner mended", "instagram:hm"), joined]
