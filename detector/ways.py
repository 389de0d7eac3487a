"""The way from a picture to a copy of it, over links between collected pictures: the one that leaves least
out."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from storage.passage import Step
from storage.records import Match, MatchKind, PairDecision

MOST_LOST = 0.5  # of the picture: beyond it, source and picture may have nothing in common


@dataclass(frozen=True, slots=True)
class Way:
    """How a copy is reached from here: the links, from there to here, and what share they may leave out."""

    lost: float = 0.0
    steps: tuple[Step, ...] = ()


def ways_to(
    wanted: Iterable[str], here: str, links: Iterable[tuple[str, Match]], blocked: Iterable[str] = ()
) -> Mapping[str, Way]:
    """The way to each picture wanted that leaves least out; those that cannot be reached are missing."""
    beside: dict[str, list[tuple[str, float, Step]]] = {}
    for picture, link in links:
        if carries(link):
            step = Step(picture, link.reference, link.agreement, link.overlap, link.transform)
            lost = 1 - shared(link)
            beside.setdefault(picture, []).append((link.reference, lost, step))
            beside.setdefault(link.reference, []).append((picture, lost, step))
    missing, closed = set(wanted), set(blocked)
    found: dict[str, Way] = {}
    turn = count()  # steps cannot be compared
    waiting: list[tuple[float, int, str, int, tuple[Step, ...]]] = [(0.0, 0, here, next(turn), ())]
    while waiting and missing:
        lost, length, picture, _, steps = heapq.heappop(waiting)
        if picture in closed:
            continue
        closed.add(picture)
        if picture in missing:
            missing.discard(picture)
            found[picture] = Way(lost, steps)
        for other, more, step in sorted(beside.get(picture, ()), key=lambda one: one[:2]):
            if other not in closed and lost + more < MOST_LOST:
                heapq.heappush(waiting, (lost + more, length + 1, other, next(turn), (step, *steps)))
    return found


def carries(link: Match) -> bool:
    """The program says that it is a copy, and most of either is the other; nobody has said that it is none. A
    frame is a small part of its film."""
    rejected = link.decided is PairDecision.REJECTED
    return link.kind is MatchKind.COPY and link.mutual and link.span is None and not rejected


def shared(link: Match) -> float:
    """The smaller share that either picture has of the other."""
    shown = link.region.w * link.region.h if link.region else 1.0
    return min(shown, 1.0 if link.overlap is None else link.overlap, 1.0)
