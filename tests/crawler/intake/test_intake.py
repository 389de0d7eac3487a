"""An import from end to end: what is stored, what is known, what is fetched, what is said."""

import hashlib
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.addresses import Guard
from crawler.intake.manners import expiry
from storage.crawled import Capture
from storage.errors import IntakeError, StoreError
from storage.records import (
    Account,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
)
from storage.store import Store
from tests.crawler import built
from tests.crawler.importing import House, counts
from tests.crawler.site import Reply, Site

HM = Account("instagram", "hm", "H&M")
SEEN = datetime.fromtimestamp(built.COLLECTED / 1000, UTC)


def lines(tmp_path: Path, *objects: Any, name: str = "z.ndjson") -> Path:
    return built.ndjson(tmp_path / name, *(built.captured(one) for one in objects))


def by_spider(**more: Any) -> PostVersion:
    """The same post as a spider would have brought it: another address, no alt text, no label field."""
    picture = MediaItem(0, MediaKind.PICTURE, "https://other-cdn.example/a.jpg", sha256="", failure=None)
    post = PostVersion(
        platform="instagram",
        handle="hm",
        post_id="DAbc",
        url="https://www.instagram.com/p/DAbc/",
        posted_at=datetime.fromtimestamp(built.TAKEN, UTC),
        text="Autumn DAbc #hm",
        platform_tag=PlatformTag(ReadingState.ABSENT, "business_discovery", "is_ai_generated", "false"),
        media=(picture,),
        seen_at=SEEN - timedelta(days=1),
        revision="r1",
    )
    return replace(post, **more)


# --- never doubled ------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(tmp_path: Path, house: House) -> None:
    path = lines(tmp_path, built.itemlist("DOne"), built.graph("DTwo"), built.itemlist("DOne"))
    assert counts(house.bring(path)) == {"new": 2, "known": 1}
    assert counts(house.bring(path)) == {"known": 3}
    assert len(house.versions()) == 2


def test_what_a_spider_brought_is_known_and_stays_as_it_is(tmp_path: Path, house: House) -> None:
    house.store.save_post(HM, by_spider())
    outcome = house.bring(lines(tmp_path, built.itemlist()), watchlist=(HM,))
    assert counts(outcome) == {"known": 1}
    (post,) = house.posts()
    assert (post.platform_tag.state, post.revision) == (ReadingState.ABSENT, "r1")


def test_a_spider_and_a_browser_agree_on_one_version(tmp_path: Path, house: House) -> None:
    """The Graph API and the web number a picture differently, and tell its label by other fields."""
    picture = replace(by_spider().media[0], native_id="17855060160030001", alt="")
    seen_by_spider = by_spider(media=(picture,))
    label: dict[str, Any] = {"gen_ai_detection_method": {"detection_method": "NONE"}}
    captured = lines(tmp_path, built.itemlist(accessibility_caption="Photo by hm.", **label))
    for _ in range(3):
        house.store.save_post(HM, seen_by_spider)
        assert counts(house.bring(captured, watchlist=(HM,))) == {"known": 1}
    (post,) = house.posts()
    assert (post.platform_tag.state, post.media[0].native_id) == (ReadingState.ABSENT, picture.native_id)


def test_what_a_browser_saw_first_is_settled_by_the_first_night(tmp_path: Path, house: House) -> None:
    captured = lines(tmp_path, built.itemlist())
    picture = replace(by_spider().media[0], native_id="17855060160030001", alt="")
    for _ in range(3):
        house.bring(captured, watchlist=(HM,))
        house.store.save_post(HM, by_spider(media=(picture,), seen_at=SEEN + timedelta(days=1)))
    assert [post.platform_tag.state for post in house.posts()] == [
        ReadingState.UNREADABLE,
        ReadingState.ABSENT,
    ]


@pytest.mark.parametrize("handle", ["h" * 201, "h m", "h\nm", "h\x1b[31mm", ""])
def test_what_no_account_can_be_called_is_named(handle: str, tmp_path: Path, house: House) -> None:
    outcome = house.bring(lines(tmp_path, built.itemlist(user={"username": handle}), built.itemlist("DTwo")))
    assert [why.kind for _, why in outcome.not_understood] == ["bad_handle" if handle else "no_author"]
    assert counts(outcome) == {"new": 1}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"caption": {"text": "Another text"}}, "changed"),
        ({"gen_ai_detection_method": {"detection_method": "SELF_DISCLOSURE_FLOW"}}, "changed"),
        ({"media_type": 8, "carousel_media": [built.slide(1), built.slide(2)]}, "changed"),
        ({"accessibility_caption": "Something else"}, "known"),  # the spider saw no alt text
        ({"caption": None}, "known"),  # came empty: not believed
        ({"gen_ai_detection_method": {"detection_method": "NONE"}}, "known"),  # another field says the same
    ],
)
def test_what_is_a_change_and_what_is_not(
    more: dict[str, Any], expected: str, tmp_path: Path, house: House
) -> None:
    house.store.save_post(HM, by_spider())
    assert counts(house.bring(lines(tmp_path, built.itemlist(**more)))) == {expected: 1}


def test_a_partial_capture_adds_nothing_to_a_whole_one(tmp_path: Path, house: House) -> None:
    raw = built.itemlist("DPol", media_type=8, carousel_media=[built.slide(1), built.slide(2)])
    house.bring(lines(tmp_path, raw, name="a"))
    assert counts(house.bring(lines(tmp_path, built.polaris(), name="b"))) == {"known": 1}
    (post,) = house.posts()
    assert len(post.media) == 2


def test_a_whole_capture_completes_a_partial_one(tmp_path: Path, house: House) -> None:
    house.bring(lines(tmp_path, built.polaris(), name="a"))
    assert counts(house.bring(lines(tmp_path, built.itemlist("DPol"), name="b"))) == {"changed": 1}


def test_an_older_capture_never_becomes_the_current_one(tmp_path: Path, house: House) -> None:
    old = built.captured(built.itemlist(), last_updated=built.COLLECTED - 86_400_000 * 9)
    new = built.captured(built.itemlist(caption={"text": "Edited"}))
    house.bring(built.ndjson(tmp_path / "a", new))
    assert counts(house.bring(built.ndjson(tmp_path / "b", old))) == {"changed": 1}
    assert house.store.current_posts(Account("instagram", "hm"), ["DAbc"])["DAbc"].text == "Edited"
    assert counts(house.bring(built.ndjson(tmp_path / "c", old))) == {"known": 1}


# --- dry runs and formats -----------------------------------------------------------------------------------


def test_a_dry_run_keeps_and_asks_nothing(tmp_path: Path, house: House) -> None:
    house.store.save_post(HM, by_spider())
    path = lines(tmp_path, built.itemlist(), built.graph(), built.graph())
    before = sorted(house.store.media.root.rglob("*"))
    outcome = house.bring(path, dry_run=True, watchlist=(HM,))
    assert counts(outcome) == {"known": 2, "new": 1}
    assert len(house.versions()) == 1
    assert sorted(house.store.media.root.rglob("*")) == before
    assert house.store.problems("run") == []


def test_unknown_files_and_formats(tmp_path: Path, house: House) -> None:
    path = built.ndjson(tmp_path / "a.txt", b"hello")
    for where, format_, kind in (
        (path, "", "unknown_format"),
        (path, "myspace", "unknown_format"),
        (tmp_path / "none", "", "no_such_file"),
        (tmp_path, "", "unknown_format"),
    ):
        with pytest.raises(IntakeError) as caught:
            house.bring(where, format_=format_)
        assert (caught.value.kind, caught.value.exit_status) == (kind, 2)


def test_a_table_in_utf16_is_told_as_such(tmp_path: Path, house: House) -> None:
    path = tmp_path / "4cat.csv"
    path.write_text("id,body,author,timestamp\n1,Kleid,hm,2026-11-02 09:00:00\n", encoding="utf-16")
    with pytest.raises(IntakeError, match=r"in UTF-16.*CSV UTF-8") as caught:
        house.bring(path)
    assert caught.value.kind == "unknown_format"


def test_a_format_that_is_named_is_not_recognised_first(tmp_path: Path, house: House) -> None:
    outcome = house.bring(built.ndjson(tmp_path / "a", b"x", b"y"), format_="zeeschuimer")
    assert (outcome.not_understood_count, outcome.exit_status) == (2, 1)


def test_one_post_that_cannot_be_stored_loses_no_other(
    tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Store, pages: object) -> None:
        raise StoreError("no", kind="database")

    save = Store.save_post

    def moody(self: Store, account: Account, post: PostVersion, captures: Any = ()) -> Any:
        if post.post_id == "DTwo":
            raise StoreError("not this one", kind="database")
        return save(self, account, post, captures)

    monkeypatch.setattr(Store, "save_pages", refuse)
    monkeypatch.setattr(Store, "save_post", moody)
    outcome = house.bring(lines(tmp_path, *(built.itemlist(code) for code in ("DOne", "DTwo", "DSix"))))
    assert counts(outcome) == {"new": 2}
    ((place, why),) = outcome.not_understood
    assert (place.line, why.kind, outcome.exit_status) == (2, "database", 3)


def test_what_was_not_understood_is_recorded_with_the_run(tmp_path: Path, house: House) -> None:
    house.bring(built.ndjson(tmp_path / "z", built.captured(built.itemlist()), b"{broken"))
    ((failure, raw),) = house.store.problems("run")
    assert (failure.kind, failure.where) == ("not_json", "line 2")
    assert house.store.media.has(raw)


# --- suspicion ----------------------------------------------------------------------------------------------


def many(count: int, **more: Any) -> list[Any]:
    made = [built.itemlist(f"D{n:04d}", like_count=n, **more) for n in range(count)]
    return [{**one, "taken_at": built.TAKEN + 60 * n} for n, one in enumerate(made)]


def test_all_likes_suddenly_three(tmp_path: Path, house: House) -> None:
    raws = many(10) + [{**one, "code": f"E{n}", "like_count": 3} for n, one in enumerate(many(25))]
    (suspect,) = house.bring(lines(tmp_path, *raws)).suspects
    assert (suspect.field, suspect.value, suspect.posts) == ("like_count", "3", 25)
    assert (suspect.first, suspect.last) == (11, 35)
    assert suspect.handle == "hm"


def test_all_captions_empty(tmp_path: Path, house: House) -> None:
    raws = [{**one, "caption": None} for one in many(25)]
    (suspect,) = house.bring(lines(tmp_path, *raws)).suspects
    assert suspect.sentence == "instagram: text is empty in 25 of 25 posts"
    again = [{**one, "code": f"E{n}", "caption": None} for n, one in enumerate(many(25))]
    assert house.bring(lines(tmp_path, *again, name="again")).suspects == ()  # the account never writes any


def test_captions_that_none_of_the_objects_has(tmp_path: Path, house: House) -> None:
    raws = [{name: value for name, value in one.items() if name != "caption"} for one in many(15)]
    (suspect,) = house.bring(lines(tmp_path, *raws)).suspects
    assert suspect.sentence == "instagram: text is not there in 15 of 15 posts"


def test_captions_are_compared_with_what_is_stored_of_the_account(tmp_path: Path, house: House) -> None:
    house.bring(lines(tmp_path, *many(60), name="a"))
    raws = [{**one, "code": f"E{n}", "caption": {"text": "Log in"}} for n, one in enumerate(many(15))]
    (suspect,) = house.bring(lines(tmp_path, *raws, name="b")).suspects
    said = "instagram:hm: text is 'Log in' in 15 posts in a row, and in at most 0 of 60 others"
    assert suspect.sentence == said


def test_all_posts_of_one_moment(tmp_path: Path, house: House) -> None:
    raws = [{**one, "taken_at": built.TAKEN} for one in many(15)]
    (suspect,) = house.bring(lines(tmp_path, *raws)).suspects
    assert (suspect.field, suspect.value, suspect.posts) == ("posted_at", str(built.TAKEN), 15)


def test_captions_of_stored_posts_that_come_empty(tmp_path: Path, house: House) -> None:
    house.bring(lines(tmp_path, *many(5), name="a"))
    outcome = house.bring(lines(tmp_path, *({**one, "caption": None} for one in many(5)), name="b"))
    assert [one.field for one in outcome.suspects] == ["text of stored posts"]
    assert counts(outcome) == {"known": 5}
    assert all(post.text for post in house.posts())


def test_what_is_as_ever_is_not_suspect(tmp_path: Path, house: House) -> None:
    assert house.bring(lines(tmp_path, *many(60))).suspects == ()


def test_one_post_captured_often_is_not_suspect(tmp_path: Path, house: House) -> None:
    assert house.bring(lines(tmp_path, *[built.itemlist(caption=None)] * 60)).suspects == ()


# --- media --------------------------------------------------------------------------------------------------


def shown(site: Site, code: str = "DAbc", path: str = "/a.jpg", **more: Any) -> Any:
    return built.itemlist(code, image_versions2=built.candidates(f"{site.url}{path}"), **more)


def test_missing_pictures_are_fetched_while_their_addresses_live(
    tmp_path: Path, house: House, site: Site
) -> None:
    site.routes["/a.jpg"] = Reply(built.JPEG, headers={"ETag": "x"})
    outcome = house.bring(lines(tmp_path, shown(site)), fetch=True, allow_hosts=(site.host,), contact="desk")
    assert (outcome.media["fetched"], outcome.without_media, outcome.exit_status) == (1, 0, 0)
    (post,) = house.posts()
    assert post.media[0].sha256 == hashlib.sha256(built.JPEG).hexdigest()
    captures: dict[str, Capture] = {one.url_asked: one for one in house.captures(post)}
    assert captures[f"{site.url}/a.jpg"].status == 200
    assert "/robots.txt" in site.asked
    assert all("Twinwatch/" in said["user-agent"] for said in site.headers)


def test_what_is_stored_is_not_fetched_again_and_what_failed_is(
    tmp_path: Path, house: House, site: Site
) -> None:
    path = lines(tmp_path, shown(site), shown(site, "DTwo", "/b.jpg"))
    site.routes["/a.jpg"] = Reply(built.JPEG)
    wish: dict[str, Any] = {"fetch": True, "allow_hosts": (site.host,)}
    first = house.bring(path, **wish)
    assert [one.kind for one in first.errors] == ["http_status"]
    assert (first.exit_status, first.without_media) == (3, 1)
    site.routes["/b.jpg"] = Reply(built.PNG)
    site.forget()
    second = house.bring(path, **wish)
    assert (counts(second), second.without_media) == ({"known": 2}, 0)
    assert site.asked == ["/robots.txt", "/b.jpg"]
    assert all(post.media[0].sha256 for post in house.posts())


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("http://10.0.0.1/a.jpg", "address_refused"),
        ("http://127.0.0.1/a.jpg", "address_refused"),
        ("http://[::1]/a.jpg", "address_refused"),
        ("http://169.254.169.254/latest/meta-data/a.jpg", "address_refused"),
        ("file:///etc/passwd", "bad_url"),
        ("javascript:alert(1)", "bad_url"),
        ("//no.scheme/a.jpg", "bad_url"),
    ],
)
def test_private_and_broken_addresses_are_refused(
    address: str, kind: str, tmp_path: Path, house: House
) -> None:
    raw = built.itemlist(image_versions2={"candidates": [{"url": address}]})
    outcome = house.bring(lines(tmp_path, raw, built.graph()), fetch=False)
    assert counts(outcome) == {"new": 2}
    fetched = house.bring(lines(tmp_path, raw), fetch=True)
    failed = next(post for post in house.posts() if post.post_id == "DAbc").media[0].failure
    assert failed is not None
    assert failed.kind == kind
    assert fetched.without_media == 1
    assert [one.kind for one in fetched.errors] == [kind]
    assert fetched.errors[0].message.startswith("line 1, DAbc #1: ")


def test_a_redirect_to_a_private_address_is_refused(tmp_path: Path, house: House, site: Site) -> None:
    site.routes["/a.jpg"] = Reply(status=302, headers={"Location": "http://127.0.0.1:1/secret"})
    outcome = house.bring(lines(tmp_path, shown(site)), fetch=True, allow_hosts=(site.host,))
    assert [one.kind for one in outcome.errors] == ["address_refused"]


def test_a_page_instead_of_the_picture_is_kept_and_named(tmp_path: Path, house: House, site: Site) -> None:
    site.routes["/a.jpg"] = Reply(b"<html>log in</html>")
    outcome = house.bring(lines(tmp_path, shown(site)), fetch=True, allow_hosts=(site.host,))
    assert [one.kind for one in outcome.errors] == ["not_the_claimed_type"]


def test_robots_txt_is_obeyed(tmp_path: Path, house: House, site: Site) -> None:
    site.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /\n")
    site.routes["/a.jpg"] = Reply(built.JPEG)
    outcome = house.bring(lines(tmp_path, shown(site)), fetch=True, allow_hosts=(site.host,))
    assert [one.kind for one in outcome.errors] == ["robots_forbidden"]
    assert site.asked == ["/robots.txt"]


def test_a_host_that_asks_us_to_wait_is_not_asked_again(tmp_path: Path, house: House, site: Site) -> None:
    site.routes["/a.jpg"] = Reply(status=429, headers={"Retry-After": "60"})
    raws = [shown(site, f"D{n}") for n in range(4)]
    outcome = house.bring(lines(tmp_path, *raws), fetch=True, allow_hosts=(site.host,))
    assert sorted(one.kind for one in outcome.errors) == ["http_status", *["rate_limited"] * 3]
    assert site.count("/a.jpg") == 1


def test_a_host_that_only_refuses_is_given_up(
    tmp_path: Path, house: House, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.intake.manners.REFUSALS", 3)
    monkeypatch.setattr("crawler.intake.manners.BETWEEN", 0)
    raws = [shown(site, f"D{n}") for n in range(9)]
    outcome = house.bring(lines(tmp_path, *raws), fetch=True, allow_hosts=(site.host,))
    assert [one.kind for one in outcome.errors].count("host_refuses") == 6
    assert site.count("/a.jpg") == 3


def test_a_host_without_an_address_is_looked_up_once(
    tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def nowhere(host: str, *_: object) -> list[Any]:
        looked.append(host)
        raise OSError("no such name")

    monkeypatch.setattr("crawler.intake.media.Guard", lambda hosts: Guard(hosts, nowhere))
    outcome = house.bring(lines(tmp_path, *many(5)), fetch=True)
    assert [one.kind for one in outcome.errors] == ["name_not_resolved"] * 5
    assert looked == ["scontent.cdninstagram.com"]


def test_an_expired_address_is_not_asked(tmp_path: Path, house: House, site: Site) -> None:
    raw = shown(site, path=f"/a.jpg?oe={int(time.time()) - 60:X}")
    outcome = house.bring(lines(tmp_path, raw), fetch=True, allow_hosts=(site.host,))
    assert (outcome.media["expired"], outcome.errors, outcome.exit_status) == (1, [], 0)
    assert site.asked == []


@pytest.mark.parametrize(
    ("url", "epoch"),
    [
        ("https://a/b?oe=6900AC00", 0x6900AC00),
        ("https://a/b?x-expires=1764000000&x=1", 1_764_000_000),
        ("https://a/b?oe=zz", None),
        ("https://a/b?oe=", None),
        ("https://a/b?x-expires=99999999999999999", None),
        ("https://a/b", None),
        ("http://[", None),
    ],
)
def test_when_an_address_ends(url: str, epoch: int | None) -> None:
    assert expiry(url) == (None if epoch is None else datetime.fromtimestamp(epoch, UTC))


def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches end by count and by bytes; nothing but counters is held from one to the next."""
    sizes: list[int] = []
    save = Store.save_pages

    def watch(self: Store, pages: Any) -> Any:
        sizes.append(sum(len(posts) for _, posts in pages))
        return save(self, pages)

    monkeypatch.setattr(Store, "save_pages", watch)
    monkeypatch.setattr("crawler.intake.run.UNFETCHED", 10)
    monkeypatch.setattr("crawler.intake.run.BATCH_BYTES", 50_000)
    long = [built.itemlist(f"L{n}", caption={"text": f"{n}" + "x" * 30_000}) for n in range(6)]
    house.bring(lines(tmp_path, *many(30), *long))
    assert max(sizes) == 10
    assert sum(sizes) == 36
    assert len(sizes) == 6


def test_the_raw_form_of_a_folder_s_post_is_kept_once(tmp_path: Path, house: House) -> None:
    raw = json.dumps({"node": built.graph(), "instaloader": {"node_type": "Post"}}).encode()
    folder = tmp_path / "hm"
    folder.mkdir()
    (folder / "a.json").write_bytes(raw)
    (folder / "b.json").write_bytes(raw + b"\n")
    assert counts(house.bring(folder)) == {"new": 1, "known": 1}
    (post,) = house.posts()
    assert house.store.media.read(post.raw_sha256) == raw
