"""What compares stores with the truth has to see each kind of mistake."""

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.nights.alike import differences, state_of
from benchmarks.nights.check import check, failures_of, swapped_in_place
from benchmarks.nights.house import Done, House, serving
from benchmarks.nights.said import native
from benchmarks.nights.weather import GRACE, Calm, Ledger, Weather
from benchmarks.nights.world import (
    NIGHTS,
    PLATFORMS,
    Edition,
    Post,
    Publisher,
    World,
    all_pictures,
    picture,
)

SEED = 4


def test_a_world_follows_from_its_seed() -> None:
    one, same, other = (World(seed, 60, 1_800_000_000.0) for seed in (1, 1, 2))
    assert one.publishers == same.publishers != other.publishers
    for publisher in one.publishers:
        ids = [native(publisher, post) for post in publisher.posts]
        assert len(set(ids)) == len(ids)
    numbers = list(all_pictures(one.publishers))
    assert len({hashlib.sha256(picture(number)).hexdigest() for number in numbers}) == len(set(numbers))


def test_much_happens_in_it() -> None:
    world = World(1, 300, 1_800_000_000.0)
    posts = [post for one in world.publishers for post in one.posts]
    late = [post for post in posts if post.editions[0].night > 1 and post.at < world.start - 3 * 86400]
    happened: list[Sequence[object]] = [
        [post for post in posts if len(post.editions) > 1],
        [post for post in posts if post.gone],
        late,
        [post for post in late if post.place != post.at],
        [post for post in posts if post.pinned],
        [one for one in world.publishers if one.renamed],
        [one for one in world.publishers if len(one.posts) > 90],
        [one for one in world.publishers if Weather(1).down(1, one.number)],
    ]
    assert all(len(one) >= 5 for one in happened)


def test_only_a_picture_under_the_same_address_may_wait_for_its_turn() -> None:
    first, swapped, edited = (
        Edition(1, "coat", (1,)),
        Edition(2, "coat", (2,)),
        Edition(3, "coat, edited", (2,)),
    )
    post = Post(0, 0.0, 0.0, [first, swapped, edited])
    waits = {
        platform: [swapped_in_place(Publisher(0, platform, 0, "shop"), post, one) for one in post.editions]
        for platform in set(PLATFORMS)
    }
    assert {platform for platform, one in waits.items() if any(one)} == {"rss", "youtube"}
    assert waits["rss"] == waits["youtube"] == [False, True, False]


def test_the_last_night_and_those_after_it_can_be_had() -> None:
    weather = Weather(1)
    assert not any(weather.down(NIGHTS, account) for account in range(1000))
    assert not any(weather.picture_down(NIGHTS, number) for number in range(1000))
    assert not any(weather.trouble(NIGHTS + 1, f"/{n}", 0, picture=False) for n in range(1000))
    assert not any(weather.trouble(1, f"/{n}", 2, picture=False) for n in range(1000)), "twice at most"


def test_a_request_during_a_limit_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_800_000_000.5]
    monkeypatch.setattr("benchmarks.nights.weather.time.time", lambda: now[0])
    ledger = Ledger()
    assert not ledger.asked(80, "/a")
    assert ledger.announce(80, "429 seconds") == (429, {"Retry-After": "3"})
    assert ledger.asked(80, "/on its way")
    now[0] += GRACE + 0.1
    assert ledger.asked(80, "/too early")
    assert not ledger.asked(81, "/another host")
    now[0] += 2
    assert not ledger.asked(80, "/in time")
    assert [one.rpartition(" ")[2] for one in ledger.broken] == ["early"]


# --- a store with mistakes ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Done]]:
    """One calm night of a small world."""
    world = World(SEED, len(PLATFORMS), time.time())
    with serving(world, "calm") as outside:
        house = House(tmp_path_factory.mktemp("check") / "house", world, outside, stage="crawl")
        yield house, house.night()


def a_post(house: House, *, pictures: int) -> tuple[Publisher, Post]:
    return next(
        (one, post)
        for one in house.world.publishers
        for post in one.posts
        if (edition := post.seen(1)) and len(edition.pictures) == pictures
    )


MISTAKES = [
    ("UPDATE versions SET text = 'another' WHERE post_id = {post}", "never so"),
    ("UPDATE posts SET post_id = 'x', key = 'x' WHERE id = {post}", "never published"),
    ("UPDATE posts SET gone_at = '2026-01-01' WHERE id = {post}", "never deleted until then"),
    (
        "UPDATE media_items SET sha256 = NULL"
        " WHERE version_id IN (SELECT id FROM versions WHERE post_id = {post})",
        "not in the store",
    ),
    (
        "INSERT INTO versions SELECT id + 100000, post_id, 2, 0, seen_at, content, read, url, posted_at,"
        " text, hashtags, content_warning, platform_tag, revision, raw_sha256, problems FROM versions"
        " WHERE post_id = {post}",
        "2 versions, of which",
    ),
]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_each_mistake_is_seen(crawled: tuple[House, Done], tmp_path: Path) -> None:
    house, done = crawled
    assert check(house, Calm(), [done]).wrong == []
    undisturbed = state_of(house)
    assert differences(undisturbed, state_of(house)) == []
    for number, (mistake, said) in enumerate(MISTAKES):
        one, post = a_post(house, pictures=0 if "INSERT" in mistake else 1)
        copy = replace(house, folder=tmp_path / str(number))
        for name in ("twinwatch.db", "media"):
            source = house.folder / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy.folder / name)
        database = sqlite3.connect(copy.database)
        (found,) = database.execute("SELECT id FROM posts WHERE post_id = ?", (native(one, post),)).fetchone()
        database.executescript(mistake.format(post=found))
        database.close()
        wrong = check(copy, Calm(), [done]).wrong
        assert any(said in sentence for sentence in wrong), (mistake, wrong)
        assert differences(undisturbed, state_of(copy))
    failing = failures_of(house.world, Weather(SEED), 3, house.names)
    assert not failing[2] or all(
        one.renamed for one in house.world.publishers if house.names[one.number] in failing[2]
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_failure_that_is_none_of_the_servers_is_seen(crawled: tuple[House, Done]) -> None:
    house, done = crawled
    error = {"kind": "unexpected", "message": "", "where": house.names[0]}
    claimed = replace(done, summary={**done.summary, "accounts": {"failed": 1}, "errors": [error]})
    assert any("though they could be had" in one for one in check(house, Calm(), [claimed]).wrong)
