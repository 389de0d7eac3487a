"""A night killed at a random moment, many times: `python -m benchmarks.nights.kills [--kills N] [--seed N]`.

A small world in calm weather, every answer a little late so that the night is longer than its start. Night
1 begins with an empty store, night 2 with the store of night 1; each is run undisturbed first. Then, for
every kill: the folder as it was before the night, the night, SIGKILL to its whole process group at a seeded
moment, the night again, and the comparison of both stores. The moments are spread evenly over the night,
one in each slice: of its length, or (every second one) of its requests and a fraction of a second, which
falls into fetching and saving however busy the machine is.
"""

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.nights.alike import State, differences, state_of, temporaries
from benchmarks.nights.house import House, Moment, serving
from benchmarks.nights.world import World

ACCOUNTS, DELAY = 16, 0.25
NIGHTS = (1, 2)


@dataclass(frozen=True, slots=True)
class Kill:
    """`early`: the night was over before the moment came. `left`: temporary files after the kill, and after
    the next run. `posts`: stored when it was killed, beside all. `moment`: in words."""

    night: int
    moment: str
    killed: bool
    posts: tuple[int, int]
    left: tuple[int, int]
    wrong: list[str]


def kills(
    folder: Path, count: int, seed: int, stage: str = "nightly", accounts: int = ACCOUNTS
) -> Iterator[Kill]:
    """`stage`: "nightly", or "crawl" for that half of it alone."""
    world = World(seed, accounts, time.time())
    chance = random.Random(seed)
    with serving(world, "calm", DELAY) as outside:
        house = House(folder / "house", world, outside)
        house.stage = stage
        for night in NIGHTS:
            house.a_day_passes()
            before = folder / f"before{night}"
            shutil.copytree(house.folder, before)
            outside.night(night)
            undisturbed = house.night()
            if undisturbed.status:
                raise SystemExit(
                    f"the undisturbed night {night} ended {undisturbed.status}: {undisturbed.said}"
                )
            requests = sum(outside.log()["kinds"].values())
            expected, after = state_of(house), folder / f"after{night}"
            shutil.move(house.folder, after)
            mine = count // len(NIGHTS) + (night == 1 and count % len(NIGHTS))
            for slice_ in range(mine):
                shutil.copytree(before, house.folder)
                outside.night(night)
                share = (slice_ + chance.random()) / mine
                if slice_ % 2:
                    moment = Moment(seconds=undisturbed.seconds * share)
                else:
                    moment = Moment(seconds=chance.uniform(0, 0.4), requests=1 + int(requests * share))
                yield _kill(house, night, moment, expected)
                shutil.rmtree(house.folder)
            shutil.copytree(after, house.folder)


def _kill(house: House, night: int, moment: Moment, expected: State) -> Kill:
    done = house.night(kill_after=moment)
    posts = posts_in(house.database) if done.status < 0 else 0
    left = temporaries(house.media)
    again = house.night()
    wrong = [] if again.status == 0 else [f"the night after it ended {again.status}: {again.said[-500:]}"]
    found = state_of(house)
    wrong += differences(expected, found)
    remaining = temporaries(house.media)
    wrong += [f"{remaining} temporary files stay"] if remaining else []
    return Kill(
        night,
        str(moment),
        done.status == -9,
        (posts, sum(expected["posts"].values())),
        (left, remaining),
        wrong,
    )


def posts_in(database: Path) -> int:
    """How many are stored; 0 where the night was killed before there was a database, or a table in it."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database)) as connection:
        (there,) = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'posts'").fetchone()
        return int(connection.execute("SELECT count(*) FROM posts").fetchone()[0]) if there else 0


def main() -> None:
    parser = argparse.ArgumentParser(description="Nights killed at random moments.")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--stage", choices=("nightly", "crawl"), default="nightly")
    options = parser.parse_args()
    done: list[Kill] = []
    with tempfile.TemporaryDirectory() as folder:
        for one in kills(Path(folder), options.kills, options.seed, options.stage):
            done.append(one)
            state = "killed" if one.killed else "over before"
            print(
                f"{len(done)}: night {one.night} {state} {one.moment}, {one.posts[0]} of {one.posts[1]} "
                "posts, "
                f"{one.left[0]} temporary files, then {one.left[1]}: {'; '.join(one.wrong) or 'alike'}",
                flush=True,
            )
    wrong = sum(bool(one.wrong) for one in done)
    killed = sum(one.killed for one in done)
    print(f"{len(done)} nights, {killed} killed, {len(done) - wrong} alike after the next run")
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
