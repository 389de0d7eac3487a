"""What may be said of a file that is damaged in part, where no copy was found: verification, seen from the
damage.

Of a JPEG everything after the damage may have slid aside or changed colour, and all before it is whole. So
the upper parts of the picture are laid on the registered one by themselves. What fits exactly there is for a
person to look at, and whatever is said of such a file names the damage.
"""

from collections.abc import Iterator
from dataclasses import replace

from detector.matching.alignment.align import Fit, fit
from detector.matching.alignment.verify import COARSE, CUT_INLIERS, CUT_RESIDUAL, Prepared
from detector.matching.candidate import Alignment
from detector.matching.local_features.features import Points
from storage.records import MatchKind

UPPER = (0.85, 0.7, 0.55, 0.4, 0.25)  # of the picture's height: what lies above the damage, wherever that is
FITTING = 15  # details that fit somehow: with fewer nobody looks for damage


def suspected(one: Alignment) -> bool:
    """Whether damage may be why it is no copy. Where all of it agrees and is only coarse, it is not."""
    if one.at is not None or one.reason == COARSE:
        return False
    return one.kind not in (None, MatchKind.COPY) and one.inliers >= FITTING


def told(one: Alignment, picture: Prepared, reference: Prepared) -> Alignment:
    """The alignment of a picture out of a damaged file, with what that means for it."""
    if one.kind is not MatchKind.SAME_SCENE_OR_GARMENT:
        return replace(one, reason=f"a part of the file is damaged: {one.reason}")
    points, px = _fitting(one, picture, reference)
    if not points:
        return replace(one, reason=f"a part of the file is damaged: {one.reason}")
    words = f"a part of the file is damaged, and {points} details fit within {px:.1f} px in the rest"
    return replace(one, kind=MatchKind.LIKELY_COPY, reason=words)


def _fitting(one: Alignment, picture: Prepared, reference: Prepared) -> tuple[int, float]:
    """How many details fit exactly, and within how many px; (0, 0.0) where they do not."""
    if _exact(one.inliers, one.residual):
        return one.inliers, one.residual
    for found in _of_upper_parts(picture, reference):
        if _exact(len(found.pairs), found.residual):
            return len(found.pairs), found.residual
    return 0, 0.0


def _exact(inliers: int, residual: float) -> bool:
    return inliers >= CUT_INLIERS and residual <= CUT_RESIDUAL


def _of_upper_parts(picture: Prepared, reference: Prepared) -> Iterator[Fit]:
    points = picture.points
    for share in UPPER:
        above = points.places[:, 1] < share * picture.size[1]
        upper = Points(
            points.places[above], points.angles[above], points.sizes[above], points.descriptors[above]
        )
        found = fit(upper, reference.points)
        if found is not None:
            yield found
