"""Text on the picture: how many labels are read, how many photographs are called labelled, and what it costs.

    python -m benchmarks.labels.text PHOTOS [--labels 468] [--clean 1000] [--every 4] [--out FILE]

Labels are drawn (benchmarks/labels/drawing.py) on the half of the photographs that thresholds were not chosen
on. The library's own call, with its own defaults on one thread, is timed on every fourth of them, in the same
run. Time is that of the processor, so that other work on the machine does not count.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean, median
from time import process_time
from typing import Any

import cv2
import numpy as np

from benchmarks.labels.drawing import (
    Contrast,
    Label,
    Pixels,
    enlarged,
    fonts_of,
    labelled,
    plans,
    through_jpeg,
)
from benchmarks.labels.wordings import WORDINGS
from benchmarks.matching.bounds import upper
from benchmarks.matching.split import Half, photographs
from detector.onimage.spot import may_bear_text
from detector.onimage.text import read_text
from storage.records import Reading, ReadingState

SEED = 2026
UNREADABLE_LANGUAGES = ("ko",)  # that the library's model does not know


@dataclass(frozen=True, slots=True)
class Trial:
    """A picture with a label (or none), read. Seconds of processor time; `library` where it was timed."""

    reading: Reading
    seconds: float
    spotted: bool
    spotting: float
    label: Label | None = None
    contrast: Contrast | None = None
    name: str = ""
    library: float | None = None
    ours: float | None = None


def run_labels(photos: Sequence[Path], count: int, every: int, engine: Any) -> list[Trial]:
    trials = []
    for number, label in enumerate(islice(plans(SEED), count)):
        path = photos[number % len(photos)]
        drawn = labelled(enlarged(path), label, number)
        trial = _tried(drawn.pixels, path.stem, label, drawn.contrast)
        if number % every == 0:
            trial = _beside_library(trial, drawn.pixels, engine)
        trials.append(trial)
        _say(number + 1, count, "labels")
    return trials


def run_clean(photos: Sequence[Path], count: int, every: int, engine: Any) -> list[Trial]:
    trials = []
    for number, path in enumerate(photos[:count]):
        pixels = through_jpeg(enlarged(path))
        trial = _tried(pixels, path.stem)
        if number % every == 0:
            trial = _beside_library(trial, pixels, engine)
        trials.append(trial)
        _say(number + 1, min(count, len(photos)), "photographs")
    return trials


def _tried(pixels: Pixels, name: str, label: Label | None = None, contrast: Contrast | None = None) -> Trial:
    start = process_time()
    spotted = may_bear_text(pixels)
    middle = process_time()
    reading = read_text(pixels)
    return Trial(reading, process_time() - middle, spotted, middle - start, label, contrast, name)


def _beside_library(trial: Trial, pixels: Pixels, engine: Any) -> Trial:
    start = process_time()
    engine(np.ascontiguousarray(pixels[:, :, ::-1]))
    return Trial(
        trial.reading,
        trial.seconds,
        trial.spotted,
        trial.spotting,
        trial.label,
        trial.contrast,
        trial.name,
        process_time() - start,
        trial.seconds,
    )


def report(labels: Sequence[Trial], clean: Sequence[Trial]) -> str:
    """As Markdown."""
    return "\n".join(
        [*_by_contrast(labels), "", *_by_language(labels), "", *_false(clean), "", *_times(labels, clean)]
    )


def _by_contrast(trials: Sequence[Trial]) -> Iterable[str]:
    yield "| grey levels, letters and ground | labels | read | of them below the floor | spotted cheaply |"
    yield "|---|---|---|---|---|"
    for contrast in Contrast:
        mine = [t for t in trials if t.contrast is contrast and _readable(t)]
        floor = sum(bool(t.reading.prominence.get("below_floor")) for t in mine if _read(t))
        spotted = _share(mine, lambda t: t.spotted)
        yield f"| {contrast} | {len(mine)} | {_share(mine, _read)} | {floor} | {spotted} |"


def _by_language(trials: Sequence[Trial]) -> Iterable[str]:
    yield "| language | labels, 40 levels and more | read | not read: what was answered |"
    yield "|---|---|---|---|"
    for language in WORDINGS:
        mine = [
            t for t in trials if t.label and t.label.language == language and t.contrast is Contrast.PLAIN
        ]
        others = Counter(f"{t.reading.state}: {t.reading.reason}" for t in mine if not _read(t))
        told = "; ".join(f"{count} × {answer}" for answer, count in others.most_common())
        yield f"| {language} | {len(mine)} | {_share(mine, _read)} | {told} |"
    missing = [language for language in WORDINGS if not fonts_of(language)]
    if missing:
        yield f"\nNo typeface on this machine for: {', '.join(missing)}."


def _false(trials: Sequence[Trial]) -> Iterable[str]:
    states = Counter(t.reading.state for t in trials)
    count = states[ReadingState.PRESENT]
    yield f"Photographs without a label: {len(trials)}. Called labelled: {count}" + (
        f" (at 95 % certainty below {upper(count, len(trials)):.2%} of all)." if trials else "."
    )
    yield (
        f"`ambiguous`: {states[ReadingState.AMBIGUOUS]}, `unreadable`: {states[ReadingState.UNREADABLE]}. "
        f"Spotted cheaply: {_share(trials, lambda t: t.spotted)}."
    )
    for trial in trials:
        if trial.reading.state is not ReadingState.ABSENT:
            yield f"- {trial.name}: {trial.reading.state} “{trial.reading.quote}” ({trial.reading.reason})"


def _times(labels: Sequence[Trial], clean: Sequence[Trial]) -> Iterable[str]:
    yield "| processor time | pictures | ours, mean | the library's call, mean | ratio | spotting, median |"
    yield "|---|---|---|---|---|---|"
    for name, trials in (("labelled", labels), ("without a label", clean)):
        timed = [(t.ours, t.library) for t in trials if t.ours is not None and t.library is not None]
        if timed:
            ours, library = fmean(o for o, _ in timed), fmean(i for _, i in timed)
            spotting = median(t.spotting for t in trials)
            yield (
                f"| {name} | {len(timed)} | {ours:.2f} s | {library:.2f} s | {ours / library:.2f} "
                f"| {1000 * spotting:.1f} ms |"
            )


def _readable(trial: Trial) -> bool:
    return trial.label is not None and trial.label.language not in UNREADABLE_LANGUAGES


def _read(trial: Trial) -> bool:
    return trial.reading.state is ReadingState.PRESENT


def _share(trials: Sequence[Trial], told: Any) -> str:
    return f"{fmean(bool(told(t)) for t in trials):.1%}" if trials else "–"


def _say(done: int, count: int, what: str) -> None:
    if done % 25 == 0 or done == count:
        print(f"{done} of {count} {what}", file=sys.stderr, flush=True)


def the_library() -> Any:
    """rapidocr as it comes, on one thread."""
    from rapidocr import RapidOCR  # noqa: PLC0415  as the detector: only where it is used

    one = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={"Global.log_level": "critical", **one})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("--labels", type=int, default=468)
    parser.add_argument("--clean", type=int, default=1000)
    parser.add_argument("--every", type=int, default=4, help="the library is timed on every so many")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    engine = the_library()
    mine = [photo.path for photo in photographs(asked.photos, Half.REPORT)]
    more = [photo.path for photo in photographs(asked.photos, Half.CHOOSE)]
    labels = run_labels(mine, asked.labels, asked.every, engine)
    clean = run_clean([*mine, *more], asked.clean, asked.every, engine)
    told = report(labels, clean)
    print(told)
    if asked.out:
        asked.out.write_text(told + "\n", "utf-8")


if __name__ == "__main__":
    main()
