"""A handful of killed nights; `make bench-nights-killed` kills fifty."""

import sqlite3
from pathlib import Path

import pytest

from benchmarks.nights.kills import kills, posts_in

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_a_killed_night_is_simply_run_again(tmp_path: Path) -> None:
    done = list(kills(tmp_path, 6, seed=7, stage="crawl", accounts=8))
    assert [one.wrong for one in done if one.wrong] == []
    assert sum(one.killed for one in done) >= 3
    assert any(0 < one.posts[0] < one.posts[1] for one in done), "none was killed while it stored"


def test_detection_too(tmp_path: Path) -> None:
    done = list(kills(tmp_path, 2, seed=9, accounts=8))
    assert [one.wrong for one in done if one.wrong] == []


def test_a_night_may_be_killed_before_there_is_a_table(tmp_path: Path) -> None:
    database = tmp_path / "twinwatch.db"
    assert posts_in(database) == 0
    sqlite3.connect(database).execute("CREATE TABLE alembic_version (version_num)")
    assert posts_in(database) == 0
