"""The way on which evidence came from a copy of a picture, as records (the rest of the vocabulary is in
`records`)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A picture where it stood in a post: with the digests of the picture and of the raw response that showed
    it."""

    platform: str
    account: str  # its handle
    retailer: str
    post_id: str
    post_url: str
    position: int
    sha256: str
    raw_sha256: str
    seen_at: datetime | None  # when we first saw this version of the post


@dataclass(frozen=True, slots=True)
class Step:
    """A link on the way from a picture to a copy of it: either is the other one's copy."""

    picture: str  # SHA-256, the later one
    reference: str  # SHA-256, the earlier one
    agreement: float | None
    overlap: float | None
    transform: str


@dataclass(frozen=True, slots=True)
class Via:
    """The way that evidence came from a copy of the picture. No step: the very same bytes."""

    there: Place
    here: Place
    same_publisher: bool
    steps: tuple[Step, ...] = ()
