"""Marks on the picture: how many EU icons are found, how many photographs are said to bear a mark, the cost.

    python -m benchmarks.labels.marks PHOTOS EU_ICONS [--pasted 384] [--clean 1000] [--every 8] [--out FILE]

The published icons are pasted at 2 to 6 % of the height into a corner, on the half of the photographs that
thresholds were not chosen on, and go through JPEG; half of them are made smaller after that, and through JPEG
again. Photographs without a mark: that half first, then the other, told apart. A full check (text and marks)
is timed beside the OCR library's own call, in the same run, on every so many pictures. Time is that of the
processor.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import process_time
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks.labels.drawing import Pixels, corner, enlarged, through_jpeg
from benchmarks.labels.text import the_library
from benchmarks.matching.bounds import upper
from benchmarks.matching.split import Half, photographs
from detector.onimage.icons import built_in_marks
from detector.onimage.look import Mark
from detector.onimage.marks import read_marks
from detector.onimage.text import read_text
from storage.records import Reading, ReadingState

SEED = 2026
HEIGHTS = (0.02, 0.06)  # of the picture's height, as the issue asks
QUALITIES = (60, 70, 85)
SMALLER = (0.5, 0.75)  # of the size before
PLACES = ("top left", "top right", "bottom left", "bottom right")
BANDS = ((0.02, 0.03), (0.03, 0.045), (0.045, 0.06))


@dataclass(frozen=True, slots=True)
class Pasted:
    """`icon` is the file's name without its ending; `smaller`, 1 where the picture kept its size."""

    icon: str
    height: float
    place: str
    quality: int
    smaller: float

    @property
    def says(self) -> str:
        word = next((word for word in ("generated", "modified") if word in self.icon), "")
        return f"AI {word.upper()}".strip()


@dataclass(frozen=True, slots=True)
class Trial:
    """Seconds of processor time; `text` and `library` where they were timed on the same picture."""

    name: str
    reading: Reading
    seconds: float
    pasted: Pasted | None = None
    half: str = ""
    text: float | None = None
    library: float | None = None

    @property
    def found(self) -> bool:
        wanted = self.pasted.says if self.pasted else ""
        return self.reading.state is ReadingState.PRESENT and self.reading.quote == wanted


def plans(icons: Sequence[Path], count: int) -> list[Pasted]:
    """Each icon in turn, first at the picture's size, then smaller; the rest drawn."""
    chance = random.Random(SEED)
    made = []
    for number in range(count):
        smaller = 1.0 if number // len(icons) % 2 == 0 else chance.uniform(*SMALLER)
        icon = icons[number % len(icons)].stem
        height, place = chance.uniform(*HEIGHTS), chance.choice(PLACES)
        made.append(Pasted(icon, height, place, chance.choice(QUALITIES), smaller))
    return made


def pasted(photo: Pixels, icon: Image.Image, plan: Pasted) -> Pixels:
    """uint8 RGB (H, W, 3), as a platform would serve it."""
    tall, wide = photo.shape[:2]
    high = round(plan.height * tall)
    size = (round(icon.width * high / icon.height), high)
    sized = icon.resize(size, Image.Resampling.LANCZOS)
    left, top = corner(plan.place, size, (wide, tall), round(0.02 * wide), random.Random(SEED))
    picture = Image.fromarray(photo)
    picture.paste(sized, (left, top), sized)
    made = through_jpeg(np.asarray(picture), plan.quality)
    if plan.smaller == 1:
        return made
    less = Image.fromarray(made).resize(
        (round(wide * plan.smaller), round(tall * plan.smaller)), Image.Resampling.LANCZOS
    )
    return through_jpeg(np.asarray(less), plan.quality)


def likeness(mark: Mark, icon: Image.Image) -> float:
    """Correlation between our drawing and the published file, both on a middle grey."""
    theirs = np.asarray(icon, np.float64)
    mine = mark.grey * (mark.alpha / 255) + 128 * (1 - mark.alpha / 255)
    share = theirs[..., 3] / 255
    his = theirs[..., 0] * share + 128 * (1 - share)
    return float(np.corrcoef(mine.ravel(), his.ravel())[0, 1])


def tried(
    pixels: Pixels, name: str, engine: Any, plan: Pasted | None = None, half: Half | None = None
) -> Trial:
    """`engine`: the library to be timed beside it, or None."""
    start = process_time()
    reading = read_marks(pixels, built_in_marks())
    seconds = process_time() - start
    if engine is None:
        return Trial(name, reading, seconds, plan, half or "")
    text = _seconds(lambda: read_text(pixels))
    library = _seconds(lambda: engine(np.ascontiguousarray(pixels[:, :, ::-1])))
    return Trial(name, reading, seconds, plan, half or "", text, library)


def _seconds(call: Callable[[], object]) -> float:
    start = process_time()
    call()
    return process_time() - start


# --- the report ---------------------------------------------------------------------------------------------


def report(likenesses: dict[str, float], on: Sequence[Trial], clean: Sequence[Trial]) -> str:
    """As Markdown."""
    drawn = ", ".join(f"{name} {like:.3f}" for name, like in likenesses.items())
    return "\n".join(
        [
            f"Our drawings beside the published files, correlation: {drawn}.\n",
            *_found(on),
            "",
            *_missed(on),
            "",
            *_false(clean),
            "",
            *_times(on, clean),
        ]
    )


def _found(trials: Sequence[Trial]) -> Iterable[str]:
    yield "| EU icons | pasted | found, and said what they say |"
    yield "|---|---|---|"
    yield _row("all", trials)
    told: dict[str, list[Trial]] = {}
    for trial in trials:
        if plan := trial.pasted:
            band = next((band for band in BANDS if plan.height <= band[1]), BANDS[-1])
            size = "the picture made smaller after that" if plan.smaller < 1 else "at full size"
            for name in (
                plan.icon,
                f"{band[0]:.1%} to {band[1]:.1%} of the height",
                f"JPEG {plan.quality}",
                size,
            ):
                told.setdefault(name, []).append(trial)
    for name in sorted(told):
        yield _row(name, told[name])


def _row(name: str, trials: Sequence[Trial]) -> str:
    found = sum(trial.found for trial in trials)
    return (
        f"| {name} | {len(trials)} | {found} ({found / len(trials):.1%}) |"
        if trials
        else f"| {name} | 0 | – |"
    )


def _missed(trials: Sequence[Trial]) -> Iterable[str]:
    for trial in trials:
        plan, reading = trial.pasted, trial.reading
        if plan and not trial.found:
            yield (
                f"- missed: {plan.icon}, {plan.height:.1%}, JPEG {plan.quality}, × {plan.smaller:.2f}, "
                f"{plan.place}: {reading.state} “{reading.quote}” ({reading.reason})"
            )


def _false(trials: Sequence[Trial]) -> Iterable[str]:
    for half, name in (
        (Half.REPORT, "the reporting half"),
        (Half.CHOOSE, "the half that thresholds were chosen on"),
    ):
        mine = [trial for trial in trials if trial.half == half]
        if not mine:
            continue
        count = sum(trial.reading.state is ReadingState.PRESENT for trial in mine)
        unsure = sum(trial.reading.state is ReadingState.AMBIGUOUS for trial in mine)
        yield (
            f"Photographs without a mark, {name}: {len(mine)}. Said to bear one: {count} (at 95 % certainty "
            f"below {upper(count, len(mine)):.2%} of all). `ambiguous`: {unsure}.\n"
        )
    for trial in trials:
        if trial.reading.state is not ReadingState.ABSENT:
            yield f"- {trial.name}: {trial.reading.state} “{trial.reading.quote}” ({trial.reading.reason})"


def _times(on: Sequence[Trial], clean: Sequence[Trial]) -> Iterable[str]:
    yield "| processor time, mean | pictures | marks | text | the library's call | text and marks beside it |"
    yield "|---|---|---|---|---|---|"
    for name, trials in (("with an icon", on), ("without a mark", clean)):
        timed = [
            (t.seconds, t.text, t.library) for t in trials if t.text is not None and t.library is not None
        ]
        if timed:
            marks, text, library = (fmean(column) for column in zip(*timed, strict=True))
            yield (
                f"| {name} | {len(timed)} | {1000 * marks:.0f} ms | {text:.2f} s | {library:.2f} s "
                f"| {(marks + text) / library:.2f} |"
            )


def _say(done: int, count: int, what: str) -> None:
    if done % 25 == 0 or done == count:
        print(f"{done} of {count} {what}", file=sys.stderr, flush=True)


def run_pasted(
    photos: Sequence[Path], icons: Sequence[Path], count: int, every: int, engine: Any
) -> list[Trial]:
    opened = {icon.stem: Image.open(icon).convert("RGBA") for icon in icons}
    trials = []
    for number, plan in enumerate(plans(icons, count)):
        path = photos[number % len(photos)]
        pixels = pasted(enlarged(path), opened[plan.icon], plan)
        trials.append(tried(pixels, path.stem, None if number % every else engine, plan, Half.REPORT))
        _say(number + 1, count, "icons")
    return trials


def run_clean(photos: Sequence[tuple[Path, Half]], every: int, engine: Any) -> list[Trial]:
    trials = []
    for number, (path, half) in enumerate(photos):
        pixels = through_jpeg(enlarged(path))
        trials.append(tried(pixels, path.stem, None if number % every else engine, None, half))
        _say(number + 1, len(photos), "photographs")
    return trials


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("icons", type=Path)
    parser.add_argument("--pasted", type=int, default=384)
    parser.add_argument("--clean", type=int, default=1000)
    parser.add_argument(
        "--every", type=int, default=8, help="text and the library are timed on every so many"
    )
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    engine = the_library()
    icons = sorted(asked.icons.glob("*.png"))
    published = ("eu-ai-black-solid", "eu-ai-generated-black-solid", "eu-ai-modified-black-solid")
    likenesses = {
        mark.name: likeness(mark, Image.open(asked.icons / f"{name}.png").convert("RGBA"))
        for mark, name in zip(built_in_marks(), published, strict=False)
    }
    halves = {half: [photo.path for photo in photographs(asked.photos, half)] for half in Half}
    without = [(path, half) for half in (Half.REPORT, Half.CHOOSE) for path in halves[half]][: asked.clean]
    on = run_pasted(halves[Half.REPORT], icons, asked.pasted, asked.every, engine)
    told = report(likenesses, on, run_clean(without, asked.every, engine))
    print(told)
    if asked.out:
        asked.out.write_text(told + "\n", "utf-8")


if __name__ == "__main__":
    main()
