"""One post of the fediverse, there or gone; and the other two ways to the same posts: ActivityPub, feed."""

from typing import Any

import pytest

from crawler.fediverse.feed import split_warning
from crawler.fediverse.names import id_of
from crawler.pages import Answer, Gone, Listed, Located, Page
from crawler.spiders.mastodon import MastodonSpider
from storage.crawled import KnownPost
from storage.records import MediaKind
from tests.crawler.fediverse import (
    ACCOUNT,
    ACTOR,
    AP,
    API,
    FEED,
    FOUND,
    HOST,
    OUTBOX,
    answer,
    create,
    kind_of,
    note,
    page_of,
    status,
)

# --- one post -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("located", "post_id", "url", "asked"),
    [
        (API, "7", f"{HOST}/@hm/7", f"{HOST}/api/v1/statuses/7"),
        (API, f"{HOST}/objects/7", f"{HOST}/o/7", None),
        (AP, "7", f"{HOST}/@hm/7", f"{HOST}/@hm/7"),
        (AP, f"{HOST}/objects/7", f"{HOST}/o/7", f"{HOST}/objects/7"),
        (AP, "7", "http://10.0.0.1/@hm/7", None),
        (AP, "7", "", None),
        (FEED, "7", f"{HOST}/@hm/7", None),
    ],
)
def test_how_one_post_is_asked_for(located: Located, post_id: str, url: str, asked: str | None) -> None:
    ask = MastodonSpider().one_post(ACCOUNT, located, KnownPost(post_id, url, None, ""))
    assert (ask.url if ask else None) == asked


def one(located: Located, got: Answer, post_id: str = "7") -> Listed | Gone:
    return MastodonSpider().read_one(ACCOUNT, located, KnownPost(post_id, f"{HOST}/@hm/7", None, ""), got)


@pytest.mark.parametrize(
    ("located", "got"),
    [
        (API, answer({"error": "Record not found"}, 404)),
        (API, answer({"error": "Gone"}, 410)),
        (AP, answer({"error": "Not Found"}, 404)),
        (AP, answer({"type": "Tombstone", "id": f"{HOST}/users/hm/statuses/7"}, 410)),
        (AP, answer({"type": "Tombstone", "id": f"{HOST}/users/hm/statuses/7"})),
    ],
)
def test_gone_is_what_the_instance_itself_says(located: Located, got: Answer) -> None:
    assert isinstance(one(located, got), Gone)


@pytest.mark.parametrize(
    ("located", "got", "kind"),
    [
        (API, answer(b"<html>404</html>", 404), "not_found"),
        (API, answer(b"", 410), "account_gone"),
        (API, answer({"error": ""}, 404), "not_found"),
        (API, answer({"error": ["x"]}, 404), "not_found"),
        (API, answer({"error": "Record not found"}, 404, "https://other.example/x"), "led_elsewhere"),
        (API, answer({"error": "Record not found"}), "malformed_status"),
        (API, answer({"error": "x"}, 401), "token_wanted"),
        (API, answer(status("8")), "another_post"),
        (API, answer(status(account={**FOUND, "id": "1"})), "foreign_status"),
        (API, answer(status(visibility="private")), "not_public"),
        (AP, answer({"type": "Tombstone", "id": f"{HOST}/users/hm/statuses/8"}, 410), "account_gone"),
        (AP, answer(note(f"{HOST}/users/hm/statuses/8")), "another_post"),
        (AP, answer(note(attributedTo=f"{HOST}/users/zara")), "foreign_status"),
        (AP, answer(note(to=[])), "not_public"),
    ],
)
def test_anything_else_is_no_deletion(located: Located, got: Answer, kind: str) -> None:
    assert kind_of(lambda: one(located, got)) == kind


def test_a_post_that_is_there_is_read_as_on_a_page() -> None:
    listed = one(API, answer(status()))
    assert isinstance(listed, Listed)
    assert listed == page_of(status()).posts[0]


# --- ActivityPub and the feed -------------------------------------------------------------------------------


def outbox(*items: Any, **more: Any) -> Page:
    body = {"type": "OrderedCollectionPage", "orderedItems": list(items), **more}
    return MastodonSpider().read_page(ACCOUNT, AP, answer(body, url=f"{OUTBOX}?page=2"))


def test_the_two_ways_read_the_same_post() -> None:
    media = [{"type": "Document", "mediaType": "image/png", "url": "https://f.example/a.png", "name": "alt"}]
    tag = [{"type": "Hashtag", "name": "#ai"}, {"type": "Mention", "name": "@x"}]
    (two,) = outbox(create(note(attachment=media, tag=tag, summary="AI", url=f"{HOST}/@hm/7"))).posts
    attachments = [{"type": "image", "url": "https://f.example/a.png", "description": "alt"}]
    (three,) = page_of(status(media_attachments=attachments, tags=[{"name": "ai"}], spoiler_text="AI")).posts
    assert (two.post.post_id, two.post.revision, two.post.url) == (
        three.post.post_id,
        three.post.revision,
        three.post.url,
    )
    assert (two.post.text, two.post.content_warning, two.post.hashtags) == ("Hello", "AI", ("ai",))


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (create(f"{HOST}/users/hm/statuses/7"), "object_by_reference"),
        (create(note(), actor=f"{HOST}/users/zara"), "foreign_status"),
        (create(note("https://other.example/7")), "foreign_status"),
        (create(note(to=[f"{ACTOR}/followers"])), "not_public"),
        (create({"type": "Note"}), "malformed_status"),
        (create(None), "malformed_status"),
        ({"type": "Sing"}, "unknown_activity"),
        (f"{HOST}/activities/7", "unknown_activity"),
    ],
)
def test_an_activity_that_is_no_post_of_the_account_is_counted(item: Any, kind: str) -> None:
    page = outbox(item, {"type": "Announce", "published": "2026-11-20T09:30:00Z"})
    assert [problem.failure.kind for problem in page.problems] == [kind]
    assert page.posts == ()


@pytest.mark.parametrize(
    ("attachment", "expected"),
    [
        ({"type": "Image", "url": "https://f.example/a"}, (MediaKind.PICTURE, "https://f.example/a", "")),
        (
            {"url": {"href": "https://f.example/b", "mediaType": "video/mp4"}},
            (MediaKind.VIDEO, "https://f.example/b", "video/mp4"),
        ),
        (
            {"url": [{"href": "https://f.example/c.png"}], "mediaType": "image/png"},
            (MediaKind.PICTURE, "https://f.example/c.png", "image/png"),
        ),
        ({"type": "PropertyValue", "name": "x"}, None),
        ({"type": "Document", "mediaType": "audio/ogg", "url": "https://f.example/d"}, None),
        ({"type": "Document", "url": {"url": 7}}, (MediaKind.PICTURE, "", "")),
    ],
)
def test_attachments_in_the_shapes_of_json_ld(attachment: Any, expected: Any) -> None:
    (listed,) = outbox(create(note(attachment=attachment))).posts
    found = [(item.kind, item.url, item.claimed_type) for item in listed.post.media]
    assert found == ([expected] if expected else [])


def test_the_outbox_leads_to_its_pages_and_nowhere_else() -> None:
    def read(body: Any) -> Page:
        return MastodonSpider().read_page(ACCOUNT, AP, answer(body, url=OUTBOX))

    by_reference = read({"type": "OrderedCollection", "first": f"{OUTBOX}?page=true"})
    assert by_reference.next
    assert (by_reference.next.url, "activity+json" in by_reference.next.accept) == (
        f"{OUTBOX}?page=true",
        True,
    )
    inline = read(
        {"type": "OrderedCollection", "first": {"orderedItems": [create(note())], "next": f"{OUTBOX}?p=2"}}
    )
    assert (len(inline.posts), inline.next.url if inline.next else "") == (1, f"{OUTBOX}?p=2")
    for following in ("http://127.0.0.1/x", "https://other.example/x", "//[", 7):
        page = outbox(create(note()), next=following)
        assert page.next is None
        assert len(page.problems) == 1
    assert [one.failure.kind for one in inline.problems] == ["by_activitypub"], (
        "said once, with the first page"
    )


@pytest.mark.parametrize(
    ("uri", "native"),
    [
        (f"{HOST}/users/hm/statuses/117020580452511285", "117020580452511285"),
        (f"{HOST}/ap/users/117020565966271181/statuses/117020580452511285", "117020580452511285"),
        (f"{HOST}/@hm/117020580452511285", "117020580452511285"),
        (f"{HOST}/objects/0f3a", f"{HOST}/objects/0f3a"),
        (f"{HOST}/@hm/1/embed", f"{HOST}/@hm/1/embed"),
        ("tag:m.example,2026:7", "tag:m.example,2026:7"),
    ],
)
def test_a_post_has_one_id_whatever_the_way(uri: str, native: str) -> None:
    assert id_of(uri) == native


@pytest.mark.parametrize(
    ("html", "warning", "text"),
    [
        ("<p><strong>Content warning:</strong> AI &amp; more</p><hr><p>Hello</p>", "AI & more", "Hello"),
        ("<p><strong>Inhaltswarnung:</strong>KI</p><hr /><p>Hallo</p>", "KI", "Hallo"),
        ("<p><strong>New!</strong> in store</p><p>Hello</p>", "", "New! in store\nHello"),
        ("", "", ""),
    ],
)
def test_the_warning_in_a_feed_is_one(html: str, warning: str, text: str) -> None:
    assert split_warning(html) == (warning, text)
