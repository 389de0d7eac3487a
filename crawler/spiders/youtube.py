"""YouTube: a channel's videos, by the Data API with a key, else by the channel's feed.

With a key: channels.list once (channel id and uploads playlist), then playlistItems.list (50 ids a page,
newest first) and videos.list (part snippet and status) for each page. Each call costs one of the 10,000 units
of a day; a quiet night costs two an account. The label is `status.containsSyntheticMedia`.
Without: feeds/videos.xml, the fifteen newest, whose label is *not exposed*. It takes a channel id.

robots.txt: the Data API is for programs, under terms and a quota of its own, and is not asked about. For the
feed robots.txt is obeyed, and www.youtube.com's has forbidden /feeds/videos.xml since 2025 at the latest:
such an account ends as `robots_forbidden`, by that name, until there is a key
(docs/decisions/tokens-and-labels.md).

Of a video the thumbnail is collected and nothing else (crawler/youtube/video.py). A video that videos.list no
longer knows was deleted or made private; YouTube does not say which: it is no longer public.
"""

from collections.abc import Generator
from typing import Any

from crawler.making import PageInMaking
from crawler.moments import read_moment
from crawler.pages import Answer, Ask, Gone, Limit, Listed, Located, Page
from crawler.spider import PlatformSpider
from crawler.spiders.rss import parsed
from crawler.tokens import WantedToken
from crawler.wild_json import at, list_at, read_json, text_at
from crawler.youtube.errors import limit_in, raise_for
from crawler.youtube.names import (
    API,
    PLAYLIST,
    VIDEO,
    Way,
    channels_url,
    feed,
    is_channel,
    listing,
    read_handle,
    videos_url,
    way_of,
)
from crawler.youtube.video import read_feed_entry, read_video
from storage.crawled import AccountState, KnownPost
from storage.errors import CrawlError
from storage.records import Account

KEY = WantedToken(
    name="youtube",
    what="an API key of the YouTube Data API v3",
    how="Make one at console.cloud.google.com: a project, the YouTube Data API v3 enabled, an API key.",
    header="X-Goog-Api-Key",
    hosts=frozenset({API.removeprefix("https://")}),
    without="a channel's feed by its id (UC…) where robots.txt permits it, and www.youtube.com's does not; "
    "a handle cannot be looked up",
    a_night=9_000,  # units of the 10,000 of a day: what is left is for whoever else uses the key
)


class YoutubeSpider(PlatformSpider):
    platform = "youtube"
    version = "1"
    page_bytes = 8 * 1024 * 1024  # fifty videos with descriptions of 5,000 characters are under 1 MiB
    conditional_media = True  # a new thumbnail has the address of the old one
    wants = KEY
    custom_settings: dict[str, Any] | None = {"ROBOTSTXT_OBEY": True}  # noqa: RUF012 (Scrapy reads it)

    def locate(self, account: Account, state: AccountState) -> Generator[Ask, Answer, Located]:
        """Raises CrawlError kind "token_missing" for a handle that only the API could look up."""
        handle = read_handle(account)
        known = handle if is_channel(handle) else state.stable_id
        if not self.token:
            if not known:
                why = f"without a key @{handle} cannot be looked up (a channel id, UC…, can be read)"
                raise CrawlError(f"{why}. {KEY.missing}", kind="token_missing", where=account.name)
            return Located(known, feed(account, known))
        if state.stable_id and state.endpoint and way_of(Located("", state.endpoint)) is Way.API:
            return Located(state.stable_id, state.endpoint)
        answer = yield Ask(channels_url(account, known or handle), robots=False, token=True)
        raise_for(answer, account.name)
        return located_in(answer, account)

    def another_way(
        self, account: Account, located: Located, error: CrawlError
    ) -> Generator[Ask, Answer, Located] | None:
        """There is none; but where robots.txt closes the feed, what opens the API is said."""
        if error.kind == "robots_forbidden" and way_of(located) is Way.FEED:
            why = f"robots.txt asks not to fetch the channel's feed. {KEY.missing}"
            raise CrawlError(why, kind="robots_forbidden", where=account.name) from error
        return None

    def first_page(self, account: Account, located: Located) -> Ask:
        if way_of(located) is Way.FEED:
            return Ask(located.endpoint, conditional=True)
        return Ask(located.endpoint, robots=False, token=True)

    def read_page(self, account: Account, located: Located, answer: Answer) -> Page:
        """A page of ids leads to the page of their videos, and that one to the next page of ids."""
        if way_of(located) is Way.FEED:
            return read_feed(account, located, answer)
        raise_for(answer, account.name)
        body = read_json(answer.body, account.name)
        if text_at(body, "kind") == "youtube#playlistItemListResponse":
            return read_ids(body, account, located, answer)
        if text_at(body, "kind") == "youtube#videoListResponse":
            return read_videos(body, account, located, answer)
        raise CrawlError("neither a page of ids nor one of videos", kind="wrong_shape", where=account.name)

    def limit_said(self, answer: Answer) -> Limit | None:
        return limit_in(answer)

    def one_post(self, account: Account, located: Located, known: KnownPost) -> Ask | None:
        """None by the feed, which says nothing of single videos."""
        if way_of(located) is Way.FEED or not VIDEO.fullmatch(known.post_id):
            return None
        return Ask(videos_url(located.endpoint, [known.post_id]), robots=False, token=True)

    def read_one(self, account: Account, located: Located, known: KnownPost, answer: Answer) -> Listed | Gone:
        raise_for(answer, known.post_id)
        body = read_json(answer.body, known.post_id)
        items = body.get("items")
        if text_at(body, "kind") != "youtube#videoListResponse" or not isinstance(items, list):
            raise CrawlError("no list of videos", kind="wrong_shape", where=known.post_id)
        if not items and at(body, "pageInfo", "totalResults") == 0:
            return Gone("videos.list knows no such video: deleted, or no longer public")
        if len(items) != 1 or text_at(items[0], "id") != known.post_id:
            raise CrawlError(
                f"asked for one video, got {len(items)}", kind="another_post", where=known.post_id
            )
        return read_video(items[0], account, located.stable_id, answer.at)


def located_in(answer: Answer, account: Account) -> Located:
    """Raises CrawlError kind "no_account" or "wrong_shape"."""
    body = read_json(answer.body, account.name)
    found = list_at(body, "items")
    if not found:
        raise CrawlError("YouTube knows no such channel", kind="no_account", where=account.name)
    channel = text_at(found[0], "id")
    uploads = text_at(found[0], "contentDetails", "relatedPlaylists", "uploads")
    if not is_channel(channel) or not PLAYLIST.fullmatch(uploads):
        raise CrawlError("a channel without id or uploads playlist", kind="wrong_shape", where=account.name)
    return Located(channel, listing(account, uploads))


def read_ids(body: object, account: Account, located: Located, answer: Answer) -> Page:
    """Ids alone are no posts: the next page is that of their videos, which carries the token of the page
    after this one."""
    page = PageInMaking(account)
    ids: list[str] = []
    for item in list_at(body, "items"):
        video = text_at(item, "contentDetails", "videoId")
        if not VIDEO.fullmatch(video):
            page.note("malformed_video", "a playlist item without a video id", item)
        elif video not in ids:
            ids.append(video)
            moment, _ = read_moment(text_at(item, "contentDetails", "videoPublishedAt"), answer.at)
            page.passed += [moment] if moment else []
    following = text_at(body, "nextPageToken")
    if not ids:
        return page.page(next_ids(located, following))
    videos = videos_url(located.endpoint, ids[:50])
    return page.page(Ask(videos, robots=False, token=True, carried=following))


def read_videos(body: object, account: Account, located: Located, answer: Answer) -> Page:
    page = PageInMaking(account)
    page.add(list_at(body, "items"), lambda raw: read_video(raw, account, located.stable_id, answer.at))
    return page.page(next_ids(located, answer.carried))


def next_ids(located: Located, following: str) -> Ask | None:
    """The page of ids that a token leads to."""
    if not (following and following.isascii() and following.replace("-", "").replace("_", "").isalnum()):
        return None
    return Ask(f"{located.endpoint}&pageToken={following}", robots=False, token=True)


def read_feed(account: Account, located: Located, answer: Answer) -> Page:
    if answer.status != 200:
        kind = "no_account" if answer.status == 404 else "http_status"
        raise CrawlError(f"HTTP {answer.status} from the channel's feed", kind=kind, where=account.name)
    page = PageInMaking(account)
    page.add(
        parsed(answer, account.name).entries,
        lambda entry: read_feed_entry(entry, account, located.stable_id, answer.at),
    )
    return page.page(None)
