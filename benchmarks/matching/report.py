"""The report: every target beside what was reached, every change, every false match, the peers, the price."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.matching import trials
from benchmarks.matching.bounds import upper
from benchmarks.matching.changes import CHANGES, IN_ANY_TIER, STRICT, WITHOUT_OVERLAY
from benchmarks.matching.speed import STEPS, Speed
from benchmarks.matching.trials import Record

LEGEND = "¹ each has to reach .95 as `copy`; ² each has to reach .95 in any tier. Proposed: by fingerprints."
COPY, LIKELY = "copy", "likely_copy"
FOUND: dict[str, Callable[[str], bool]] = {
    "copy": lambda kind: kind == COPY,
    "copy or likely": lambda kind: kind in (COPY, LIKELY),
    "any tier": bool,
}


@dataclass(frozen=True, slots=True)
class Results:
    """All records of a run."""

    recall: Sequence[Record]
    ordinary: Sequence[Record]
    hard: Sequence[Record]
    tripod: Sequence[Record]
    speed: Speed | None = None


def kind(record: Record) -> str:
    return record["own"]["kind"] if record["own"] else ""


def recall(records: Iterable[Record], tier: str) -> dict[str, float]:
    """By change, the share that was found in this tier or a surer one."""
    by_change: dict[str, list[bool]] = {}
    for record in records:
        by_change.setdefault(record["change"], []).append(FOUND[tier](kind(record)))
    return {change: fmean(found) for change, found in by_change.items()}


def mean_over(shares: dict[str, float], names: Iterable[str]) -> float:
    """Of the changes that were made; 0 where none was."""
    return fmean([shares[name] for name in names if name in shares] or [0.0])


def false(records: Iterable[Record], what: str) -> list[tuple[Record, str]]:
    """Every match of this kind that is none, with the reference that it names."""
    found = []
    for record in records:
        found += [(record, name) for name, one in record["wrong"].items() if one["kind"] == what]
        if record["part"] in (trials.HARD, trials.TRIPOD) and kind(record) == what:
            found.append((record, record["reference"]))
    return found


def on_the_pair(records: Iterable[Record], what: str) -> int:
    return sum(kind(record) == what for record in records)


def targets(results: Results) -> list[str]:
    copy, sure, any_tier = (recall(results.recall, tier) for tier in FOUND)
    rows = [
        _row("mean recall, `copy` or `likely_copy`, all changes", mean_over(sure, CHANGES), 0.97),
        _row("mean recall as `copy`, all changes", mean_over(copy, CHANGES), 0.90),
        _row(
            "mean recall as `copy`, without text and emoji laid over", mean_over(copy, WITHOUT_OVERLAY), 0.96
        ),
        _each("each of the strict list, as `copy`", copy, STRICT),
        _each("each of the second list, in any tier", any_tier, IN_ANY_TIER),
        _none("false `copy`, hard negatives", on_the_pair(results.hard, COPY), len(results.hard)),
        _none("false `copy`, ordinary pairs", len(false(results.ordinary, COPY)), pairs(results.ordinary)),
        _rare(
            "false `likely_copy`, hard negatives", on_the_pair(results.hard, LIKELY), len(results.hard), 0.002
        ),
    ]
    return ["| | target | measured | reached |", "|---|---|---|---|", *rows, *_speed_targets(results.speed)]


def pairs(records: Sequence[Record]) -> int:
    """Picture beside reference, without the picture's own."""
    return sum(record["beside"] for record in records)


def bound(records: Sequence[Record], kinds: Iterable[str]) -> float:
    """The upper bound of the false rate a pair, over these kinds."""
    return upper(sum(len(false(records, one)) for one in kinds), pairs(records))


def mean_recall(results: Results, tier: str) -> float:
    return mean_over(recall(results.recall, tier), CHANGES)


def doubles(same: Iterable[frozenset[str]]) -> list[str]:
    """Left out: finding the one when the other is shown is no mistake."""
    named = sorted(" and ".join(sorted(pair)) for pair in same)
    return [f"- {pair}" for pair in named] or ["None was found."]


def changes(results: Results) -> list[str]:
    tables = {tier: recall(results.recall, tier) for tier in FOUND}
    proposed: dict[str, list[bool]] = {}
    for record in results.recall:
        proposed.setdefault(record["change"], []).append(record["own"] is not None)
    rows = ["| change | group | copy | copy or likely | any tier | proposed |", "|---|---|---|---|---|---|"]
    for name, change in CHANGES.items():
        if name in proposed:
            shares = " | ".join(f"{table[name]:.3f}" for table in tables.values())
            rows.append(f"| {name}{_mark(name)} | {change.group} | {shares} | {fmean(proposed[name]):.3f} |")
    means = " | ".join(f"**{mean_over(table, CHANGES):.3f}**" for table in tables.values())
    return [*rows, f"| **mean** | | {means} | {fmean(map(fmean, proposed.values())):.3f} |"]


def wrong(results: Results) -> list[str]:
    """Rates of false matches a pair, with their upper bounds."""
    rows = [
        "| what | pairs | false `copy` | ≤ (95 %) | false `likely_copy` | ≤ (95 %) |",
        "|---|---|---|---|---|---|",
    ]
    tried: list[tuple[str, Sequence[Record], bool]] = [
        ("hard negatives, the pair itself", results.hard, True),
        ("tripod, the pair itself", results.tripod, True),
        ("ordinary photographs × references", results.ordinary, False),
        ("changed copies × other references", results.recall, False),
    ]
    for what, records, itself in tried:
        if not records:
            continue
        number = len(records) if itself else pairs(records)
        counts = [on_the_pair(records, one) if itself else len(false(records, one)) for one in (COPY, LIKELY)]
        cells = " | ".join(f"{count} | {upper(count, number):.1e}" for count in counts)
        rows.append(f"| {what} | {number:,} | {cells} |")
    return rows


def drawn(results: Results) -> list[str]:
    """What the run was made of."""
    told = []
    for records, what in (
        (results.recall, "photographs changed"),
        (results.ordinary, "ordinary photographs"),
    ):
        beside = sorted({record["beside"] for record in records})
        photos = len({record["photo"] for record in records})
        if records:
            told.append(
                f"- {photos:,} {what}, against {beside[-1]:,} references each ({len(records):,} files)"
            )
    for records, what in ((results.hard, "hard negatives"), (results.tripod, "tripods")):
        pairs = len({frozenset((record["photo"], record["reference"])) for record in records})
        if records:
            told.append(f"- {what}: {len(records):,} files of {pairs:,} pairs, only the pair itself verified")
    return told


def verified(records: Sequence[Record]) -> str:
    """How many pairs fingerprints proposed, so that their pixels were compared."""
    number = sum(record["candidates"] for record in records)
    share = fmean(bool(record["candidates"]) for record in records) if records else 0.0
    return f"Of the ordinary pairs {number:,} were proposed and verified, in {share:.0%} of the pictures."


def false_ones(results: Results) -> list[str]:
    everything = [*results.hard, *results.tripod, *results.ordinary, *results.recall]
    return [
        f"- {what}: {record['part']}, {record['photo']} ({record['change']}) taken for {name}"
        for what in (COPY, LIKELY)
        for record, name in false(everything, what)
        if not (what == LIKELY and record["part"] == trials.TRIPOD)
    ]


def price(speed: Speed) -> list[str]:
    steps = ", ".join(f"{name} {each * 1000:.1f}" for name, each in zip(STEPS, speed.steps, strict=True))
    rows = {
        "`imagehash.phash(Image.open(f))`": speed.phash,
        "decode and whole-picture hashes": speed.hashes,
        "an ordinary picture, everything": speed.ordinary,
        "… its references met for the first time": speed.first,
        "a crop of a reference, everything": speed.matched,
        "… of it verifying": speed.alignment,
        "… of it verifying, met for the first time": speed.first_match,
    }
    steps += f" (median of all together {speed.usual * 1000:.0f})"
    table = [f"| {what} | {each * 1000:.1f} | {each / speed.phash:.2f} |" for what, each in rows.items()]
    return [
        "| what | CPU ms | × phash |",
        "|---|---|---|",
        *table,
        "",
        f"An ordinary picture's steps, ms: {steps}; {speed.verified:.0%} of them had a candidate to verify.",
        f"Stored: {fmean(speed.picture_bytes):,.0f} bytes a picture ({max(speed.picture_bytes):,} at most), "
        f"{fmean(speed.reference_bytes):,.0f} a reference.",
        f"{speed.references:,} references with their bank take {speed.resident / 2**20:,.0f} MiB; "
        f"the run's peak was {speed.peak / 2**20:,.0f} MiB.",
    ]


def _speed_targets(speed: Speed | None) -> list[str]:
    if speed is None:
        return []
    more, quick, slow = (
        speed.matched - speed.ordinary,
        speed.phash / speed.hashes,
        speed.ordinary / speed.phash,
    )
    moved = f"{fmean(speed.moved):.1f} mean, {max(speed.moved)} max"
    near = fmean(speed.moved) <= 10 and max(speed.moved) <= 16
    rows = (
        ("decode + whole-picture hashes, 1080×1350", "≥ 6 × `imagehash.phash`", f"{quick:.1f} ×", quick >= 6),
        ("… moved from a full decode, bits of 256", "mean ≤ 10, max ≤ 16", moved, near),
        ("an ordinary picture, everything included", "≤ 6 × `imagehash.phash`", f"{slow:.1f} ×", slow <= 6),
        ("a picture that matches, verified", "≤ 200 ms CPU more", f"{more * 1000:.0f} ms", more <= 0.2),
    )
    return [_target(*row) for row in rows]


def _row(what: str, share: float, target: float) -> str:
    return _target(what, f"≥ {target:.2f}", f"{share:.3f}", share >= target)


def _each(what: str, shares: dict[str, float], names: Iterable[str]) -> str:
    made = sorted((shares[name], name) for name in names if name in shares)
    below = [f"{name} {share:.2f}" for share, name in made if share < 0.95]
    lowest = f"lowest {made[0][0]:.2f} ({made[0][1]})" if made else "not made"
    told = f"{len(made) - len(below)} of {len(made)}; {'; '.join(below) or lowest}"
    return _target(what, "≥ 0.95", told, made and not below)


def _none(what: str, count: int, tried: int) -> str:
    return _target(what, "0", f"{count} of {tried:,} (≤ {upper(count, tried):.1e})", not count, tried)


def _rare(what: str, count: int, tried: int, most: float) -> str:
    share = count / max(1, tried)
    return _target(what, f"≤ {most:.1%}", f"{share:.2%} ({count} of {tried:,})", share <= most, tried)


def _target(what: str, target: str, measured: str, reached: object, tried: int = 1) -> str:
    if not tried:
        return f"| {what} | {target} | not tried | – |"
    return f"| {what} | {target} | {measured} | {'yes' if reached else '**no**'} |"


def _mark(name: str) -> str:
    return " ¹" if name in STRICT else " ²" if name in IN_ANY_TIER else ""
