"""Children that crash, hang, babble or lose their parent. The children here are small scripts, not crawls."""

import subprocess
import sys
from pathlib import Path

import pytest

from crawler.launch import crawl
from crawler.plan import CrawlEvent, CrawlOutcome, CrawlPlan
from storage.records import Account

PREFACE = """
import json, sys, time, os
plan = json.loads(sys.stdin.readline())
names = [one["platform"] + ":" + one["handle"] for one in plan["accounts"]]
def say(kind, account="", **more): print(json.dumps({"kind": kind, "account": account, **more}), flush=True)
"""


def run(script: str, silence: float = 30) -> tuple[CrawlOutcome, list[CrawlEvent]]:
    accounts = (Account("a", "1"), Account("a", "2"), Account("b", "3"))
    plan = CrawlPlan("run", accounts, "sqlite://", Path("media"), silence_seconds=silence)
    events: list[CrawlEvent] = []
    return crawl(plan, events.append, (sys.executable, "-S", "-c", PREFACE + script)), events


def test_sums_are_made_over_all_children() -> None:
    outcome, events = run("for n in names: say('stored', n, posts_new=2, media_new=1); say('done', n)")
    assert outcome.ok == ("a:1", "a:2", "b:3")
    assert (outcome.posts_new, outcome.media_new, outcome.failed) == (6, 3, {})
    assert len(events) == 6


def test_a_crash_fails_what_was_not_done_and_no_other_platform() -> None:
    outcome, _ = run("say('done', names[0])\nif names[0] == 'a:1': os._exit(7)")
    assert outcome.ok == ("a:1", "b:3")
    assert {name: failure.kind for name, failure in outcome.failed.items()} == {"a:2": "crawler_died"}
    assert "7" in outcome.failed["a:2"].message


def test_silence_is_a_hang() -> None:
    outcome, _ = run("say('done', names[0])\nif len(names) > 1: time.sleep(60)", silence=1.0)
    assert outcome.ok == ("a:1", "b:3")
    assert outcome.failed["a:2"].kind == "crawler_hung"


def test_babble_is_recorded_and_nothing_else() -> None:
    outcome, _ = run("print('not JSON'); print('[1]'); [say('done', n) for n in names]")
    assert outcome.ok == ("a:1", "a:2", "b:3")
    assert {one.kind for one in outcome.errors} == {"crawler_babble"}


def test_a_limit_is_told_apart() -> None:
    outcome, _ = run(
        "[say('failed', n, failure={'kind': 'rate_limited', 'message': '', 'where': n}) for n in names]"
    )
    assert outcome.rate_limited == {"a:1", "a:2", "b:3"}


def test_an_error_in_the_listener_ends_the_children() -> None:
    def fail(event: CrawlEvent) -> None:
        raise KeyboardInterrupt

    plan = CrawlPlan("run", (Account("a", "1"),), "sqlite://", Path("media"))
    with pytest.raises(KeyboardInterrupt):
        crawl(plan, fail, (sys.executable, "-S", "-c", PREFACE + "say('started')\ntime.sleep(60)"))


@pytest.mark.slow
def test_the_real_child_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    """Standard input ends, and the child with it, whatever it was doing."""
    watch = "threading.Thread(target=crawler.child.die_with_parent).start()"
    script = f"import crawler.child, threading, time; {watch}; time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE)
    assert child.stdin
    child.stdin.close()
    assert child.wait(timeout=30) == 3


def test_a_child_without_a_database_fails_its_accounts(tmp_path: Path) -> None:
    plan = CrawlPlan(
        "run", (Account("rss", "https://x.example/"),), f"sqlite:///{tmp_path}/none.db", tmp_path / "m"
    )
    outcome = crawl(plan, lambda event: None)
    assert outcome.failed["rss:https://x.example/"].kind == "crawler_died"
