"""What an account publishes in a week, and what of it is told as suspect."""

import pytest

from desk.jobs.plausible import FEWEST, Expected, learned, stated, suspicion


@pytest.mark.parametrize(
    ("text", "low", "high"), [("1..40 a week", 1, 40), (" 0 .. 3 per week ", 0, 3), ("5..5 a week", 5, 5)]
)
def test_it_may_be_stated(text: str, low: int, high: int) -> None:
    assert stated(text) == Expected(low, high, stated=True)


@pytest.mark.parametrize("text", ["", "daily", "40..1 a week", "-1..3 a week", "1..2 a day", "1.5..2 a week"])
def test_what_states_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        stated(text)


@pytest.mark.parametrize(
    ("weeks", "wanted"),
    [
        ((0, 3, 5, 2, 4), (2, 5)),
        ((0, 3, 5, 0, 4, 0, 0), (0, 5)),  # before its first post it was not there
        ((9, 3, 5, 2), None),
        ((9, 0, 0, 0, 0, 0), None),
        ((), None),
    ],
)
def test_else_it_is_learned_of_the_weeks_before(
    weeks: tuple[int, ...], wanted: tuple[int, int] | None
) -> None:
    found = learned(weeks)
    assert (found and (found.low, found.high)) == wanted
    assert FEWEST == 4


@pytest.mark.parametrize(
    ("weeks", "expect", "words"),
    [
        ((3, 3, 5, 2, 4), "", ""),
        ((1, 3, 5, 2, 4), "", ""),  # less than ever, and not nothing
        ((0, 3, 5, 2, 4), "", "nothing in a week, and 2 to 5 a week came before"),
        ((50, 3, 5, 2, 4), "", ""),
        ((51, 3, 5, 2, 4), "", "51 in a week, and 2 to 5 a week came before"),
        ((0, 3, 0, 2, 4), "", ""),  # quiet weeks are usual
        ((500, 3), "", ""),  # the week in which it begins is cut off: nothing is known of it yet
        ((500, 3, 2), "", "500 in a week, and 2 to 3 a week came before"),
        ((41, 3, 1), "", "41 in a week"),
        ((40, 3, 1), "", ""),  # as much as an account may publish, and it has just begun
        ((41, 3, 5, 2), "", ""),  # no more than ten times
        ((51, 3, 5, 2), "", "51 in a week, and 2 to 5 a week came before"),
        ((0, 3, 2), "", ""),
        ((11, 0, 1, 0, 0, 1), "", "11 in a week, and 0 to 1 a week came before"),
        ((10, 0, 1, 0, 0, 1), "", ""),
        ((0, 0, 3, 5, 2, 4), "", "nothing in 2 weeks, and 2 to 5 a week came before"),
        ((0, 0, 0, 3, 0, 2, 4, 5, 1, 3, 2, 2, 4), "", ""),  # it was quiet before: in one of 216 cases
        ((0, 0, 0, 0, 3, 0, 2, 4, 5, 1, 3, 2, 2, 4), "", "nothing in 4 weeks, and 0 to 5 a week came before"),
        ((0, 0, 0, 1, 0, 0, 1, 0, 1), "", ""),
        ((0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 2, 4), "", ""),  # "nothing new for 4 weeks" is told elsewhere
        ((0, 0, 0), "", ""),
        ((), "1..40 a week", ""),
        ((0, 3), "1..40 a week", "nothing in a week, and 1 to 40 a week are expected"),
        ((2, 3), "5..40 a week", "2 in a week, and 5 to 40 a week are expected"),
        ((41, 3), "1..40 a week", "41 in a week"),
        ((40, 3), "1..40 a week", ""),
    ],
)
def test_what_is_suspect(weeks: tuple[int, ...], expect: str, words: str) -> None:
    found = suspicion(weeks, expect)
    assert words in found
    assert bool(words) == bool(found)
