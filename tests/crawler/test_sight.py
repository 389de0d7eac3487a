"""What a night saw of an account, and what of it is believed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from crawler.pages import Listed, Page
from crawler.sight import ALIKE, LOOKED_AT, UNASKED, WHOLE_DAYS, Sight, changed_meaning
from storage.crawled import Fields, KnownPost
from tests.storage.samples import post

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EMPTY = "the caption is empty in 15 of the last 15 posts, and in 0 of 40 before"


def at(days: float) -> datetime:
    """So many days before."""
    return NOON - days * DAY


def known(name: str, days: float | None) -> KnownPost:
    return KnownPost(name, "", None if days is None else at(days), "r1")


def listed(*shown: tuple[str, float]) -> Page:
    """Names, and days before."""
    return Page(tuple(Listed(post(name, posted_at=at(days)), at(days)) for name, days in shown))


def sight(
    page: Page,
    new: Sequence[str] = (),
    *,
    gone: set[str] | None = None,
    there: set[str] | None = None,
    unclear: set[str] | None = None,
) -> Sight:
    made = Sight(new=set(new), gone=gone or set(), there=there or set(), unclear=unclear or set())
    made.page(page)
    made.shown |= {one.post.post_id for one in page.posts}
    return made


def no_order(_: KnownPost) -> None:
    return None


WINDOW = [known("a", 1), known("b", 3), known("c", 5)]
OLD = [(f"old{days}", days) for days in range(20, 26)]
NOTHING = "the listing shows nothing, and should show 3 stored posts"
NONE_OF = "the listing shows none of {} that it should show"


@pytest.mark.parametrize(
    ("seen", "window", "words"),
    [
        # It shows nothing.
        (sight(listed()), WINDOW, NOTHING),
        (sight(listed()), [], ""),  # it never had a post
        (sight(listed(), gone={"a", "b", "c"}), WINDOW, ""),  # the platform says that they are gone
        (sight(listed(), gone={"a", "b"}), WINDOW, NOTHING.replace("3 stored posts", "1 stored post")),
        (sight(listed(), unclear={"a", "b", "c"}), WINDOW, NOTHING),  # "could not look" is not "gone"
        # It shows other posts than those it must.
        (sight(listed(*OLD), there={"a"}), WINDOW[:1], NONE_OF.format("1 stored post")),
        (sight(listed(*OLD)), WINDOW, NONE_OF.format("3 stored posts")),  # nobody can be asked for them
        (sight(listed(*OLD)), WINDOW[:2], ""),  # two may have been deleted: nobody says so
        (sight(listed(*OLD), unclear={"a", "b", "c"}), WINDOW, ""),
        (sight(listed(*OLD), gone={"a", "b", "c"}), WINDOW, ""),
        (sight(listed(("n", 0), *OLD), ["n"]), WINDOW, NONE_OF.format("3 stored posts")),
        (sight(listed(("n", 0), *OLD), ["n"]), [known("n", 0), *WINDOW], NONE_OF.format("3 stored posts")),
        (sight(listed(("b", 3), *OLD)), WINDOW, ""),  # one is enough
        # What is innocent.
        (sight(listed(*((f"n{n}", n / 20) for n in range(15))), [f"n{n}" for n in range(15)]), WINDOW, ""),
        (
            sight(listed(("pin", 90), ("n1", 0), ("n2", 0.2), ("n3", 0.3), ("n4", 0.4), ("n5", 0.5))),
            WINDOW,
            "",
        ),
        (sight(listed(("other a", 1), ("other b", 3), ("other c", 5), *OLD)), WINDOW, ""),
        (sight(listed(("n", 0), *OLD), ["n"]), [known("n", 0)], ""),  # all of the window is of tonight
        (sight(listed(*OLD)), [known(name, None) for name in "abc"], ""),  # nobody knows where they stand
        (sight(listed(*OLD), there={"f"}), [known("f", 19)], ""),  # with a finding: older than the window
    ],
)
def test_what_a_listing_must_show_still(seen: Sight, window: Sequence[KnownPost], words: str) -> None:
    assert seen.missed(window, no_order, at(14)) == words
    assert UNASKED == 3


def test_a_listing_without_dates_misses_nothing_that_cannot_be_asked() -> None:
    page = Page(tuple(Listed(post(f"n{n}", posted_at=None), None) for n in range(8)))
    assert sight(page).missed(WINDOW, no_order, at(14)) == ""


def moments(*days: float) -> str:
    return sight(listed(*((f"p{n}", day) for n, day in enumerate(days)))).one_moment()


def test_dates_that_are_all_the_same() -> None:
    assert moments(*[1.25] * 15) == "15 of 15 posts are dated 2026-10-31 06:00 UTC"
    assert moments(*[1.25] * 14) == ""
    assert moments(*[1.25] * 40, 2, 3) != ""
    assert moments(*[1.25] * 15, *range(20)) == ""  # posts that were imported in one go
    assert moments(*range(60)) == ""
    assert moments(*[1.5] * 30) == ""  # a day and no time of it: many may be of one day
    assert moments(*[1.5] * WHOLE_DAYS) != ""
    assert ALIKE == 0.9


def fields(*texts: str) -> list[Fields]:
    return [Fields(text, NOON) for text in texts]


def varied(posts: int) -> list[str]:
    return [f"caption {number}" for number in range(posts)]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([*[""] * 15, *varied(40)], EMPTY),
        ([*["New in"] * 15, *varied(40)], EMPTY.replace("empty", "the same")),
        (
            [*[""] * 13, *varied(2), *[""] * 15, *varied(200)],
            "empty in 28 of the last 30 posts, and in 0 of 185",
        ),
        (["Log in"] * 15, "the caption is the same in 15 of the last 15 posts"),
        ([*[""] * 15, *varied(40), *[""] * 8, *varied(40)], ""),  # there are phases
        ([*[""] * 14, *varied(40)], ""),
        ([*[""] * 15, *varied(5)], ""),  # too little to compare with
        ([""] * 200, ""),  # it never writes any
        ([*[""] * 15, *["", "", "", "one"] * 40], ""),  # it seldom does
        (varied(200), ""),
        ([], ""),
    ],
)
def test_captions_that_are_suddenly_the_same(texts: Sequence[str], words: str) -> None:
    found = changed_meaning(fields(*texts)[:LOOKED_AT])
    assert words in found
    assert bool(words) == bool(found)
