"""256-bit hashes, searched within a radius: exactly while they are few or the radius is wide, by tables of
sampled bits when they are many.

A table files every hash under 20 of its bits; a query looks under its own 20 and under the 20 keys that
differ in one bit. Twelve tables share out 240 of the 256 bits, so a neighbour is missed only if at least
two bits differ in every one of the twelve (multi-index hashing: Norouzi, Punjani and Fleet 2012). What the
tables bring up is compared in full: they can miss, never invent. Plain numpy: sorted rows and where each
key's begin (docs/benchmarks/search.md has the rates beside faiss, and the recall).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]  # (N, 4)
Rows = NDArray[np.int64]
Found = tuple[Rows, Rows, Rows]  # row of the query, row of the hash, differing bits

EXACT_UP_TO = 100_000  # hashes; issue 3: exact search up to here
TABLE_RADIUS = 31  # bits; beyond it tables miss too much (matching.md, section 5): exact
TABLES = 12
KEY_BITS = 20
BITS = 256
STRETCH = 1 << 16  # rows compared at once, small enough to stay in the cache
NARROW = 40  # bits: up to here half of the bits rule out all but one other picture in 100,000
QUERIES = 1 << 10  # at once
PAIRS = 1 << 21  # compared at once: bounds the memory when many hashes are nearly the same
CROWDED = 16  # above a 16th of all rows to compare, reading through all of them costs less

# Neighbouring bits are neighbouring frequencies and depend on each other; shuffled, chance meetings in a
# table are 1.7 times those of independent bits instead of 3.0 times (1,440 photographs, search.md).
FILED_BITS = np.random.default_rng(BITS).permutation(BITS)[: TABLES * KEY_BITS]
_FLIPS = np.concatenate([[0], 1 << np.arange(KEY_BITS)]).astype(np.uint32)


class RadiusIndex:
    """Rows keep their number for good: added hashes get the next ones, removed ones are never found again."""

    def __init__(self, hashes: Hashes | None = None) -> None:
        self._columns = [np.zeros(0, np.uint64) for _ in range(4)]
        self._alive = np.zeros(0, np.bool_)
        self._tables: list[_Table] = []
        self._filed = 0  # rows that are in the tables
        if hashes is not None:
            self.add(hashes)

    def __len__(self) -> int:
        """Hashes that can be found."""
        return int(self._alive.sum())

    @property
    def rows(self) -> int:
        """Row numbers given so far, removed ones too."""
        return len(self._alive)

    @property
    def nbytes(self) -> int:
        tables = sum(table.rows.nbytes + table.starts.nbytes for table in self._tables)
        return sum(column.nbytes for column in self._columns) + self._alive.nbytes + tables

    def add(self, hashes: Hashes) -> None:
        """uint64 (n, 4), to the end. In place: of a million filed hashes none is sorted again."""
        hashes = _checked(hashes)
        self._columns = [np.append(column, hashes[:, place]) for place, column in enumerate(self._columns)]
        self._alive = np.append(self._alive, np.ones(len(hashes), np.bool_))
        if self.rows > EXACT_UP_TO:
            self._file()

    def remove(self, gone: NDArray[np.bool_]) -> None:
        """bool (rows,): True for those that shall not be found again. Raises ValueError for another
        length."""
        if gone.shape != self._alive.shape:
            raise ValueError(f"a mask of {gone.shape} for {self.rows} rows")
        self._alive &= ~gone
        for table in self._tables:
            table.keep(self._alive)

    def search(self, queries: Hashes, radius: int) -> Found:
        """Everything that differs from a uint64 (M, 4) query in at most `radius` bits, by query, distance and
        row. Among hashes in tables, 0.24 % of those at the very radius were missed (search.md),
        hardly any of those nearer."""
        queries = _checked(queries)
        parts: list[Found] = []
        for first in range(0, len(queries), QUERIES):
            some = queries[first : first + QUERIES]
            for mine, rows, distances in self._search(some, radius):
                parts.append((mine + first, rows, distances))
        return _ordered(parts)

    def _search(self, queries: Hashes, radius: int) -> Iterator[Found]:
        crowded = np.ones(len(queries), np.bool_)
        if self._tables and radius <= TABLE_RADIUS:
            keys = _keys(queries)
            lookups = [table.look_up(key) for table, key in zip(self._tables, keys, strict=True)]
            brought_up = np.sum([counts.sum(axis=1) for _, counts in lookups], axis=0)
            crowded = brought_up > self.rows // CROWDED
            for table, (starts, counts) in zip(self._tables, lookups, strict=True):
                counts[crowded] = 0
                for mine, rows in table.entries(starts, counts):
                    yield self._near(queries, mine, rows, radius)
        for place in np.flatnonzero(crowded):
            yield self._read_through(queries[place], int(place), radius)

    def _near(self, queries: Hashes, mine: Rows, rows: Rows | NDArray[np.uint32], radius: int) -> Found:
        """Those pairs that are within the radius. Half of the bits rule out nearly all others."""
        half = np.zeros(len(rows), np.uint8)
        for place in (0, 1):
            half += np.bitwise_count(self._columns[place].take(rows) ^ queries[:, place].take(mine))
        near = np.flatnonzero(half <= radius)
        mine, found, distances = mine[near], rows[near].astype(np.int64), half[near].astype(np.int64)
        for place in (2, 3):
            distances += np.bitwise_count(self._columns[place][found] ^ queries[mine, place])
        near = np.flatnonzero((distances <= radius) & self._alive[found])
        return mine[near], found[near], distances[near]

    def _read_through(self, query: NDArray[np.uint64], place: int, radius: int) -> Found:
        """Exact: one query beside every row."""
        parts = []
        for first in range(0, self.rows, STRETCH):
            rows, distances = _close(
                [column[first : first + STRETCH] for column in self._columns], query, radius
            )
            parts.append((np.full(len(rows), place, np.int64), rows + first, distances))
        mine, rows, distances = _together(parts)
        alive = self._alive[rows]
        return mine[alive], rows[alive], distances[alive]

    def _file(self) -> None:
        if not self._tables:
            self._tables = [_Table() for _ in range(TABLES)]
        fresh = np.stack([column[self._filed :] for column in self._columns], axis=1)
        for table, keys in zip(self._tables, _keys(fresh), strict=True):
            table.insert(keys, self._filed)
            if not self._alive.all():
                table.keep(self._alive)
        self._filed = self.rows


class _Table:
    """`rows` uint32, sorted by key and row; `starts` uint32 (2^20 + 1): where each key's begin."""

    def __init__(self) -> None:
        self.rows = np.zeros(0, np.uint32)
        self.starts = np.zeros((1 << KEY_BITS) + 1, np.uint32)

    def insert(self, keys: NDArray[np.uint32], first: int) -> None:
        """Rows `first` and up, by their keys, each behind those already there."""
        numbers = np.arange(first, first + len(keys), dtype=np.uint64)
        together = keys.astype(np.uint64) << np.uint64(32) | numbers
        together.sort()
        rows, ordered = together.astype(np.uint32), (together >> np.uint64(32)).astype(np.int64)
        behind = self.starts[ordered + 1].astype(np.int64)
        self.rows = np.insert(self.rows, behind, rows) if len(self.rows) else rows
        self.starts[1:] += np.cumsum(np.bincount(ordered, minlength=1 << KEY_BITS), dtype=np.uint32)

    def keep(self, alive: NDArray[np.bool_]) -> None:
        kept = alive[self.rows]
        before = np.concatenate([[0], np.cumsum(kept)]).astype(np.uint32)
        self.starts = before[self.starts]
        self.rows = self.rows[kept]

    def look_up(self, keys: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """uint32 (n, 21) each: where the rows of a key, and of those one bit away, begin, and how many they
        are."""
        tried = keys[:, None] ^ _FLIPS
        starts = self.starts.take(tried)
        tried += np.uint32(1)
        return starts, self.starts.take(tried) - starts

    def entries(
        self, starts: NDArray[np.uint32], counts: NDArray[np.uint32]
    ) -> Iterator[tuple[Rows, NDArray[np.uint32]]]:
        """(row of the query, row of the hash) of everything looked up, at most about `PAIRS` at a time."""
        mine = np.repeat(np.arange(len(starts)), len(_FLIPS))
        first, many = starts.ravel().astype(np.int64), counts.ravel()
        ends = np.cumsum(many, dtype=np.int64)
        total = int(ends[-1])
        cuts = [0, *np.searchsorted(ends, np.arange(PAIRS, total, PAIRS)).tolist(), len(many)]
        for start, end in pairwise(cuts):
            some = many[start:end]
            before = ends[start:end] - some - (ends[start - 1] if start else 0)
            places = np.repeat(first[start:end] - before, some)
            places += np.arange(len(places))
            yield np.repeat(mine[start:end], some), self.rows.take(places)


def exactly(hashes: Hashes, queries: Hashes, radius: int) -> Found:
    """As `RadiusIndex.search`, reading once through a uint64 (N, 4) array that may lie on disk."""
    parts = []
    for first in range(0, len(hashes), STRETCH):
        columns = np.ascontiguousarray(hashes[first : first + STRETCH].T)
        for place, query in enumerate(_checked(queries)):
            rows, distances = _close(columns, query, radius)
            if len(rows):
                parts.append((np.full(len(rows), place, np.int64), rows + first, distances))
    return _ordered(parts)


def _close(
    columns: Sequence[NDArray[np.uint64]] | NDArray[np.uint64], query: NDArray[np.uint64], radius: int
) -> tuple[Rows, Rows]:
    """Rows and distances within the radius. As many words as rule out nearly all others are read of every
    row, the rest only of what is left: 128 bits of another picture differ in 64 ± 6, 192 in 96 ± 7."""
    telling = 2 if radius <= NARROW else 3
    far = np.bitwise_count(columns[0] ^ query[0])
    for place in range(1, telling):
        far += np.bitwise_count(columns[place] ^ query[place])
    near = np.flatnonzero(far <= radius)
    distances = far[near].astype(np.int64)
    for place in range(telling, 4):
        distances += np.bitwise_count(columns[place][near] ^ query[place])
    within = distances <= radius
    return near[within], distances[within]


def _keys(hashes: Hashes) -> NDArray[np.uint32]:
    """uint32 (12, n): under which key of each table a hash is filed."""
    keys = np.empty((TABLES, len(hashes)), np.uint32)
    for first in range(0, len(hashes), STRETCH // 8):
        stretch = slice(first, first + STRETCH // 8)
        bits = np.unpackbits(np.ascontiguousarray(hashes[stretch]).view(np.uint8), axis=1)
        padded = np.zeros((len(bits), TABLES, 32), np.uint8)
        padded[:, :, :KEY_BITS] = bits[:, FILED_BITS].reshape(-1, TABLES, KEY_BITS)
        keys[:, stretch] = np.packbits(padded, axis=2, bitorder="little").view("<u4")[:, :, 0].T
    return keys


def _checked(hashes: Hashes) -> Hashes:
    if hashes.ndim != 2 or hashes.shape[1] != 4 or hashes.dtype != np.uint64:
        raise ValueError(f"hashes are uint64 (n, 4), not {hashes.dtype} {hashes.shape}")
    return hashes


def _together(parts: Sequence[Found]) -> Found:
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    mine, rows, distances = (np.concatenate(column) for column in zip(*parts, strict=True))
    return mine, rows, distances


def _ordered(parts: Sequence[Found]) -> Found:
    """By query, distance and row, each pair once."""
    mine, rows, distances = _together(parts)
    order = np.lexsort((rows, distances, mine))
    mine, rows, distances = mine[order], rows[order], distances[order]
    first = np.ones(len(mine), np.bool_)
    first[1:] = (np.diff(mine) != 0) | (np.diff(rows) != 0)
    return mine[first], rows[first], distances[first]
