"""A crawl from end to end, through the real launcher and its child processes, and a look into the store after
it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.nights.passing import a_day_passes
from crawler.launch import COMMAND, crawl
from crawler.plan import CrawlEvent, CrawlOutcome, CrawlPlan
from storage.records import Account, StoredVersion
from storage.store import Store


class Night:
    def __init__(self, database: str, media: Path, allow_hosts: tuple[str, ...]) -> None:
        self.database, self.media, self.allow_hosts = database, media, allow_hosts
        self.events: list[CrawlEvent] = []
        self._store: Store | None = None

    @property
    def store(self) -> Store:
        if self._store is None:
            self._store = Store.open(self.database, self.media, create=False)
        return self._store

    def plan(self, *accounts: Account, **more: Any) -> CrawlPlan:
        values = {"body_seconds": 3.0, "silence_seconds": 60.0, "allow_hosts": self.allow_hosts, **more}
        return CrawlPlan("run", accounts, self.database, self.media, "desk@example.org", **values)

    def crawl(self, *accounts: Account, **more: Any) -> CrawlOutcome:
        """A day after the crawl before."""
        self.events.clear()
        a_day_passes(self.database)
        return crawl(self.plan(*accounts, **more), self.events.append)

    def kill_after(self, posts: int, *accounts: Account) -> int:
        """Start a crawl, kill its process with SIGKILL when so many posts are stored; how many there were
        then."""
        seen = 0
        child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with child:
            assert child.stdin
            assert child.stdout
            child.stdin.write(self.plan(*accounts).to_json() + "\n")
            child.stdin.flush()
            for line in child.stdout:
                seen += CrawlEvent.from_json(line).posts_new
                if seen >= posts:
                    break
            child.kill()
        return seen

    def versions(self) -> Sequence[StoredVersion]:
        """Every version in the store, by post and number."""
        found = list(self.store.versions_to_read("nobody has read it under this stamp"))
        return sorted(found, key=lambda one: (one.post.post_id, one.number))

    def close(self) -> None:
        if self._store:
            self._store.close()
