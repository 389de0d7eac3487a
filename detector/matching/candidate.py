"""What passes between the steps of matching: a candidate to verify, an alignment that verified it, and the
conclusion."""

from dataclasses import dataclass

from storage.boxes import Box
from storage.changes import Change
from storage.records import Match, MatchKind

Matrix = tuple[float, float, float, float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference that a picture (or one frame, or one region of it) may show, before anything is verified.

    `found_by`: "sha256", "pdq", "phash", "regions" (region hash beside a reference's tiles) or "local" (votes
    of local features). `distance` and `threshold` are bits; for "local" votes and the votes that were needed.
    """

    reference: str  # SHA-256 of the registered (or earlier) picture
    found_by: str
    distance: float
    threshold: float
    region: Box | None = None
    transform: str = ""
    at: float | None = None  # second of the frame, in a video or an animation


@dataclass(frozen=True, slots=True)
class Alignment:
    """A picture laid on a reference, and how far they are the same.

    `matrix` maps the reference's unit square onto the picture's (3x3, row by row; both axes 0 to 1). `kind`
    None: nothing in common was found; `reason` says why it is no copy ("" for a copy).
    """

    reference: str
    kind: MatchKind | None
    reason: str
    at: float | None = None
    matrix: Matrix | None = None
    region: Box | None = None  # what of the picture is the reference
    transform: str = ""  # in words
    overlap: float = 0.0  # share of the reference that is seen
    inliers: int = 0
    residual: float = 0.0  # px, median over the inliers
    agreement: float = 0.0  # 0 to 1
    too_little: bool = False  # not enough texture on either side to align: says nothing about the pair
    stretch: float = 0.0  # of what could not be laid: how much longer it became one way than the other
    changes: tuple[Change, ...] = ()  # what was done to the reference


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What matching one file came to. `reasons` name why a candidate, or the whole picture, is no match.
    `stopped`: a limit ended the comparison, so that another try may come to more."""

    matches: tuple[Match, ...]
    reasons: tuple[str, ...] = ()
    too_little: bool = False
    stopped: bool = False
