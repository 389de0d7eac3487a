"""Is what an account published plausible? A spider that suddenly sees nothing, or ten times as much, is told
as suspect: the page may have changed under it.

What is plausible stands in the watchlist (`expect = "1..40 a week"`), or is learned from what the account
published in the weeks before. Only dated posts count, by their own date: a first night that brings a year of
posts is no flood. That a listing itself shows nothing is told the same night (crawler/sight.py); this is
about accounts whose listing looks as ever, and has nothing new.

What is learned, where nothing is stated:
- Nothing in a week: of an account that always had something in one, for four weeks and more, a week is
  enough. Of others as many weeks as would come by chance in one of a thousand cases, were each as likely to
  be empty as those before were (Laplace's rule of succession, (empty + 1) / (weeks + 2)).
- Ten times as much as in any week before. The week in which what is stored begins is cut off somewhere, so
  that it is no measure alone; and as long as fewer than four weeks are known, more than forty posts have to
  come, the most that issue 5 takes for plausible: an account that just begins is no flood.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

WEEKS = 13  # that are looked at: this one, and a quarter of a year before it
FEWEST = 4  # weeks to learn from
CHANCE = 0.001  # of weeks without a post that follow each other
EARLY = 40  # posts in a week, while fewer weeks are known: the upper end of issue 5's example
FLOOD = 10  # times as much as in any week before
PATTERN = re.compile(r"\s*(?P<low>\d{1,6})\s*\.\.\s*(?P<high>\d{1,6})\s*(a|per)\s+week\s*")


@dataclass(frozen=True, slots=True)
class Expected:
    """Posts a week, both ends included. `stated` in the watchlist, or learned."""

    low: int
    high: int
    stated: bool

    @property
    def words(self) -> str:
        return f"{self.low} to {self.high} a week {'are expected' if self.stated else 'came before'}"


def stated(text: str) -> Expected:
    """Of "1..40 a week". Raises ValueError."""
    found = PATTERN.fullmatch(text)
    if found is None or int(found["low"]) > int(found["high"]):
        raise ValueError(f'{text!r} is no "1..40 a week"')
    return Expected(int(found["low"]), int(found["high"]), stated=True)


def learned(weeks: Sequence[int]) -> Expected | None:
    """Of the posts of each week, this one first. None where there is too little to learn from."""
    before = _known(weeks[1:])
    return Expected(min(before), max(before), stated=False) if len(before) >= FEWEST else None


def suspicion(weeks: Sequence[int], expect: str) -> str:
    """Why this week is not plausible; "" where it is, or nothing is known. Raises ValueError for a wrong
    `expect`; "" stands for none."""
    if not weeks:
        return ""
    if expect:
        expected = stated(expect)
        return "" if expected.low <= weeks[0] <= expected.high else _told(weeks[0], expected)
    return _nothing(weeks) if not weeks[0] else _flood(weeks)


def _nothing(weeks: Sequence[int]) -> str:
    """Of an account without a post in the latest of these."""
    quiet = next((number for number, count in enumerate(weeks) if count), len(weeks))
    expected = learned(weeks[quiet - 1 :])
    if expected is None:
        return ""
    before = _known(weeks[quiet:])
    share = (sum(not count for count in before) + 1) / (len(before) + 2)
    if not expected.low and share**quiet > CHANCE:
        return ""
    if quiet == 1:
        return _told(0, expected)
    return f"suspect: nothing in {quiet} weeks, and {expected.words}"


def _flood(weeks: Sequence[int]) -> str:
    before = _known(weeks[1:])
    if len(before) < 2:  # the week in which it begins is cut off
        return ""
    most = FLOOD * max(before)
    if len(before) < FEWEST:
        most = max(most, EARLY)
    expected = Expected(min(before), max(before), stated=False)
    return _told(weeks[0], expected) if weeks[0] > most else ""


def _told(count: int, expected: Expected) -> str:
    return f"suspect: {count or 'nothing'} in a week, and {expected.words}"


def _known(before: Sequence[int]) -> Sequence[int]:
    """Of the weeks before one, those in which the account was there: until its first post."""
    last = max((number for number, count in enumerate(before) if count), default=-1)
    return before[: last + 1]
