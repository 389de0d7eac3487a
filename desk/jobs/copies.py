"""Collected pictures are linked to earlier copies of themselves: one picture in fifty posts is one picture.

Candidates come from the archive (whole pictures, rectangles in them, local features; earlier ones only); a
link is made where laying one on the other says `copy`, the later on the earlier or the earlier on the later.
So the order in which pictures came decides who is linked to whom, and never who is in a group.

Within a group one copy is enough: whoever is a copy of one of its pictures belongs to it. A link where the
one is a small part of the other (a picture in a collage, in a screenshot), or where a part was replaced, is
kept and joins no groups: what is said of the one need not be true of the other.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import numpy as np

from desk.jobs.archived import archive_of
from desk.jobs.cached import kept
from desk.thumbnails import STOPPED
from detector.matching.alignment.verify import VERSION
from detector.matching.candidate import Alignment, Candidate, Matrix
from detector.matching.changes.altered import VERSION as ALTERED
from detector.matching.collected.archive import Archive
from detector.matching.collected.earlier import Earlier
from detector.matching.collected.earlier_local import VERSION as SEARCH
from detector.matching.collected.earlier_local import alike
from detector.matching.conclusion import allowed
from detector.processes.jobs import VerifyJob
from detector.processes.workers import Workers
from storage.changes import Change, ChangeKind
from storage.records import Box, Failure, Fingerprint, Match, MatchKind
from storage.store import Store

FILE = "linked.json"
BATCH = 16  # pictures: those that came together do not know each other's groups yet
BLOCK = 1024  # pictures whose features are looked for together: 4 MB of fingerprints, 20 MB of index
Stored = tuple[int, str, tuple[Fingerprint, ...]]  # number, SHA-256
LINKS = f"{VERSION}+{SEARCH}+{ALTERED}"  # another one, and all is linked anew


@dataclass(slots=True)
class _Newcomer:
    """A picture under its number (`Store.stored_fingerprints`), the earlier ones that it may be a copy of
    (nearest first), and what was found out. `stopped`: a limit ended a comparison."""

    number: int
    sha256: str
    candidates: list[Candidate]
    stopped: bool = False
    links: list[Match] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)  # groups


@dataclass(slots=True)
class Copies:
    """One pass. `tell` hears (stage, done, total); `failures` says which comparisons were stopped."""

    store: Store
    workers: Workers
    cache: Path
    tell: Callable[[str, int, int | None], None]
    linked: int = 0  # pictures that got a link
    failures: list[Failure] = field(default_factory=list)
    _again: list[int] = field(default_factory=list)  # numbers of pictures whose comparison was stopped once

    def bring_up_to_date(self) -> None:
        """Whatever was fingerprinted since the last pass, and once more what was stopped in it. Safe to kill:
        a pass begins where the last whole batch ended, and linking twice is linking once."""
        archive = archive_of(self.store, self.cache, lambda done: self.tell("archive", done, None))
        mark, anew, stopped = self._mark()
        if archive.high_water == mark and not stopped:
            return
        earlier = Earlier(archive)
        once_more = list(self._numbered(stopped))
        self._again = list(stopped)
        self._go_through(archive, earlier, once_more, anew=False, keep=False)
        self._again = [number for number in self._again if number not in stopped]  # twice is enough
        pictures = self.store.stored_fingerprints(mark)
        done = 0
        while block := list(islice(pictures, BLOCK)):
            self._go_through(archive, earlier, block, anew=anew, done=done)
            done += len(block)
        self._keep(archive.high_water, anew=False)

    def _numbered(self, numbers: Iterable[int]) -> Iterator[Stored]:
        """Those pictures that were not fingerprinted anew since: these come by themselves."""
        for number in numbers:
            found = next(self.store.stored_fingerprints(number - 1), None)
            if found and found[0] == number:
                yield found

    def _go_through(
        self,
        archive: Archive,
        earlier: Earlier,
        block: Sequence[Stored],
        *,
        anew: bool,
        keep: bool = True,
        done: int = 0,
    ) -> None:
        """`keep`: how far it came."""
        near = alike(archive, [(sha256, prints) for _, sha256, prints in block])
        for first in range(0, len(block), BATCH):
            batch = block[first : first + BATCH]
            newcomers = [_newcomer(earlier, near, *one) for one in batch]
            self._link(newcomers, anew=anew)
            self._again += [one.number for one in newcomers if one.stopped]
            self.tell("copies", done + first + len(batch), None)
            if keep:
                self._keep(batch[-1][0], anew=anew)

    # --- one batch ------------------------------------------------------------------------------------------

    def _link(self, batch: Iterable[_Newcomer], *, anew: bool) -> None:
        newcomers = [one for one in batch if one.candidates]
        for one in newcomers:
            known_links = self.store.copies.of(one.sha256)
            one.links = [
                link for link in known_links if not anew or not self._both_kept(one.sha256, link.reference)
            ]
            known = {link.reference for link in one.links}
            one.candidates = [found for found in one.candidates if found.reference not in known]
            if not anew:
                one.joined.add(self.store.copies.group_of(one.sha256))
        before = {one.sha256: list(one.links) for one in newcomers}
        asking = newcomers
        while asking:
            self._ask(asking)
            asking = [one for one in asking if one.candidates]
        for one in newcomers:
            if anew or one.links != before[one.sha256]:
                self.store.copies.link(one.sha256, one.links)
                self.linked += bool(one.links)

    def _ask(self, newcomers: Sequence[_Newcomer]) -> None:
        """Each newcomer beside the nearest candidate of every group that it is not known to belong to, both
        ways: a part that was replaced may be told in one direction only."""
        asked: dict[tuple[str, str], tuple[_Newcomer, str]] = {}
        forward, backward = [], []
        for one in newcomers:
            for group, candidate in self._next(one).items():
                there = self._path(candidate.reference)
                here = self._path(one.sha256)
                if here and there:
                    key = (one.sha256, candidate.reference)
                    asked[key] = (one, group)
                    beside = ((candidate.reference, there, candidate.at),)
                    forward.append(VerifyJob(key, here, beside, {candidate.reference: ()}))
                    if candidate.at is None:
                        beside = ((one.sha256, here, None),)
                        backward.append(VerifyJob(key, there, beside, {one.sha256: ()}))
        stopped: set[Hashable] = set()
        ahead, back = self._aligned(forward, stopped), self._aligned(backward, stopped)
        for key, (newcomer, group) in asked.items():
            newcomer.stopped |= key in stopped
            link = _link(key[1], ahead.get(key), back.get(key))
            if link is not None:
                newcomer.links.append(link)
                if link.mutual:
                    newcomer.joined.add(group)

    def _next(self, one: _Newcomer) -> dict[str, Candidate]:
        """By group; taken off the list, as are all of the groups that it has joined."""
        nearest: dict[str, Candidate] = {}
        left = []
        for candidate in one.candidates:
            group = self.store.copies.group_of(candidate.reference)
            if group in one.joined:
                continue
            if group in nearest:
                left.append(candidate)
            else:
                nearest[group] = candidate
        one.candidates = left
        return nearest

    def _aligned(self, jobs: Iterable[VerifyJob], stopped: set[Hashable]) -> dict[Hashable, Alignment]:
        """By key; what could not be looked at is missing, and among the `stopped` where a limit ended it."""
        found = {}
        for one in self.workers.verify(jobs):
            for alignment in one.alignments:
                found[one.key] = alignment
            if one.failure and one.failure.kind in STOPPED:
                stopped.add(one.key)
                self.failures.append(replace(one.failure, where=f"media {one.job.picture.name}"))
        return found

    def _path(self, sha256: str) -> Path | None:
        return self.store.media.path(sha256) if self.store.media.has(sha256) else None

    def _both_kept(self, picture: str, earlier: str) -> bool:
        return self.store.media.has(picture) and self.store.media.has(earlier)

    # --- how far it came ------------------------------------------------------------------------------------

    def _mark(self) -> tuple[int, bool, tuple[int, ...]]:
        """The number of the last picture that was linked, whether all is to be done anew (by another
        version), and the numbers of those that were stopped. Without the file all is gone through, and what
        is linked stays linked."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            mark = json.loads((self.cache / FILE).read_text(encoding="utf-8"))
            number, version, anew = int(mark["number"]), str(mark["version"]), bool(mark["anew"])
            stopped = tuple(int(one) for one in mark.get("stopped", ()))
            return (number, anew, stopped) if version == LINKS else (0, True, ())
        return 0, False, ()

    def _keep(self, number: int, *, anew: bool) -> None:
        kept(
            self.cache,
            FILE,
            {"number": number, "version": LINKS, "anew": anew, "stopped": sorted(self._again)},
        )


def _newcomer(
    earlier: Earlier,
    near: Mapping[str, Sequence[Candidate]],
    number: int,
    sha256: str,
    fingerprints: tuple[Fingerprint, ...],
) -> _Newcomer:
    """What its hashes say comes first: it is surer."""
    found = {one.reference: one for one in earlier.candidates(fingerprints, sha256)}
    for one in near.get(sha256, ()):
        found.setdefault(one.reference, one)
    return _Newcomer(number, sha256, list(found.values()))


def _link(earlier: str, ahead: Alignment | None, back: Alignment | None) -> Match | None:
    """Where one of them lies on the other as a copy, with what either says was replaced."""
    ways = [_forward(earlier, ahead) if ahead else None, _backward(earlier, back) if back else None]
    links = [
        link
        for link, alignment in zip(ways, (ahead, back), strict=True)
        if link and alignment and alignment.kind is MatchKind.COPY
    ]
    if not links:
        return None
    link = links[0]
    if any(change.kind is ChangeKind.ALTERED for change in link.changes):
        return link
    told = [change for way in ways if way for change in way.changes if change.kind is ChangeKind.ALTERED]
    return replace(link, changes=(*link.changes, *told))


def _forward(earlier: str, alignment: Alignment) -> Match:
    place, overlap, words = alignment.region, alignment.overlap, alignment.transform
    return _match(earlier, alignment, place, overlap, words, alignment.changes)


def _backward(earlier: str, alignment: Alignment) -> Match:
    """The earlier picture was laid on the later one: what of the later is seen in it is where the way back
    leads."""
    words = f"the earlier one is it, {alignment.transform}" if alignment.transform else ""
    region = _way_back(alignment.matrix) if alignment.matrix else None
    there = alignment.region
    overlap = there.w * there.h if there else 1.0
    if region and alignment.overlap < region.w * region.h:  # a collage cut it: less is seen than lies in it
        overlap *= alignment.overlap / (region.w * region.h)
    changes = tuple(
        replace(change, region=change.reference_region, reference_region=change.region)
        for change in alignment.changes
        if change.region
    )
    return _match(earlier, alignment, region, overlap, words, changes)


def _match(
    earlier: str,
    alignment: Alignment,
    region: Box | None,
    overlap: float,
    transform: str,
    changes: tuple[Change, ...],
) -> Match:
    return Match(
        reference=earlier,
        kind=MatchKind.COPY,
        algorithm="aligned",
        distance=round(1 - alignment.agreement, 4),
        threshold=allowed(alignment),
        region=region,
        transform=transform,
        overlap=round(overlap, 3),
        inliers=alignment.inliers,
        agreement=alignment.agreement,
        residual=alignment.residual,
        span=None if alignment.at is None else (alignment.at, alignment.at),
        changes=changes,
    )


def _way_back(matrix: Matrix) -> Box | None:
    """Where the unit square comes from."""
    there = np.array(matrix).reshape(3, 3)
    corners = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]], float)
    with suppress(np.linalg.LinAlgError):
        back = corners @ np.linalg.inv(there).T
        flat = np.clip(back[:, :2] / back[:, 2:], 0, 1)
        (left, top), (right, bottom) = flat.min(axis=0), flat.max(axis=0)
        if right > left and bottom > top:
            return Box(float(left), float(top), float(right - left), float(bottom - top))
    return None
