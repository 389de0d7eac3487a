"""What headers say of a limit, as servers write it and as nobody should."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.announced import LIMITS, REMAINING, RESETS, RETRY_AFTER, SHOWN, announced

NOW = 1_800_000_000.0


def test_the_first_header_of_a_kind_that_means_something_counts() -> None:
    said = {
        "ratelimit-reset": "never",
        "x-ratelimit-reset": "5",
        "x-rate-limit-reset": "9",
        "x-ratelimit-remaining": "7.0",
        "ratelimit-limit": "100, 100;w=60",
    }
    heard = announced(said, NOW)
    assert (heard.reset, heard.remaining, heard.limit, heard.retry_after) == (NOW + 5, 7, 100, None)
    assert heard.strange == {"ratelimit-reset": "'never'"}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (f"{NOW + 7:.0f}", 7),
        (f"{NOW + 7:.0f}500", 7.5),
        (f"{NOW + 7:.0f}500000", 7.5),
        ("7", 7),
        ("2027-01-15T08:00:07Z", 7),
        ("Fri, 15 Jan 2027 08:00:07 GMT", 7),
    ],
)
def test_a_moment_may_be_written_in_many_ways(value: str, seconds: float) -> None:
    heard = announced({"x-ratelimit-reset": value, "retry-after": value}, NOW)
    assert (heard.reset, heard.retry_after) == (NOW + seconds, NOW + seconds)
    assert heard.strange == {}


def test_a_long_value_is_named_in_one_short_line() -> None:
    heard = announced({"retry-after": "x\n" * 1000}, NOW)
    assert len(heard.strange["retry-after"]) <= 2 * SHOWN
    assert "\n" not in heard.strange["retry-after"]


HEADERS = st.sampled_from(["date", RETRY_AFTER, *RESETS, *REMAINING, *LIMITS])


@given(st.dictionaries(HEADERS, st.text(max_size=30)))
def test_any_headers_give_a_moment_to_come_or_none(said: dict[str, str]) -> None:
    heard = announced(said, NOW)
    for moment in (heard.retry_after, heard.reset):
        assert moment is None or (math.isfinite(moment) and moment > NOW - 1)
    for count in (heard.remaining, heard.limit):
        assert count is None or count >= 0
