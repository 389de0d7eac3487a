"""Our crawl on the same server, as the night runs it: `python -m benchmarks.ours URL FOLDER`.

Prints the outcome as one line of JSON.
"""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.server import HANDLE
from crawler.launch import crawl
from crawler.plan import CrawlPlan
from storage.records import Account
from storage.store import Store


def main(url: str, folder: Path) -> None:
    database, media = f"sqlite:///{folder / 'twinwatch.db'}", folder / "media"
    Store.open(database, media, create=True).close()
    account = Account("bluesky", HANDLE, "Bench", "SE", service=url)
    plan = CrawlPlan(
        run="bench",
        accounts=(account,),
        database=database,
        media=media,
        contact="bench@example.org",
        allow_hosts=(urlsplit(url).netloc,),
    )
    outcome = crawl(plan, lambda event: None)
    failed = {name: failure.message for name, failure in outcome.failed.items()}
    counts = {"new": outcome.posts_new, "media": outcome.media_new, "media_failed": outcome.media_failed}
    print(json.dumps({"failed": failed, **counts}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
