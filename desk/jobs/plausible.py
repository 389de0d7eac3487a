"""Is what an account published plausible? A spider that suddenly sees nothing, or ten times as much, is told
as suspect: the page may have changed under it.

What is plausible stands in the watchlist (`expect = "1..40 a week"`), or is learned from what the account
published in the weeks before. Only dated posts count, by their own date: a first night that brings a year of
posts is no flood.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

WEEKS = 13  # that are looked at: this one, and a quarter of a year before it
FEWEST = 4  # weeks to learn from
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
    before = list(weeks[1:])
    while before and not before[-1]:  # before its first post it was not there
        before.pop()
    return Expected(min(before), max(before), stated=False) if len(before) >= FEWEST else None


def suspicion(weeks: Sequence[int], expect: str) -> str:
    """Why this week is not plausible; "" where it is, or nothing is known. Raises ValueError for a wrong
    `expect`; "" stands for none."""
    expected = stated(expect) if expect else learned(weeks)
    if expected is None or not weeks:
        return ""
    most = expected.high if expected.stated else FLOOD * expected.high
    if weeks[0] < expected.low and (expected.stated or not weeks[0]):
        return f"suspect: {weeks[0] or 'nothing'} in a week, and {expected.words}"
    if weeks[0] > most:
        return f"suspect: {weeks[0]} in a week, and {expected.words}"
    return ""
