"""robots.txt, read as RFC 9309 asks: a server that cannot say what it permits (5xx) permits nothing for
now."""

import logging
from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response

NOTHING = b"User-agent: *\nDisallow: /\n"  # RFC 9309, section 2.3.1.4
# Where robots.txt cannot be reached at all, the request itself fails by its own name: no traceback is needed.
logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, which would take the body of an error page for the rules."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        body: Any = {4: b"", 5: NOTHING}.get(response.status // 100, response.body)
        await super()._parse_robots(response.replace(body=body), netloc, request)
