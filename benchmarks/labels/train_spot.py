"""Makes detector/onimage/spot.npz, the forest behind the cheap detector: small text near an edge, or none?

    pip install scikit-learn    (none of this project's dependencies: the forest is kept as plain arrays)
    python -m benchmarks.labels.train_spot PHOTOS OUT.npz

Labels and other small texts (prices, credits, sizes) are drawn on the half of the photographs that is for
choosing, at 540 px wide, in more ways than the benchmark draws them: on plates, with shadows, half
transparent, coloured. Every row of letters of them is one of a label, every row on the bare photographs none.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.labels import drawing
from benchmarks.labels.drawing import Contrast, Label, Pixels, enlarged, fonts_of, through_jpeg
from benchmarks.labels.wordings import WORDINGS
from benchmarks.matching.split import Half, photographs
from detector.onimage.letters import Floats, rows

WIDTH = 540  # px
OTHER = (
    "NEW IN",
    "SALE -50%",
    "Spring Summer 2026",
    "@brand.official",
    "www.shop.com",
    "Foto: A. Meier",
    "© 2026",
    "Shop now",
    "Size M",
    "100% cotton",
    "LOOK 12",
    "Neue Kollektion",
    "Nouvelle collection",
    "Campagne 2026",
    "#ootd",
    "COLLECTION",
    "vol. 3",
    "XS S M L XL",
    "Limited edition",
    "AI",
    "KI",
    "IA",
)
FEW = 60  # rows of one bare photograph: textures have hundreds
TREES, LEAVES, RATE = 70, 12, 0.15

Boxes = list[tuple[int, int, int, int]]


def with_texts(photo: Pixels, chance: random.Random) -> tuple[Pixels, Boxes]:
    """One to three of them, and where (left, top, right, bottom)."""
    drawn, boxes = photo.astype(np.float32), []
    for _ in range(chance.choice((1, 1, 2, 3))):
        drawn, box = _with_text(drawn, chance)
        boxes.append(box)
    return np.rint(np.clip(drawn, 0, 255)).astype(np.uint8), boxes


def _with_text(
    photo: NDArray[np.float32], chance: random.Random
) -> tuple[NDArray[np.float32], tuple[int, int, int, int]]:
    tall, wide = photo.shape[:2]
    language = chance.choice(list(WORDINGS))
    words = chance.choice(WORDINGS[language])
    if chance.random() < 0.35:
        language, words = "en", chance.choice(OTHER)
    font_name, index = chance.choice(fonts_of(language))
    label = Label(
        language,
        words,
        font_name,
        index,
        chance.uniform(0.013, 0.052),
        Contrast.PLAIN,
        chance.choice((chance.randint(25, 60), chance.randint(40, 200))),
        chance.choice(drawing.PLACES if chance.random() < 0.8 else ("middle",)),
    )
    alpha, box, capital = _inked(label, tall, wide, chance)
    pad = round(capital * 0.6)
    left, top, right, bottom = box
    ground = photo[max(0, top - pad) : bottom + pad, max(0, left - pad) : right + pad]
    style = chance.random()
    if style < 0.15:
        opacity = chance.uniform(0.3, 1)
        ground[:] = ground * (1 - opacity) + chance.choice((0, 255, chance.randint(0, 255))) * opacity
    light = float((ground @ drawing.LUMA).mean())
    lighter = light + label.levels <= 255 and (chance.random() < 0.6 or light < label.levels)
    colour = np.full(3, np.clip(light + (label.levels if lighter else -label.levels), 0, 255))
    if chance.random() < 0.2:
        colour = np.clip(colour + [chance.randint(-50, 50) for _ in range(3)], 0, 255)
    if 0.15 <= style < 0.25:
        soft = max(0.6, capital * 0.06)
        shadow = cv2.GaussianBlur(np.roll(alpha, (max(1, round(soft)),) * 2, (0, 1)), (0, 0), soft)[
            :, :, None
        ]
        photo = photo * (1 - 0.7 * shadow) + (0 if lighter else 255) * 0.7 * shadow
    ink = chance.choice((1, 1, 0.8, 0.6)) * alpha[:, :, None]
    return (photo * (1 - ink) + colour * ink).astype(np.float32), box


def _inked(
    label: Label, tall: int, wide: int, chance: random.Random
) -> tuple[NDArray[np.float32], tuple[int, int, int, int], float]:
    """How much each pixel is covered, the box, and the height of a capital letter."""
    capital = label.height * tall
    font, margin = drawing.font_of(label, capital), max(4, round(chance.uniform(0.008, 0.06) * wide))
    words, spacing = drawing.wrapped(label.wording, font, wide - 2 * margin), capital * 0.5
    box = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), words, font, spacing=spacing)
    size = (round(box[2] - box[0]), round(box[3] - box[1]))
    left, top = drawing.corner(label.place, size, (wide, tall), margin, chance)
    mask = Image.new("L", (wide, tall), 0)
    ImageDraw.Draw(mask).multiline_text(
        (left - box[0], top - box[1]),
        words,
        255,
        font,
        spacing=spacing,
        align=chance.choice(("left", "center", "right")),
    )
    where = (left, top, left + size[0], top + size[1])
    return np.asarray(np.asarray(mask, np.float32) / 255, np.float32), where, capital


def examples(folder: Path) -> Iterator[tuple[Floats, int]]:
    """(measures, 1 for rows of a text and 0 for others), of each picture."""
    for number, photo in enumerate(photographs(folder, Half.CHOOSE)):
        chance = random.Random(number + 99)
        bare = enlarged(photo.path, WIDTH)
        found, _ = rows(_grey(through_jpeg(bare, chance.choice((85, 90, 95)))))
        few = np.linspace(0, len(found) - 1, min(FEW, len(found))).astype(int)
        yield found[few], 0
        for _ in range(2):
            drawn, boxes = with_texts(bare, chance)
            found, places = rows(_grey(through_jpeg(drawn, chance.choice((85, 90, 95)))))
            yield found[_inside(places, boxes)], 1


def _inside(places: Floats, boxes: Boxes) -> NDArray[np.bool_]:
    x, y = places[:, :1], places[:, 1:2]
    left, top, right, bottom = np.array(boxes, np.float32).T
    near = (x > left - 2) & (x < right + 2) & (y > top - 2) & (y < bottom + 2)
    return np.asarray(near.any(axis=1))


def _grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def as_arrays(model: Any) -> dict[str, NDArray[Any]]:
    """The trees as (trees, nodes) arrays; the children of a leaf are the leaf itself."""
    trees = [stage[0].nodes for stage in model._predictors]
    most = max(len(tree) for tree in trees)
    kept = {
        "feature": np.zeros((len(trees), most), np.int32),
        "threshold": np.zeros((len(trees), most), np.float32),
        "left": np.zeros((len(trees), most), np.int32),
        "right": np.zeros((len(trees), most), np.int32),
        "value": np.zeros((len(trees), most), np.float32),
    }
    for number, tree in enumerate(trees):
        size, leaf, own = len(tree), tree["is_leaf"].astype(bool), np.arange(len(tree))
        kept["feature"][number, :size] = np.where(leaf, 0, tree["feature_idx"])
        kept["threshold"][number, :size] = np.where(leaf, 0, tree["num_threshold"])
        kept["left"][number, :size] = np.where(leaf, own, tree["left"])
        kept["right"][number, :size] = np.where(leaf, own, tree["right"])
        kept["value"][number, :size] = np.where(leaf, tree["value"], 0)
    deepest = max(int(tree["depth"].max()) for tree in trees)
    return {
        **kept,
        "depth": np.array(deepest),
        "base": np.array(float(model._baseline_prediction.ravel()[0])),
    }


def main() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415  no dependency of this project

    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    measures, told = zip(*examples(folder), strict=True)
    answers = np.concatenate([np.full(len(one), label) for one, label in zip(measures, told, strict=True)])
    model = HistGradientBoostingClassifier(max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=RATE)
    model.fit(np.concatenate(measures), answers)
    np.savez_compressed(out, allow_pickle=False, **as_arrays(model))


if __name__ == "__main__":
    main()
