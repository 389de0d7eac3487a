"""Bluesky: posts and original bytes from an account's own server (PDS), without a login.

listRecords newest first with a cursor (the last page that holds posts still carries one; the page after it is
empty), getRecord for single posts (HTTP 400 RecordNotFound: deleted), getBlob for the original bytes. A PDS's
robots.txt speaks about pages for people; XRPC exists so that other programs can read these public records. It
is therefore not consulted here, while the rate limits are.
"""

from collections.abc import Generator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crawler.atproto.errors import error_name, raise_for
from crawler.atproto.identity import DID, PUBLIC_RESOLVER, find_server, resolve_handle
from crawler.atproto.record import COLLECTION, is_key, read_record
from crawler.atproto.tid import tid_moment
from crawler.pages import Answer, Ask, Gone, Listed, Located, Page, Unmapped
from crawler.spider import PlatformSpider, as_raw
from crawler.wild_json import read_json, text_at
from storage.crawled import AccountState, KnownPost
from storage.errors import CrawlError
from storage.records import Account, Failure

LIST = "com.atproto.repo.listRecords"
GET = "com.atproto.repo.getRecord"
PAGE = 100  # the most that listRecords gives


class BlueskySpider(PlatformSpider):
    platform = "bluesky"
    version = "1"
    custom_settings: dict[str, Any] | None = {"ROBOTSTXT_OBEY": False}  # noqa: RUF012 (Scrapy reads it)

    def locate(self, account: Account, state: AccountState) -> Generator[Ask, Answer, Located]:
        """Asks only for what is not known. With a `service` no directory is asked at all."""
        service = account.service.rstrip("/")
        handle = account.handle.removeprefix("@").lower()
        did = state.stable_id or (account.handle if DID.fullmatch(account.handle) else "")
        looked_up = not did
        if looked_up:
            did = yield from resolve_handle(handle, service or PUBLIC_RESOLVER)
        if service:
            return Located(did, service)
        if state.endpoint and state.stable_id:
            return Located(did, state.endpoint)
        server = yield from find_server(did, handle if looked_up else "", self.plan.plc_directory)
        return Located(did, server)

    def first_page(self, account: Account, located: Located) -> Ask:
        repo = quote(located.stable_id, safe=":")
        return Ask(f"{located.endpoint}/xrpc/{LIST}?repo={repo}&collection={COLLECTION}&limit={PAGE}")

    def read_page(self, account: Account, located: Located, answer: Answer) -> Page:
        raise_for(answer, account.name)
        body = read_json(answer.body, account.name)
        records = body.get("records")
        if not isinstance(records, list):
            raise CrawlError("a listing without records", kind="wrong_shape", where=account.name)
        posts: dict[str, Listed] = {}
        problems: list[Unmapped] = []
        for record in records:
            try:
                listed = read_record(
                    record, located.stable_id, account.handle, located.endpoint, LIST, answer.at
                )
                if listed.post.post_id in posts:
                    raise CrawlError(
                        "listed twice on one page", kind="duplicate_id", where=listed.post.post_id
                    )
                posts[listed.post.post_id] = listed
            except CrawlError as error:
                problems.append(Unmapped(error.failure(), as_raw(record)))
        cursor = text_at(body, "cursor")
        if not isinstance(body.get("cursor", ""), str):
            why = Failure("wrong_type", "the cursor is no string: the listing ends here", account.name)
            problems.append(Unmapped(why, as_raw(body.get("cursor"))))
        more = (
            f"{self.first_page(account, located).url}&cursor={quote(cursor, safe='', errors='surrogatepass')}"
        )
        return Page(tuple(posts.values()), Ask(more) if cursor and records else None, tuple(problems))

    def order_of(self, known: KnownPost) -> datetime | None:
        """Also where the key claims a time to come: the server lists by it all the same."""
        return tid_moment(known.post_id.rpartition("/")[2])

    def one_post(self, account: Account, located: Located, known: KnownPost) -> Ask | None:
        repo, key = quote(located.stable_id, safe=":"), known.post_id.rpartition("/")[2]
        if not is_key(key):
            return None  # no server could have it under this name: its answer would say nothing
        return Ask(f"{located.endpoint}/xrpc/{GET}?repo={repo}&collection={COLLECTION}&rkey={key}")

    def read_one(self, account: Account, located: Located, known: KnownPost, answer: Answer) -> Listed | Gone:
        if answer.status == 400 and error_name(answer) == "RecordNotFound":
            return Gone("RecordNotFound")
        raise_for(answer, known.post_id)
        record = read_json(answer.body, known.post_id)
        return read_record(record, located.stable_id, account.handle, located.endpoint, GET, answer.at)
