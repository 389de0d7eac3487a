"""What posts in a row say in each field, counted in blocks: how often, and how many alike in a row.

Nothing is decided here (suspects.py does), and a post costs no more than a few microseconds. Counting is in
bounded memory: a value that stands once in a block is forgotten, so that it has at most `missed` posts more
than were counted (lossy counting: Manku and Motwani, VLDB 2002).
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress

from crawler.constancy import FEWEST

BLOCK = 30  # posts that are counted together
MOST_VALUES = 32  # of a field; the commoner half stays
MOST_FIELDS = 12  # of a post
MOST_CANDIDATES = 4  # of each kind, a value each
Row = tuple[int, str | None, float | None, Mapping[str, object]]  # line, text, epoch seconds, numbers
Candidate = tuple[int, Hashable, int, int, int]  # posts, value, of so many, first and last line


@dataclass(slots=True)
class Tally:
    """One field."""

    posts: int = 0
    first: int = 0
    last: int = 0
    missed: int = 0
    counts: dict[Hashable, int] = field(default_factory=dict)
    runs: list[Candidate] = field(default_factory=list)
    blocks: list[Candidate] = field(default_factory=list)
    run: Hashable = None  # the value of the latest ones
    length: int = 0
    begun: int = 0  # line

    def take(self, values: Sequence[Hashable], lines: Sequence[int]) -> Mapping[Hashable, int]:
        """A block of posts, in their order: those of its values that stand in several, with how many."""
        block = Counter(values)
        repeated: Mapping[Hashable, int] = {}
        commonest: Hashable = values[0]
        if len(block) < len(values):
            repeated = {value: count for value, count in block.items() if count > 1}
            commonest = max(block, key=block.__getitem__)
        if self.counts:
            for value in (self.counts.keys() & block.keys()) - repeated.keys():
                self.counts[value] += 1
        before = self.last
        self.merge(repeated, len(values), lines[0], lines[-1])
        if block[commonest] >= FEWEST:
            _keep(self.blocks, (block[commonest], commonest, len(values), lines[0], lines[-1]))
        self._runs(values, lines, block[commonest], before)
        return repeated

    def merge(self, repeated: Mapping[Hashable, int], posts: int, first: int, last: int) -> None:
        """Posts that are counted already."""
        self.first = self.first or first
        self.last = max(self.last, last)
        self.posts += posts
        self.missed += 1
        for value, count in repeated.items():
            self.counts[value] = self.counts.get(value, 0) + count
        if len(self.counts) > MOST_VALUES:
            by_count = sorted(self.counts.items(), key=lambda one: -one[1])
            self.counts = dict(by_count[: MOST_VALUES // 2])
            self.missed += by_count[MOST_VALUES // 2][1]

    def _runs(self, values: Sequence[Hashable], lines: Sequence[int], commonest: int, before: int) -> None:
        """One of `FEWEST` posts has half of them in one of two blocks, or goes on from the one before, which
        ended on the line `before`."""
        if 2 * commonest < FEWEST - 1 and values[0] != self.run:
            self._end(before)
            last = len(values) - 1
            self.run, self.length, self.begun = values[last], 1, lines[last]
            while last and values[last - 1] == self.run:
                last -= 1
                self.length, self.begun = self.length + 1, lines[last]
            return
        for value, line in zip(values, lines, strict=True):
            if value == self.run and self.length:
                self.length += 1
            else:
                self._end(before)
                self.run, self.length, self.begun = value, 1, line
            before = line

    def _end(self, line: int) -> None:
        if self.length >= FEWEST:
            _keep(self.runs, (self.length, self.run, self.length, self.begun, line))

    def most_of(self, value: Hashable) -> int:
        """How many posts say it at most."""
        return min(self.counts.get(value, 0) + self.missed, self.posts)

    def commonest(self) -> tuple[Hashable, int]:
        return max(self.counts.items(), key=lambda one: one[1], default=(None, 0))

    def is_mostly_one(self, fewest: int) -> bool:
        _, posts = self.commonest()
        return posts >= fewest and 2 * posts > self.posts

    def candidates(self) -> Iterator[Candidate]:
        """Posts in a row, blocks of posts, and all posts: of the values that stand out there."""
        yield from self.runs
        if self.length >= FEWEST:
            yield self.length, self.run, self.length, self.begun, self.last
        yield from self.blocks
        value, posts = self.commonest()
        if posts >= FEWEST:
            yield posts, value, self.posts, self.first, self.last


@dataclass(slots=True)
class Lot:
    """Posts of one account, or the first one of each. `rows`: those that are not counted yet."""

    posts: int = 0
    rows: list[Row] = field(default_factory=list)
    fields: dict[str, Tally] = field(default_factory=dict)

    def take(self) -> Iterator[tuple[str, Mapping[Hashable, int], int]]:
        """Count its rows, and forget them: of each field, values that stand in several, and how many posts
        have it at all."""
        rows, self.rows = self.rows, []
        self.posts += len(rows)
        lines = [row[0] for row in rows]
        yield from self._column("text", [row[1] for row in rows], lines)
        yield from self._column("posted_at", [row[2] for row in rows], lines)
        for name in dict.fromkeys(chain.from_iterable([row[3] for row in rows])):
            yield from self._column(name, *_numbers([row[3].get(name) for row in rows], lines))

    def _column(
        self, name: str, values: Sequence[Hashable], lines: Sequence[int]
    ) -> Iterator[tuple[str, Mapping[Hashable, int], int]]:
        if None in values:
            values, lines = _those_with(values, lines, [value is not None for value in values])
        tally = self.fields.get(name)
        if tally is None and values and len(self.fields) < MOST_FIELDS:
            tally = self.fields[name] = Tally()
        if tally is not None and values:
            yield name, tally.take(values, lines), len(values)


def _numbers(values: Sequence[object], lines: Sequence[int]) -> tuple[Sequence[Hashable], Sequence[int]]:
    """A platform that hides a number says -1, or nothing: that is no value."""
    numbers = [value if type(value) is int and value >= 0 else None for value in values]
    return numbers, lines


def _those_with(
    values: Sequence[Hashable], lines: Sequence[int], taken: Sequence[bool]
) -> tuple[Sequence[Hashable], Sequence[int]]:
    return list(compress(values, taken)), list(compress(lines, taken))


def _keep(kept: list[Candidate], one: Candidate) -> None:
    """The longest of each value, of the few values with the longest: where most posts say 0, long runs of it
    are many."""
    for place, other in enumerate(kept):
        if other[1] == one[1]:
            kept[place] = max(other, one, key=lambda each: each[0])
            return
    kept.append(one)
    if len(kept) > MOST_CANDIDATES:
        kept.remove(min(kept, key=lambda each: each[0]))
