"""Which frames of a video or an animation are looked at for labels: a few, chosen from the fingerprints that
are kept of it, so that nothing is decoded twice."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from detector.hashes import pdq
from storage.records import Fingerprint

MOST = 8  # frames of one file: reading text takes a second or two each
CUT = pdq.LIKELY or 0  # bits between two frames that follow each other; beyond, it is another scene


class Moments(NamedTuple):
    """Seconds in order (None: a still picture, or the first of an animation), and in words what is not
    looked at."""

    at: tuple[float | None, ...]
    unseen: str = ""


STILL = Moments((None,))
DAMAGED = Moments((None,), "what the file's damage hides")


def moments(fingerprints: Iterable[Fingerprint], *, video: bool, cut: bool = False) -> Moments:
    """First, middle and last frame, and those with which a scene begins, the greatest changes first.

    `video`: it has no picture besides its frames, so one without fingerprints is tried at its start. `cut`:
    it was fingerprinted in part only, or a part of the file is damaged.
    """
    kept = {one.at: one.bits for one in fingerprints if one.algorithm == pdq.ALGORITHM}
    times = sorted(kept, key=lambda at: -1.0 if at is None else at)
    if not times:
        return Moments((0.0,), "all but its start") if video else STILL if not cut else DAMAGED
    apart = [_apart(kept[one], kept[other]) for one, other in pairwise(times)]
    cuts = [place for place, bits in enumerate(apart, start=1) if bits > CUT]
    chosen = dict.fromkeys((0, len(times) // 2, len(times) - 1))
    for place in sorted(cuts, key=lambda place: (-apart[place - 1], place)):
        if len(chosen) < MOST:
            chosen[place] = None
    seen = len({bisect_right(cuts, place) for place in chosen})
    return Moments(
        tuple(times[place] for place in sorted(chosen)), _unseen(len(cuts) + 1, seen, cut=cut, video=video)
    )


def _unseen(scenes: int, seen: int, *, cut: bool, video: bool) -> str:
    if cut:
        return "a part of the video" if video else DAMAGED.unseen
    return f"{scenes - seen} of its {scenes} scenes" if seen < scenes else ""


def _apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
