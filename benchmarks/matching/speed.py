"""What it costs: CPU time of one core beside `imagehash.phash(Image.open(f))` on the same files, and memory.

The files are 1080x1350 JPEGs of quality 85, as Instagram serves them, made from photographs that are no
reference. All ways are timed in turn on each file, so that a busy machine slows them alike.
"""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from statistics import fmean, median

import imagehash
import numpy as np
from PIL import Image, ImageOps

from benchmarks.matching import matcher as under_test
from benchmarks.matching.changes import changed
from benchmarks.matching.matcher import Matcher, Outcome, picture_stages
from benchmarks.matching.split import Photo
from detector.examine import examine
from detector.fingerprints import hash_stages
from storage.records import Fingerprint

SIZE = (1080, 1350)
ROUNDS = 2
STEPS = ("examine", "candidates", "verify", "conclude")


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds of CPU a file, means. `ordinary`: pictures that match nothing; `matched`: crops of references.
    `steps`: an ordinary picture's, one by one. `moved`: bits of 256 by which PDQ's quick hash differs from
    that of the whole decode. `verified`: share of ordinary pictures with a candidate to verify. `usual`: the
    median of ordinary pictures. A worker keeps the features of the references that it met last, so those of
    these figures were met before in the night; `first` and `first_match`: an ordinary picture and a match
    whose references were all met for the first time."""

    phash: float
    hashes: float
    ordinary: float
    usual: float
    steps: tuple[float, ...]
    verified: float
    matched: float
    alignment: float
    first: float
    first_match: float
    moved: tuple[int, ...]
    picture_bytes: tuple[int, ...]
    reference_bytes: tuple[int, ...]
    references: int
    resident: int
    peak: int


def measured(matcher: Matcher, others: Sequence[Photo], references: Sequence[Photo]) -> Speed:
    files = [enlarged(photo) for photo in others]
    copies = [enlarged(photo, "crop 20 % aside") for photo in references]
    timed = [_in_turn(matcher, data) for data in files for _ in range(ROUNDS)]
    plain = [one for one in timed if not any(each.kind for each in one[3].found.values())]
    found = [_twice(matcher, data) for data in copies]
    looked = [examine(data, picture_stages()) for data in files]
    exact = [examine(data, hash_stages(), exact=True) for data in files]
    return Speed(
        phash=fmean(one[0] for one in timed),
        hashes=fmean(one[1] for one in timed),
        ordinary=fmean(sum(one[3].seconds) for one in plain),
        usual=median(sum(one[3].seconds) for one in plain),
        steps=tuple(fmean(one[3].seconds[place] for one in plain) for place in range(len(STEPS))),
        verified=fmean(bool(one[3].found) for one in plain),
        matched=fmean(sum(one.seconds) for _, one in found),
        alignment=fmean(sum(one.seconds[2:]) for _, one in found),
        first=fmean(sum(one[2].seconds) for one in plain),
        first_match=fmean(sum(one.seconds[2:]) for one, _ in found),
        moved=tuple(
            _moved(one.fingerprints, other.fingerprints) for one, other in zip(looked, exact, strict=True)
        ),
        picture_bytes=tuple(sum(len(each.bits) for each in one.fingerprints) for one in looked),
        reference_bytes=tuple(matcher.stored),
        references=len(matcher.paths),
        resident=matcher.resident,
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def enlarged(photo: Photo, change: str = "") -> bytes:
    with Image.open(photo.path) as image:
        made = image.convert("RGB")
    made = changed(photo.name, made, change, ()) if change else made
    out = BytesIO()
    ImageOps.fit(made, SIZE, Image.Resampling.LANCZOS).save(out, "JPEG", quality=85)
    return out.getvalue()


def _in_turn(matcher: Matcher, data: bytes) -> tuple[float, float, Outcome, Outcome]:
    phash = _seconds(lambda: imagehash.phash(Image.open(BytesIO(data))))
    hashes = _seconds(lambda: examine(data, hash_stages()))
    return phash, hashes, *_twice(matcher, data)


def _twice(matcher: Matcher, data: bytes) -> tuple[Outcome, Outcome]:
    """With references that were never met before, and once more."""
    matcher.features.clear()
    met = []
    for _ in range(2):
        under_test.reference_pixels.cache_clear()  # a night decodes each reference when it is needed
        met.append(matcher.look(data))
    return met[0], met[1]


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _moved(quick: Sequence[Fingerprint], exact: Sequence[Fingerprint]) -> int:
    first, second = (next(one.bits for one in each if one.algorithm == "pdq") for each in (quick, exact))
    return int(np.bitwise_count(np.frombuffer(first, np.uint8) ^ np.frombuffer(second, np.uint8)).sum())
