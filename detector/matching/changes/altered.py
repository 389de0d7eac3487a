"""What was done to a registered picture, as a copy of it shows: its mark cropped away or removed, a part of
it replaced.

Both are laid on each other finely (fine.py), compared place for place (differing.py), and every region that
differs is asked what it is (replaced.py): a caption, a sticker or a grading changes nothing of what the
picture shows. Marks are looked at by themselves (kept_marks.py). Pure: pixels and an alignment in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.candidate import Alignment
from detector.matching.changes.differing import WINDOW, Compared, Region, compared, regions, round_kernel
from detector.matching.changes.fine import Fine, around, laid_finely
from detector.matching.changes.grading import Mask
from detector.matching.changes.kept_marks import mark_change
from detector.matching.changes.replaced import Look, judged, look
from storage.boxes import Box
from storage.changes import Change, ChangeKind
from storage.records import MatchKind

VERSION = "3"
# Of what both share: less than 3 % is not told (issue 4, point 4). A region comes out a little smaller than
# what was replaced, where both look alike at its edge.
LEAST = 0.024
SAME = 0.92  # of all that was neither replaced nor covered is the same: else the two do not lie on each other
# Of what both share, the grading leaves unexplained beside the regions at most. Of 222 replaced ones in the
# choosing half one had more (99 % had 0.034 at most); with more, gradings and captions look like anything.
UNEXPLAINED = 0.08
# What shares a scene, by verify.py, and may be a copy of which a part was replaced:
EXACT, MANY, HALF = 0.8, 30, 0.5  # px at most, inliers and share of the reference at least,
AGREED = 0.5  # and agreement,
# and upright, as a crop lies: how far a corner may be off. Of 170 pairs of different photographs with most
# points in common seven fit as exactly, by a floor under two garments, and lay askew, six of them measured
# by 0.022 and more; 15 of 16 replaced ones of the choosing half by 0.003 at most, one by 0.009.
UPRIGHT = 0.012
ALL_ELSE, MOST = 0.97, 0.4  # of all else is the same at least, of what they share was replaced at most
IN_MARK = 0.5  # of a region lies where a mark was: that is told already

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Found:
    """`replaced` is the share of what both share that was, `covered` what something lies on; `same` the share
    of all else that is the same, `unexplained` what else the grading does not lead to."""

    changes: tuple[Change, ...]
    replaced: float
    covered: float
    same: float
    unexplained: float


def looked_at_closely(
    picture: Pixels, reference: Pixels, alignment: Alignment, marks: Sequence[Box]
) -> Alignment:
    """A copy, or what may be one, with what was done to it. What fits exactly, and differs because so much of
    it was replaced, may be one: a person has to look."""
    if not worth_a_look(alignment):
        return alignment
    doubtful = alignment.kind is MatchKind.SAME_SCENE_OR_GARMENT
    found = altered(picture, reference, alignment, marks)
    if found is None:
        return alignment
    if not doubtful:
        return replace(alignment, changes=found.changes)
    gone = found.replaced + found.covered
    if found.same < ALL_ELSE or found.unexplained > UNEXPLAINED or not LEAST <= gone <= MOST:
        return alignment
    reason = f"{round(gone * 100)} % of it was replaced or is covered, and all the rest is exactly the same"
    return replace(alignment, kind=MatchKind.LIKELY_COPY, reason=reason, changes=found.changes)


def worth_a_look(alignment: Alignment) -> bool:
    """A copy, or what fits as exactly; not "askew", as a second shot of the same thing lies (verify.py)."""
    if alignment.kind is not MatchKind.SAME_SCENE_OR_GARMENT:
        return alignment.kind is not None
    exact = alignment.residual <= EXACT and alignment.inliers >= MANY and alignment.overlap >= HALF
    return exact and alignment.agreement >= AGREED and "askew" not in alignment.reason and upright(alignment)


def upright(alignment: Alignment) -> bool:
    """The reference's edges lie along the picture's, as after a crop, another size or a mirror."""
    if not alignment.matrix:
        return False
    onto = np.array(alignment.matrix, np.float64).reshape(3, 3)
    corners = np.array([[[0, 0], [1, 0], [1, 1], [0, 1]]], np.float64)
    (x, y) = cv2.perspectiveTransform(corners, onto)[0].T
    across = max(abs(x[0] - x[3]), abs(x[1] - x[2])) / max(float(np.ptp(x)), 1e-6)
    down = max(abs(y[0] - y[1]), abs(y[3] - y[2])) / max(float(np.ptp(y)), 1e-6)
    return bool(max(across, down) <= UPRIGHT)


def altered(picture: Pixels, reference: Pixels, alignment: Alignment, marks: Sequence[Box]) -> Found | None:
    """Of two RGB pictures as they were verified, `marks` in shares of the reference. None where they share
    too little to tell."""
    fine = laid_finely(picture, reference, alignment.matrix) if alignment.matrix else None
    if fine is None:
        return None
    seen = compared(fine)
    found = regions(fine, seen.odd, LEAST)
    same, unexplained = the_rest(fine, seen, found)
    replaced, covered = _named(found, look(fine, seen, unexplained)) if found else ([], [])
    shares = [sum(region.share for region in some) for some in ([one for one, _ in replaced], covered)]
    asked = [mark_change(fine, (picture, reference), box, alignment.overlap) for box in marks]
    changes = [change for change in asked if change is not None]
    if same >= SAME and unexplained <= UNEXPLAINED:
        gone = [change.reference_region for change in changes]
        told = [_replaced(region, words, fine) for region, words in replaced]
        changes += [one for one in told if not any(_within(one.reference_region, box) for box in gone)]
    return Found(tuple(changes), shares[0], shares[1], same, unexplained)


def the_rest(fine: Fine, seen: Compared, found: Sequence[Region]) -> tuple[float, float]:
    """Beside these regions: the share that is the same, and how much of what both share the grading leaves
    unexplained."""
    left = fine.shared & ~_joined(found, fine)
    same = float((~seen.odd[left]).mean()) if left.any() else 0.0
    return same, max(1 - fine.explained - sum(region.share for region in found), 0.0)


def _named(found: Sequence[Region], looked: Look) -> tuple[list[tuple[Region, str]], list[Region]]:
    """Those that were replaced, each with what stands there instead; and all others."""
    named = [(region, judged(region, looked)) for region in found]
    replaced = [(region, one.words) for region, one in named if one.replaced]
    return replaced, [region for region, one in named if not one.replaced]


def _joined(some: Sequence[Region], fine: Fine) -> Mask:
    """With what is next to them: a window that reaches into a region differs as well."""
    mask = np.zeros_like(fine.shared)
    for region in some:
        mask |= region.mask
    return np.asarray(cv2.dilate(mask.astype(np.uint8), round_kernel(WINDOW)) > 0)


def _replaced(region: Region, instead: str, fine: Fine) -> Change:
    left, top, wide, high = cv2.boundingRect(region.mask.astype(np.uint8))
    right, low = left + wide - 0.5, top + high - 0.5
    corners = np.array([[left - 0.5, top - 0.5], [right, top - 0.5], [right, low], [left - 0.5, low]])
    return Change(
        kind=ChangeKind.ALTERED,
        region=around(corners, fine.found),
        reference_region=around(corners, fine.registered),
        share=round(region.share, 4),
        reason=f"{max(1, round(region.share * 100))} % of what they share was replaced by {instead}",
    )


def _within(one: Box, other: Box) -> bool:
    """Most of the one lies in the other."""
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(across, 0.0) * max(down, 0.0) > IN_MARK * one.w * one.h
