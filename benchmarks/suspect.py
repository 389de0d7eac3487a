"""How often ordinary feeds are called suspect, and how much of what is broken is found:
`python -m benchmarks.suspect`.

Simulated and seeded, because nobody has ordinary feeds by the thousand to measure on; what is assumed of
them is in the functions below and in docs/benchmarks/suspect.md. Likes are counts whose mean differs from
post to post (log-normal), drifts over the years, is small for young posts, and is rounded above ten thousand
as platforms do; some accounts hide theirs, or begin to. Captions are written always, seldom, in phases or
never, and some stand under a set of up to twelve pictures. Some accounts imported posts in one go.
`--feeds N` makes a smaller trial, `--write FILE` keeps the table.
"""

import argparse
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.intake.ready import Ready
from crawler.intake.suspects import Suspicion
from crawler.sight import LOOKED_AT, changed_meaning
from desk.jobs.plausible import WEEKS, suspicion
from storage.crawled import Fields

SEED = 5
START = 1_600_000_000.0
DAY = 86_400.0
TOGETHER = 20  # feeds of one import
BROKEN = (15, 20, 30)  # posts


@dataclass(frozen=True, slots=True)
class Post:
    likes: int | None
    comments: int
    text: str
    posted_at: float


def main() -> None:
    parser = argparse.ArgumentParser(description="False alarms about fields and accounts.")
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    text = table(options.feeds)
    print(text)
    if options.write:
        options.write.write_text(text + "\n")


def table(count: int) -> str:
    chance = random.Random(SEED)
    feeds = [feed(chance) for _ in range(count)]
    rows = [("simulated feeds", f"{count}, {sum(map(len, feeds))} posts"), *alarms(feeds, chance)]
    rows += [*found(feeds, chance), *weeks(chance, count)]
    lines = "\n".join(f"| {what} | {measured} |" for what, measured in rows)
    return f"{datetime.now(UTC):%Y-%m-%d}\n\n| | measured |\n|---|---|\n{lines}"


# --- ordinary feeds -----------------------------------------------------------------------------------------


def feed(chance: random.Random) -> list[Post]:
    """Oldest first."""
    posts = round(math.exp(chance.uniform(math.log(15), math.log(600))))
    level = math.exp(chance.uniform(math.log(0.05), math.log(50_000)))
    spread, drift = chance.uniform(0.3, 1.5), chance.uniform(-2, 2)
    talk = chance.choice([0.002, 0.01, 0.05])
    hidden = chance.choices([posts, 0, chance.randrange(posts)], [90, 5, 5])[0]  # from which post on
    texts, moments = captions(chance, posts), dates(chance, posts)
    made = []
    for number in range(posts):
        age = posts - number
        young = min(1.0, age / 5) if chance.random() < 0.5 else 1.0
        mean = level * math.exp(chance.gauss(0, spread) + drift * number / posts) * young
        likes = rounded(poisson(chance, mean))
        comments = rounded(poisson(chance, mean * talk))
        shown = None if number >= hidden else likes
        made.append(Post(shown, comments, texts[number], moments[number]))
    return made


def captions(chance: random.Random, posts: int) -> list[str]:
    """Empty in so many of a hundred posts, each after its like with some probability: there are phases."""
    empty = chance.choices([0.0, 0.02, 0.2, 0.6, 0.95, 1.0], [55, 20, 10, 5, 5, 5])[0]
    lasts = chance.choice([0.0, 0.3, 0.6])
    sets = chance.random() < 0.2
    made: list[str] = []
    while len(made) < posts:
        as_before = made and chance.random() < lasts
        again = not made[-1] if as_before else chance.random() < empty
        text = "" if again else f"caption {chance.random()}"
        made += [text] * (chance.randint(2, 12) if sets and text and chance.random() < 0.05 else 1)
    return made[:posts]


def dates(chance: random.Random, posts: int) -> list[float]:
    """Some days apart; one account in twenty imported up to half of its posts in one go."""
    step = math.exp(chance.uniform(math.log(0.1), math.log(7)))
    moments, at = [], START + chance.random() * DAY
    for _ in range(posts):
        at += chance.expovariate(1 / step) * DAY
        moments.append(float(round(at)))
    if chance.random() < 0.05:
        at_once = chance.randrange(1, max(2, posts // 2))
        moments[:at_once] = [moments[0]] * at_once
    return moments


def poisson(chance: random.Random, mean: float) -> int:
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    left, number = math.exp(-mean), 0
    product = chance.random()
    while product > left:
        number += 1
        product *= chance.random()
    return number


def rounded(count: int) -> int:
    """As platforms show large numbers: 12.3K."""
    return count if count < 10_000 else count // 100 * 100


# --- imports and nights -------------------------------------------------------------------------------------


def asked(feeds: Sequence[Sequence[Post]]) -> list[str]:
    """The fields that an import of these accounts calls suspect, their posts in turn."""
    made = Suspicion()
    line = 0
    for number in range(max(map(len, feeds))):
        for account, posts in enumerate(feeds):
            if number < len(posts):
                line += 1
                made.see(f"shop{account}", ready(f"shop{account}", number, line, posts[number]))
    return [one.field for one in made.suspects()]


def ready(handle: str, number: int, line: int, post: Post) -> Ready:
    counts = {"comments": post.comments} | ({} if post.likes is None else {"likes": post.likes})
    place = (line, "", 0, 0)
    name = f"{handle}-{number}"
    return Ready(place, 0, "any", handle, name, "", post.text, post.posted_at, counts, 0, (), (), None, None)


def alarms(feeds: Sequence[Sequence[Post]], chance: random.Random) -> list[tuple[str, str]]:
    alone = [(posts, asked([posts])) for posts in feeds]
    silent = sum("text" in said and not any(one.text for one in posts) for posts, said in alone)
    fields = Counter(name for _, said in alone for name in set(said))
    fields["text"] -= silent
    together = [asked(feeds[at : at + TOGETHER]) for at in range(0, len(feeds), TOGETHER)]
    of_many = Counter(name for said in together for name in said)
    nightly = sum(map(night_by_night, feeds))
    return [
        (
            "a feed imported alone, called suspect",
            f"{share(sum(fields.values()), len(feeds))} ({told(fields)})",
        ),
        ("  because no post of it has a caption", share(silent, len(feeds))),
        (
            f"{TOGETHER} feeds imported together, suspects a feed",
            f"{share(sum(of_many.values()), len(feeds))} ({told(of_many)})",
        ),
        ("a feed's captions looked at after each post, suspect at any time", share(nightly, len(feeds))),
    ]


def night_by_night(posts: Sequence[Post]) -> bool:
    """Whether a spider would ever have called it suspect."""
    fields = [Fields(one.text, None) for one in posts]
    return any(changed_meaning(fields[max(0, at - LOOKED_AT) : at][::-1]) for at in range(15, len(fields), 3))


def found(feeds: Sequence[Sequence[Post]], chance: random.Random) -> list[tuple[str, str]]:
    """Of feeds of forty posts and more, with so many in a row broken anywhere."""
    ways: dict[str, tuple[str, Callable[[Post], Post]]] = {
        "likes all 3": ("likes", lambda one: replace(one, likes=3)),
        "likes all 0, of feeds with 10 and more": ("likes", lambda one: replace(one, likes=0)),
        "captions empty, of feeds that have them": ("text", lambda one: replace(one, text="")),
    }
    rows = []
    for name, (field, broken) in ways.items():
        shares = []
        for count in BROKEN:
            able = [one for one in feeds if len(one) >= 40 + count and _can_tell(one, name)]
            hits = sum(field in asked([_spoilt(one, count, broken, chance)]) for one in able)
            shares.append(f"{count}: {share(hits, len(able))}")
        rows.append((f"found, {name}, posts in a row", ", ".join(shares)))
    return rows


def _can_tell(posts: Sequence[Post], name: str) -> bool:
    if name.startswith("likes all 3"):
        return all(one.likes is not None for one in posts)
    if name.startswith("likes"):
        return all(one.likes is not None and one.likes >= 10 for one in posts)
    return sum(bool(one.text) for one in posts) > 0.9 * len(posts)


def _spoilt(
    posts: Sequence[Post], count: int, broken: Callable[[Post], Post], chance: random.Random
) -> list[Post]:
    at = chance.randrange(len(posts) - count + 1)
    return [broken(one) if at <= number < at + count else one for number, one in enumerate(posts)]


def weeks(chance: random.Random, accounts: int) -> list[tuple[str, str]]:
    """Posts a week, looked at once a week for a year: Poisson, the mean of each week within a factor."""
    told_of, many = Counter[str](), 0
    for _ in range(accounts):
        mean, spread = math.exp(chance.uniform(math.log(0.2), math.log(40))), chance.choice([0.2, 0.5, 0.8])
        year = [poisson(chance, mean * math.exp(chance.gauss(0, spread))) for _ in range(52 + WEEKS)]
        for week in range(1, 53):
            many += 1
            latest = year[max(0, week - WEEKS) : week][::-1]
            if said := suspicion(latest, ""):
                kind = (
                    "nothing, sometimes quiet before" if "and 0 to" in said else "nothing, never quiet before"
                )
                told_of[kind if "nothing" in said else "a flood"] += 1
    return [("an account's week, called suspect", f"{share(sum(told_of.values()), many)} ({told(told_of)})")]


def share(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.3g} %)" if whole else "")


def told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if count) or "none"


if __name__ == "__main__":
    main()
