"""Videos: streamed to disk beside Scrapy, which would hold the whole body in memory. One at a time."""

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware

from crawler.fetch import Fetched, retrieve
from crawler.found import OWN_HOSTS, patience
from crawler.pace import announces_wait
from crawler.validating import conditional_headers
from storage.crawled import Capture, KeptFile, Validators
from storage.errors import CrawlError
from storage.formats import format_of
from storage.records import MediaItem

VIDEO_BYTES = 512 * 1024 * 1024
TIMES = 3  # refusals ("not now") of one video, each waited out


class VideoFetcher:
    def __init__(self, crawler: Any) -> None:
        self.crawler, self.spider = crawler, crawler.spider
        self._one_at_a_time = asyncio.Lock()

    async def fetch(
        self, media: MediaItem, validators: Validators | None, own_hosts: Collection[str]
    ) -> tuple[KeptFile | None, Capture]:
        """The kept file (None for any status but 200 and 304) and the Capture. Raises CrawlError, or
        IgnoreRequest for robots.txt."""
        async with self._one_at_a_time:
            await self._ask_robots(media.url, own_hosts)
            path = self.spider.store.media.temporary()
            try:
                fetched = await self._patiently(media.url, path, validators, own_hosts)
                return await self._keep(media, fetched, path, validators)
            finally:
                path.unlink(missing_ok=True)

    async def _patiently(
        self, url: str, path: Path, validators: Validators | None, own_hosts: Collection[str]
    ) -> Fetched:
        host, plan, pace = urlsplit(url).netloc, self.spider.plan, self.spider.pace
        for _ in range(TIMES):
            async with pace.turn(host, patience(host, own_hosts)):
                fetched = await asyncio.to_thread(
                    retrieve,
                    url,
                    path,
                    allow_hosts=plan.allow_hosts,
                    contact=plan.contact,
                    limit_bytes=VIDEO_BYTES,
                    seconds=plan.video_seconds,
                    headers=conditional_headers(validators),
                )
                pace.heard(host, fetched.status, dict(fetched.headers))
            if not announces_wait(fetched.status, dict(fetched.headers)):
                return fetched
        raise CrawlError(f"refused {TIMES} times", kind="rate_limited", where=url)

    async def _keep(
        self, media: MediaItem, fetched: Fetched, path: Path, validators: Validators | None
    ) -> tuple[KeptFile | None, Capture]:
        folder, sha256, size = self.spider.store.media, fetched.sha256, fetched.size
        if fetched.status == 304 and validators:
            kept = folder.path(validators.sha256)
            file = KeptFile(validators.sha256, _format(kept), kept.stat().st_size)
            return file, self._capture(media.url, fetched, file)
        if fetched.status != 200:
            return None, self._capture(media.url, fetched, KeptFile("", "", 0))
        if not size:
            raise CrawlError("no bytes came", kind="empty_body", where=media.url)
        file = KeptFile(sha256, _format(path), size)
        await self.spider.store.bytes_work(folder.adopt, path, sha256)
        return file, self._capture(media.url, fetched, file)

    async def _ask_robots(self, url: str, own_hosts: Collection[str]) -> None:
        robots = self.crawler.get_downloader_middleware(RobotsTxtMiddleware)
        if robots:
            await robots.process_request(Request(url, meta={OWN_HOSTS: own_hosts}))

    def _capture(self, asked: str, fetched: Fetched, file: KeptFile) -> Capture:
        headers = fetched.headers
        return Capture(
            asked,
            fetched.url_final,
            fetched.at,
            fetched.status,
            headers,
            file.sha256,
            file.size,
            self.spider.signature,
        )


def _format(path: Path) -> str:
    with path.open("rb") as file:
        return format_of(file.read(4096)) or ""
