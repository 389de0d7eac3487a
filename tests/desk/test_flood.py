"""When a registered picture is quarantined, and when it is not."""

import pytest

from desk.jobs.flood import Brake, Sighting

BRAKE = Brake()
SHOPS = ("bluesky:one", "bluesky:two")


def sightings(count: int, *, new: bool = True, accounts: int = 2, first: int = 0) -> list[Sighting]:
    return [
        Sighting(f"{number:064x}", f"shop {number % accounts}", new) for number in range(first, first + count)
    ]


@pytest.mark.parametrize(
    ("seen", "accounts", "stopped"),
    [
        ([], 2, False),
        (sightings(11), 2, False),
        (sightings(12), 2, True),
        (sightings(12, accounts=1), 2, False),  # variations of one shop
        (sightings(12, accounts=1), 1, True),  # there is no other shop
        (sightings(12, new=False), 2, False),
        (sightings(12) + sightings(4, new=False, first=50), 2, False),  # it is often seen
        (sightings(13) + sightings(4, new=False, first=50), 2, True),
    ],
)
def test_many_unrelated_pictures_of_several_accounts(
    seen: list[Sighting], accounts: int, stopped: bool
) -> None:
    assert bool(BRAKE.stops(seen, {}, accounts)) is stopped


def test_copies_of_one_picture_count_once() -> None:
    seen = sightings(40)
    chain = {one.sha256: [other.sha256] for one, other in zip(seen[1:], seen, strict=False)}
    assert BRAKE.stops(seen, chain, 2) == ""
    star = {one.sha256: ["f" * 64] for one in seen[:30]}  # copies of a picture that does not match itself
    assert BRAKE.stops(seen, star, 2) == ""
    assert BRAKE.stops(seen, {one.sha256: ["f" * 64] for one in seen[:29]}, 2) != ""


def test_a_new_copy_of_what_matched_before_is_not_new() -> None:
    old, *rest = sightings(20)
    seen = [Sighting(old.sha256, old.account, new=False), *rest]
    assert BRAKE.stops(seen, {one.sha256: [old.sha256] for one in rest}, 2) == ""
    assert "matched 19 pictures" in BRAKE.stops(seen, {}, 2)
    assert "before, 1 in all" in BRAKE.stops(seen, {}, 2)


def test_the_threshold_is_configurable() -> None:
    assert Brake(pictures=3).stops(sightings(3), {}, 2)
    assert not Brake(accounts=3).stops(sightings(30), {}, 5)
