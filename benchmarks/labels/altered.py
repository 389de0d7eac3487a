"""What was done to a picture: replaced regions that are found, beside innocent changes that are taken for
one, and marks that were removed.

python -m benchmarks.labels.altered PHOTOS [--replaced 100] [--innocent 500] [--marked 120] [--half report]
    [--draw 1]

Prints Markdown. Every choice is made by a digest of its name, so two runs see the same pictures. Thresholds
were chosen on the other half of PHOTOS (`--half choose`).
"""

import argparse
import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from benchmarks.labels.innocent import INNOCENT
from benchmarks.labels.marked import CASES, marked_copy
from benchmarks.labels.replacing import LEAST, MOST, REPLACING, Dice, Pixels, really_changed
from benchmarks.matching import edits
from benchmarks.matching.split import Half, photographs
from detector.matching.alignment.verify import (
    PICTURE_EDGE,
    REFERENCE_EDGE,
    compare,
    prepare_picture,
    prepare_reference,
)
from detector.matching.candidate import Alignment
from detector.matching.changes.altered import looked_at_closely
from storage.boxes import Box
from storage.changes import ChangeKind

FINISHES: Mapping[str, edits.Edit] = {
    "as it is": lambda image, dice: image,
    "resized": lambda image, dice: edits.resized(float(dice.uniform(0.5, 1.3)))(image, dice),
    "cropped": lambda image, dice: edits.cropped(float(dice.uniform(0.75, 0.95)), aside=True)(image, dice),
    "mirrored": edits.mirrored,
}
SIZES = ((0.03, 0.06), (0.06, 0.12), (0.12, 0.20), (0.20, 0.301))


@dataclass(frozen=True, slots=True)
class Trial:
    """A reference, a picture made of it, and what was done; `share` that really changed, `mask` where;
    `photo` its name."""

    kind: str
    reference: Image.Image
    picture: Image.Image
    share: float = 0.0
    mask: Image.Image | None = None
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    trial: Trial
    alignment: Alignment
    told: bool  # as it should: an altered region that meets what was replaced; or any at all
    milliseconds: float


def dice_of(*words: object) -> Dice:
    digest = hashlib.sha256("\n".join(map(str, words)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def drawn(draw: int, *words: object) -> Dice:
    """Of another draw, other photographs and other changes; the first is as it was before there were more."""
    return dice_of(*words) if draw == 1 else dice_of(f"draw {draw}", *words)


def replaced_trials(photos: Sequence[Path], count: int, draw: int = 1) -> Iterator[Trial]:
    """In turn of every kind; a replacement that hardly shows is drawn again."""
    kinds, tried, made = list(REPLACING), 0, 0
    while made < count:
        kind, dice = kinds[made % len(kinds)], drawn(draw, "replaced", made, tried)
        tried += 1
        chosen = [photos[int(place)] for place in dice.integers(len(photos), size=2)]
        photo, other = map(opened, chosen)
        before = np.asarray(photo)
        after, meant = REPLACING[kind](before, np.asarray(other), dice)
        changed = really_changed(before, after)
        if not LEAST <= changed.mean() <= MOST or changed.sum() < 0.5 * (meant > 0.5).sum():
            continue
        finish, state = list(FINISHES.values())[int(dice.integers(len(FINISHES)))], dice.bit_generator.state
        picture = finish(Image.fromarray(after), dice)
        dice.bit_generator.state = state
        mask = finish(Image.fromarray(changed.astype(np.uint8) * 255).convert("RGB"), dice).convert("L")
        share = float((np.asarray(mask) > 127).mean())
        if LEAST <= share <= MOST:
            made += 1
            picture = saved(picture, int(dice.integers(50, 93)))
            yield Trial(kind, photo, picture, share, mask, chosen[0].stem)


def innocent_trials(photos: Sequence[Path], count: int, draw: int = 1) -> Iterator[Trial]:
    """In turn of every group; half of them with a second change on top."""
    groups = list(INNOCENT)
    for number in range(count):
        dice = drawn(draw, "innocent", number)
        paths = [photos[int(place)] for place in dice.integers(len(photos), size=2)]
        photo, other = map(opened, paths)
        chosen = [groups[number % len(groups)]]
        if dice.random() < 0.5:
            chosen.append(groups[int(dice.integers(len(groups)))])
        picture = photo
        for group in chosen:
            changes = list(INNOCENT[group].values())
            picture = changes[int(dice.integers(len(changes)))](picture, [other], dice)
        quality = int(dice.integers(30, 86)) if dice.random() < 0.5 else 85
        yield Trial(" + ".join(chosen), photo, saved(picture, quality), photo=paths[0].stem)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def saved(image: Image.Image, quality: int) -> Image.Image:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def compared(trial: Trial, marks: Sequence[Box] = ()) -> tuple[Alignment, float]:
    """As a worker does it, and the ms that looking closely took."""
    picture = prepare_picture(small(trial.picture, PICTURE_EDGE))
    reference = prepare_reference(small(saved(trial.reference, 92), REFERENCE_EDGE))
    alignment = compare(picture, "0" * 64, reference)
    began = time.process_time()
    closely = looked_at_closely(picture.pixels, reference.pixels, alignment, marks)
    return closely, (time.process_time() - began) * 1000


def small(image: Image.Image, edge: int) -> Pixels:
    pixels = np.asarray(image)
    share = edge / max(pixels.shape[:2])
    if share >= 1:
        return pixels
    size = (round(pixels.shape[1] * share), round(pixels.shape[0] * share))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def outcome(trial: Trial) -> Outcome:
    alignment, milliseconds = compared(trial)
    boxes = [one.region for one in alignment.changes if one.kind is ChangeKind.ALTERED and one.region]
    told = any(trial.mask is None or meets(box, trial.mask) for box in boxes)
    return Outcome(trial, alignment, told, milliseconds)


def meets(box: Box, mask: Image.Image) -> bool:
    """A third of the box, or of what was replaced, is common to both."""
    where = np.asarray(mask) > 127
    high, wide = where.shape
    inside = where[
        round(box.y * high) : round((box.y + box.h) * high),
        round(box.x * wide) : round((box.x + box.w) * wide),
    ]
    return bool(inside.size) and float(inside.sum()) > min(inside.size, int(where.sum())) / 3


# --- the report ---------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--replaced", type=int, default=100)
    parser.add_argument("--innocent", type=int, default=500)
    parser.add_argument("--marked", type=int, default=120)
    parser.add_argument("--half", type=Half, default=Half.REPORT)
    parser.add_argument("--draw", type=int, default=1, help="2: other photographs and changes")
    given = parser.parse_args()
    cv2.setNumThreads(1)  # as in a worker
    photos = [photo.path for photo in photographs(given.photos, given.half)]
    print(f"{len(photos)} photographs of the half `{given.half.value}`, draw {given.draw}.\n")
    replaced = [outcome(trial) for trial in replaced_trials(photos, given.replaced, given.draw)]
    innocent = [outcome(trial) for trial in innocent_trials(photos, given.innocent, given.draw)]
    print_replaced(replaced)
    print_innocent(innocent)
    print_marked(photos, given.marked)
    looked = [one.milliseconds for one in (*replaced, *innocent) if one.milliseconds > 1]
    print(
        f"Looking closely took {np.median(looked):.0f} ms of CPU (median), {np.percentile(looked, 95):.0f} ms"
    )
    print("(95 %), of those that are copies or may be.")


def print_replaced(found: Sequence[Outcome]) -> None:
    told = sum(one.told for one in found)
    print(f"**Replaced regions found: {told} of {len(found)}.**\n")
    print("| replaced | " + " | ".join(f"{low:.0%}–{high:.0%}" for low, high in SIZES) + " | all |")
    print("|---|" + "---|" * (len(SIZES) + 1))
    for kind in REPLACING:
        mine = [one for one in found if one.trial.kind == kind]
        by_size = [[one for one in mine if low <= one.trial.share < high] for low, high in SIZES]
        cells = [f"{sum(one.told for one in some)}/{len(some)}" if some else "–" for some in (*by_size, mine)]
        print(f"| {kind} | {' | '.join(cells)} |")
    missed = Counter(
        one.alignment.kind.value if one.alignment.kind else "no match" for one in found if not one.told
    )
    print(f"\nMissed, by the tier of the match: {dict(missed) or 'none'}.\n")


def print_innocent(found: Sequence[Outcome]) -> None:
    told = sum(one.told for one in found)
    share = told / max(1, len(found))
    print(f"**Innocent changes taken for a replaced region: {told} of {len(found)} ({share:.1%}).**\n")
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for one in found:
        for group in dict.fromkeys(one.trial.kind.split(" + ")):
            groups[group].append(one)
    print("| with | copies | false |")
    print("|---|---|---|")
    for group in INNOCENT:
        print(f"| {group} | {len(groups[group])} | {sum(one.told for one in groups[group])} |")
    wrong = [one.trial.kind for one in found if one.told]
    print(f"\nFalse: {', '.join(wrong) or 'none'}.\n")


def print_marked(photos: Sequence[Path], count: int) -> None:
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    for number in range(count):
        case = list(CASES)[number % len(CASES)]
        reference, picture, box = marked_copy(
            opened(photos[number % len(photos)]), case, dice_of("marked", number)
        )
        alignment, _ = compared(Trial(case, reference, picture), [box])
        kinds = [one.kind.value for one in alignment.changes if one.reference_region == box]
        answers[case][kinds[0] if kinds else "nothing"] += 1
    print("| mark | " + " | ".join(ANSWERS) + " |")
    print("|---|" + "---|" * len(ANSWERS))
    for case in CASES:
        print(f"| {case} | {' | '.join(str(answers[case][answer]) for answer in ANSWERS)} |")
    print()


ANSWERS = (ChangeKind.MARK_REMOVED.value, ChangeKind.MARK_CROPPED_AWAY.value, "nothing")

if __name__ == "__main__":
    main()
