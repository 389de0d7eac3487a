"""When a registered picture is quarantined, and when it is not."""

import pytest

from desk.jobs.flood import Brake


@pytest.mark.parametrize(
    ("before", "now", "accounts", "watched", "stopped"),
    [
        (0, 0, 0, 2, False),
        (0, 11, 2, 2, False),
        (0, 12, 2, 2, True),
        (0, 12, 1, 2, False),  # variations of one shop
        (0, 12, 1, 1, True),  # there is no other shop
        (12, 12, 2, 2, False),
        (4, 16, 2, 2, False),  # it is often seen
        (4, 17, 2, 2, True),
        (100, 400, 9, 9, False),
        (100, 401, 9, 9, True),
        (20, 5, 2, 2, False),
    ],
)
def test_many_unrelated_pictures_of_several_accounts(
    before: int, now: int, accounts: int, watched: int, stopped: bool
) -> None:
    assert bool(Brake().stops(before, now, accounts, watched)) is stopped


def test_the_reason_tells_what_was_seen() -> None:
    said = Brake().stops(1, 20, 3, 9)
    assert "19 pictures" in said
    assert "1 before" in said
    assert "3 accounts" in said


def test_the_threshold_is_configurable() -> None:
    assert Brake(pictures=3).stops(0, 3, 2, 2)
    assert not Brake(accounts=3).stops(0, 30, 2, 5)
