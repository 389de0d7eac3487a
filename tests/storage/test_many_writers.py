"""Two processes at once, and a kill at any moment: nothing is doubled, nothing is half there."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.database import make_engine, parse
from storage.records import Saved
from storage.store import Store
from storage.tables.published import MediaItemRow, VersionRow
from tests.storage.samples import HM, later, picture, post, sha

WRITER = """
import sys
from pathlib import Path
from storage.store import Store
from tests.storage.samples import HM, capture, later, picture, post, sha
store = Store.open(sys.argv[1], Path(sys.argv[2]), create=False)
print("ready", flush=True)
sys.stdin.readline()
first, step, posts = map(int, sys.argv[3:])
for number in list(range(posts))[:: step][first:]:
    for day, text in enumerate(("A", "B")):
        media = (
            picture(f"x{number}", 0, sha256=sha(number % 7)),
            picture(f"y{number}", 1, sha256=sha(number % 5)),
        )
        version = post(f"p{number}", text, media=media, seen_at=later(day))
        store.save_post(HM, version, (capture("page"), capture(f"x{number}")))
print("done", flush=True)
"""


def start(database: str, folder: Path, *numbers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITER, database, str(folder), *map(str, numbers)]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    return writer


def test_two_processes_save_the_same_posts(store: Store, database: str, tmp_path: Path) -> None:
    posts = 30
    writers = [
        start(database, tmp_path, 0, step, posts) for step in (1, -1)
    ]  # from both ends, so that they meet
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.flush()
    assert [writer.communicate()[0] for writer in writers] == [b"done\n"] * 2
    assert [writer.returncode for writer in writers] == [0, 0]
    stored = list(store.versions_to_read("r"))
    seen = sorted((one.post.post_id, one.post.seen_at, one.post.text) for one in stored)
    expected = sorted((f"p{n}", later(day), text) for n in range(posts) for day, text in enumerate("AB"))
    assert seen == expected
    assert all(len(store.captures(one.post)) == 2 for one in stored)
    assert sorted(item.version.post.text for item in store.all_items()) == ["B"] * (2 * posts)


def check_whole(database: str) -> None:
    """Each version has its two media items, and each post one current version."""
    engine = make_engine(parse(database))
    try:
        with engine.connect() as connection:
            items = select(func.count()).where(MediaItemRow.version_id == VersionRow.id).scalar_subquery()
            assert set(connection.execute(select(items).select_from(VersionRow)).scalars()) <= {2}
            current = func.sum(VersionRow.current.cast(VersionRow.number.type))
            assert set(connection.execute(select(current).group_by(VersionRow.post_id)).scalars()) <= {1}
            if connection.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    finally:
        engine.dispose()


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_consistent_store(store: Store, database: str, tmp_path: Path) -> None:
    posts = 400
    for attempt in range(3):
        writer = start(database, tmp_path, 0, 1, posts)
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.flush()
        until = time.monotonic() + 30
        while not store.counts()["posts"] and time.monotonic() < until:
            time.sleep(0.01)  # a busy machine starts it late, and a kill before the first post tells nothing
        time.sleep(0.04 + 0.07 * attempt)
        writer.kill()
        writer.communicate()
        check_whole(database)
    stored = store.counts()["posts"]
    assert stored > 0
    for number in range(stored):  # and the next night goes on as if nothing had been
        media = (
            picture(f"x{number}", 0, sha256=sha(number % 7)),
            picture(f"y{number}", 1, sha256=sha(number % 5)),
        )
        again = store.save_post(HM, post(f"p{number}", "B", media=media, seen_at=later(1)))
        assert again is Saved.KNOWN or number == stored - 1
    assert store.counts()["posts"] == stored
