"""Last pipeline: one transaction per post, after all its media are in."""

from dataclasses import replace

from scrapy.crawler import Crawler

from crawler.found import Found
from crawler.storing import StoreThread
from storage.store import Store


class SavePipeline:
    def __init__(self, store: StoreThread) -> None:
        self.store = store

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SavePipeline":
        return cls(crawler.spider.store)  # type: ignore[union-attr]

    async def process_item(self, item: Found) -> Found:
        post = replace(item.post, seen_at=item.captures[0].at)
        saved = await self.store.call(Store.save_post, item.account, post, item.captures)
        return replace(item, post=post, saved=saved)
