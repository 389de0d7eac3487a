"""Matching, the one way for everybody who asks: fingerprints give candidates, a worker process lays the
pictures themselves on each other, and the bank concludes.

`nightly`, `detect`, `check`, `match` and `register` all come through `Matcher`. Many files are under way at
once and few are in memory: a batch of fingerprints (4 kB a picture), and in each worker one picture.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from desk.jobs.pictures import Looked, look
from desk.thumbnails import STOPPED
from detector import fingerprints
from detector.case import Registry
from detector.examine import reference_stage_versions, stage_versions
from detector.fingerprints import picture_stages
from detector.hints import hint_stages
from detector.match_words import WITHOUT_PICTURE
from detector.matching.candidate import Candidate, Conclusion
from detector.matching.conclusion import FEW_AND_NOT_KEPT
from detector.matching.search.bank import Bank
from detector.processes.jobs import Reference, VerifyJob
from detector.processes.workers import Workers
from detector.reasons import IN_QUARANTINE, TOO_LITTLE, not_believed, rejected, sentence
from detector.trust import NO_TRUST, Trust
from storage.boxes import Box
from storage.records import (
    Examination,
    Failure,
    Fingerprint,
    Match,
    MatchKind,
    Negative,
    PairDecision,
    ReferenceImage,
    ReferenceKind,
)
from storage.store import Store

BATCH = 128  # files whose candidates may be waiting for a worker: about 0.5 MB of fingerprints
IDENTICAL = "sha256"
NOTHING_REGISTERED = "No picture is registered, or all were taken out of matching, so nothing could match."
NOT_LOOKED_AT = "The picture could not be looked at, so nothing is known of what it matches."
NO_CANDIDATE = "No registered picture shares enough with it to come into question."

WhereKept = Callable[[str], Path | None]


@dataclass(frozen=True, slots=True)
class FileToMatch:
    """A picture or video by its stored fingerprints. `path` None: its bytes are gone (retention)."""

    sha256: str
    fingerprints: tuple[Fingerprint, ...]
    path: Path | None = None


Asked = dict[Hashable, tuple[FileToMatch, tuple[Candidate, ...]]]


@dataclass(frozen=True, slots=True)
class Matched:
    """One file of a command line, in its turn: what it matches, or why it could not be looked at. Where
    nothing matches, `conclusion.reasons` says why."""

    path: Path
    examination: Examination | None
    conclusion: Conclusion
    failure: Failure | None


class Matcher:
    """`kept` says where a picture's bytes are, by SHA-256. A candidate whose bytes are gone, on either side,
    stays what fingerprints alone can say. So does one whose comparison was stopped (time, memory): the reason
    is with the conclusion.
    """

    def __init__(self, bank: Bank, kept: WhereKept, workers: Workers) -> None:
        self.bank = bank
        self.opened = 0  # pictures whose bytes were opened
        self.failures: list[Failure] = []  # comparisons that were stopped
        self._kept = kept
        self._workers = workers

    def match(self, files: Iterable[FileToMatch]) -> Iterator[tuple[FileToMatch, Conclusion]]:
        """Each file once, as it is done, in no order. Files are taken from the iterable a batch at a time."""
        waiting = iter(files)
        while batch := list(islice(waiting, BATCH)):
            yield from self._batch(batch)

    def _batch(self, batch: Sequence[FileToMatch]) -> Iterator[tuple[FileToMatch, Conclusion]]:
        """While the workers compare, this process looks for the next files' candidates."""
        done: list[tuple[FileToMatch, Conclusion]] = []
        asked: Asked = {}
        for verified in self._workers.verify(self._jobs(batch, asked, done)):
            self.opened += 1
            file, candidates = asked.pop(verified.key)
            conclusion = self.bank.conclude(candidates, verified.alignments, _frames(file))
            if verified.failure:
                conclusion = self._stopped(file, conclusion, verified.failure)
            yield file, conclusion
            yield from done
            done.clear()
        yield from done

    def _stopped(self, file: FileToMatch, conclusion: Conclusion, failure: Failure) -> Conclusion:
        """What could not be compared is said to be so, on each match that only fingerprints speak for."""
        self.failures.append(replace(failure, where=f"media {file.sha256}"))
        why = f"the pictures could not be compared: {failure.message}"
        matches = tuple(
            replace(match, reason=why) if _was_to_be_compared(match) else match
            for match in conclusion.matches
        )
        reasons = (one for one in conclusion.reasons if one != FEW_AND_NOT_KEPT)  # kept, but not compared
        return replace(conclusion, matches=matches, reasons=(*reasons, why), stopped=failure.kind in STOPPED)

    def _jobs(
        self,
        batch: Sequence[FileToMatch],
        asked: Asked,
        done: list[tuple[FileToMatch, Conclusion]],
    ) -> Iterator[VerifyJob]:
        for place, file in enumerate(batch):
            candidates = self.bank.candidates(file.fingerprints, file.sha256)
            beside = self._beside(candidates)
            if file.path is None or not beside:
                done.append((file, self.bank.conclude(candidates, (), _frames(file))))
                continue
            asked[place] = (file, candidates)
            yield VerifyJob(place, file.path, beside, self._closely(beside))

    def _closely(self, beside: Sequence[Reference]) -> dict[str, tuple[Box, ...]]:
        """Of registered pictures it is asked what was done to them; of negatives nobody wants to know."""
        marks = {sha256: self.bank.marks(sha256) for sha256, _, _ in beside}
        return {sha256: boxes for sha256, boxes in marks.items() if boxes is not None}

    def _beside(self, candidates: Sequence[Candidate]) -> tuple[Reference, ...]:
        """What the picture is to be laid on: (SHA-256, its bytes, second of the frame). Identical bytes need
        no looking."""
        wanted = dict.fromkeys((one.reference, one.at) for one in candidates if one.found_by != IDENTICAL)
        paths = {reference: self._kept(reference) for reference, _ in wanted}
        return tuple((reference, path, at) for reference, at in wanted if (path := paths[reference]))


def _was_to_be_compared(match: Match) -> bool:
    return match.kind is MatchKind.FINGERPRINT_ONLY and match.reason != WITHOUT_PICTURE


def _frames(file: FileToMatch) -> set[float | None]:
    return {one.at for one in file.fingerprints}


def bank_of(store: Store | None) -> Bank:
    """All registered pictures that are not withdrawn, and the negatives; empty without a store."""
    return Bank(store.packs.entries(comparable()), store.bank.negative_entries()) if store else Bank(())


def comparable() -> Mapping[str, str]:
    """By the name of a stage ("pdq", "tiles") the version whose fingerprints are compared today. Those of
    another one, out of a pack, are left aside and told (desk/jobs/old_packs.py)."""
    return {
        stage.partition(":")[2]: version
        for stage, version in {**picture_stages(), **fingerprints.reference_stages()}.items()
    }


def as_reference(negative: Negative) -> ReferenceImage:
    """A negative as a picture to look for: what shows it? The mark before its name keeps it from being taken
    for a twin's."""
    return ReferenceImage(f"\0{negative.name}", negative.sha256, ReferenceKind.HUMAN_ORIGINAL, "negative")


def kept_in(store: Store | None) -> WhereKept:
    """Where a store keeps bytes; those that retention removed are nowhere."""

    def where(sha256: str) -> Path | None:
        return store.media.path(sha256) if store and store.media.has(sha256) else None

    return where


def registry_of(store: Store | None) -> Registry:
    """All that a judgement asks the registry, what people decided and what is in quarantine included."""
    if store is None:
        return Registry()
    return Registry.of(
        store.twins(),
        store.references(),
        store.terms.all(),
        store.bank.quarantines(),
        store.pairs.standing(),
    )


# --- files at hand ------------------------------------------------------------------------------------------


class Registered:
    """The registry, ready to be matched with files at hand. Use as a context manager; without a store it is
    empty."""

    def __init__(self, store: Store | None, trust: Trust = NO_TRUST) -> None:
        self.registry = registry_of(store)
        self._trust = trust
        self._workers = Workers()  # started with the first picture to verify
        self._matcher = Matcher(bank_of(store), kept_in(store), self._workers)

    def __enter__(self) -> Self:
        self._workers.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, trace)

    def match(self, paths: Sequence[Path], stages: tuple[str, ...] | None = None) -> Iterator[Matched]:
        """Every file, folders walked, in the order of the input: examined (`stages`, None: those of a
        collected file without hints, which nobody asks for here) and matched, with what people decided about
        these very bytes."""
        if stages is None:
            stages = tuple(stage for stage in stage_versions(self._trust) if stage not in hint_stages())
        for batch in _growing(look(paths, stages, trust=self._trust)):
            files = {one.examination.sha256: one for one in batch if one.examination}
            found = {
                file.sha256: self._explained(file.sha256, conclusion, files[file.sha256].examination)
                for file, conclusion in self._matcher.match(
                    FileToMatch(sha256, one.examination.fingerprints, one.path)
                    for sha256, one in files.items()
                    if one.examination and sha256
                )
            }
            for one in batch:
                conclusion = found.get(one.examination.sha256) if one.examination else None
                yield Matched(one.path, one.examination, conclusion or Conclusion(()), one.failure)

    def _explained(self, picture: str, found: Conclusion, examination: Examination | None) -> Conclusion:
        """The conclusion with people's word on it, and with a reason wherever there is no match."""
        told = self._with_decisions(picture, found)
        too_little = told.too_little or bool(examination and examination.too_little)
        if any(match.agreement is not None for match in told.matches):
            too_little = False  # there was enough in it to lay it on a registered picture
        reasons = [sentence(reason) for reason in told.reasons]
        unseen = examination is not None and examination.failure and not examination.fingerprints
        if unseen and not told.matches:
            return replace(told, reasons=(NOT_LOOKED_AT,))
        if too_little and not told.matches:
            reasons.append(TOO_LITTLE)
        if not len(self._matcher.bank):
            reasons.append(NOTHING_REGISTERED)
        elif not told.matches and not reasons:
            reasons.append(NO_CANDIDATE)
        return replace(told, reasons=tuple(dict.fromkeys(reasons)), too_little=too_little)

    def _with_decisions(self, picture: str, found: Conclusion) -> Conclusion:
        """A pair that a person rejected is no match; a quarantined reference's is named as not believed."""
        matches, reasons = [], list(found.reasons)
        for match in found.matches:
            pair = self.registry.pairs.get((picture, match.reference))
            if pair is not None and pair.decision is PairDecision.REJECTED:
                reasons.append(rejected(match, f"{pair.by} on {pair.at:%Y-%m-%d}"))
                continue
            why = match.reason
            if held := self.registry.quarantined.get(match.reference):
                reasons.append(not_believed(match, held))
                why = "; ".join(filter(None, (IN_QUARANTINE, why)))
            matches.append(replace(match, decided=pair.decision if pair else None, reason=why))
        return replace(found, matches=tuple(matches), reasons=tuple(reasons))


def _growing(looked: Iterable[Looked]) -> Iterator[list[Looked]]:
    """The first files alone, so that their answers come at once; then twice as many each time."""
    waiting, size = iter(looked), 2
    while batch := list(islice(waiting, size)):
        yield batch
        size = min(2 * size, BATCH)


def match_files(
    paths: Sequence[Path], store: Store | None, stages: tuple[str, ...] | None = None
) -> Iterator[Matched]:
    """`Registered.match`, for those who ask once."""
    with Registered(store) as registered:
        yield from registered.match(paths, stages)


def reference_stages() -> tuple[str, ...]:
    """What registered pictures go through."""
    return tuple(reference_stage_versions())
