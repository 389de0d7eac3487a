"""Scrapy's settings, with its unsafe defaults changed (scrapy 2.19; each default was read in its source)."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from crawler.pace import AT_ONCE
from crawler.plan import CrawlPlan

BODY_BYTES = 32 * 1024 * 1024  # pictures up to 32 MiB; pages are smaller


@cache
def program_version() -> str:
    try:
        return version("twinwatch")
    except PackageNotFoundError:
        return "0"


def user_agent(contact: str) -> str:
    """Who we are and how to reach the people behind it."""
    name = f"Twinwatch/{program_version()}"
    plain = "".join(char for char in contact if " " <= char <= "~")
    return f"{name} (+{plain})" if plain else name


def crawl_settings(plan: CrawlPlan) -> Mapping[str, Any]:
    """Everything that differs from Scrapy's defaults."""
    handler = "crawler.connect.GuardedDownloadHandler"
    return {
        "USER_AGENT": user_agent(plan.contact),
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*"},
        # --- no doors: by default a telnet console and an HTTP port that runs Python in the process are open
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        # --- only the web, only where the guard says; a proxy from the environment would connect for us,
        # unchecked
        "DOWNLOAD_HANDLERS": {
            "http": handler,
            "https": handler,
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        "HTTPPROXY_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "METAREFRESH_ENABLED": False,
        "REDIRECT_MAX_TIMES": 5,
        "MEDIA_ALLOW_REDIRECTS": True,
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "Twinwatch",
        # --- limits: one response in bytes and seconds (the timeout is for the whole body), tries, depth of
        # waiting
        "DOWNLOAD_MAXSIZE": BODY_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": plan.body_seconds,
        "DNS_TIMEOUT": 20,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 503, 504, 522, 524, 408],  # 429 is the RateLimitMiddleware's
        "RETRY_EXCEPTIONS": [
            "scrapy.exceptions.DownloadConnectionRefusedError",
            "scrapy.exceptions.DownloadFailedError",
            "scrapy.exceptions.ResponseDataLossError",
            "twisted.internet.error.ConnectError",
            "twisted.internet.error.ConnectionLost",
        ],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # the failure is recorded where it belongs
        # --- manners: eight at a time for one host, no more; what servers ask for is in crawler.pace
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawler.middlewares.robots.RobotsMiddleware": 100,
            "crawler.middlewares.limits.RateLimitMiddleware": 560,
        },
        # --- the way of a post
        "ITEM_PIPELINES": {
            "crawler.pipelines.check.CheckPipeline": 100,
            "crawler.pipelines.media.MediaPipeline": 200,
            "crawler.pipelines.save.SavePipeline": 300,
        },
        "FILES_STORE": str(plan.media),  # FilesPipeline wants one; files go through storage.media
        # --- quiet: events go to the parent, warnings to standard error
        "LOG_LEVEL": "WARNING",
        "LOG_SHORT_NAMES": True,
        "STATS_DUMP": False,
        "LOGSTATS_INTERVAL": 0,
    }
