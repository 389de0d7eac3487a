"""robots.txt, read as RFC 9309 asks: a server that cannot say what it permits (5xx) permits nothing for
now."""

import asyncio
import logging
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from crawler.found import OWN_HOSTS

NOTHING = b"User-agent: *\nDisallow: /\n"  # RFC 9309, section 2.3.1.4
# Where robots.txt cannot be reached at all, the request itself fails by its own name: no traceback is needed.
logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, which would take the body of an error page for the rules."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asked_for: dict[str, Collection[str] | None] = {}  # host → its asker's own hosts
        self._turn: dict[str, asyncio.Lock] = {}

    async def process_request(self, request: Request, spider: Any = None) -> None:
        """A robots.txt is asked for with the patience of the request that needs it."""
        host = urlsplit(request.url).netloc
        if request.meta.get("dont_obey_robotstxt"):
            request.meta.setdefault(OWN_HOSTS, self._asked_for.get(host))
        else:
            self._asked_for.setdefault(host, request.meta.get(OWN_HOSTS))
        await super().process_request(request)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """One at a time for a host. Scrapy 2.19 lets all wait for one Deferred, of which only the first is
        told the rules: what waited beside it would go out unasked."""
        host = urlsplit(request.url).netloc
        async with self._turn.setdefault(host, asyncio.Lock()):
            try:
                return await super().robot_parser(request)
            finally:
                if isinstance(self._parsers.get(host), Deferred):  # cancelled on the way: the next asks again
                    del self._parsers[host]

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        body: Any = {4: b"", 5: NOTHING}.get(response.status // 100, response.body)
        await super()._parse_robots(response.replace(body=body), netloc, request)
