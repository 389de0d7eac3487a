"""How much of a picture what says AI speaks of, and what that leaves to be said of whoever is shown in it.

A registered figure that fills a corner makes a part of the picture AI, and is an AI figure all the same: what
a label must tell hangs on `OriginEvidence.of_the_figure`, not on the share.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from detector.match_words import WHOLE
from storage.records import Box, Extent, Match, OriginEvidence

WEAKEST = 2  # the lowest level that raises anything (design §2)
_BY_FEATURES = "local"  # without an alignment it is not known where in the picture they lie


def extent_of(match: Match) -> Extent:
    """How much of the picture the registered one fills: a region smaller than `match_words.WHOLE` is a part.
    Of a film it is not known how much else it shows, unless a part of its frames is all that matches."""
    if match.region is not None and match.region.w * match.region.h <= WHOLE:
        return Extent.PART
    if match.span is not None or (match.region is None and match.algorithm == _BY_FEATURES):
        return Extent.UNKNOWN
    return Extent.WHOLE


def of_a_part(evidence: Iterable[OriginEvidence]) -> bool:
    """All that says AI speaks of a part of the picture, and none of it of whoever is shown: nothing says that
    the model is."""
    raising = _raising(evidence)
    return bool(raising) and not any(one.of_the_figure or one.extent is not Extent.PART for one in raising)


def leaves_a_rest(evidence: Iterable[OriginEvidence], seen: Iterable[Match]) -> bool:
    """A registered figure is seen in a part of the picture, and nothing says AI of what is beside it. `seen`:
    the matches that stand; together they may fill the picture after all, as in a pair of two twins."""
    raising = _raising(evidence)
    if not any(one.of_the_figure for one in raising) or any(one.extent is not Extent.PART for one in raising):
        return False
    return covered([match.region for match in seen if match.region is not None]) <= WHOLE


def covered(boxes: Sequence[Box]) -> float:
    """The share of the picture that lies in any of them."""
    across = sorted({edge for box in boxes for edge in (box.x, box.x + box.w)})
    return sum(
        (right - left) * _length([box for box in boxes if box.x <= left and right <= box.x + box.w])
        for left, right in pairwise(across)
    )


def _length(boxes: Iterable[Box]) -> float:
    """Of the column, what lies in any of them."""
    total, reached = 0.0, 0.0
    for box in sorted(boxes, key=lambda one: one.y):
        total += max(0.0, box.y + box.h - max(box.y, reached))
        reached = max(reached, box.y + box.h)
    return total


def _raising(evidence: Iterable[OriginEvidence]) -> list[OriginEvidence]:
    return [one for one in evidence if one.level >= WEAKEST]
