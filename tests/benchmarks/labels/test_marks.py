"""The benchmark of marks: icons are pasted where and as large as planned, and what it tells adds up."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.labels.marks import Pasted, Trial, likeness, pasted, plans, report
from benchmarks.matching.split import Half
from detector.onimage.icons import built_in_marks
from storage.records import Reading, ReadingState, Surface

ICONS = [Path("eu-ai-black.png"), Path("eu-ai-modified-white.png")]
PLAN = Pasted("eu-ai-modified-white", 0.05, "bottom right", 85, 1.0)


def trial(state: ReadingState, quote: str = "", plan: Pasted | None = PLAN) -> Trial:
    return Trial("one", Reading(Surface.IMAGE_MARK, state, quote), 0.5, plan, Half.REPORT, 0.6, 1.0)


def test_each_icon_at_both_sizes_always_the_same() -> None:
    made = plans(ICONS, 8)
    assert made == plans(ICONS, 8)
    assert [plan.smaller == 1 for plan in made] == [True, True, False, False] * 2
    assert [plan.says for plan in made[:2]] == ["AI", "AI MODIFIED"]


@pytest.mark.parametrize("smaller", [1.0, 0.5])
def test_an_icon_stands_where_it_was_planned(smaller: float) -> None:
    icon = Image.new("RGBA", (80, 20), "white")
    plan = Pasted("eu-ai-black", 0.1, "bottom left", 85, smaller)
    made = pasted(np.zeros((200, 100, 3), np.uint8), icon, plan)
    assert made.shape == (200 * smaller, 100 * smaller, 3)
    light = made[..., 0] > 127
    assert light.any(axis=1).sum() == pytest.approx(20 * smaller, abs=1)
    assert light[-5:, 4:].any()


def test_a_drawing_is_like_itself() -> None:
    disc = built_in_marks()[0]
    same = np.dstack([disc.grey, disc.grey, disc.grey, disc.alpha])
    assert likeness(disc, Image.fromarray(same)) == pytest.approx(1)


def test_the_report_counts_what_was_found_and_what_is_false() -> None:
    on = [trial(ReadingState.PRESENT, "AI MODIFIED"), trial(ReadingState.PRESENT, "AI")]
    clean = [trial(ReadingState.PRESENT, "AI", None), trial(ReadingState.ABSENT, "", None)]
    told = report({"AI": 0.99}, on, clean)
    assert "| all | 2 | 1 (50.0%) |" in told
    assert "the reporting half: 2. Said to bear one: 1" in told
    assert "| with an icon | 2 | 500 ms | 0.60 s | 1.00 s | 1.10 |" in told
    assert "missed: eu-ai-modified-white, 5.0%" in told
