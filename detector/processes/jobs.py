"""What worker processes are asked to do and what they answer: plain records, which `wire` writes as lines."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.matching.candidate import Alignment
from detector.onimage.drawn import Drawing
from storage.boxes import Box
from storage.records import Failure, Surface

Reference = tuple[str, Path, float | None]
SHOWN_EDGE = 1024  # px: the largest picture that a worker hands back as pixels, 3 MB of them
AS_LONG_AGAIN = 10_000_000  # bytes: of 20 s, 2 s a megabyte; more than what a film may cost (patience.py)
MOST_TIMES = 16


@dataclass(frozen=True, slots=True)
class ExamineJob:
    """A file, the stages to run on it (None: those of every collected file), whether the whole decode is to
    be hashed, and the file that holds the trust lists (trust.dumped; None: there are none)."""

    path: Path
    stages: tuple[str, ...] | None = None
    exact: bool = False
    trust: Path | None = None


@dataclass(frozen=True, slots=True)
class VerifyJob:
    """A picture or video to be laid on registered pictures: (SHA-256, where its bytes are, the second of the
    frame to lay on it or None for a still). `key` is the asker's own; it stays in this process. `closely` are
    the references (SHA-256) of which it is asked what was done to them, with the places of their marks."""

    key: Hashable
    picture: Path
    references: tuple[Reference, ...]
    closely: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)


class Verified(NamedTuple):
    """An alignment for each reference of the job. Where `failure` says why some could not be looked at
    (the picture's own fault, or a limit), theirs are missing. A reference that cannot be decoded has one,
    with `kind` None and the reason."""

    job: VerifyJob
    alignments: tuple[Alignment, ...]
    failure: Failure | None

    @property
    def key(self) -> Hashable:
        return self.job.key


@dataclass(frozen=True, slots=True)
class ShowJob:
    """A picture (or a video's frame at this second) wanted as pixels, the long edge at most `edge` px."""

    path: Path
    at: float | None = None
    edge: int = SHOWN_EDGE


@dataclass(frozen=True, slots=True)
class DrawJob:
    """A file of which the mark is wanted that is drawn on it (detector.onimage.drawn)."""

    path: Path


@dataclass(frozen=True, slots=True)
class LookJob:
    """A file to look at for labels on the picture. `moments`: seconds of a video's frames, None for a still;
    `unseen`: what of it is not looked at, in words (detector.onimage.moments)."""

    path: Path
    surfaces: tuple[Surface, ...]
    moments: tuple[float | None, ...] = (None,)
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class ControlJob:
    """A control of `detector/controls/`, by its name: is what is known to be there found?"""

    name: str


class Shown(NamedTuple):
    """`pixels` uint8 (H, W, 3) RGB as a viewer sees them; `width` and `height` of the file's whole picture.
    None with the reason in `failure`."""

    job: ShowJob
    pixels: NDArray[np.uint8] | None
    width: int
    height: int
    failure: Failure | None


class Drawn(NamedTuple):
    """What is drawn on the file; None with the reason in `failure`."""

    job: DrawJob
    drawing: Drawing | None
    failure: Failure | None


def second(at: float | None) -> float:
    """To sort frames by: a still picture comes before them all."""
    return -1.0 if at is None else at


def allowed_seconds(seconds: float, path: Path) -> float:
    """Wall time for this file, `seconds` if it is small: a film of 100 MB cannot be looked at as quickly as a
    picture."""
    try:
        size = path.stat().st_size
    except OSError:
        return seconds
    return seconds * min(MOST_TIMES, 1 + size / AS_LONG_AGAIN)
