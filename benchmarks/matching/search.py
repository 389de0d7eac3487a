"""Search within 31 bits among a million hashes, beside faiss in the same run: `make bench-search`.

    python -m benchmarks.matching.search [PHOTOS] [--hashes 1000000] [--write FILE]

Targets (issue 3): at least 25 × the rate of faiss IndexBinaryFlat, one thread each, at recall ≥ .99 and in
≤ 200 MB. Recall is told by distance: of random neighbours, and with a folder of photographs of changed
pictures, whose bits do not change independently. Rates are by CPU time, so that other work disturbs less.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import faiss
import numpy as np
import psutil
from numpy.typing import NDArray
from PIL import Image

from benchmarks.matching import edits
from benchmarks.matching.edits import Edit
from benchmarks.matching.split import Half, photographs
from detector.hashes import pdq
from detector.matching.search.radius import FILED_BITS, KEY_BITS, TABLES, Hashes, RadiusIndex

RADIUS = 31
QUERIES = 2000  # half of them with a planted neighbour
ROUNDS = 3
PHOTOS = 800  # hashed
CHANGED = 50  # of them, in each of the ways below
SLIDING: tuple[Edit, ...] = (  # changes that spread over all distances up to 31
    *(edits.jpeg(quality) for quality in (8, 15, 30)),
    *(edits.resized(share) for share in (0.15, 0.25, 0.5)),
    *(edits.brightness(factor) for factor in (0.5, 1.3, 1.6)),
    *(edits.contrast(factor) for factor in (0.6, 1.6)),
    *(edits.cropped(kept) for kept in (0.99, 0.98, 0.96, 0.94)),
    *(edits.straightened(degrees) for degrees in (0.5, 1.0, 1.5, 2.5)),
    *(edits.blurred(pixels) for pixels in (2, 5)),
    edits.noisy(25),
    edits.warm_filter,
    edits.cool_filter,
)

Bits = NDArray[np.uint8]
T = TypeVar("T")
Ranges = tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]  # as faiss gives them


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    measured: str
    target: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Search among a million hashes.")
    parser.add_argument("photos", type=Path, nargs="?")
    parser.add_argument("--hashes", type=int, default=1_000_000)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    faiss.omp_set_num_threads(1)
    rows = [*speed(asked.hashes), *crowds(asked.hashes)]
    if asked.photos:
        rows += photographed(asked.photos, asked.hashes)
    text = report(rows)
    print(text)
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")


# --- speed, memory, recall of random neighbours -------------------------------------------------------------


def speed(count: int) -> Iterator[Row]:
    dice = np.random.default_rng(31)
    hashes = drawn(dice, count)
    before = psutil.Process().memory_info().rss
    index, building = timed(lambda: RadiusIndex(hashes))
    grown = psutil.Process().memory_info().rss - before
    memory = f"{index.nbytes / 1e6:.0f} MB (resident: + {grown / 1e6:.0f} MB)"
    yield Row(f"memory for {count:,} hashes", memory, "≤ 200 MB")
    yield Row("building it", f"{building:.1f} s")
    yield from _beside_faiss(dice, hashes, index)
    yield from _by_distance(dice, hashes, index)
    _, adding = timed(lambda: index.add(drawn(dice, 10_000)))
    yield Row("adding 10,000 hashes in place", f"{adding:.2f} s", "in seconds")
    gone = dice.random(index.rows) < 0.001
    _, removing = timed(lambda: index.remove(gone))
    yield Row(f"removing {int(gone.sum()):,}", f"{removing:.2f} s", "in seconds")
    few = RadiusIndex(hashes[:100_000])
    _, seconds = timed(lambda: few.search(drawn(dice, 400), RADIUS))
    yield Row("exact, among 100,000, radius 31", f"{400 / seconds:,.0f} queries/s")
    for radius in (47, 56):
        _, seconds = timed(lambda: index.search(drawn(dice, 40), radius))  # noqa: B023
        yield Row(f"exact, among all, radius {radius}", f"{40 / seconds:,.0f} queries/s")


def _beside_faiss(dice: np.random.Generator, hashes: Hashes, index: RadiusIndex) -> Iterator[Row]:
    """Rounds in turn: ours, faiss exactly, faiss with its own multi-index."""
    planted = dice.choice(len(hashes), QUERIES // 2, replace=False)
    near = moved(dice, hashes[planted], dice.integers(0, RADIUS + 1, len(planted)))
    queries = dice.permutation(np.concatenate([near, drawn(dice, QUERIES - len(near))]))
    flat, multi = faiss.IndexBinaryFlat(256), faiss.IndexBinaryMultiHash(256, 8, 20)
    multi.nflip = 1
    for one in (flat, multi):
        one.add(hashes.view(np.uint8))
    asked = queries.view(np.uint8)
    ours: list[float] = []
    exact: list[float] = []
    theirs: list[float] = []
    found = flat.range_search(asked, RADIUS + 1)
    for _ in range(ROUNDS):
        ours.append(len(queries) / timed(lambda: index.search(queries, RADIUS))[1])
        exact.append(len(queries) / timed(lambda: flat.range_search(asked, RADIUS + 1))[1])
        theirs.append(len(queries) / timed(lambda: multi.range_search(asked, RADIUS + 1))[1])
    ratios = [one / other for one, other in zip(ours, exact, strict=True)]
    yield Row("ours", f"{statistics.median(ours):,.0f} queries/s")
    yield Row("faiss IndexBinaryFlat", f"{statistics.median(exact):,.0f} queries/s")
    yield Row("faiss IndexBinaryMultiHash 8×20, nflip 1", f"{statistics.median(theirs):,.0f} queries/s")
    times = f"{statistics.median(ratios):.0f} × ({min(ratios):.0f} to {max(ratios):.0f})"
    yield Row("ours beside IndexBinaryFlat, median", times, "≥ 25 ×")
    wanted = _pairs(*_unranged(found))
    by_us = _pairs(*index.search(queries, RADIUS)[:2])
    by_them = _pairs(*_unranged(multi.range_search(asked, RADIUS + 1)))
    yield Row(
        "of what IndexBinaryFlat finds, ours finds", f"{len(wanted & by_us) / len(wanted):.4f}", "≥ .99"
    )
    yield Row("… and IndexBinaryMultiHash", f"{len(wanted & by_them) / len(wanted):.4f}")


def _by_distance(dice: np.random.Generator, hashes: Hashes, index: RadiusIndex) -> Iterator[Row]:
    for far in (16, 24, 28, 30, 31):
        rows = dice.choice(len(hashes), 5000, replace=False)
        queries = moved(dice, hashes[rows], np.full(len(rows), far))
        mine, found, _ = index.search(queries, RADIUS)
        share = (found == rows[mine]).sum() / len(rows)
        yield Row(f"recall of random neighbours at {far} bits", f"{share:.4f}")


def crowds(count: int) -> Iterator[Row]:
    """A twentieth of all hashes in crowds of 1,000, each within 24 bits of its middle: white backgrounds."""
    dice = np.random.default_rng(7)
    hashes = drawn(dice, count)
    crowd = np.arange(0, count, 20)
    middles = np.repeat(drawn(dice, -(-len(crowd) // 1000)), 1000, axis=0)[: len(crowd)]
    hashes[crowd] = moved(dice, middles, dice.integers(0, 25, len(crowd)))
    index = RadiusIndex(hashes)
    strangers, members = drawn(dice, 2000), moved(dice, hashes[crowd[::50]], np.full(len(crowd[::50]), 10))
    _, seconds = timed(lambda: index.search(strangers, RADIUS))
    yield Row("with crowds of near-equal hashes: a stranger", f"{len(strangers) / seconds:,.0f} queries/s")
    (mine, _, _), seconds = timed(lambda: index.search(members, RADIUS))
    rate = f"{len(members) / seconds:,.0f} queries/s, {len(mine) / len(members):,.0f} found each"
    yield Row("… one of a crowd", rate)


# --- photographs --------------------------------------------------------------------------------------------


def photographed(folder: Path, count: int) -> Iterator[Row]:
    """Changed photographs among their originals and random hashes; which bits depend on each other."""
    photos = [*photographs(folder, Half.CHOOSE), *photographs(folder, Half.REPORT)]
    photos = photos[:: max(1, len(photos) // PHOTOS)]
    dice = np.random.default_rng(5)
    originals: list[bytes] = []
    changed: list[tuple[int, bytes]] = []
    for place, photo in enumerate(photos):
        image = _small(photo.path)
        whole = pdq.fingerprint(np.asarray(image))
        originals.append(whole.bits)
        if place % max(1, len(photos) // CHANGED) == 0 and (whole.quality or 0) > (pdq.QUALITY_FLOOR or 0):
            made = (edits.jpeg(85)(edit(image, dice), dice) for edit in SLIDING)
            changed += [(place, pdq.fingerprint(np.asarray(one)).bits) for one in made]
    known = np.frombuffer(b"".join(originals), np.uint64).reshape(-1, 4)
    queries = np.frombuffer(b"".join(bits for _, bits in changed), np.uint64).reshape(-1, 4)
    places = np.array([place for place, _ in changed])
    far = np.bitwise_count(known[places] ^ queries).sum(axis=1)
    index = RadiusIndex(np.concatenate([known, drawn(dice, max(0, count - len(known)))]))
    mine, rows, _ = index.search(queries, RADIUS)
    found = np.zeros(len(queries), np.bool_)
    found[mine[rows == places[mine]]] = True
    for first, last in ((0, 15), (16, 23), (24, 29), (30, 31)):
        within = (far >= first) & (far <= last)
        share = f"{found[within].mean():.4f} of {int(within.sum())}" if within.any() else "none"
        yield Row(f"recall of changed photographs at {first} to {last} bits", share, "≥ .99")
    bits = np.unpackbits(known.view(np.uint8), axis=1)
    what = f"chance meetings in a table, {len(known)} photographs, × those of independent bits"
    yield Row(what, _meetings(bits, FILED_BITS))
    yield Row("… with neighbouring bits in a table", _meetings(bits, np.arange(TABLES * KEY_BITS)))


def _meetings(bits: Bits, order: NDArray[np.int64]) -> str:
    """How often two photographs share a key, times 2^20."""
    weights = 1 << np.arange(KEY_BITS)
    shares = []
    for chosen in order.reshape(TABLES, KEY_BITS):
        _, many = np.unique(bits[:, chosen] @ weights, return_counts=True)
        shares.append((many * (many - 1)).sum() / (len(bits) * (len(bits) - 1)) * 2**KEY_BITS)
    return f"{np.mean(shares):.1f} on average, {max(shares):.1f} at most"


def _small(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.draft("RGB", (400, 400))
        whole = image.convert("RGB")
    whole.thumbnail((400, 400))
    return whole


# --- hashes -------------------------------------------------------------------------------------------------


def drawn(dice: np.random.Generator, count: int) -> Hashes:
    return dice.integers(0, 2**64, (count, 4), dtype=np.uint64)


def moved(dice: np.random.Generator, hashes: Hashes, distances: NDArray[np.int64]) -> Hashes:
    order = dice.random((len(hashes), 256), np.float32).argsort(axis=1)
    return hashes ^ np.packbits(order < distances[:, None], axis=1).view(np.uint64)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """CPU seconds of this process: one thread is at work."""
    start = time.process_time()
    return work(), time.process_time() - start


def _unranged(found: Ranges) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row of the query, row of the hash."""
    limits, _, rows = found
    starts = np.asarray(limits, np.int64)
    counts = starts[1:] - starts[:-1]
    return np.repeat(np.arange(len(counts)), counts), rows


def _pairs(queries: NDArray[np.int64], rows: NDArray[np.int64]) -> set[tuple[int, int]]:
    return set(zip(queries.tolist(), rows.tolist(), strict=True))


def report(rows: list[Row]) -> str:
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    libraries = f"numpy {version('numpy')}, faiss-cpu {version('faiss-cpu')}"
    load = f"load of the machine while measuring (5 min): {os.getloadavg()[1]:.1f}"
    lines = [f"{machine}, {libraries}; {load}.", "", "| What | Measured | Target |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {row.what} | {row.measured} | {row.target} |" for row in rows), ""])


if __name__ == "__main__":
    main()
