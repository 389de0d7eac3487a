"""Scrapy's settings, with its unsafe defaults changed (scrapy 2.19; each default was read in its source)."""

from collections.abc import Mapping
from typing import Any

from scrapy.settings.default_settings import DOWNLOADER_MIDDLEWARES_BASE

from crawler.agent import user_agent
from crawler.pace import AT_ONCE
from crawler.plan import CrawlPlan

BODY_BYTES = 32 * 1024 * 1024  # pictures up to 32 MiB; pages are smaller


def crawl_settings(plan: CrawlPlan) -> Mapping[str, Any]:
    """Everything that differs from Scrapy's defaults."""
    return {
        "USER_AGENT": user_agent(plan.contact),
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*"},
        "FILES_STORE": str(plan.media),  # FilesPipeline wants one; files go through storage.media
        "DOWNLOAD_TIMEOUT": plan.body_seconds,  # for the whole body, however slowly it drips
        **DOORS,
        **LIMITS,
        **MANNERS,
        **THE_WAY_OF_A_POST,
        **QUIET,
    }


UNUSED = (
    "offsite.OffsiteMiddleware",
    "robotstxt.RobotsTxtMiddleware",  # ours is a subclass
    "httpauth.HttpAuthMiddleware",
    "redirect.MetaRefreshMiddleware",
    "cookies.CookiesMiddleware",
    "httpproxy.HttpProxyMiddleware",
    "stats.DownloaderStats",
    "httpcache.HttpCacheMiddleware",
)
HANDLER = "crawler.connect.GuardedDownloadHandler"
DOORS: Mapping[str, Any] = {
    # By default a telnet console and an HTTP port that runs Python in the process are open.
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    # What is not needed is not even loaded: a door that does not exist, and a quicker start. (Scrapy loads
    # all that its base lists name, even if switched off: the remote control alone brings a web server.)
    "EXTENSIONS_BASE": {},
    # Only the web, only where the guard says; a proxy from the environment would connect for us, unchecked.
    "DOWNLOAD_HANDLERS": {
        "http": HANDLER,
        "https": HANDLER,
        "file": None,
        "data": None,
        "ftp": None,
        "s3": None,
    },
    "HTTPPROXY_ENABLED": False,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
}
LIMITS: Mapping[str, Any] = {
    "DOWNLOAD_MAXSIZE": BODY_BYTES,
    "DOWNLOAD_WARNSIZE": 0,
    "DNS_TIMEOUT": 20,
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_ENABLED": False,
    "MEDIA_ALLOW_REDIRECTS": True,
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
}
MANNERS: Mapping[str, Any] = {
    "COOKIES_ENABLED": False,
    "REFERRER_POLICY": "no-referrer",
    "ROBOTSTXT_OBEY": True,
    "ROBOTSTXT_USER_AGENT": "Twinwatch",
    # Eight at a time for one host; what servers ask for is in crawler.pace.
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOADER_STATS": False,
    "DOWNLOADER_MIDDLEWARES_BASE": {
        name: order
        for name, order in DOWNLOADER_MIDDLEWARES_BASE.items()
        if name.removeprefix("scrapy.downloadermiddlewares.") not in UNUSED
    },
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.middlewares.robots.RobotsMiddleware": 100,
        "crawler.middlewares.limits.RateLimitMiddleware": 560,
    },
}
THE_WAY_OF_A_POST: Mapping[str, Any] = {
    "ITEM_PIPELINES": {
        "crawler.pipelines.check.CheckPipeline": 100,
        "crawler.pipelines.media.MediaPipeline": 200,
    },
}
QUIET: Mapping[str, Any] = {  # events go to the parent, warnings to standard error
    "LOG_LEVEL": "WARNING",
    "LOG_SHORT_NAMES": True,
    "STATS_DUMP": False,
    "LOGSTATS_INTERVAL": 0,
}
