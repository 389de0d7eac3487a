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
from benchmarks.matching.trials import Bench, Record, Trial

SPEED = "speed"
PARTS = (trials.RECALL, trials.ORDINARY, trials.HARD, trials.TRIPOD, SPEED)
SHARE = 0.7  # of a folder's half may become references
SEEN = Path(__file__).with_name("same.txt")  # pairs that a person saw to be one photograph twice
TIMED = 80  # files
CHANCE = 30  # photographs beside as many references, for peers that are asked pair by pair


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


def planned(folder: Path, also: Path | None, half: Half, size: Size, parts: Collection[str]) -> Plan:
    """References fill up from the second folder where the first has too few. Hard negatives are mined, and
    tripods made, only where a part or a peer asks for them: it takes longer than many a part."""
    photos, more = photographs(folder, half), photographs(also, half) if also else []
    own = photos[: min(size.references, round(SHARE * len(photos)))]
    filled = more[: min(size.references - len(own), round(SHARE * len(more)))]
    kept, state = Path(tempfile.gettempdir()), code_digest()
    same = trials.same_photographs([*negatives.same_pairs(photos), *negatives.same_pairs(more)], SEEN)
    mined = negatives.hard_pairs(photos) if trials.HARD in parts or size.peers else []
    hard = [pair for pair in mined if frozenset((pair.first, pair.second)) not in same]
    return Plan(
        size,
        {photo.name: photo for photo in [*photos, *more]},
        own,
        own + filled,
        photos[len(own) :] + more[len(filled) :],
        same,
        trials.hard_trials(hard, size.hard),
        trials.tripod_trials(photos, size.tripod, kept) if trials.TRIPOD in parts else [],
        state,
        kept / f"matching-{state}-{half}-{folder.name}.jsonl",
        f"{half}-{folder.name}",
    )


def measured(plan: Plan, parts: Collection[str], changes: Sequence[str]) -> Results:
    """The matcher's part. Hard negatives go against a bank of their own references."""
    size = plan.size
    found = trials.recall_trials(plan.own[size.skip :][: size.sample], changes)
    plain = trials.ordinary_trials([*plan.others[: size.ordinary], *plan.own[: size.registered]])
    asked = {trials.RECALL: found, trials.ORDINARY: plain, trials.HARD: plan.hard, trials.TRIPOD: plan.tripod}
    records: dict[str, list[Record]] = {part: [] for part in asked}
    timed = None
    for some in ((trials.RECALL, trials.ORDINARY), (trials.HARD, trials.TRIPOD)):
        wanted = {part: asked[part] for part in some if part in parts}
        named = dict.fromkeys(trial.reference for part in wanted.values() for trial in part)
        paired = trials.HARD in some
        references = [plan.photos[name] for name in named] if paired else plan.references
        timing = SPEED in parts and not paired
        left = timing or any(trials.left(part, plan.results) for part in wanted.values())
        matcher = Matcher(references) if left else None
        for part, each in wanted.items():
            records[part] = plan.bench(matcher).run(each, plan.results, trials.through_matcher)
        if timing and matcher:
            timed = speed.measured(matcher, plan.others[:TIMED], plan.own[:TIMED])
    recall, ordinary, hard, tripod = records.values()
    return Results(recall, ordinary, hard, tripod, timed)


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
    beside = plan.others[: size.ordinary]
    ordinary = list(parallel(_hashed, beside, "peers' hashes"))
    upright = list(parallel(_hashed, plan.references, "peers' hashes of references"))
    by_name = {photo.name: one for photo, one in zip(plan.references, upright, strict=True)}
    doubles = [
        (one, by_name[name])
        for photo, one in zip(beside, ordinary, strict=True)
        for name in {name for pair in plan.same if photo.name in pair for name in pair} & by_name.keys()
    ]
    histograms = {}
    for name in peers.HASHES:
        histograms[name] = peers.distances([one[name] for one in ordinary], [one[name] for one in upright])
        for one, other in doubles:  # one photograph twice is no false match
            if len(one[name]) and len(other[name]):
                histograms[name] -= peers.distances([one[name]], [other[name]])
    return Rivals(recall, hard, chance, histograms)


def _hashed(photo: Photo) -> dict[str, peers.Bits]:
    return peers.hashed(peers.opened(photo.path.read_bytes()))
