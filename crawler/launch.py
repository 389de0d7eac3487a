"""The parent's side of a crawl: one child process a platform, watched until all have ended."""

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from crawler.plan import CrawlEvent, CrawlOutcome, CrawlPlan
from storage.records import Account, Failure

MOST_ERRORS = 1000  # kept in the outcome; the store has them all
COMMAND = (sys.executable, "-P", "-m", "crawler.child")  # -P: no module of the user's own folder


@dataclass(slots=True)
class _Child:
    platform: str
    process: subprocess.Popen[str]
    open: set[str]  # accounts without an end yet
    heard: float = field(default_factory=time.monotonic)
    listener: threading.Thread = field(default_factory=threading.Thread)
    hung: bool = False


@dataclass(slots=True)
class _Sum:
    ok: list[str] = field(default_factory=list)
    failed: dict[str, Failure] = field(default_factory=dict)
    errors: list[Failure] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def crawl(
    plan: CrawlPlan, on_event: Callable[[CrawlEvent], None], command: tuple[str, ...] = COMMAND
) -> CrawlOutcome:
    """Crawl every account of the plan, platforms side by side. Blocks until all children have ended.

    A child that crashes, or reports nothing for `plan.silence_seconds`, fails its unfinished accounts by the
    kinds "crawler_died" and "crawler_hung", and no others. When this process dies, the children do.
    """
    total = _Sum()
    heard: queue.Queue[tuple[_Child, str | None]] = queue.Queue()
    children = [_start(platform, part, command, heard) for platform, part in by_platform(plan).items()]
    try:
        running = set(map(id, children))
        while running:
            for child, line in _waiting(heard, children, plan.silence_seconds):
                if line is None:
                    _ended(child, total, on_event)
                    running.discard(id(child))
                else:
                    _event(child, line, total, on_event)
    finally:
        for child in children:
            _end(child)
    return outcome(total)


def by_platform(plan: CrawlPlan) -> Mapping[str, CrawlPlan]:
    parts: dict[str, list[Account]] = {}
    for account in plan.accounts:
        parts.setdefault(account.platform, []).append(account)
    return {platform: replace(plan, accounts=tuple(accounts)) for platform, accounts in parts.items()}


def _start(
    platform: str, plan: CrawlPlan, command: tuple[str, ...], heard: "queue.Queue[tuple[_Child, str | None]]"
) -> _Child:
    process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
    )
    child = _Child(platform, process, {account.name for account in plan.accounts})
    child.listener = threading.Thread(target=_listen, args=(child, plan.to_json(), heard), daemon=True)
    child.listener.start()
    return child


def _listen(child: _Child, plan: str, heard: "queue.Queue[tuple[_Child, str | None]]") -> None:
    """Hands the plan over, then every line, then None. Standard input stays open: its end would end the
    child."""
    try:
        if child.process.stdin and child.process.stdout:
            child.process.stdin.write(plan + "\n")
            child.process.stdin.flush()
            for line in child.process.stdout:
                heard.put((child, line))
    except (OSError, ValueError) as error:
        heard.put(
            (
                child,
                CrawlEvent("problem", failure=Failure("crawler_died", str(error), child.platform)).to_json(),
            )
        )
    finally:
        heard.put((child, None))


def _waiting(
    heard: "queue.Queue[tuple[_Child, str | None]]", children: list[_Child], silence: float
) -> Iterator[tuple[_Child, str | None]]:
    """What was heard within a second; kills a child that has been silent for too long."""
    try:
        child, line = heard.get(timeout=min(1.0, silence / 4))
        child.heard = time.monotonic()
        yield child, line
    except queue.Empty:
        pass
    for child in children:
        if time.monotonic() - child.heard > silence and child.process.poll() is None:
            child.hung = True
            child.process.kill()


def _end(child: _Child) -> None:
    """Kill what still runs. The listener ends with the child's output, and only then are the pipes closed."""
    child.process.kill()
    child.process.wait()
    child.listener.join()
    for pipe in (child.process.stdin, child.process.stdout):
        if pipe:
            with suppress(OSError):  # a plan that nobody read any more
                pipe.close()


def _event(child: _Child, line: str, total: _Sum, on_event: Callable[[CrawlEvent], None]) -> None:
    try:
        event = CrawlEvent.from_json(line)
    except (ValueError, TypeError, AttributeError):
        event = CrawlEvent("problem", failure=Failure("crawler_babble", line.strip()[:200], child.platform))
    _add(event, child, total)
    on_event(event)


def _add(event: CrawlEvent, child: _Child, total: _Sum) -> None:
    for name in ("posts_new", "posts_changed", "posts_gone", "media_new", "media_failed"):
        total.counts[name] = total.counts.get(name, 0) + getattr(event, name)
    if event.kind in ("done", "failed"):
        child.open.discard(event.account)
    if event.kind == "done":
        total.ok.append(event.account)
    elif event.kind == "failed" and event.failure:
        total.failed[event.account] = event.failure
    elif event.failure and len(total.errors) < MOST_ERRORS:
        total.errors.append(event.failure)


def _ended(child: _Child, total: _Sum, on_event: Callable[[CrawlEvent], None]) -> None:
    status = child.process.wait()
    kind = "crawler_hung" if child.hung else "crawler_died"
    message = f"the crawler of {child.platform} ended (status {status}) before this account was done"
    for name in sorted(child.open):
        event = CrawlEvent("failed", name, failure=Failure(kind, message, name))
        _add(event, child, total)
        on_event(event)


def outcome(total: _Sum) -> CrawlOutcome:
    limited = frozenset(name for name, failure in total.failed.items() if failure.kind == "rate_limited")
    return CrawlOutcome(
        ok=tuple(sorted(total.ok)),
        failed=dict(sorted(total.failed.items())),
        errors=tuple(total.errors),
        rate_limited=limited,
        **total.counts,
    )
