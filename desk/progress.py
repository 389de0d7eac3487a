"""What a terminal shows while a night goes on: a progress bar there, plain lines elsewhere; always
standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from desk.jobs.nightly import Watcher
from desk.output import clean, say

if TYPE_CHECKING:
    from rich.progress import TaskID

    from crawler.plan import CrawlEvent
    from desk.jobs.stages.carried import Progress as Step

STAGES = {
    "register": "register what was delivered",
    "control": "try the readers",
    "examine": "look at files",
    "read": "read texts",
    "archive": "take in fingerprints",
    "retro": "look back",
    "match": "match",
    "copies": "find earlier copies",
    "look": "look for labels",
    "judge": "judge",
}


@contextmanager
def watched() -> Iterator[Watcher]:
    """A watcher fitting the terminal."""
    if not sys.stderr.isatty():
        plain = _Plain()
        yield Watcher(plain.crawled, plain.detected, say)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        shown = _Bars(bars)
        yield Watcher(
            shown.crawled, shown.detected, lambda text: bars.console.print(clean(text), markup=False)
        )


class _Plain:
    """One line when an account begins or ends, one when a stage of detection begins: fit for a log."""

    def __init__(self) -> None:
        self.stages: set[str] = set()

    def crawled(self, event: "CrawlEvent") -> None:
        if event.kind in ("started", "done", "failed"):
            say(f"{event.account}: {event.kind}")

    def detected(self, step: "Step") -> None:
        if step.stage not in self.stages:
            self.stages.add(step.stage)
            say(STAGES.get(step.stage, step.stage) + (f": {step.total}" if step.total else ""))


class _Bars:
    """One bar an account, one a stage."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self.tasks: dict[str, TaskID] = {}

    def crawled(self, event: "CrawlEvent") -> None:
        if event.account:
            name = f"crawl {event.account}"
            self._advance(name, step=event.posts_new + event.posts_changed + event.posts_known)
            if event.kind in ("done", "failed"):
                self.bars.update(self.tasks[name], total=1, completed=1)

    def detected(self, step: "Step") -> None:
        self._advance(STAGES.get(step.stage, step.stage), step.done, step.total)

    def _advance(
        self, name: str, done: int | None = None, total: int | None = None, *, step: int = 0
    ) -> None:
        task = self.tasks.get(name)
        if task is None:
            task = self.tasks[name] = self.bars.add_task(clean(name), total=total)
        if done is None:
            self.bars.advance(task, step)
        else:
            self.bars.update(task, completed=done, total=total)
