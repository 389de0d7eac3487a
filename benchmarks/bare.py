"""The yardstick, a bare Scrapy spider with Scrapy's own FilesPipeline.

`python -m benchmarks.bare URL FOLDER` stores the same pictures from the same server into a folder, and
nothing else: no store, no captures, no checks.
"""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from benchmarks.server import COLLECTION, DID, PAGE


class BareSpider(Spider):
    name = "bare"

    def __init__(self, url: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.server = url

    async def start(self) -> AsyncIterator[Request]:
        yield self._page("")

    def _page(self, cursor: str) -> Request:
        listing = (
            f"{self.server}/xrpc/com.atproto.repo.listRecords?repo={DID}&collection={COLLECTION}&limit={PAGE}"
        )
        return Request(f"{listing}&cursor={cursor}")

    def parse(self, response: Response) -> Iterator[Any]:
        page = json.loads(response.body)
        for record in page["records"]:
            cids = [image["image"]["ref"]["$link"] for image in record["value"]["embed"]["images"]]
            blobs = [f"{self.server}/xrpc/com.atproto.sync.getBlob?did={DID}&cid={cid}" for cid in cids]
            yield {"uri": record["uri"], "text": record["value"]["text"], "file_urls": blobs}
        if page.get("cursor"):
            yield self._page(page["cursor"])


def main(url: str, folder: str) -> None:
    settings = {
        "ITEM_PIPELINES": {"scrapy.pipelines.files.FilesPipeline": 1},
        "FILES_STORE": folder,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
    }
    process = AsyncCrawlerProcess(settings)
    process.crawl(BareSpider, url=url)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
