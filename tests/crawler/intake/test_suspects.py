"""Fields that changed their meaning, and feeds that are ordinary."""

import random
from collections.abc import Iterable, Sequence

import pytest

from crawler.intake.ready import Ready
from crawler.intake.suspects import MOST_ACCOUNTS, Suspect, Suspicion
from crawler.intake.watched import BLOCK, MOST_VALUES, Tally
from storage.crawled import Fields

START = 1_760_000_000.25
HOUR = 3600.0


def ready(
    number: int,
    likes: object = None,
    text: str | None = "",
    handle: str = "hm",
    posted_at: float | None = None,
    post_id: str = "",
    platform: str = "instagram",
) -> Ready:
    """The post of the line `number`; of an hour and with a caption of its own where nothing else is said."""
    counts = {} if likes is None else {"like_count": likes}
    text = f"caption {number}" if text == "" else text
    moment = START + number * HOUR if posted_at is None else posted_at
    place = (number, "", 0, 0)
    name = post_id or f"{handle}{number}"
    return Ready(place, 0, platform, handle, name, "", text, moment, counts, 0, (), (), None, None)


def found(posts: Iterable[Ready], suspicion: Suspicion | None = None) -> Sequence[Suspect]:
    suspicion = suspicion or Suspicion()
    for post in posts:
        suspicion.see(post.handle, post)
    return suspicion.suspects()


def likes(*values: object, handle: str = "hm") -> list[Ready]:
    return [ready(number, value, handle=handle) for number, value in enumerate(values, start=1)]


def varied(count: int, low: int = 100, high: int = 900, seed: int = 1) -> list[int]:
    drawn = random.Random(seed)
    return [drawn.randint(low, high) for _ in range(count)]


def told(posts: Iterable[Ready]) -> list[tuple[str, str, str, int]]:
    return [(one.handle, one.field, one.value, one.posts) for one in found(posts)]


@pytest.mark.parametrize("before", [0, 7, 200, 209])
@pytest.mark.parametrize("after", [0, 8, 200])
def test_fifteen_posts_with_three_likes_wherever_they_stand(before: int, after: int) -> None:
    posts = likes(*varied(before), *[3] * 15, *varied(after, seed=2))
    assert told(posts) == [("hm", "like_count", "3", 15)]
    (suspect,) = found(posts)
    assert (suspect.first, suspect.last) == (before + 1, before + 15)


def test_three_likes_are_found_where_long_runs_of_none_are_usual() -> None:
    values = [value for _ in range(20) for value in [*[0] * 30, 1]]
    assert told(likes(*values[:300], *[3] * 15, *values[300:])) == [("hm", "like_count", "3", 15)]


def test_fifteen_posts_without_likes_where_there_were_some() -> None:
    assert told(likes(*varied(200), *[0] * 15)) == [("hm", "like_count", "0", 15)]
    assert told(likes(*[0] * 15, *varied(200))) == [("hm", "like_count", "0", 15)]


def test_nearly_all_the_same() -> None:
    values = [3] * 280 + varied(20)
    random.Random(4).shuffle(values)
    assert told(likes(*values)) == [("hm", "like_count", "3", 280)]


def test_one_of_two_accounts_that_alternate() -> None:
    posts = []
    for number, value in enumerate(varied(40)):
        posts += [ready(2 * number + 1, 3, handle="hm"), ready(2 * number + 2, value, handle="levis")]
    assert told(posts) == [("hm", "like_count", "3", 40)]


def test_many_accounts_with_a_few_posts_each_are_told_once() -> None:
    posts = [ready(number, 3, handle=f"shop{number // 5}") for number in range(1, 500)]
    assert told(posts) == [("", "like_count", "3", 499)]
    ones = [ready(number, 0, handle=f"shop{number}") for number in range(1, 20)]
    before = [ready(number, value, handle=f"before{number}") for number, value in enumerate(varied(200))]
    assert told([*before, *ones]) == [("", "like_count", "0", 19)]


def test_captions_that_are_suddenly_empty_or_one() -> None:
    before = [ready(number) for number in range(1, 100)]
    empty = [ready(number, text="\0") for number in range(100, 120)]
    assert [one[:2] for one in told([*before, *empty])] == [("hm", "text")]
    (suspect,) = found([*before, *(ready(number, text="Log in") for number in range(100, 115))])
    assert suspect.sentence.startswith("instagram:hm: text is 'Log in' in 15 posts in a row, and in at most ")
    assert suspect.others_same < 5
    assert (suspect.posts, suspect.of, suspect.others) == (15, 15, 99)


def bare(count: int, text: str | None = None, handle: str = "hm") -> list[Ready]:
    made = [ready(number, handle=handle) for number in range(1, count + 1)]
    for one in made:
        one.text = text
    return made


def test_captions_that_all_posts_lack() -> None:
    assert told(bare(15, "")) == [("", "text", "", 15)]
    assert told(bare(15)) == [("", "text", "not there", 15)]
    assert told(bare(14, "")) == []
    assert told([*bare(30, ""), *(ready(number, handle="levis") for number in range(30))]) == []


def test_an_account_that_is_known_to_write_no_captions_writes_none() -> None:
    silent = [Fields("", None)] * 20
    assert found(bare(40, ""), Suspicion(lambda *_: silent)) == ()
    (suspect,) = found(bare(40, ""), Suspicion(lambda *_: [Fields(f"{n}", None) for n in range(60)]))
    assert (suspect.value, suspect.posts) == ("", 40)


def test_dates_that_are_all_one() -> None:
    def at(count: int, moment: float) -> list[Ready]:
        return [ready(number, posted_at=moment) for number in range(1, count + 1)]

    assert [one[1] for one in told(at(15, START))] == ["posted_at"]
    assert told(at(14, START)) == []
    midnight = 86_400.0 * 20_000
    assert told(at(30, midnight)) == []  # a day and no time of it
    assert [one[1] for one in told(at(40, midnight))] == ["posted_at"]
    burst = [ready(number, posted_at=START) for number in range(100, 160)]
    assert told([*(ready(number) for number in range(1, 100)), *burst]) == []  # imported in one go


@pytest.mark.parametrize(
    "values",
    [
        varied(300),
        varied(300, 0, 1),
        varied(300, 0, 3),
        [0] * 300,
        [-1] * 300,
        [None] * 300,
        [*varied(100), *[-1] * 100],  # it hides them from now on
        [1] * 12,
        [*[0, 0, 1, 0] * 50, *[0] * 15],
        [value // 1000 * 1000 for value in varied(300, 1_000, 9_000)],  # rounded
        ["3"] * 40,
        [True] * 40,
    ],
)
def test_ordinary_numbers_are_not_suspect(values: Sequence[object]) -> None:
    assert told(likes(*values)) == []


def test_a_post_that_is_captured_often_is_one() -> None:
    posts = [ready(number, 3, post_id=f"p{number % 10}") for number in range(300)]
    assert told(posts) == []


def test_stored_captions_that_come_empty() -> None:
    def came(emptied: int, of: int) -> list[str]:
        suspicion = Suspicion()
        for number in range(of):
            suspicion.met("instagram", number + 1, emptied=number < emptied)
        return [one.sentence for one in suspicion.suspects()]

    assert came(3, 3) == ["instagram: text of stored posts is empty in 3 of 3 posts"]
    assert came(3, 100) == []
    assert came(2, 2) == []
    assert len(came(20, 100)) == 1


def test_memory_is_bounded_and_nothing_is_lost_for_it() -> None:
    """An account with fifteen posts that are alike is told although many others came after it."""
    posts = likes(*varied(200), *[3] * 15)
    others = [ready(number, number, handle=f"shop{number}") for number in range(3 * MOST_ACCOUNTS)]
    suspicion = Suspicion()
    assert [one.handle for one in found([*posts, *others], suspicion)] == ["hm"]
    assert len(suspicion._accounts) <= MOST_ACCOUNTS
    shops = [ready(number, number, handle=f"shop{number // 16}") for number in range(20 * MOST_ACCOUNTS)]
    assert [one.handle for one in found([*likes(*[3] * 15), *shops])] == ["hm"]  # watched no more
    tally = Tally()
    for begin in range(0, 30_000, BLOCK):
        tally.take(range(begin, begin + BLOCK), range(begin, begin + BLOCK))
    assert len(tally.counts) <= MOST_VALUES + BLOCK
    assert tally.most_of(5) == 1000  # as far as is known: it may have stood once in each block
