"""The matcher under test, through the door that the nightly job uses: examine, candidates, verify, conclude.

Nothing here decides anything; it keeps what was decided, and what each step cost.
"""

import hashlib
import itertools
import pickle
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

import detector
from benchmarks.matching.split import Photo
from detector.examine import examine, reference_stage_versions, stage_versions
from detector.fingerprints import FINGERPRINT
from detector.matching.alignment.verify import (
    Prepared,
    compare,
    prepare_picture,
    prepare_reference,
    reference_features,
)
from detector.matching.candidate import Alignment, Candidate
from detector.matching.local_features.features import Packed
from detector.matching.search.bank import Bank
from detector.pictures.decode import decode
from storage.formats import format_of
from storage.records import Examination, Match, MatchKind, ReferenceImage, ReferenceKind

PICTURE_EDGE, REFERENCE_EDGE = 640, 512  # px: as verify wants them (matching.md, section 3a)
FORCED = "forced"  # a candidate that the benchmark named, whatever the fingerprints say
FINGERPRINTING = (
    *("examine.py", "fingerprints.py", "hashing.py", "hashes/*.py"),
    *("pictures/decode.py", "pictures/downscale.py", "pictures/jpeg.py"),
    *("matching/local_features/*.py", "matching/local_features/codebook.npz", "matching/parts/*.py"),
)
MATCHING = ("matching/*.py", "matching/search/*.py", "matching/alignment/*.py")
KINDS = list(MatchKind)  # surest first

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one reference came to beside a picture. `kind` "" for none; `agreement` 0 to 1, `residual` px."""

    kind: str
    found_by: str
    reason: str = ""
    inliers: int = 0
    residual: float = 0.0
    agreement: float = 0.0
    overlap: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """By reference name. `seconds` of CPU: examine, candidates, verify, conclude."""

    found: dict[str, Evidence]
    seconds: tuple[float, float, float, float]
    too_little: bool = False


class Matcher:
    """A bank of references, and one picture after the other through it."""

    def __init__(self, references: Sequence[Photo]) -> None:
        before = psutil.Process().memory_info().rss
        looked = examined(references)
        self.paths = {one.sha256: photo.path for photo, one in zip(references, looked, strict=True)}
        self.names = {sha256: path.stem for sha256, path in self.paths.items()}
        self.digests = {name: sha256 for sha256, name in self.names.items()}
        self.stored = [sum(len(one.bits) for one in each.fingerprints) for each in looked]
        self.bank = Bank(
            (
                ReferenceImage(one.sha256[:12], one.sha256, ReferenceKind.DIGITAL_TWIN, basis="benchmark"),
                one.fingerprints,
            )
            for one in looked
        )
        self.features: dict[str, Packed] = {}  # of references that were verified
        self.resident = psutil.Process().memory_info().rss - before  # bytes: fingerprints and bank

    def beside(self, names: Collection[str]) -> int:
        """How many references there are without these."""
        return len(self.paths) - sum(name in self.digests for name in names)

    def look(self, data: bytes, *, without: Collection[str] = (), only: str = "") -> Outcome:
        """One file against the bank. Names in `without` are left out. With `only` nothing but this reference
        is verified, whether fingerprints proposed it or not."""
        clock = [time.process_time()]
        looked = examine(data, picture_stages())
        clock.append(time.process_time())
        candidates = list(self.bank.candidates(looked.fingerprints, looked.sha256))
        if only:
            candidates = [one for one in candidates if one.reference == self.digests[only]]
            candidates = candidates or [Candidate(self.digests[only], FORCED, 0, 0)]
        left_out = {self.digests[name] for name in without if name in self.digests}
        candidates = [one for one in candidates if one.reference not in left_out]
        clock.append(time.process_time())
        alignments = self._verified(data, candidates)
        clock.append(time.process_time())
        conclusion = self.bank.conclude(tuple(candidates), alignments)
        clock.append(time.process_time())
        found = self._evidence(candidates, alignments, conclusion.matches)
        steps = tuple(after - before for before, after in itertools.pairwise(clock))
        return Outcome(found, steps, conclusion.too_little)  # type: ignore[arg-type]

    def _verified(self, data: bytes, candidates: Sequence[Candidate]) -> tuple[Alignment, ...]:
        asked = list(dict.fromkeys(one.reference for one in candidates))
        if not asked:
            return ()
        ready = prepare_picture(pixels(data, PICTURE_EDGE))
        return tuple(compare(ready, one, self._prepared(one)) for one in asked)

    def _prepared(self, sha256: str) -> Prepared:
        """As a worker does it (detector/verification.py): its features are kept for the next picture."""
        decoded = reference_pixels(self.paths[sha256])
        if sha256 not in self.features:
            self.features[sha256] = reference_features(decoded)
        return prepare_reference(decoded, self.features[sha256])

    def _evidence(
        self, candidates: Sequence[Candidate], alignments: Sequence[Alignment], matches: Sequence[Match]
    ) -> dict[str, Evidence]:
        found = {self.names[one.reference]: Evidence("", one.found_by) for one in reversed(candidates)}
        for one in alignments:
            name = self.names[one.reference]
            found[name] = replace(
                found[name],
                reason=one.reason,
                inliers=one.inliers,
                residual=round(one.residual, 3),
                agreement=round(one.agreement, 4),
                overlap=round(one.overlap, 3),
            )
        for match in sorted(matches, key=lambda match: -KINDS.index(match.kind)):
            name = self.names[match.reference]
            found[name] = replace(found.get(name, Evidence("", match.algorithm)), kind=match.kind.value)
        return found


def pixels(data: bytes, long_edge: int) -> Pixels:
    return decode(data, format_of(data), long_edge=long_edge).pixels


@lru_cache(maxsize=256)
def reference_pixels(path: Path) -> Pixels:
    return pixels(path.read_bytes(), REFERENCE_EDGE)


def picture_stages() -> list[str]:
    """The fingerprints of a collected picture: matching needs no more, and origin marks cost time."""
    return [stage for stage in stage_versions() if stage.startswith(FINGERPRINT)]


def reference_stages() -> list[str]:
    return [stage for stage in reference_stage_versions() if stage.startswith(FINGERPRINT)]


def code_digest(files: Sequence[str] = (*FINGERPRINTING, *MATCHING)) -> str:
    """Of what fingerprints, and of what matches: results of another state of it are not continued. Raises
    FileNotFoundError where a pattern names nothing any more: its files' state would go unnoticed."""
    room = Path(detector.__file__).parent
    digest = hashlib.sha256()
    named = {pattern: set(room.glob(pattern)) for pattern in files}
    if gone := [pattern for pattern, paths in named.items() if not paths]:
        raise FileNotFoundError(f"no such files in the detector: {', '.join(gone)}")
    for path in sorted(set().union(*named.values())):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def examined(references: Sequence[Photo]) -> list[Examination]:
    """Their fingerprints as registered pictures; kept in the temporary folder, by the detector's state."""
    folder = Path(tempfile.gettempdir()) / f"matching-references-{code_digest(FINGERPRINTING)}"
    folder.mkdir(exist_ok=True)
    return list(parallel(_examined, [(photo.path, folder) for photo in references], "references"))


def _examined(job: tuple[Path, Path]) -> Examination:
    path, folder = job
    kept = folder / path.stem
    if not kept.exists():
        half = kept.with_suffix(".new")
        half.write_bytes(pickle.dumps(examine(path.read_bytes(), reference_stages())))
        half.rename(kept)
    looked: Examination = pickle.loads(kept.read_bytes())
    return looked


def parallel(work: Callable[[Any], Any], jobs: Sequence[Any], what: str, processes: int = 2) -> Any:
    """The answers in the order of the jobs, from so many forked processes, with a progress bar."""
    cv2.setNumThreads(1)
    with get_context("fork").Pool(processes) as pool:
        yield from track(
            pool.imap(work, jobs, chunksize=1), what, total=len(jobs), console=Console(stderr=True)
        )
