"""Do two pictures lie on each other exactly, as a copy does that was only compressed or made small?

Where a picture is coarse, its details are found a px beside where they are, and a copy looks like a second
shot of the same thing. What is around each of many places knows better than any single detail: patches are
laid on each other by their pixels (ECC: Evangelidis and Psarakis 2008), and where they have to go says how
the whole lies. A camera that was moved shifts what is near otherwise than what is far, and turns and
stretches all of it a little.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector.matching.alignment.agreement import GREY, LEAST, canvas_frame, inside, warped, warped_mask
from detector.matching.alignment.align import Matrix3
from detector.matching.alignment.transform import turn_and_stretch

SIDE = 256  # px, long edge of what both share
PATCHES = 7  # along the long edge
SMALLEST = 18  # px: a smaller patch holds too little
TEXTURED = 6.0  # standard deviation within the patch, of 255
SOFT = 3  # px of the blur under which patches are compared
SURE = 0.8  # correlation of a patch once it is laid
FAR = 3.0  # px: a patch does not go farther
STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 1e-3)
FEWEST = 16  # patches
ROUNDS = 3
UPRIGHT, EVEN, BESIDE = 0.1, 0.008, 0.4  # degrees, share, px: docs/benchmarks/matching-choosing.md, "Coarse"

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exact:
    """`matrix` (3, 3), affine, from the reference's px to the picture's; `patches` how many were laid;
    `residual` the median that they lie beside it, px of the picture or of the reference, whichever of the two
    is coarser."""

    matrix: Matrix3
    patches: int
    residual: float


def exactly(picture: Pixels, reference: Pixels, affine: Matrix3) -> Exact | None:
    """Of two RGB pictures under a rough affine fit (from the reference's px to the picture's). None where
    fewer than `FEWEST` patches can be laid, or they do not lie as a copy's do that was neither turned nor
    stretched since: on one affine map, upright, and as wide as high."""
    found = None
    for _ in range(ROUNDS):
        found = _closer(picture, reference, affine)
        if found is None:
            return None
        affine = found.matrix
    turn, stretch = turn_and_stretch(affine)
    if found is None or abs((turn + 45) % 90 - 45) > UPRIGHT or stretch > EVEN or found.residual > BESIDE:
        return None
    return found


def _closer(picture: Pixels, reference: Pixels, affine: Matrix3) -> Exact | None:
    seen = inside(affine, reference.shape[:2], picture.shape[:2])
    if seen.mean() < LEAST:
        return None
    frame, size = canvas_frame(seen, reference.shape[:2], affine, SIDE)
    back = np.asarray(frame @ np.linalg.inv(affine), np.float64)
    shared = warped_mask(reference.shape[:2], frame, size) & warped_mask(picture.shape[:2], back, size)
    pairs = ((picture, back), (reference, frame))
    mine, theirs = (np.asarray(warped(one, onto, size) @ GREY) for one, onto in pairs)
    places, moves = _laid(mine, theirs, shared)
    if len(places) < FEWEST:
        return None
    known = np.column_stack([places, np.ones(len(places))])
    solved = _robust(known, places + moves)
    beside = np.linalg.norm(known @ solved - places - moves, axis=1)
    moved = np.vstack([solved.T, [0, 0, 1]])
    coarser = float(np.sqrt(max(abs(np.linalg.det(back[:2, :2])), abs(np.linalg.det(frame[:2, :2])))))
    return Exact(np.linalg.inv(back) @ moved @ frame, len(places), float(np.median(beside)) / coarser)


def _laid(
    mine: NDArray[np.float32], theirs: NDArray[np.float32], shared: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """(n, 2) px x, y: the middles of the patches, and how far theirs has to go to lie on mine."""
    height, width = theirs.shape
    edge = max(SMALLEST, max(height, width) // PATCHES)
    places, moves = [], []
    whole = np.full((edge, edge), 255, np.uint8)
    soft = [cv2.GaussianBlur(one, (0, 0), 1.0) for one in (mine, theirs)]
    for top in range(0, height - edge + 1, max(1, edge // 2)):
        for left in range(0, width - edge + 1, max(1, edge // 2)):
            patch = slice(top, top + edge), slice(left, left + edge)
            if not shared[patch].all() or min(one[patch].std() for one in soft) < TEXTURED:
                continue
            still = np.eye(2, 3, dtype=np.float32)
            try:
                alike, found = cv2.findTransformECC(
                    soft[1][patch], soft[0][patch], still, cv2.MOTION_TRANSLATION, STEPS, whole, SOFT
                )
            except cv2.error:  # it does not converge: nothing there to be laid
                continue
            move = np.asarray(found)[:, 2]
            if alike >= SURE and np.abs(move).max() <= FAR:
                places.append((left + (edge - 1) / 2, top + (edge - 1) / 2))
                moves.append(move)
    return np.array(places, np.float64).reshape(-1, 2), np.array(moves, np.float64).reshape(-1, 2)


def _robust(known: Floats, wanted: Floats) -> Floats:
    """Least absolute deviations, by weights that are found again five times."""
    weights = np.ones(len(known))
    for _ in range(5):
        heavy = known * weights[:, None]
        solved = np.linalg.solve(heavy.T @ known, heavy.T @ wanted)
        weights = 1 / np.maximum(np.linalg.norm(known @ solved - wanted, axis=1), 0.05)
    return np.asarray(solved, np.float64)
