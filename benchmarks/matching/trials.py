"""What is tried, and the record of every trial: a line of JSON each, so that a stopped run can be continued.

Four parts. `recall`: changed copies of references. `ordinary`: photographs that are no reference. `hard`:
other photographs by a reference's contributor which share points with it. `tripod`: another garment before a
reference's own backdrop.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from imagehash import ImageMultiHash
from PIL import Image

from benchmarks.matching import negatives, peers, tripod
from benchmarks.matching.changes import OTHERS, copy_of
from benchmarks.matching.matcher import Matcher, Outcome, parallel
from benchmarks.matching.negatives import Pair
from benchmarks.matching.split import Photo

RECALL, ORDINARY, HARD, TRIPOD, CHANCE = "recall", "ordinary", "hard", "tripod", "pairs by chance"
AS_IT_IS = "as it is"
HARD_CHANGES = (AS_IT_IS, "JPEG 30", "crop 20 % aside", "mirrored", "resized to 0.5")
SURE = ("copy", "likely_copy")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """`photo` with `change` made to it goes through the matcher. `reference`: the one it is about; in
    `recall` the photo itself, in `ordinary` none. `data`: the file, where it is made already."""

    part: str
    photo: str
    change: str = AS_IT_IS
    reference: str = ""
    data: Path | None = None

    @property
    def key(self) -> str:
        return "\n".join((self.part, self.photo, self.change, self.reference))


@dataclass(slots=True)
class Bench:
    """Everything that the worker processes share."""

    matcher: Matcher | None  # None: only the peers are asked
    photos: dict[str, Photo]
    others: Sequence[Photo]  # what changes lay beside a photograph: never a reference
    same: set[frozenset[str]] = field(default_factory=set)  # pairs that are one photograph twice
    segmented: set[str] = field(default_factory=set)  # references that crop-resistant hashing is tried on

    def run(self, trials: Sequence[Trial], results: Path, work: Callable[[Trial], Record]) -> list[Record]:
        """The records of all trials, from the results where they are there already. `work`: `through_matcher`
        or `through_peers`."""
        todo = left(trials, results)
        wanted = {trial.key for trial in trials}
        done = {record["key"]: record for record in _read(results) if record["key"] in wanted}
        global _bench
        _bench = self  # forked processes inherit it
        if todo:
            with results.open("a", encoding="utf-8") as lines:
                for record in parallel(work, todo, todo[0].part):
                    lines.write(json.dumps(record) + "\n")
                    lines.flush()
                    done[record["key"]] = record
        return [done[trial.key] for trial in trials]

    def file(self, trial: Trial) -> bytes:
        if trial.data is not None:
            return trial.data.read_bytes()
        photo = self.photos[trial.photo]
        if trial.change == AS_IT_IS:
            return photo.path.read_bytes()
        return copy_of(
            photo.name,
            _opened(photo.path),
            trial.change,
            [_opened(one.path) for one in self.beside(photo.name)],
        )

    def look(self, trial: Trial) -> Outcome:
        data = self.file(trial)
        assert self.matcher is not None
        if trial.part == RECALL:
            return self.matcher.look(data)
        return self.matcher.look(data, without=self.copies_of(trial.photo), only=trial.reference)

    def copies_of(self, name: str) -> set[str]:
        """The photograph itself and the other files that show it: finding one of these is no mistake."""
        return {name}.union(*(pair for pair in self.same if name in pair))

    def beside(self, name: str) -> list[Photo]:
        """What changes lay beside this photograph, or it into."""
        start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
        apart = [start + step * 7919 for step in range(OTHERS)]
        return [self.others[place % len(self.others)] for place in apart]


_bench: Bench | None = None


def recall_trials(references: Sequence[Photo], changes: Iterable[str]) -> list[Trial]:
    names = list(changes)
    return [Trial(RECALL, photo.name, change, photo.name) for photo in references for change in names]


def ordinary_trials(photos: Sequence[Photo]) -> list[Trial]:
    return [Trial(ORDINARY, photo.name) for photo in photos]


def chance_trials(photos: Sequence[Photo], references: Sequence[Photo]) -> list[Trial]:
    """Each beside each: for peers that have to be asked pair by pair."""
    return [Trial(CHANCE, photo.name, AS_IT_IS, one.name) for one in references for photo in photos]


def hard_trials(pairs: Sequence[Pair], count: int) -> list[Trial]:
    """Pairs over and over, each time with another change, until there are enough; at most every change
    once."""
    rounds = [(pair, turn) for turn in range(len(HARD_CHANGES)) for pair in pairs]
    made = []
    for place, (pair, turn) in enumerate(rounds[:count]):
        reference, photo = (pair.first, pair.second) if place % 2 else (pair.second, pair.first)
        made.append(Trial(HARD, photo, HARD_CHANGES[(place + turn) % len(HARD_CHANGES)], reference))
    return made


def tripod_trials(photos: Sequence[Photo], count: int, folder: Path) -> list[Trial]:
    """The pictures are made once and kept in the folder."""
    listed = folder / f"tripod-{count}-{photos[0].name}.json"
    if not listed.exists():
        made = []
        for reference, photo, data in tripod.trials(photos, count):
            path = folder / f"tripod-{reference}.jpg"
            path.write_bytes(data)
            made.append((photo, reference, str(path)))
        listed.write_text(json.dumps(made))
    return [
        Trial(TRIPOD, photo, AS_IT_IS, reference, Path(path))
        for photo, reference, path in json.loads(listed.read_text())
    ]


def same_photographs(pairs: Iterable[Pair], seen: Path) -> set[frozenset[str]]:
    """Those that PDQ finds, and those that a person saw: two names a line, anything after them a remark."""
    found = {frozenset((pair.first, pair.second)) for pair in pairs if pair.bits <= negatives.SAME}
    if seen.exists():
        rows = (line.split() for line in seen.read_text(encoding="utf-8").splitlines())
        found |= {frozenset(row[:2]) for row in rows if len(row) >= 2 and not row[0].startswith("#")}
    return found


def left(trials: Sequence[Trial], results: Path) -> list[Trial]:
    """Those of which there is no record yet."""
    done = {record["key"] for record in _read(results)}
    return [trial for trial in trials if trial.key not in done]


def through_matcher(trial: Trial) -> Record:
    assert _bench is not None
    assert _bench.matcher is not None
    outcome = _bench.look(trial)
    copies = _bench.copies_of(trial.photo)
    own = outcome.found.get(trial.reference)
    if own is None and trial.part == RECALL:  # two files of one photograph may be the same bytes
        own = next((one for name, one in outcome.found.items() if name in copies), None)
    known = copies | {trial.reference}
    if trial.part == RECALL:  # a collage shows the others too, and rightly finds what shows the same as they
        known = known.union(*(_bench.copies_of(photo.name) for photo in _bench.beside(trial.photo)))
    wrong = {
        name: asdict(one) for name, one in outcome.found.items() if one.kind in SURE and name not in known
    }
    return {
        **_named(trial),
        "own": asdict(own) if own else None,
        "wrong": wrong,
        "candidates": len(outcome.found),
        "beside": _bench.matcher.beside(copies),
        "too_little": outcome.too_little,
        "seconds": [round(each, 4) for each in outcome.seconds],
    }


def through_peers(trial: Trial) -> Record:
    """`bits` by hash (not for pairs by chance), `orb` inliers, `segments` where crop-resistant hashing is
    measured too."""
    assert _bench is not None
    photo, reference = _bench.photos[trial.photo].path, _bench.photos[trial.reference].path
    record = _named(trial)
    plain = trial.change == AS_IT_IS and trial.data is None
    image = _opened(photo) if plain else peers.opened(_bench.file(trial))
    if trial.part != CHANCE:
        own = _hashed(reference)
        record["bits"] = {name: peers.distance(one, own[name]) for name, one in peers.hashed(image).items()}
    record["orb"] = peers.orb_inliers(_orb(photo) if plain else peers.orb(image), _orb(reference))
    if trial.reference in _bench.segmented:
        parts = _segments(photo) if plain else peers.segments(image)
        record["segments"] = peers.same_segments(parts, _segments(reference))
    return record


def _named(trial: Trial) -> Record:
    named = ("key", "part", "photo", "change", "reference")
    return {name: getattr(trial, name) for name in named}


@lru_cache(maxsize=128)
def _hashed(path: Path) -> dict[str, peers.Bits]:
    return peers.hashed(_opened(path))


@lru_cache(maxsize=128)
def _orb(path: Path) -> peers.OrbPoints:
    return peers.orb(_opened(path))


@lru_cache(maxsize=128)
def _segments(path: Path) -> ImageMultiHash:
    return peers.segments(_opened(path))


def _read(results: Path) -> Iterator[Record]:
    if results.exists():
        for line in results.read_text(encoding="utf-8").splitlines():
            if line.endswith("}"):  # the last one may be torn
                yield json.loads(line)


@lru_cache(maxsize=64)
def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")
