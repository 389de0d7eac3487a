"""Three nights in bad weather and a quiet one, small: several seeds, each another world and other weather."""

from pathlib import Path

import pytest

from benchmarks.nights.__main__ import nights, report
from benchmarks.nights.weather import Weather
from benchmarks.nights.world import NIGHTS, PLATFORMS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


ACCOUNTS = 4 * len(PLATFORMS)


@pytest.mark.parametrize(("seed", "stage"), [(3, "crawl"), (21, "nightly")])
def test_everything_that_was_visible_is_stored_once(tmp_path: Path, seed: int, stage: str) -> None:
    """And all edits and deletions are seen, no request comes after a limit was announced, and the quiet
    night costs two requests an account and not one picture (benchmarks/nights/check.py says what each of
    these means)."""
    found = nights(tmp_path, seed, ACCOUNTS, stage)
    assert found.wrong == []
    assert {one.platform for one in found.world.publishers} == set(PLATFORMS)
    counted = found.verdict.counted
    assert min(counted[name] for name in ("posts", "pictures", "edits seen", "deletions seen")) >= 3
    troubles = {name for log in found.logs for name in log["troubles"] if name}
    assert len(troubles) >= 8, "the weather was no weather"
    assert sum(sum(log["announced"].values()) for log in found.logs) >= 5
    down = [one for night in range(1, NIGHTS) for one in range(ACCOUNTS) if Weather(seed).down(night, one)]
    assert sum(len(done.failed) for done in found.done) >= len(down) > 0
    assert found.done[NIGHTS - 1].summary["accounts"]["failed"] == len(found.done[NIGHTS - 1].failed)
    assert f"seed {seed}" in report(found, stage)
