"""A few frames stand for a video, and what they leave out is said."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from detector.hashes import pdq
from detector.onimage.moments import CUT, MOST, STILL, Moments, moments
from storage.records import Fingerprint


def print_at(at: float | None, scene: int) -> Fingerprint:
    """Scenes differ by more than a cut, frames of one by nothing."""
    return Fingerprint(pdq.ALGORITHM, (scene * (2**CUT * 2 - 1) << CUT * (scene % 3)).to_bytes(32), 90, at)


def film(*scenes: int) -> list[Fingerprint]:
    """One frame a second."""
    return [print_at(float(second), scene) for second, scene in enumerate(scenes)]


def test_a_picture_is_looked_at_as_it_is() -> None:
    assert moments([print_at(None, 1)], video=False) == STILL == Moments((None,), "")
    assert moments([], video=False) == STILL


def test_first_middle_and_last() -> None:
    assert moments(film(1, 1, 1, 1, 1, 1, 1), video=True) == Moments((0.0, 3.0, 6.0), "")
    assert moments(film(1), video=True).at == (0.0,)
    assert moments([print_at(None, 1), *film(1, 1)[1:]], video=False).at == (None, 1.0)


def test_where_a_scene_begins() -> None:
    assert moments(film(1, 1, 2, 2, 2, 2, 1, 1, 1), video=True) == Moments((0.0, 2.0, 4.0, 6.0, 8.0), "")


def test_more_scenes_than_frames_are_owned_up_to() -> None:
    found = moments(film(*([1, 2] * 10)), video=True)
    assert len(found.at) == MOST
    assert found.unseen == f"{20 - MOST} of its 20 scenes"


def test_a_video_known_in_part_or_not_at_all() -> None:
    assert moments(film(1, 1), video=True, cut=True).unseen == "a part of the video"
    assert moments([], video=True) == Moments((0.0,), "all but its start")


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60))
def test_never_too_many_and_always_in_order(scenes: list[int]) -> None:
    found = moments(film(*scenes), video=True)
    times = [at for at in found.at if at is not None]
    assert times == sorted(set(times))
    assert {times[0], times[-1]} == {0.0, float(len(scenes) - 1)}
    assert len(times) <= MOST
    changes = sum(one != other for one, other in pairwise(scenes))
    assert bool(found.unseen) <= (changes + 1 > MOST - 3)


def test_what_the_damage_of_a_picture_hides_is_not_looked_at() -> None:
    for still in ((), film(1)):
        assert moments(still, video=False, cut=True).unseen == "what the file's damage hides"
    assert moments((), video=False).unseen == ""
