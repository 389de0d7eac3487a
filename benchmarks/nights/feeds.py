"""Feeds of the world: newsrooms' RSS, YouTube's Atom, Pinterest's RSS. They show the newest alone, and say of
nothing that it is gone. Pictures lie under an address of their place, with an ETag."""

import hashlib
from email.utils import formatdate

from benchmarks.nights.said import NOTHING, Said, handle, native, shot, stamp
from benchmarks.nights.world import FEEDS, Edition, Post, Publisher

RSS = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">'
ATOM = (
    '<?xml version="1.0" encoding="utf-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
)


def feed(one: Publisher, night: int, base: str) -> Said:
    shown = one.visible(night)[: FEEDS[one.platform]]
    if one.platform == "youtube":
        entries = "".join(_entry(one, *found, base) for found in shown)
        body = f"{ATOM}<yt:channelId>{handle(one)}</yt:channelId><title>{one.name}</title>{entries}</feed>"
    else:
        item = _pin if one.platform == "pinterest" else _item
        items = "".join(item(one, *found, base) for found in shown)
        body = f"{RSS}<channel><title>{one.name}</title>{items}</channel></rss>"
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    headers = {"Content-Type": "application/rss+xml", "ETag": etag}
    return Said(body.encode(), 200, headers, one.number, "listing")


def shown(one: Publisher, number: int, place: int, night: int) -> Said:
    """The picture that stands in that place of a post; its ETag follows its bytes."""
    edition = one.posts[number].seen(night)
    if not edition or place >= len(edition.pictures):
        return NOTHING
    return shot(edition.pictures[place], f'"{edition.pictures[place]}"', one.number)


def _address(one: Publisher, post: Post, place: int, base: str) -> str:
    return f"{base}/press/{one.number}/{post.number}/{place}.jpg"


def _item(one: Publisher, post: Post, edition: Edition, base: str) -> str:
    media = "".join(
        f'<media:content url="{_address(one, post, place, base)}" type="image/jpeg" medium="image"/>'
        for place in range(len(edition.pictures))
    )
    return (
        f'<item><guid isPermaLink="false">{native(one, post)}</guid>'
        f"<link>{base}/news/{one.number}/{post.number}</link>"
        f"<pubDate>{formatdate(post.at)}</pubDate><description>{edition.text}</description>{media}</item>"
    )


def _pin(one: Publisher, post: Post, edition: Edition, base: str) -> str:
    link = f"{base}/pin/{native(one, post)}/"
    shown = f"&lt;img src='{_address(one, post, 0, base)}'&gt;{edition.text}"
    return (
        f"<item><title></title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{formatdate(post.at)}</pubDate><description>{shown}</description></item>"
    )


def _entry(one: Publisher, post: Post, edition: Edition, base: str) -> str:
    video = native(one, post)
    return (
        f"<entry><id>yt:video:{video}</id><yt:videoId>{video}</yt:videoId><yt:channelId>{handle(one)}"
        f"</yt:channelId><title>{edition.text}</title><link rel='alternate' href='{base}/watch?v={video}'/>"
        f"<published>{stamp(post.at)}</published><media:group><media:title>{edition.text}</media:title>"
        f"<media:thumbnail url='{_address(one, post, 0, base)}' width='480' height='360'/></media:group>"
        "</entry>"
    )
