"""Findings judged again at once, where a person must not read another day what holds no longer."""

from collections.abc import Iterable
from datetime import datetime

from desk.jobs.stages.carried import Settings
from desk.jobs.stages.judge import Judge
from storage.store import Store


def judge_again(store: Store, settings: Settings, findings: Iterable[int], now: datetime) -> None:
    """What else the registry's new state concerns follows with the next detect. A finding whose picture no
    longer stands in the post keeps its last answer."""
    numbers = sorted(set(findings))
    judge = Judge(store, settings) if numbers else None
    for number in numbers:
        item = store.looks.item(number)
        if item is not None and judge is not None:
            store.save_answer(item, judge.stamp, judge.answer(item), now)
