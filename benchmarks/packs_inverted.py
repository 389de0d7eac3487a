"""How much of a picture stands in its hashes: a small grey picture is sought that has them.

python -m benchmarks.packs_inverted PHOTOS [--photographs 100] [--picture OUT.png]

Each bit of a hash says on which side of the median a coefficient of a known linear transform lies. So the
bits are measurements of one bit each, and a picture that fits them all, as smooth as it can be, is found by
conjugate gradients, in a second and without a model of what pictures look like: whoever has one will see
more. Prints Markdown: the correlation with the photograph at 40 x 40 px, from the hash of the whole, and with
the tiles.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, cg

from detector.examine import examine
from detector.matching.parts import tiles

SIDE, SMALL, KEPT = 40, 64, 16  # px of what is sought; of what is hashed; frequencies either way
ROUNDS, STEPS = 12, 60
SMOOTH = 0.02
Grid = NDArray[np.float64]
Hashed = tuple[tuple[float, float, float, float], bytes]  # left, top, right, bottom in shares; 256 bits

_WAVES = np.arange(1, KEPT + 1)[:, None] * (2 * np.arange(SMALL) + 1)[None, :]
_DCT = np.sqrt(2 / SMALL) * np.cos(np.pi / 2 / SMALL * _WAVES)
_FALL = 1 / np.hypot(np.arange(1, KEPT + 1)[:, None], np.arange(1, KEPT + 1)[None, :])  # of natural pictures


def averaged(low: float, high: float) -> Grid:
    """(SMALL, SIDE): the stretch of px as SMALL cells, every px by its share."""
    edges = np.linspace(low * SIDE, high * SIDE, SMALL + 1)
    cells = np.zeros((SMALL, SIDE))
    for place in range(SIDE):
        inside = np.clip(edges, place, place + 1)
        cells[:, place] = np.diff(inside)
    return cells / np.diff(edges)[:, None]


def signs(bits: bytes) -> Grid:
    rows = np.unpackbits(np.frombuffer(bits, np.uint8))[::-1].reshape(KEPT, KEPT)
    return np.where(rows > 0, 1.0, -1.0)


def fitting(hashed: Sequence[Hashed]) -> Grid:
    """float64 (SIDE, SIDE), up to brightness and contrast."""
    ways = [
        (_DCT @ averaged(top, bottom), _DCT @ averaged(left, right))
        for (left, top, right, bottom), _ in hashed
    ]
    side = [signs(bits) for _, bits in hashed]
    sought = [one * _FALL for one in side]
    picture: Grid = np.zeros((SIDE, SIDE))

    def measured(grid: Grid) -> list[Grid]:
        return [down @ grid @ across.T for down, across in ways]

    def back(values: Sequence[Grid]) -> Grid:
        total = np.zeros((SIDE, SIDE))
        for (down, across), value in zip(ways, values, strict=True):
            total += down.T @ value @ across
        return total

    def normal(flat: NDArray[Any]) -> NDArray[Any]:
        grid = flat.reshape(SIDE, SIDE)
        rough = 4 * grid - sum(np.roll(grid, step, axis) for step in (1, -1) for axis in (0, 1))
        return (back(measured(grid)) + SMOOTH * len(ways) * rough).ravel() + 1e-3 * flat

    operator = LinearOperator((SIDE * SIDE, SIDE * SIDE), matvec=normal)
    for _ in range(ROUNDS):
        flat, _ = cg(operator, back(sought).ravel(), x0=picture.ravel(), maxiter=STEPS)
        picture = flat.reshape(SIDE, SIDE)
        least = [0.15 * _FALL * np.median(np.abs(one)) / np.median(_FALL) for one in measured(picture)]
        sought = [
            sign * np.maximum(np.where(np.sign(one) == sign, np.abs(one), 0), floor)
            for sign, one, floor in zip(side, measured(picture), least, strict=True)
        ]
        scale = np.sqrt(np.mean([np.mean((one / _FALL) ** 2) for one in sought]))
        sought = [one / scale for one in sought]
    return picture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--photographs", type=int, default=100)
    parser.add_argument(
        "--picture", type=Path, help="some of them: the photograph, from the whole, with tiles"
    )
    asked = parser.parse_args()
    alike: dict[str, list[float]] = {"hash of the whole": [], "whole and tiles": []}
    strips = []
    for path in sorted(asked.photos.glob("*.jpg"))[: asked.photographs]:
        data = path.read_bytes()
        prints = {
            one.algorithm: one for one in examine(data, ("fingerprint:pdq", "fingerprint:tiles")).fingerprints
        }
        if "tiles" not in prints:
            continue
        whole: list[Hashed] = [((0, 0, 1, 1), prints["pdq"].bits)]
        parts: list[Hashed] = [
            ((box.x, box.y, box.x + box.w, box.y + box.h), bits)
            for box, bits, _ in tiles.unpack(prints["tiles"])
        ]
        grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        if grey is None:
            continue
        true = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float64)
        strip = [true]
        for name, hashed in zip(alike, (whole, whole + parts), strict=True):
            made = fitting(hashed)
            alike[name].append(float(np.corrcoef(made.ravel(), true.ravel())[0, 1]))
            strip.append(((made - made.mean()) / made.std() * true.std() + true.mean()).clip(0, 255))
        strips.append(np.hstack(strip))
    print("| Made from | photographs | median correlation | best tenth |")
    print("|---|---|---|---|")
    for name, values in alike.items():
        print(f"| {name} | {len(values)} | {np.median(values):.2f} | {np.percentile(values, 90):.2f} |")
    if asked.picture:
        sheet = np.vstack(strips[:8]).astype(np.uint8)
        cv2.imwrite(str(asked.picture), cv2.resize(sheet, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC))


if __name__ == "__main__":
    main()
