"""An account's public RSS feed, which Mastodon serves at /@name.rss: the last resort.

It shows the newest posts alone, and nothing of what was deleted. Its words are read so that a post looks as
it does by the API: the content warning that stands before the text, descriptions of media, tags.

Source: Mastodon's app/views/accounts/show.rss.ruby and app/helpers/formatting_helper.rb (rss_status_content),
rssboard.org/media-rss (media:content, media:description); facts are read from the feed, no code was taken.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from crawler.fediverse.names import Address, host_of, id_of
from crawler.fediverse.posts import PLATFORM, not_offered, revision, said_by
from crawler.making import PageInMaking
from crawler.markup import read_markup
from crawler.pages import Answer, Listed, Page
from crawler.spiders.rss import descriptions, parsed, read_entry
from storage.errors import CrawlError
from storage.records import Account

# <p><strong>Content warning:</strong> words</p><hr>, in the language of the instance
WARNING = re.compile(r"\s*<p><strong>[^<]{1,100}</strong>(.{0,10000}?)</p>\s*<hr ?/?>", re.DOTALL)


def read_feed(account: Account, address: Address, answer: Answer) -> Page:
    """Raises CrawlError kind "not_a_feed" or "account_mismatch"."""
    feed = parsed(answer, account.name)
    hosts = {address.host, host_of(address.base)}
    link = str(feed.feed.get("link") or "")
    if host_of(link) not in hosts or not link.lower().rstrip("/").endswith(f"@{address.user.lower()}"):
        raise CrawlError(f"the feed of {link[:200]!r}", kind="account_mismatch", where=account.name)
    page = PageInMaking(account)
    page.note(
        "by_feed",
        "API and ActivityPub are closed to us: read from the account's feed, its newest posts only",
    )
    said = descriptions(answer.body)
    page.add(feed.entries, lambda entry: read_item(entry, account, hosts, answer, said))
    return page.page(None)


def read_item(
    entry: object, account: Account, hosts: set[str], answer: Answer, said: Mapping[str, str]
) -> Listed:
    """Raises CrawlError kind "no_id" or "foreign_status"."""
    listed = read_entry(entry, account, answer, said)
    found = listed.post
    if host_of(found.url or found.post_id) not in hosts:
        raise CrawlError(f"an item at {found.url[:200]!r}", kind="foreign_status", where=found.post_id[:200])
    warning, text = split_warning(str(getattr(entry, "summary", "") or ""))
    post = replace(
        found,
        platform=PLATFORM,
        post_id=id_of(found.post_id),
        content_warning=warning,
        platform_tag=not_offered("rss"),
        media=tuple(replace(item, alt=item.alt or "") for item in found.media),  # as the API says it
        hashtags=categories(entry),
    )
    if warning:
        title = read_markup(str(getattr(entry, "title", "") or ""))[0]
        post = replace(post, text="\n\n".join(part for part in (title, text) if part))
    return Listed(replace(post, revision=revision("", said_by(post))), listed.order)


def split_warning(html: str) -> tuple[str, str]:
    """(content warning, text)."""
    found = WARNING.match(html)
    if not found:
        return "", read_markup(html)[0]
    return read_markup(found[1])[0], read_markup(html[found.end() :])[0]


def categories(entry: object) -> tuple[str, ...]:
    terms = (one.get("term") for one in getattr(entry, "tags", None) or [] if isinstance(one, dict))
    names = (term.removeprefix("#") for term in terms if isinstance(term, str))
    return tuple(dict.fromkeys(name for name in names if name))
