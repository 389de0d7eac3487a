"""A request that was answered "not now" is asked again; `crawler.pace` holds it until the host permits."""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.pace import announces_wait
from crawler.retrieval import headers_of
from storage.errors import CrawlError

TIMES = (
    10  # a host that refuses more often than this, after waits of its own choosing, is not going to answer
)

LAST_REFUSAL = "last_refusal"  # in a request's meta: a list, to hold the last "not now" in


class RateLimitMiddleware:
    """Sits closer to the wire than Scrapy's RetryMiddleware, which asks again at once and ignores
    Retry-After."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RateLimitMiddleware":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Raises CrawlError kind "rate_limited" after `TIMES` refusals of the same request."""
        if not announces_wait(response.status, dict(headers_of(response))):
            return response
        if LAST_REFUSAL in request.meta:
            request.meta[LAST_REFUSAL][:] = [response]
        times = request.meta.get("refused_times", 0) + 1
        if times > TIMES:
            raise CrawlError(f"refused {times} times", kind="rate_limited", where=request.url)
        return request.replace(meta={**request.meta, "refused_times": times}, dont_filter=True)
