"""The report counts what it says it counts."""

from collections.abc import Mapping

import numpy as np

from benchmarks.matching import report, trials
from benchmarks.matching.report import Results
from benchmarks.matching.rivals import threshold
from benchmarks.matching.trials import Record


def record(part: str, change: str, kind: str | None, wrong: Mapping[str, str] | None = None) -> Record:
    return {
        "part": part,
        "photo": "photo",
        "change": change,
        "reference": "reference",
        "own": None if kind is None else {"kind": kind},
        "wrong": {name: {"kind": each} for name, each in (wrong or {}).items()},
        "candidates": 1,
        "beside": 9,
    }


RESULTS = Results(
    recall=[
        record(trials.RECALL, "mirrored", "copy"),
        record(trials.RECALL, "mirrored", "likely_copy", {"another": "copy"}),
        record(trials.RECALL, "emoji 50 %", "same_scene_or_garment"),
        record(trials.RECALL, "emoji 50 %", None),
    ],
    ordinary=[record(trials.ORDINARY, trials.AS_IT_IS, None, {"another": "likely_copy"})],
    hard=[record(trials.HARD, "mirrored", "likely_copy"), record(trials.HARD, "mirrored", "")],
    tripod=[],
)


def test_recall_by_change_and_tier() -> None:
    assert report.recall(RESULTS.recall, "copy") == {"mirrored": 0.5, "emoji 50 %": 0.0}
    assert report.recall(RESULTS.recall, "copy or likely") == {"mirrored": 1.0, "emoji 50 %": 0.0}
    assert report.recall(RESULTS.recall, "any tier") == {"mirrored": 1.0, "emoji 50 %": 0.5}
    assert report.mean_recall(RESULTS, "any tier") == 0.75


def test_a_false_match_is_counted_with_its_pairs() -> None:
    assert report.on_the_pair(RESULTS.hard, "likely_copy") == 1
    assert [name for _, name in report.false(RESULTS.recall, "copy")] == ["another"]
    assert report.pairs(RESULTS.recall) == 36
    told = "\n".join(report.targets(RESULTS))
    assert "false `likely_copy`, hard negatives | ≤ 0.2% | 50.00% (1 of 2) | **no**" in told
    assert "false `copy`, ordinary pairs | 0 | 0 of 9" in told
    assert len(report.false_ones(RESULTS)) == 3


def test_a_threshold_keeps_to_its_rate() -> None:
    histogram = np.zeros(257, np.int64)
    histogram[[40, 50, 60]] = (1, 9, 990)
    assert threshold(histogram, 1e-3) == 49
    assert threshold(histogram, 1e-2) == 59
    assert threshold(histogram, 1e-4) == 39
