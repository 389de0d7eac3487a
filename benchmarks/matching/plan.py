"""Which photographs play which part in a run, and the run itself."""

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.matching import negatives, peers, speed, trials
from benchmarks.matching.matcher import Matcher, code_digest, parallel
from benchmarks.matching.report import Results
from benchmarks.matching.rivals import Rivals
from benchmarks.matching.split import Half, Photo, photographs
from benchmarks.matching.trials import Bench, Trial

SPEED = "speed"
PARTS = (trials.RECALL, trials.ORDINARY, trials.HARD, trials.TRIPOD, SPEED)
SHARE = 0.7  # of a folder's half may become references
SEEN = Path(__file__).with_name("same.txt")  # pairs that a person saw to be one photograph twice
TIMED = 30  # files
CHANCE = 50  # photographs beside as many references, for peers that are asked pair by pair


@dataclass(frozen=True, slots=True)
class Size:
    """How much is drawn: references; of them `sample` are changed, after the first `skip`; ordinary
    photographs, and `registered` ones that are held against all references but themselves; trials of hard
    negatives and tripods; references on which the peers are measured, and crop-resistant hashing."""

    references: int
    skip: int
    sample: int
    ordinary: int
    registered: int
    hard: int
    tripod: int
    peers: int
    segmented: int


@dataclass(frozen=True, slots=True)
class Plan:
    """`own`: the references that lie in the folder itself; `others`: no references. `results`: where records
    go."""

    size: Size
    photos: dict[str, Photo]
    own: list[Photo]
    references: list[Photo]
    others: list[Photo]
    same: set[frozenset[str]]
    hard: list[Trial]
    tripod: list[Trial]
    state: str  # of the detector, when the run began
    results: Path
    folder: str

    def bench(self, matcher: Matcher | None) -> Bench:
        few = [*self.own[self.size.skip :][: self.size.segmented], *self.references[-CHANCE:]]
        return Bench(matcher, self.photos, self.others, self.same, {photo.name for photo in few})


def planned(folder: Path, also: Path | None, half: Half, size: Size) -> Plan:
    """References fill up from the second folder where the first has too few."""
    photos, more = photographs(folder, half), photographs(also, half) if also else []
    own = photos[: min(size.references, round(SHARE * len(photos)))]
    filled = more[: min(size.references - len(own), round(SHARE * len(more)))]
    kept, state = Path(tempfile.gettempdir()), code_digest()
    same = trials.same_photographs([*negatives.same_pairs(photos), *negatives.same_pairs(more)], SEEN)
    hard = [pair for pair in negatives.hard_pairs(photos) if frozenset((pair.first, pair.second)) not in same]
    return Plan(
        size,
        {photo.name: photo for photo in [*photos, *more]},
        own,
        own + filled,
        photos[len(own) :] + more[len(filled) :],
        same,
        trials.hard_trials(hard, size.hard),
        trials.tripod_trials(photos, size.tripod, kept),
        state,
        kept / f"matching-{state}-{half}-{folder.name}.jsonl",
        f"{half}-{folder.name}",
    )


def measured(plan: Plan, parts: Collection[str], changes: Sequence[str]) -> Results:
    """The matcher's part. Hard negatives go against a bank of their own references."""
    run, size = trials.through_matcher, plan.size
    matcher = Matcher(plan.references)
    bench = plan.bench(matcher)
    found = (
        trials.recall_trials(plan.own[size.skip :][: size.sample], changes) if trials.RECALL in parts else []
    )
    plain = [*plan.others[: size.ordinary], *plan.own[: size.registered]] if trials.ORDINARY in parts else []
    recall = bench.run(found, plan.results, run)
    ordinary = bench.run(trials.ordinary_trials(plain), plan.results, run)
    timed = None
    if SPEED in parts:
        timed = speed.measured(matcher, plan.others[:TIMED], plan.own[:TIMED])
    hard = plan.hard if trials.HARD in parts else []
    tripod = plan.tripod if trials.TRIPOD in parts else []
    if not hard and not tripod:
        return Results(recall, ordinary, [], [], timed)
    named = dict.fromkeys(trial.reference for trial in [*hard, *tripod])
    bench = plan.bench(Matcher([plan.photos[name] for name in named]))
    return Results(
        recall, ordinary, bench.run(hard, plan.results, run), bench.run(tripod, plan.results, run), timed
    )


def compared(plan: Plan, changes: Sequence[str]) -> Rivals:
    """The peers' part: the first references, a share of the hard negatives, ordinary pairs."""
    results = plan.results.with_name(
        f"matching-peers-{plan.folder}.jsonl"
    )  # no detector's state matters here
    run, size = trials.through_peers, plan.size
    bench = plan.bench(None)
    recall = bench.run(trials.recall_trials(plan.own[size.skip :][: size.peers], changes), results, run)
    hard = bench.run(plan.hard[: 20 * size.peers], results, run)
    pairs = trials.chance_trials(plan.others[:CHANCE], plan.references[-CHANCE:])
    chance = bench.run(pairs, results, run)
    ordinary = list(parallel(_hashed, plan.others[: size.ordinary], "peers' hashes"))
    upright = list(parallel(_hashed, plan.references, "peers' hashes of references"))
    histograms = {
        name: peers.distances([one[name] for one in ordinary], [one[name] for one in upright])
        for name in peers.HASHES
    }
    return Rivals(recall, hard, chance, histograms)


def _hashed(photo: Photo) -> dict[str, peers.Bits]:
    return peers.hashed(peers.opened(photo.path.read_bytes()))
