"""How the weights of detector/matching/changes/replaced.py are fitted: the traits of all regions that
differ, of replaced and of innocent pairs, to a logistic regression with a ridge penalty.

python -m benchmarks.labels.train_replaced PHOTOS [PHOTOS ...] [--replaced 125] [--innocent 750] [--rows FILE]

Only ever on the choosing half. FILE keeps the traits of every pair, a line each: pairs that it has already
are not made again. Prints mean, spread and weight of each trait, the bias, and for several bars how many
pairs are told, by weights that were fitted without the photographs of their tenth.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.labels.altered import Trial, innocent_trials, replaced_trials, saved, small
from benchmarks.matching.split import Half, photographs
from detector.matching.alignment.verify import (
    PICTURE_EDGE,
    REFERENCE_EDGE,
    compare,
    prepare_picture,
    prepare_reference,
)
from detector.matching.candidate import Alignment
from detector.matching.changes.altered import LEAST, SAME, UNEXPLAINED, the_rest, worth_a_look
from detector.matching.changes.differing import Region, compared, regions
from detector.matching.changes.fine import Fine, laid_finely
from detector.matching.changes.replaced import KEPT, LOST, look, traits
from detector.matching.changes.weighing import Weighing

RIDGE, ROUNDS, PARTS = 1.0, 60, 10
BARS = (-0.5, 0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 2.0)
WEIGHINGS: Mapping[str, Weighing] = {"LOST": LOST, "KEPT": KEPT}
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A region: by what it is weighed, and its traits. Of a replaced pair only those that meet what was
    replaced are kept."""

    weighing: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Pair:
    """`rows` are empty where the matcher sees no copy, or nothing differs; `clear` where all else is the same
    and explained, without which nothing is told."""

    name: str
    photo: str
    kind: str
    replaced: bool
    clear: bool
    rows: tuple[Row, ...]


def paired(name: str, trial: Trial) -> Pair:
    picture = prepare_picture(small(trial.picture, PICTURE_EDGE))
    reference = prepare_reference(small(saved(trial.reference, 92), REFERENCE_EDGE))
    alignment = compare(picture, "0" * 64, reference)
    clear, rows = looked_at(picture.pixels, reference.pixels, alignment, trial.mask)
    return Pair(name, trial.photo, trial.kind, trial.mask is not None, clear, rows)


def looked_at(
    picture: NDArray[np.uint8], reference: NDArray[np.uint8], alignment: Alignment, mask: Image.Image | None
) -> tuple[bool, tuple[Row, ...]]:
    """As detector/matching/changes/altered.py does it, with no region judged."""
    worth = alignment.matrix and worth_a_look(alignment)
    fine = laid_finely(picture, reference, alignment.matrix) if alignment.matrix and worth else None
    if fine is None:
        return False, ()
    seen = compared(fine)
    found = regions(fine, seen.odd, LEAST)
    same, unexplained = the_rest(fine, seen, found)
    looked = look(fine, seen, unexplained) if found else None
    measured = [traits(one, looked) for one in found if looked and (mask is None or _meets(one, mask, fine))]
    names = {id(weighing): name for name, weighing in WEIGHINGS.items()}
    rows = tuple(Row(names[id(one[0])], dict(one[1])) for one in measured if one)
    return same >= SAME and unexplained <= UNEXPLAINED, rows


def _meets(region: Region, mask: Image.Image, fine: Fine) -> bool:
    """A third of the region, or of what was replaced, is common to both."""
    there = np.diag([mask.width, mask.height, 1.0]) @ fine.found
    size = (region.mask.shape[1], region.mask.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    where = cv2.warpPerspective(np.asarray(mask), there, size, flags=flags) > 127
    return bool((region.mask & where).sum() > min(region.mask.sum(), where.sum()) / 3)


# --- the pairs ----------------------------------------------------------------------------------------------


def pairs(folders: Sequence[Path], replaced: int, innocent: int, rows: Path | None) -> Iterator[Pair]:
    """Those of the file first, then all others, of every folder in turn."""
    known = list(_read(rows)) if rows and rows.exists() else []
    yield from known
    names = {pair.name for pair in known}
    made = [_made(folder, replaced, innocent, names) for folder in folders]
    for several in zip_longest(*made):
        for pair in (one for one in several if one):
            if rows:
                with rows.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(pair)) + "\n")
            yield pair


def _made(folder: Path, replaced: int, innocent: int, known: set[str]) -> Iterator[Pair]:
    photos = [photo.path for photo in photographs(folder, Half.CHOOSE)]
    where = f"{folder.parent.name}/{folder.name}"
    for side, trials in (
        ("innocent", innocent_trials(photos, innocent)),
        ("replaced", replaced_trials(photos, replaced)),
    ):
        for number, trial in enumerate(trials):
            name = f"{where}/{side}/{number}"
            if name not in known:
                yield paired(name, trial)


def _read(rows: Path) -> Iterator[Pair]:
    for line in rows.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        yield Pair(**{**fields, "rows": tuple(Row(**row) for row in fields["rows"])})


# --- the fit ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one weighing, standardised: `values` (n, k), `pair` which they belong to, `part` (n,) the
    tenth of the photographs."""

    values: Numbers
    usual: Numbers
    spread: Numbers
    replaced: Numbers
    pair: NDArray[np.int64]
    part: NDArray[np.int64]

    @classmethod
    def of(cls, name: str, found: Sequence[Pair]) -> "Table":
        rows = [
            (number, row) for number, pair in enumerate(found) for row in pair.rows if row.weighing == name
        ]
        wanted = WEIGHINGS[name].traits
        values = np.array([[row.values[trait] for trait in wanted] for _, row in rows], np.float64)
        usual, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
        pair = np.array([number for number, _ in rows], np.int64)
        parts = np.array([_part(one.photo) for one in found], np.int64)
        replaced = np.array([one.replaced for one in found], np.float64)
        return cls((values - usual) / spread, usual, spread, replaced[pair], pair, parts[pair])

    def left_out(self) -> Numbers:
        """Log-odds (n,) of each region, by weights that were fitted without the photographs of its part."""
        odds = np.zeros(len(self.values))
        for part in range(PARTS):
            out = self.part == part
            if out.any():
                weights = fitted(self.values[~out], self.replaced[~out])
                odds[out] = weights[0] + self.values[out] @ weights[1:]
        return odds


def _part(photo: str) -> int:
    return hashlib.sha256(photo.encode()).digest()[1] % PARTS


def fitted(values: Numbers, replaced: Numbers) -> Numbers:
    """Bias and weights (1 + k,) of standardised values (n, k), by Newton's method."""
    terms = np.column_stack([np.ones(len(values)), values])
    ridge = np.diag([1e-6, *[RIDGE] * values.shape[1]])
    weights = np.zeros(terms.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-terms @ weights))
        slope = terms.T @ (chance - replaced) + ridge @ weights
        curve = terms.T @ (terms * (chance * (1 - chance))[:, None]) + ridge
        weights -= np.linalg.solve(curve, slope)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--replaced", type=int, default=125, help="of each folder")
    parser.add_argument("--innocent", type=int, default=750, help="of each folder")
    parser.add_argument("--rows", type=Path)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    found = list(pairs(given.photos, given.replaced, given.innocent, given.rows))
    tables = {name: Table.of(name, found) for name in WEIGHINGS}
    for name, table in tables.items():
        print_fit(name, table)
    print_told(found, tables)


def print_fit(name: str, table: Table) -> None:
    bias, *weights = fitted(table.values, table.replaced)
    print(f"{name}: {table.replaced.sum():.0f} replaced, {(1 - table.replaced).sum():.0f} innocent regions")
    for trait, *numbers in zip(WEIGHINGS[name].traits, table.usual, table.spread, weights, strict=True):
        print(f"  {trait}: {numbers[0]:.3f}, {numbers[1]:.3f}, {numbers[2]:.2f}")
    print(f"  bias {bias:.2f}")
    odds = table.left_out()
    loss = np.log1p(np.exp(-np.where(table.replaced > 0, odds, -odds))).mean()
    print(f"  log loss, photographs left out in turn: {loss:.3f}")


def print_told(found: Sequence[Pair], tables: Mapping[str, Table]) -> None:
    """A pair is told where a region of it stands above its bar."""
    highest = {name: np.full(len(found), -np.inf) for name in tables}
    for name, table in tables.items():
        np.maximum.at(highest[name], table.pair, table.left_out())
    clear = np.array([pair.clear for pair in found])
    replaced = np.array([pair.replaced for pair in found])
    print(
        f"{replaced.sum()} replaced, {(~replaced).sum()} innocent pairs; told, by the bars of LOST and KEPT:"
    )
    for lost in BARS:
        cells = []
        for kept in BARS:
            told = clear & ((highest["LOST"] >= lost) | (highest["KEPT"] >= kept))
            cells.append(f"{(told & replaced).sum()}/{(told & ~replaced).sum()}")
        print(f"  {lost:4}: " + " ".join(cells))


if __name__ == "__main__":
    main()
