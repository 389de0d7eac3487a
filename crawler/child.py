"""The crawl of one platform, in a process of its own: `python -m crawler.child`.

The plan comes as one line of JSON on standard input, events go as JSON lines to standard output, warnings to
standard error. When standard input ends, the parent is gone, and the child exits at once: everything it has
stored is whole.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import TextIO

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from twisted.internet.task import LoopingCall

from crawler.plan import CrawlEvent, CrawlPlan
from crawler.platforms import spiders
from crawler.settings import crawl_settings
from crawler.storing import StoreThread
from storage.store import Store

ALIVE_SECONDS = 10.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    kernel_ends_with_parent()
    events = own_stdout()
    plan = CrawlPlan.from_json(sys.stdin.readline())
    threading.Thread(target=die_with_parent, name="parent", daemon=True).start()
    crawl(plan, reporter(events))


def crawl(plan: CrawlPlan, report: Callable[[CrawlEvent], None]) -> None:
    """Crawl the accounts of a plan, all of one platform. Blocks; can run once in a process."""
    platform = plan.accounts[0].platform
    store = StoreThread(lambda: Store.open(plan.database, plan.media, create=False))
    try:
        process = AsyncCrawlerProcess(Settings({**crawl_settings(plan)}))
        crawler = process.create_crawler(spiders()[platform])
        alive = LoopingCall(report, CrawlEvent("alive"))
        crawler.signals.connect(
            lambda: alive.start(ALIVE_SECONDS) and None, signals.spider_opened, weak=False
        )
        process.crawl(crawler, plan=plan, store=store, report=report)
        process.start(install_signal_handlers=False)
    finally:
        store.close()


def own_stdout() -> TextIO:
    """Standard output for events alone: whatever else is printed in this process goes to standard error."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return events


def reporter(stream: TextIO) -> Callable[[CrawlEvent], None]:
    def report(event: CrawlEvent) -> None:
        stream.write(event.to_json() + "\n")
        stream.flush()

    return report


def kernel_ends_with_parent() -> None:
    """Linux: killed by the kernel when the parent's thread that started us ends, even while one long call
    holds the interpreter and no thread of ours can notice. Elsewhere `die_with_parent` alone does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def die_with_parent() -> None:
    """Returns never: ends the process when the parent's end of the pipe is closed, however the parent
    ended."""
    while os.read(0, 1024):
        pass
    os._exit(3)


if __name__ == "__main__":
    main()
