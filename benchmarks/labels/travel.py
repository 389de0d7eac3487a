"""Labelled here, not there: how many of the pairs are found among thousands of ordinary pictures, and how
many pictures are accused that should not be.

python -m benchmarks.labels.travel PHOTOS [--pairs 40] [--pictures 10000] [--seed 1] [--store DIR]

Through the real store and jobs: the posts are saved as a crawl saves them, and one pass of detection
examines, reads, matches, links copies and judges. Nothing looks at pictures for text and marks: what a post
says stands in its caption. Prints Markdown. `--store` keeps the store.
"""

import argparse
import hashlib
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.labels.feed import Published, feed
from desk.jobs.detect import detect
from desk.jobs.stages.carried import Progress, Settings
from storage.records import (
    Account,
    Finding,
    Labelling,
    MediaItem,
    MediaKind,
    PlatformTag,
    PostVersion,
    ReadingState,
)
from storage.store import Store

ACCUSING = (Labelling.UNLABELLED, Labelling.UNLABELLED_WHERE_SEEN)
WANTED = 0.95  # of the pairs: 38 of 40 (issue 4)
BEGUN = datetime(2026, 9, 1, tzinfo=UTC)
LABELS = (
    "Made with AI.",
    "Imagery generated with AI.",
    "Dit beeld is gemaakt met AI.",
    "KI-generiertes Bild.",
)
QUIET = ("New in.", "The autumn coat, now in shops.", "Nieuw binnen.", "Neu eingetroffen.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is remembered of a picture that was published."""

    name: str
    sha256: str
    pair: int
    labelled: bool
    change: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`missed` and `false` name pictures; `accusing` counts verdicts of all findings."""

    pairs: int
    linked: int
    found: int
    missed: tuple[str, ...]
    false: tuple[str, ...]
    accusing: Counter[str]
    pictures: int
    seconds: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description="Labelled here, not there.")
    parser.add_argument("photos", type=Path)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--pictures", type=int, default=10_000, help="ordinary ones, beside the pairs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", type=Path, help="a new folder to keep the store in")
    asked = parser.parse_args()
    published = feed(asked.photos, asked.pairs, asked.pictures, asked.seed)
    with tempfile.TemporaryDirectory(prefix="twinwatch-travel-") as folder:
        outcome = measured(published, asked.store or Path(folder))
    print("\n".join(report(outcome)))


def measured(published: Iterable[tuple[int, Published]], folder: Path) -> Outcome:
    folder.mkdir(parents=True, exist_ok=True)
    store = Store.open(f"sqlite:///{folder / 'twinwatch.db'}", folder / "media", create=True)
    seconds: dict[str, float] = {}
    try:
        begun = time.monotonic()
        shown = [_publish(store, turn, one) for turn, one in published]
        seconds["publish"] = time.monotonic() - begun
        clock = _Clock(seconds)
        detect(store, "travel", tell=clock.tell, settings=Settings(cache=folder / "cache", look_seconds=0))
        clock.close()
        return _outcome(store, shown, seconds)
    finally:
        store.close()


def report(outcome: Outcome) -> Iterator[str]:
    enough = outcome.found >= WANTED * outcome.pairs and not outcome.false
    yield f"{platform.machine()}, Python {platform.python_version()}; wall time of a shared machine."
    yield ""
    yield "| What | Measured | Target |"
    yield "|---|---|---|"
    yield f"| pictures, {outcome.pairs} pairs among them | {outcome.pictures} | |"
    yield f"| pairs that were linked | {outcome.linked} | |"
    yield f"| “labelled here, not there” found | {outcome.found} | ≥ {WANTED * outcome.pairs:.0f} |"
    yield f"| false | {len(outcome.false)} | 0 |"
    yield f"| reached | {'yes' if enough else '**no**'} | |"
    for name, count in sorted(outcome.accusing.items()):
        yield f"| findings, {name.replace('_', ' ')} | {count} | |"
    for stage, spent in outcome.seconds.items():
        yield f"| {stage}, s | {spent:.0f} | |"
    yield ""
    yield from (f"- missed: {one}" for one in outcome.missed)
    yield from (f"- false: {one}" for one in outcome.false)


@dataclass(slots=True)
class _Clock:
    """Wall time by stage."""

    seconds: dict[str, float]
    stage: str = ""
    since: float = 0.0

    def tell(self, progress: Progress) -> None:
        if progress.stage != self.stage:
            self.close()
            self.stage, self.since = progress.stage, time.monotonic()

    def close(self) -> None:
        if self.stage:
            spent = time.monotonic() - self.since
            self.seconds[self.stage] = self.seconds.get(self.stage, 0.0) + spent


def _publish(store: Store, turn: int, one: Published) -> Shown:
    """A post of its own; the next turn comes an hour later."""
    account = Account(one.platform, f"{one.retailer.casefold().replace(' ', '-')}.example", one.retailer)
    at = BEGUN + timedelta(hours=turn)
    item = MediaItem(
        position=0,
        kind=MediaKind.PICTURE,
        url=f"https://cdn.example/{one.name}.jpg",
        sha256=store.media.put(one.data),
        format="jpeg",
        size=len(one.data),
    )
    post = PostVersion(
        platform=one.platform,
        handle=account.handle,
        post_id=one.name,
        url=f"https://{one.platform}.example/{one.name}",
        posted_at=at,
        text=(LABELS if one.labelled else QUIET)[turn % 4],
        platform_tag=PlatformTag(ReadingState.NOT_OFFERED),
        media=(item,),
        seen_at=at,
        raw_sha256=hashlib.sha256(one.name.encode()).hexdigest(),
    )
    store.save_post(account, post)
    return Shown(one.name, item.sha256, one.pair, one.labelled, one.change)


def _outcome(store: Store, published: Sequence[Shown], seconds: dict[str, float]) -> Outcome:
    findings = {finding.post_id: finding for finding in store.findings()}
    copies = [one for one in published if one.pair >= 0 and not one.labelled]
    sources = {one.pair: one for one in published if one.pair >= 0 and one.labelled}
    hit = [one for one in copies if _told(findings.get(one.name), f"pair{one.pair}-a")]
    names = {one.name for one in copies} | {one.name for one in published if one.labelled}
    return Outcome(
        pairs=len(copies),
        linked=sum(_linked(store, one.sha256, sources[one.pair].sha256) for one in copies),
        found=len(hit),
        missed=tuple(f"{one.name}: {one.change}" for one in copies if one not in hit),
        false=tuple(
            f"{name}: {finding.answer.verdict.labelling.value}, {finding.answer.evidence[-1].detail}"
            for name, finding in findings.items()
            if name not in names and finding.answer.verdict.level >= 2
        ),
        accusing=Counter(finding.answer.verdict.labelling.value for finding in findings.values()),
        pictures=len(published),
        seconds=seconds,
    )


def _told(finding: Finding | None, source: str) -> bool:
    """Said to be unlabelled, on the word of the other post of its pair and of no other."""
    if finding is None or finding.answer.verdict.labelling not in ACCUSING:
        return False
    came_from = {one.via.there.post_id for one in finding.answer.evidence if one.via}
    return came_from == {source} and finding.answer.verdict.level == 4


def _linked(store: Store, one: str, other: str) -> bool:
    return store.copies.group_of(one) == store.copies.group_of(other)


if __name__ == "__main__":
    main()
