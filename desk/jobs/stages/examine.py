"""Worker processes look at files that a stage has not seen at its present version."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from desk.jobs.stages.carried import Pass, Progress
from detector.control import MISSED
from detector.examine import ORIGIN, reference_stage_versions, stage_versions
from detector.reader import unreadable
from storage.records import Examination, Failure, OriginEvidence


def examine(work: Pass) -> None:
    trust = work.settings.trust
    collected = _seeing(work, stage_versions(trust))
    versions = _seeing(work, reference_stage_versions(trust))
    total = work.store.count_files_to_examine(collected, versions)
    if not total:
        return
    asked: dict[Path, tuple[str, tuple[str, ...]]] = {}
    for path, examination in in_order(work.workers.examine(_jobs(work, collected, versions, asked)), asked):
        sha256, stages = asked.pop(path)
        whole = _whole(examination, sha256, {stage: versions[stage] for stage in stages})
        if set(stages) >= collected.keys():  # nothing was known of it before that could be hidden
            whole = replace(whole, evidence=(*whole.evidence, *_blind(work)))
        work.store.save_examination(whole)
        if whole.failure:
            work.fail(replace(whole.failure, where=f"media {sha256}"))
        work.examined += 1
        work.tell(Progress("examine", work.examined, total))


def in_order(
    answers: Iterable[tuple[Path, Examination]], asked: Mapping[Path, object]
) -> Iterator[tuple[Path, Examination]]:
    """As they were asked for, not as workers happened to be done: which of two copies is the earlier one must
    not hang on that. Whoever is given one takes it off `asked`."""
    early: dict[Path, Examination] = {}
    for path, examination in answers:
        early[path] = examination
        while asked and (first := next(iter(asked))) in early:
            yield first, early.pop(first)


def _jobs(
    work: Pass,
    collected: Mapping[str, str],
    versions: Mapping[str, str],
    asked: dict[Path, tuple[str, tuple[str, ...]]],
) -> Iterator[tuple[Path, tuple[str, ...] | None]]:
    for file in work.store.files_to_examine(collected, versions):
        if not work.store.media.has(file.sha256):
            # Not stored as examined: the bytes may come back from a backup, and then they are looked at.
            work.fail(Failure("media_missing", "the bytes are no longer in media", f"media {file.sha256}"))
            continue
        path = work.store.media.path(file.sha256)
        asked[path] = (file.sha256, file.stages)
        yield path, file.stages


def _seeing(work: Pass, versions: Mapping[str, str]) -> Mapping[str, str]:
    """Without the readers that missed their control: their stages stay open."""
    return {stage: version for stage, version in versions.items() if stage not in work.blind}


def _blind(work: Pass) -> Iterator[OriginEvidence]:
    """Could not look is not: looked, and nothing there."""
    for stage in work.blind:
        room, _, name = stage.partition(":")
        if room == ORIGIN:
            yield unreadable(name, MISSED)


def _whole(examination: Examination, sha256: str, asked: dict[str, str]) -> Examination:
    """A file that failed counts as examined at today's versions: it is tried again when a stage is newer."""
    failure = examination.failure
    if examination.sha256 not in ("", sha256):
        failure = Failure("media_corrupt", f"the kept bytes have changed: they are {examination.sha256} now")
    return replace(examination, sha256=sha256, stages={**asked, **examination.stages}, failure=failure)
