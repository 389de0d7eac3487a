"""Imports of an account under several names, by the owner's number and by the posts themselves. The objects
are built, not recorded."""

from pathlib import Path
from typing import Any

import pytest

from storage.crawled import AccountState
from storage.records import Account
from tests.crawler import built
from tests.crawler.importing import House, counts

OLD, NEW = Account("instagram", "hm", "H&M", "SE"), Account("instagram", "hm_official", "H&M", "SE")


def post(code: str, name: str, owner: str = "1", **more: Any) -> Any:
    user = {"username": name, **({"pk": owner} if owner else {})}
    return built.captured(built.itemlist(code, user=user, **more))


def bring(house: House, tmp_path: Path, *lines: Any, **plan: Any) -> Any:
    return house.bring(built.ndjson(tmp_path / "z.ndjson", *lines), **plan)


def where(house: House) -> set[tuple[str, str]]:
    return {(one.account.handle, one.post.post_id) for one in house.versions()}


def test_the_same_owner_under_another_name_is_stored_once(house: House, tmp_path: Path) -> None:
    bring(house, tmp_path, post("A", "hm"))
    outcome = bring(house, tmp_path, post("A", "hm_official"), post("B", "hm_official"))
    assert counts(outcome) == {"known": 1, "new": 1}
    assert where(house) == {("hm", "A"), ("hm", "B")}
    assert outcome.renamed == {"instagram:hm_official": "instagram:hm"}


def test_within_one_file_too(house: House, tmp_path: Path) -> None:
    outcome = bring(house, tmp_path, post("A", "hm"), post("A", "hm_official"), post("B", "hm_official"))
    assert counts(outcome) == {"new": 2, "known": 1}
    assert {handle for handle, _ in where(house)} == {"hm"}


def test_the_name_of_the_watchlist_is_the_one_it_goes_on_under(house: House, tmp_path: Path) -> None:
    bring(house, tmp_path, post("A", "hm"), watchlist=(OLD,))
    outcome = bring(house, tmp_path, post("A", "hm_official"), post("B", "hm_official"), watchlist=(NEW,))
    assert where(house) == {("hm_official", "A"), ("hm_official", "B")}
    assert outcome.renamed == {"instagram:hm": "instagram:hm_official"}
    again = bring(house, tmp_path, post("C", "hm"), watchlist=(NEW,), only_watched=True)
    assert counts(again) == {"new": 1}, "an old capture of a watched account is one of it"
    assert {handle for handle, _ in where(house)} == {"hm_official"}


def test_both_names_watched_goes_where_it_was(house: House, tmp_path: Path) -> None:
    bring(house, tmp_path, post("A", "hm"), watchlist=(OLD, NEW))
    bring(house, tmp_path, post("B", "hm_official"), watchlist=(OLD, NEW))
    assert {handle for handle, _ in where(house)} == {"hm"}


def test_a_name_that_changed_hands_is_told_apart_by_line(house: House, tmp_path: Path) -> None:
    bring(house, tmp_path, post("A", "hm", "1"), watchlist=(OLD,))
    outcome = bring(house, tmp_path, post("B", "hm", "2"), post("C", "hm", "1"), watchlist=(OLD,))
    ((place, why),) = outcome.not_understood
    assert (place.line, why.kind) == (1, "another_owner")
    assert where(house) == {("hm", "A"), ("hm", "C")}


def test_two_owners_of_one_name_in_one_file_are_not_mixed(house: House, tmp_path: Path) -> None:
    outcome = bring(house, tmp_path, post("A", "hm", "1"), post("B", "hm", "2"))
    assert [why.kind for _, why in outcome.not_understood] == ["another_owner"]
    assert where(house) == {("hm", "A")}


def test_a_post_that_is_stored_is_known_by_its_own_id(house: House, tmp_path: Path) -> None:
    """A table of 4CAT's, or what a night stored, has no owner's number."""
    bring(house, tmp_path, post("A", "hm", ""))
    outcome = bring(house, tmp_path, post("A", "hm_official", ""))
    assert (counts(outcome), where(house)) == ({"known": 1}, {("hm", "A")})


def test_a_stored_post_of_another_owner_is_not_taken_over(house: House, tmp_path: Path) -> None:
    bring(house, tmp_path, post("A", "hm", "1"))
    outcome = bring(house, tmp_path, post("A", "evil", "2", caption={"text": "mine now"}))
    assert [why.kind for _, why in outcome.not_understood] == ["another_owner"]
    assert where(house) == {("hm", "A")}
    assert [one.text for one in house.posts()] == ["Autumn A #hm"]


def test_what_a_night_stored_under_the_new_name_stays_there(house: House, tmp_path: Path) -> None:
    """Business Discovery's number is another one than the web's."""
    bring(house, tmp_path, post("A", "hm_official", ""))
    house.store.save_account_state(NEW, AccountState("17841401441775531"))
    outcome = bring(house, tmp_path, post("A", "hm", "1"), post("B", "hm", "1"))
    assert counts(outcome) == {"known": 1, "new": 1}
    assert ("hm_official", "A") in where(house)
    assert len([one for one in where(house) if one[1] == "A"]) == 1


def test_a_dry_run_says_it_and_changes_nothing(house: House, tmp_path: Path) -> None:
    bring(house, tmp_path, post("A", "hm"), watchlist=(OLD,))
    lines = [post("A", "hm_official"), post("B", "hm_official")]
    outcome = bring(house, tmp_path, *lines, watchlist=(NEW,), dry_run=True)
    assert counts(outcome) == {"known": 1, "new": 1}
    assert where(house) == {("hm", "A")}


def test_strangers_leave_no_trace_when_only_the_watched_are_wanted(house: House, tmp_path: Path) -> None:
    bring(house, tmp_path, post("A", "somebody", "5"), watchlist=(OLD,), only_watched=True)
    assert house.store.counts()["accounts"] == 0


@pytest.mark.parametrize(
    ("handle", "line", "other"),
    [
        (
            "levis",
            built.tiktok(author={"uniqueId": "levis", "id": "6"}),
            built.tiktok("7500000000000000002", author={"uniqueId": "levi", "id": "6"}),
        ),
        ("mango", built.tweet(), built.tweet("1900000000000000002")),
    ],
)  # fmt: skip
def test_other_platforms_name_their_owners_too(
    house: House, tmp_path: Path, handle: str, line: Any, other: Any
) -> None:
    if handle == "mango":
        for one in (line, other):
            one["core"]["user_results"]["result"]["rest_id"] = "2"
        other["core"]["user_results"]["result"]["core"] = {"screen_name": "mango_new"}
    platform = {"levis": "tiktok", "mango": "twitter"}[handle]
    captured = [built.captured(one, source_platform=f"{platform}.com") for one in (line, other)]
    bring(house, tmp_path, *captured)
    assert {name for name, _ in where(house)} == {handle}


@pytest.mark.parametrize("owner", ["1", ""])
def test_who_is_watched_under_another_name_is_no_stranger(owner: str, house: House, tmp_path: Path) -> None:
    """Known by the owner's number, or by the post itself: what is stored there is not told as without a
    retailer."""
    bring(house, tmp_path, post("A", "hm"), watchlist=(OLD,))
    outcome = bring(
        house, tmp_path, post("A", "hm_official", owner), post("Z", "zara", "5"), watchlist=(OLD,)
    )
    assert outcome.renamed == {"instagram:hm_official": "instagram:hm"}
    assert (outcome.strangers, outcome.other_strangers) == ({"instagram:zara": 1}, 0)


def test_what_was_refused_is_nobodys_post(house: House, tmp_path: Path) -> None:
    outcome = bring(house, tmp_path, post("A", "zara", "5"), post("B", "zara", "6"))
    assert [why.kind for _, why in outcome.not_understood] == ["another_owner"]
    assert outcome.strangers == {"instagram:zara": 1}
